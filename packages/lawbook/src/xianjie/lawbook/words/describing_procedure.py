"""What a clock row and a detection rule tell, told for people; the shape is that of `describing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xianjie.lawbook.checking.citing import Citation, counting_places, row_places, rule_places
from xianjie.lawbook.files import naming
from xianjie.lawbook.files.naming import Names, named
from xianjie.lawbook.procedure.counting import Length, Unit
from xianjie.lawbook.procedure.rows import Applies, Events, ExtensionRule, Limit, Row, Trigger, Version
from xianjie.lawbook.procedure.rules import LocalTarget, Rule
from xianjie.lawbook.procedure.term_lines import road
from xianjie.lawbook.standards.catalogue import Instrument, Sector
from xianjie.lawbook.words.describing import Item, Section
from xianjie.lawbook.words.law_words import Words
from xianjie.lawbook.words.phrases import CHINESE

NOTHING = "NONE"  # the counting rule of a row that counts nothing
_PLACES = ("starts", "opens", "stops", "suspends", "resumes", "extends")


def describe_clock(
    row: Row,
    language: int = CHINESE,
    *,
    instruments: Mapping[str, Instrument] | None = None,
    sectors: Mapping[str, Sector] | None = None,
    events: Names | None = None,
) -> Section:
    """Return what a row says: who must act, what moves the clock, and each text with its limit.

    Args:
        instruments: by their short names; a citation is written out where its instrument is among them.
        sectors: by code, for their names.
        events: names of event types, by short name such as `case.filed`; else that name is shown.
    """
    tell = _Teller(Words(language), instruments or {}, sectors or {}, events or {})
    items = [
        Item(tell("bearer", tell.names(naming.BEARERS, row.bearer))),
        *([Item(tell(f"by_{row.by}"))] if row.by else []),
        Item(tell("row_kind", named(naming.ROW_KINDS, row.kind, language))),
        Item(tell("level", named(naming.LEVELS, row.highest_level, language)), tuple(_levels(row, tell))),
    ]
    if row.highest_level != "none":
        items.append(Item(tell("reported", row.rule), id=row.covered_by))
    if row.custody != "never":
        items.append(Item(named(naming.CUSTODY, row.custody, language)))
    if row.replaces is not None:
        items.append(
            Item(tell("beside" if row.beside_general else "replaces", row.replaces), id=row.replaces)
        )
    if row.earlier_act_counts:
        items.append(Item(tell("earlier")))
    items += _limits_of_use(row.applies, tell)
    return Section(
        row.title_en if language else row.title_zh,
        tuple(items),
        (
            Section(tell("events"), tuple(_moves(row.events, tell)) or (Item(tell("no_events")),)),
            *(_text(row, version, tell) for version in reversed(row.versions)),
        ),
    )


def describe_rule(
    rule: Rule,
    language: int = CHINESE,
    *,
    targets: Mapping[str, LocalTarget] | None = None,
    rows: Iterable[Row] = (),
    instruments: Mapping[str, Instrument] | None = None,
) -> Section:
    """Return what a detection rule says: what is found, its level and basis, and why it may be wrong.

    Args:
        targets: local service targets by id, see `rules`.
        rows: the clock rows that are reported under the rule.
        instruments: as for `describe_clock`.
    """
    tell = _Teller(Words(language), instruments or {}, {}, {})
    marks = () if rule.enabled else (tell("disabled"),)
    items = [
        Item(tell("found", rule.condition_en.strip() if language else rule.condition_zh), marks=marks),
        Item(tell("counter", rule.counter_en.strip() if language else rule.counter_zh)),
        Item(tell("group", named(naming.RULE_GROUPS, rule.group, language))),
        Item(tell("rule_kind", named(naming.RULE_KINDS, rule.kind, language))),
        Item(tell("rule_level", named(naming.LEVELS, rule.level.name, language))),
        Item(tell("responsible", named(naming.BEARERS, rule.responsible, language))),
        Item(tell("confidence", rule.confidence)),
        Item(tell("basis"), tell.cited(rule_places(rule))),
    ]
    for name in rule.parameters:
        target = (targets or {}).get(name)
        if target is not None:
            length = tell.length(target.value, target.unit)
            title = target.title_en if language else target.title_zh
            items.append(Item(tell("target", title, length), id=name))
    items += [Item(tell("row", row.title_en if language else row.title_zh), id=row.id) for row in rows]
    return Section(rule.title_en if language else rule.title_zh, tuple(items))


def describe_counting(
    version: Version, language: int = CHINESE, *, instruments: Mapping[str, Instrument] | None = None
) -> Item:
    """Return how the term of a text is counted: the method, what of the road, and the clause that says so."""
    return _Teller(Words(language), instruments or {}, {}, {}).counting(version)


def _levels(row: Row, tell: _Teller) -> Iterator[Item]:
    for each in row.levels:
        when = named(naming.LEVEL_CONDITIONS, each.when, tell.language)
        yield Item(tell("level_where", when, named(naming.LEVELS, each.level, tell.language)))


def _limits_of_use(applies: Applies, tell: _Teller) -> Iterator[Item]:
    if applies.sectors:
        yield Item(tell("only_sectors", tell.say.joined(map(tell.sector, applies.sectors))))
    if applies.categories:
        yield Item(tell("only_categories", tell.names(naming.CATEGORIES, applies.categories)))
    if applies.challenged:
        yield Item(
            tell("only_challenged", tell.say.joined(tell.event(_short(name)) for name in applies.challenged))
        )
    if applies.emitters:
        yield Item(tell("only_emitters", tell.names(naming.ORGANS, applies.emitters)))
    if applies.connected_only:
        yield Item(tell("only_connected"))
    if applies.written_only:
        yield Item(tell("only_written"))


def _short(event_type: str) -> str:
    return Trigger(type=event_type).name


def _moves(events: Events, tell: _Teller) -> Iterator[Item]:
    for place in _PLACES:
        triggers: tuple[Trigger, ...] = getattr(events, place)
        if triggers:
            yield Item(tell(place), tuple(Item(tell.trigger(trigger)) for trigger in triggers))


def _text(row: Row, version: Version, tell: _Teller) -> Section:
    """Describe one text of a row; what is off or was not read stands first and is marked."""
    since = (
        tell("no_first_day")
        if version.valid_from is None
        else tell.say.days(version.valid_from, version.valid_to)
    )
    grade = named(naming.GRADES, version.grade, tell.language)
    items = []
    if not version.enabled:
        items.append(Item(tell("disabled_text"), marks=(tell("disabled"),)))
    graded = () if version.grade == "read" else (tell(version.grade),)
    items.append(Item(tell("row_source"), tell.cited(row_places(version)), graded))
    items.append(Item(tell("row_grade", grade, version.checked_by or tell.say("nobody"))))
    level = row.level_under(version)
    if level != row.highest_level:
        items.append(Item(tell("lowered", named(naming.LEVELS, level, tell.language))))
    items += _term(row, version, tell)
    if version.note:
        items.append(Item(tell("note", version.note)))
    return Section(tell("text", since), tuple(items))


def _term(row: Row, version: Version, tell: _Teller) -> Iterator[Item]:
    if version.limit is None:
        yield Item(tell("no_limit"))
    else:
        yield Item(tell("limit", tell.limit(version.limit)))
        yield tell.counting(version)
    if version.aim is not None:
        yield Item(tell("aim", tell.limit(version.aim)))
    for variant in version.variants:
        when = variant.when_en if tell.language else variant.when_zh
        yield Item(tell("variant", when, tell.limit(variant.limit)), id=variant.name)
    if version.extensions:
        yield Item(tell("extensions"), tuple(map(tell.extension, version.extensions)))
    elif row.events.extends:
        yield Item(tell("no_extension"))


@dataclass(frozen=True, slots=True)
class _Teller:
    """What is said about the procedure in one language, with the names that the caller knows."""

    say: Words
    instruments: Mapping[str, Instrument]
    sectors: Mapping[str, Sector]
    events: Names

    @property
    def language(self) -> int:
        return self.say.language

    def __call__(self, key: str, *words: object) -> str:
        return _WORDS[key][self.language].format(*words)

    def names(self, names: Names, codes: Iterable[str]) -> str:
        return self.say.joined(named(names, code, self.language) for code in codes)

    def sector(self, code: str) -> str:
        sector = self.sectors.get(code)
        return code if sector is None else (sector.name_zh, sector.name_en)[self.language]

    def event(self, name: str) -> str:
        return named(self.events, name, self.language)

    def trigger(self, trigger: Trigger) -> str:
        """Return an event with what it must and must not say."""
        text = self.event(trigger.name)
        if trigger.when:
            text += self("when", self.names(naming.EVENT_WORDS, trigger.when))
        for words in trigger.besides.values():
            text += self("besides", self.names(naming.EVENT_WORDS, words))
        if trigger.addressee:
            text += self("addressee", self.names(naming.ORGANS, trigger.addressee))
        return text + (self("falls_away") if trigger.falls_away else "")

    def limit(self, limit: Limit) -> str:
        return self.length(limit.value, limit.unit)

    def length(self, value: int, unit: Unit) -> str:
        """Return a length of time in words."""
        if unit == "hour":
            return (f"{value}小时", f"{value} hours")[self.language]
        text = Length.of(value, unit).text()
        return (text.zh, text.en)[self.language]

    def cited(self, places: Iterable[Citation]) -> tuple[Item, ...]:
        """Return one statement for each instrument that is cited, with its articles."""
        grouped: dict[str, list[Citation]] = {}
        for place in places:
            grouped.setdefault(place.instrument, []).append(place)
        return tuple(Item(self._place(name, some), id=name) for name, some in grouped.items())

    def _place(self, name: str, places: list[Citation]) -> str:
        instrument = self.instruments.get(name)
        articles = self.say.joined(
            self("article", each.article, each.item) if each.article else self("no_article")
            for each in places
        )
        if instrument is None:
            return self("unlisted", name, articles)
        return self.say.titled(instrument.title_zh, instrument.number) + self.say.spaced(articles)

    def counting(self, version: Version) -> Item:
        """Return how a term is counted, what of the road, and by which clause."""
        how = self("regime", named(naming.REGIMES, version.regime, self.language))
        if version.regime == NOTHING:
            return Item(how)
        parts = [Item((line.zh, line.en)[self.language]) for line in road(version)]
        parts += self.cited(counting_places(version.counting_rule())) or [Item(self("no_clause"))]
        return Item(how, tuple(parts))

    def extension(self, rule: ExtensionRule) -> Item:
        """Return by how much a term may be extended, by whom, up to where, and how well that was seen."""
        if rule.stated_term:
            text = self("stated_term")
        elif rule.to_days is not None:
            text = self("to_days", rule.to_days)
        elif rule.by_months is not None:
            text = self("by", self.length(rule.by_months, "month"))
        else:
            text = self("by", self.length(rule.by_days or 0, "day"))
        ranks = [named(naming.RANKS, rank, self.language) for rank in rule.approver_ranks]
        approved = self("or").join(ranks)
        text += self("unapproved") if rule.approver_ranks == ("none",) else self("approved", approved)
        if rule.cap is not None:
            text += self("cap", self.limit(rule.cap))
        if rule.note:
            text += self("remark", rule.note)
        return Item(text, marks=() if rule.grade == "read" else (self(rule.grade),))


_WORDS: dict[str, tuple[str, str]] = {
    "bearer": ("义务机关：{}", "who must act: {}"),
    "by_emitter": ("由发出相关事件的机关承担", "the organ that emitted the event decides which"),
    "by_addressee": ("由相关事件所致的机关承担", "the organ to which the event is addressed"),
    "row_kind": ("性质：{}", "kind: {}"),
    "level": ("逾期的最高级别：{}", "highest level when late: {}"),
    "level_where": ("{}：{}", "{}: {}"),
    "reported": ("逾期时以发现规则 {} 报告", "reported under the detection rule {}"),
    "replaces": ("适用时取代一般期限 {}", "where it applies it replaces the general row {}"),
    "beside": (
        "与一般期限 {} 并行（本行文本未全文读取）",
        "runs beside the general row {} (its text was not read in full)",
    ),
    "earlier": ("起算前已经完成的，视为已履行", "an act done before the start has done the duty"),
    "only_sectors": ("仅适用于领域：{}", "only in the sectors: {}"),
    "only_categories": ("仅适用于案件类别：{}", "only for cases of the category: {}"),
    "only_challenged": ("仅在对下列决定提出复议、复核时适用：{}", "only against the decisions: {}"),
    "only_emitters": ("仅在由下列机关提出时适用：{}", "only when emitted by: {}"),
    "only_connected": ("仅适用于已接入信息共享平台的机关", "only for organs connected to the platform"),
    "only_written": ("仅适用于书面请求", "only for a written request"),
    "events": ("起算、停止、中止与延长", "what moves the clock"),
    "no_events": ("平台不就此计时", "no event moves it: nothing is counted"),
    "starts": ("起算", "starts"),
    "opens": ("行为作出，自送达、收到起算", "opens; the receipt starts the term"),
    "stops": ("停止", "stops"),
    "suspends": ("中止", "suspends"),
    "resumes": ("恢复", "resumes"),
    "extends": ("延长", "extends"),
    "when": ("（{}）", " ({})"),
    "besides": ("（{}除外）", " (not {})"),
    "addressee": ("，致{}", ", to {}"),
    "falls_away": ("（期限的基础消失，不视为履行）", " (the ground of the term is gone; not the act)"),
    "text": ("文本：{}", "text: {}"),
    "no_first_day": ("施行日未取得", "first day in force not obtained"),
    "disabled": ("停用", "disabled"),
    "disabled_text": ("本文本停用：不据以计时", "this text is disabled: no clock runs under it"),
    "excerpt": ("依据摘录", "excerpt"),
    "secondary": ("第三方资料", "secondary"),
    "memory": ("凭记忆", "memory"),
    "row_source": ("依据", "based on"),
    "row_grade": ("等级：{}；核对：{}", "grade: {}; checked by: {}"),
    "article": ("{}{}", "{}{}"),
    "no_article": ("条文序号未取得", "article not obtained"),
    "unlisted": ("{} {}", "{} {}"),
    "lowered": (
        "文本未全文读取，逾期的级别最高为：{}",
        "the text was not read in full, when late at most: {}",
    ),
    "note": ("编者注：{}", "note: {}"),
    "no_limit": ("规定没有期限数字，不计时", "the text gives no number: nothing is counted"),
    "limit": ("期限：{}", "limit: {}"),
    "regime": ("计算方法：{}", "counted: {}"),
    "no_clause": ("规定没有计算方法的条款", "the instrument has no counting clause"),
    "aim": (
        "一般应当在{}内办结；超过的予以显示，不作为逾期",
        "ordinarily within {}; passing that is shown, never a breach",
    ),
    "variant": ("{}：{}", "{}: {}"),
    "extensions": ("可以延长", "may be extended"),
    "no_extension": ("文本没有规定延长", "the text allows no extension"),
    "stated_term": ("延长至批准机关写明的期限", "to the term that the approver states"),
    "to_days": ("自起算共{}日", "to {} days from the start"),
    "by": ("延长{}", "by {}"),
    "or": ("或者", " or "),
    "approved": ("，经{}批准", ", approved by: {}"),
    "unapproved": ("，不需批准", ", without approval"),
    "cap": ("，最长至{}", ", at most {}"),
    "remark": ("（编者注：{}）", " (note: {})"),
    "found": ("发现：{}", "found: {}"),
    "counter": ("可能不成立的原因：{}", "why it may be wrong: {}"),
    "group": ("分组：{}", "group: {}"),
    "rule_kind": ("方式：{}", "kind: {}"),
    "rule_level": ("最高级别：{}", "highest level: {}"),
    "responsible": ("所涉机关：{}", "concerns: {}"),
    "confidence": ("预期在复核中成立的比例：{}", "expected to hold in a review: {}"),
    "basis": ("依据", "based on"),
    "target": ("本地期限（非法定）：{}，{}", "local target, not statutory: {}, {}"),
    "row": ("所报告的期限：{}", "reports the clock: {}"),
}
