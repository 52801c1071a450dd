"""`xianjie law explain`: an offence, a time limit or a detection rule for people, Chinese first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.procedure.rules import Rule
from xianjie.lawbook.standards.catalogue import Offence, Standards, Version
from xianjie.lawbook.standards.nodes import Comparison, Total
from xianjie.lawbook.standards.parameters import Parameter
from xianjie.lawbook.words.describing import Item, Section, describe_offence, outline
from xianjie.lawbook.words.describing_procedure import describe_clock, describe_rule
from xianjie.lawbook.words.law_words import Words
from xianjie.lawbook.words.phrases import CHINESE, ENGLISH

from .app import Unusable, say
from .bundling import opened
from .judging import exact_json

_PROVINCE = re.compile(r"CN-[0-9]{2}\Z")
_PROPOSALS = 20
_NEAR = 8
_KINDS = {"offence": ("罪名", "offence"), "clock": ("期限", "time limit"), "rule": ("核查规则", "rule")}


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be explained."""

    kind: str
    id: str
    zh: str
    en: str
    entry: Offence | Row | Rule


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: everything, or what holds on one day and in one province."""

    lawbook: Lawbook
    on: date | None
    province: str | None

    def told(self, subject: Subject, language: int) -> Section:
        """Return the description of a subject in a language."""
        entry, book = subject.entry, self.lawbook
        words: Mapping[str, Any] = {"instruments": book.standards.instruments}
        if isinstance(entry, Rule):
            rows = [row for row in book.clocks.values() if row.rule == entry.id]
            return describe_rule(entry, language, targets=book.rules.targets, rows=rows, **words)
        if isinstance(entry, Row):
            return self._row(entry, language, words)
        return self._offence(entry, language)

    def _row(self, row: Row, language: int, words: Mapping[str, Any]) -> Section:
        version = None if self.on is None else row.version_on(self.on)
        shown = row
        if self.on is not None:
            shown = row.model_copy(update={"versions": () if version is None else (version,)})
        told = describe_clock(
            shown,
            language,
            sectors=self.lawbook.standards.sectors,
            events={each.name: (each.name_zh, each.name_en) for each in EVENT_TYPES.values()},
            **words,
        )
        return told if self.on is None or version is not None else _noted(told, _none_on(self.on, language))

    def _offence(self, offence: Offence, language: int) -> Section:
        standards = self.lawbook.standards
        if self.on is None:
            shown, note = offence, None
        else:
            version = offence.version_on(self.on)
            shown = replace(offence, versions=() if version is None else (version,))
            note = None if version is not None else _none_on(self.on, language)
        told = describe_offence(standards, shown, language)
        if note is not None:
            words = Words(language)
            spans = tuple(
                Item(words.days(each.effective_from, each.effective_to)) for each in offence.versions
            )
            told = _noted(told, replace(note, items=spans))
        if self.province is None:
            return told
        amounts = tuple(_amounts(standards, shown.versions, self.province, self.on, language))
        title = ("本地数额", "Amounts of the place")[language]
        none = Item(("没有由省级确定的数额", "no amount is left to provinces")[language])
        return replace(
            told, sections=(*told.sections, Section(f"{title} {self.province}", amounts or (none,)))
        )


def explain(name: str, *, law: Path, on: str | None, province: str | None, as_json: bool) -> int:
    """Show what the law data says about an offence, a time limit or a detection rule.

    Args:
        name: its id or its Chinese name.
        on: show only what is in force on the day (YYYY-MM-DD).
        province: ISO 3166-2 code; adds the amounts of that province.

    Raises:
        Unusable: nothing has this name, and the message proposes near ones; or day or province is none.
    """
    if province is not None and not _PROVINCE.match(province):
        raise Unusable(
            f"--province 应为 CN-51 这样的代码，不是 {province} (an ISO 3166-2 code such as CN-51 is needed)"
        )
    asked = Asked(opened(law), _day(on), province)
    for subject in _named(asked.lawbook, name):
        chinese, english = (asked.told(subject, language) for language in (CHINESE, ENGLISH))
        if as_json:
            head = {"kind": subject.kind, "id": subject.id, "title_zh": subject.zh, "title_en": subject.en}
            say(exact_json({**head, "zh": _section_json(chinese), "en": _section_json(english)}))
        else:
            say(f"[{subject.id}] {_KINDS[subject.kind][0]} / {_KINDS[subject.kind][1]}")
            say("\n".join((*outline(chinese), "", *outline(english))))
    return 0


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Unusable(f"--on 应为日期（年-月-日），不是 {text} (a day YYYY-MM-DD is needed)") from None


def subjects(lawbook: Lawbook) -> Iterator[Subject]:
    """Yield everything that can be explained."""
    for offence in lawbook.standards.offences.values():
        yield Subject("offence", offence.id, offence.name_zh, offence.name_en, offence)
    for row in lawbook.clocks.values():
        yield Subject("clock", row.id, row.title_zh, row.title_en, row)
    for rule in lawbook.rules.by_id.values():
        yield Subject("rule", rule.id, rule.title_zh, rule.title_en, rule)


def _named(lawbook: Lawbook, name: str) -> list[Subject]:
    """Return what has the id, else the name, else the only one whose name contains the words."""
    known = list(subjects(lawbook))
    wanted = name.strip()
    for found in (
        [subject for subject in known if subject.id == wanted],
        [subject for subject in known if wanted in (subject.zh, subject.en)],
        [subject for subject in known if subject.zh == f"{wanted}罪"],
    ):
        if found:
            return found
    near = [each for each in known if wanted and (wanted in each.zh or wanted in each.id)]
    if len(near) == 1:
        return near
    raise Unusable(_unknown(wanted, near, known))


def _unknown(name: str, near: list[Subject], known: list[Subject]) -> str:
    if not near:
        words = {word: each for each in known for word in (each.en, each.zh, each.id)}
        close = get_close_matches(name, words, n=_NEAR, cutoff=0.5)
        near = list({words[word].id: words[word] for word in close}.values())
    listed = "".join(f"\n  {each.id}  {each.zh} / {each.en}" for each in near[:_PROPOSALS])
    more = f"\n  …（共 {len(near)} 个 / {len(near)} in all）" if len(near) > _PROPOSALS else ""
    proposal = f"，是否指 / do you mean:{listed}{more}" if near else ""
    return f"没有名为“{name}”的罪名、期限或者核查规则 (nothing is called {name}){proposal}"


def _none_on(day: date, language: int) -> Item:
    texts = (f"{day}没有施行中的版本", f"no version is in force on {day}")
    return Item(texts[language], marks=(("无适用版本", "none in force")[language],))


def _noted(section: Section, note: Item) -> Section:
    return replace(section, items=(note, *section.items))


def _amounts(
    standards: Standards, versions: tuple[Version, ...], province: str, on: date | None, language: int
) -> Iterator[Item]:
    """Yield what the province has set: on a day also what each clause then asks for."""
    words = Words(language)
    parameters = {each.id: each for version in versions for each in version.parameters}
    for parameter in parameters.values():
        unit = standards.units.get(parameter.unit)
        chosen = _overlays(parameter, province, on)
        items = [Item(words.overlay(overlay, unit), id=overlay.province) for overlay in chosen]
        if not chosen:
            low, high = (words.amount(end, unit) for end in (parameter.min, parameter.max))
            items.append(
                Item(
                    (
                        f"本省数额未收录，按全国幅度{low}至{high}判断",
                        f"the province's amount is not on record; the national range {low} to {high} decides",
                    )[language],
                    marks=(("目录缺口", "gap of the catalogue")[language],),
                )
            )
        if on is not None:
            items += _limits(versions, parameter, province, on, words)
        yield Item(parameter.id, tuple(items), id=parameter.id)


def _overlays(parameter: Parameter, province: str, on: date | None) -> list[Any]:
    if on is None:
        return [overlay for overlay in parameter.overlays if overlay.province == province]
    overlay = parameter.overlay(province, on)
    return [] if overlay is None else [overlay]


def _limits(
    versions: tuple[Version, ...], parameter: Parameter, province: str, on: date, words: Words
) -> Iterator[Item]:
    for version in versions:
        for node in version.nodes:
            if isinstance(node, Comparison | Total) and node.limit.parameter is parameter:
                fact = version.facts[node.slots[0]]
                unit = fact.measured_in if node.unit else None
                least, most = (words.amount(end, unit) for end in node.limit.range(province, on))
                amount = least if least == most else f"{least}–{most}"
                yield Item(f"{node.wording.clause or ''} {words.label(fact)} {amount}".strip(), id=node.id)


def _section_json(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "items": [_item_json(item) for item in section.items],
        "sections": [_section_json(below) for below in section.sections],
    }


def _item_json(item: Item) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if item.id is not None:
        more["id"] = item.id
    if item.marks:
        more["marks"] = list(item.marks)
    if item.items:
        more["items"] = [_item_json(part) for part in item.items]
    return {"text": item.text, **more}
