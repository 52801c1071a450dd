"""The words in which the law data is told, in both languages, and its numbers as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xianjie.lawbook.files import naming
from xianjie.lawbook.files.naming import named
from xianjie.lawbook.standards.catalogue import Fact, Offence, Source, Standards, Unit
from xianjie.lawbook.standards.nodes import (
    AllOf,
    AtLeast,
    Choice,
    Comparison,
    Discretionary,
    Group,
    Limit,
    Node,
    Total,
    Truth,
    UnreadLimb,
)
from xianjie.lawbook.standards.parameters import Overlay
from xianjie.lawbook.standards.relations import Relation
from xianjie.lawbook.standards.suspicion import SuspicionBar
from xianjie.lawbook.standards.values import Number, Op
from xianjie.lawbook.words.phrases import BOUNDS, figure

_WAN, _YI = 10_000, 100_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """Statements about the law in one language; called with a key and what is put in."""

    language: int

    def __call__(self, key: str, *words: object) -> str:
        return _WORDS[key][self.language].format(*words)

    def joined(self, words: Iterable[str]) -> str:
        """Return the words as an enumeration."""
        return ("、", ", ")[self.language].join(words)

    def wording(self, node: Node) -> str:
        """Return the words of a condition, empty where it has none."""
        return (node.wording.en if self.language else node.wording.zh) or ""

    def label(self, fact: Fact) -> str:
        """Return the name of a fact."""
        return fact.label_en if self.language else fact.label_zh

    def amount(self, value: Any, unit: Unit | None) -> str:
        """Return a number with its unit as people write it: 5万元, 1.5亿元, 80 mg."""
        if isinstance(value, date):
            return value.isoformat()
        if self.language:
            return figure(value) if unit is None else f"{figure(value)} {unit.name_en}"
        return in_ten_thousands(value) + ("" if unit is None else unit.name_zh)

    def source(self, source: Source) -> str:
        """Return what a version rests on, as a lawyer cites it."""
        if source.known_unread is not None:
            return self("source_unread", source.title_zh, source.number)
        cited = self.titled(source.title_zh, source.number) + self.spaced(source.article or "")
        return cited if source.applies_from is None else cited + self("applies_from", source.applies_from)

    def cited(self, standards: Standards, text: str) -> str:
        """Return a citation that begins with the id of an instrument in the words of a lawyer."""
        name, _, article = text.partition(" ")
        instrument = standards.instruments.get(name)
        if instrument is None:
            return text
        return self.titled(instrument.title_zh, instrument.number) + self.spaced(article)

    def titled(self, title: str, number: str) -> str:
        """Return an instrument as a lawyer names it; without a number where none was obtained."""
        inner = title.replace("《", "〈").replace("》", "〉")
        return self("titled", inner, number) if number else self("untitled", inner)

    def spaced(self, article: str) -> str:
        """Return an article to stand behind its instrument."""
        return f" {article}" if self.language and article else article

    def days(self, first: date | None, last: date | None) -> str:
        """Return from when to when something is in force."""
        if first is None:
            return self("first_unknown") if last is None else self("until", last)
        return self("days", first) if last is None else self("days_until", first, last)

    def related(self, relation: Relation, offence: Offence) -> str:
        """Return how an offence stands to another one or to another text."""
        others = (*relation.offences, *([relation.other] if relation.other else []))
        names = self.joined(relation.names[name][self.language] for name in others if name != offence.id)
        cited = ("；", "; ")[self.language].join(f"{each.number}{each.article}" for each in relation.sources)
        side = "yields_to" if relation.other == offence.id else relation.kind.value
        note = relation.note_en if self.language else relation.note_zh
        return self(side, names, note, cited, self.days(relation.valid_from, relation.valid_to))

    def suspicion(self, bar: SuspicionBar, standards: Standards) -> str:
        """Return that a lower bar for a transfer exists, and where."""
        title = bar.title_en if self.language else bar.title_zh
        cited = self.cited(standards, f"{bar.source.instrument} {bar.source.article}")
        return self("suspicion", title, cited, self.days(bar.valid_from, bar.valid_to))

    def overlay(self, overlay: Overlay, unit: Unit | None) -> str:
        """Return what one province has set, from when to when, and how its text was seen."""
        days = self.days(overlay.effective_from, overlay.effective_to)
        grade = named(naming.GRADES, overlay.grade, self.language)
        place = overlay.province_zh
        return self("overlay", place, self.amount(overlay.value, unit), days, overlay.source, grade)

    def marks(self, node: Node, facts: dict[str, Fact]) -> Iterator[str]:
        """Yield the warnings that belong to a condition."""
        if isinstance(node, UnreadLimb):
            yield self("gap")
        elif isinstance(node, Discretionary):
            yield self("human")
        if node.attempt:
            yield self("attempt")
        if isinstance(node, Truth | Choice | Comparison) and facts[node.fact].judgement:
            yield self("judgement")

    def detail(self, node: Node, facts: dict[str, Fact]) -> str:
        """Return what is compared with what, or how the parts of a group belong together."""
        if isinstance(node, Group):
            return self._together(node)
        if isinstance(node, UnreadLimb):
            return self("unread_limb", node.known_unread)
        if isinstance(node, Truth):
            label = self.label(facts[node.fact])
            if node.op is Op.is_true and label == self.wording(node):
                return ""
            return self("is", label, self("yes" if node.op is Op.is_true else "no"))
        if isinstance(node, Choice):
            return self("is", self.label(facts[node.fact]), self("either").join(node.values))
        if isinstance(node, Comparison):
            fact = facts[node.fact]
            unit = fact.measured_in if node.unit else None
            text = self("is", self.label(fact), self.limit(node.op, node.limit, unit))
            return text + self._history(fact) + self._derived(node)
        if isinstance(node, Total):
            unit = facts[node.facts[0]].measured_in if node.unit else None
            limit = self.limit(node.op, node.limit, unit)
            return self("is", self._sum(node, facts), limit) + self._derived(node)
        return ""

    def limit(self, op: Op, limit: Limit, unit: Unit | None) -> str:
        """Return what a comparison asks for, whether the number itself counts, and whose number it is."""
        asked = BOUNDS[op][self.language]
        if limit.parameter is None:
            return asked.format(self.amount(limit.number, unit))
        low, high = limit.range(None, date.min)
        own = self("own_amount") if limit.factor == 1 else self("own_amount_times", self.share(limit.factor))
        ends = (self.amount(low, unit), self.amount(high, unit), limit.parameter.id)
        return asked.format(own) + self("ranging", *ends)

    def share(self, factor: Number) -> str:
        """Return a factor as people say it: 80%, 3倍."""
        if factor < 1:
            return f"{figure(_plain(Decimal(factor) * 100))}%"
        return self("times", figure(_plain(Decimal(factor))))

    def _together(self, node: Group) -> str:
        if isinstance(node, AtLeast):
            return self("at_least", node.needed)
        return self("all_of" if isinstance(node, AllOf) else "any_of")

    def _history(self, fact: Fact) -> str:
        if fact.history is None:
            return ""
        counted = named(naming.HISTORIES, fact.history.counts, self.language)
        years = fact.history.window_years
        return self("history", counted) if years is None else self("history_window", counted, years)

    def _derived(self, node: Node) -> str:
        wording = node.wording
        if wording.derived_from is not None:
            origin, factor = wording.derived_from
            return self("derived", origin.partition("/")[2], self.share(factor))
        return "" if wording.scaled_by is None else self("scaled", self.share(wording.scaled_by))

    def _sum(self, node: Total, facts: dict[str, Fact]) -> str:
        terms = []
        for name, (_, weight) in zip(node.facts, node.terms, strict=True):
            fact = facts[name]
            if node.kind == "ratio_sum":
                terms.append(f"{self.label(fact)}÷{self.amount(_exact(1 / weight), fact.measured_in)}")
            else:
                terms.append(self.label(fact) if weight == 1 else f"{self.label(fact)}×{figure(weight)}")
        return ("＋", " + ")[self.language].join(terms)


def in_ten_thousands(value: Number | Fraction) -> str:
    """Return a number as Chinese texts write it: 5000, 5万, 1.5万, 2亿; others with thousands separated."""
    if isinstance(value, Fraction) and value.denominator != 1:
        return figure(value)
    for size, name in ((_YI, "亿"), (_WAN, "万")):
        if value >= size and (Fraction(value) * 100 / size).denominator == 1:
            return f"{_plain(Decimal(int(value)) / size)}{name}"
    if value < _WAN:
        return f"{_plain(Decimal(value))}" if isinstance(value, Decimal) else str(value)
    return figure(value)


def _plain(value: Decimal) -> Decimal | int:
    return int(value) if value == value.to_integral_value() else value.normalize()


def _exact(value: Fraction) -> Number | Fraction:
    return value.numerator if value.denominator == 1 else value


_WORDS: dict[str, tuple[str, str]] = {
    "article": ("刑法条文：{}", "Criminal Law: {}"),
    "kind": ("类型：{}", "kind: {}"),
    "sectors": ("涉及领域：{}", "sectors: {}"),
    "known_unread": (
        "已知而未读的文件：《{}》（{}，{}起施行），可能影响本罪的标准",
        "known and not read: {} ({}, in force from {}); may change the standard of this offence",
    ),
    "prevails_over": ("优先于：{}；{}（{}，{}）", "prevails over: {}; {} ({}, {})"),
    "yields_to": ("下列专门标准优先：{}；{}（{}，{}）", "gives way to: {}; {} ({}, {})"),
    "conflicts_with": (
        "与另一现行规定不一致：{1}（{2}，{3}）",
        "another text says otherwise: {1} ({2}, {3})",
    ),
    "alternative_offence": (
        "没有适用版本时另行判断：{}；{}（{}，{}）",
        "to be tested where no version applies: {}; {} ({}, {})",
    ),
    "suspicion": (
        "{}：未查明是否达到标准时即可能须移送；{}，{}",
        "{}: a transfer may be due before the standard is known to be met; {}, {}",
    ),
    "version": ("版本 {}：{}", "version {}: {}"),
    "days": ("自{}起施行", "in force from {}"),
    "days_until": ("{}至{}", "{} to {}"),
    "until": ("起始日未注明，至{}", "the first day is not stated, until {}"),
    "first_unknown": ("起始日未注明", "the first day is not stated"),
    "sources": ("依据", "based on"),
    "titled": ("《{}》（{}）", "{} ({})"),
    "untitled": ("《{}》", "{}"),
    "source_unread": ("《{}》（{}），文本未读", "{} ({}), text not read"),
    "applies_from": ("，自{}起适用", ", applies from {}"),
    "text_missing": (
        "已知该版本存在，但未取得文本：没有条件可以判断，结论一律为“尚不能判断”",
        "known to exist, the text was not read: there is nothing to judge by",
    ),
    "grade": ("等级：{}；所见：{}", "grade: {}; seen: {}"),
    "unchecked": ("待核对", "to be compared"),
    "checked_by": ("核对：{}", "checked by: {}"),
    "nobody": ("尚未核对", "nobody yet"),
    "incomplete": (
        "该版本有一项已知存在但未读的内容",
        "a limb of this version is known to exist and was not read",
    ),
    "gap_before": ("之前的空档（编者注）：{}", "gap before: {}"),
    "measurement": ("数额的计算（编者注）：{}", "how it is measured: {}"),
    "note": ("编者注：{}", "note: {}"),
    "gate": ("构成要件（须具备）", "elements of the conduct (needed)"),
    "criteria": ("立案追诉标准", "threshold"),
    "bars": ("依规定不予追究的情形", "grounds on which the text itself does not pursue"),
    "cumulation": ("多次行为的累计", "several acts added up"),
    "cumulated": ("{}：{}行为累计计算", "{}: acts {} add up"),
    "window": ("只计最后一次行为之前{}个月以内的行为", "only acts within {} months before the last one"),
    "no_window": ("不限期间", "no window of time"),
    "summed": ("累计的事实：{}；其他事实不累计", "added up: {}; other facts are not"),
    "amounts": ("各省确定的数额", "amounts set by provinces"),
    "amount_range": ("{}：全国幅度{}至{}，由{}确定；{}", "{}: {} to {}, set by {}; {}"),
    "overlay": ("{}：{}，{}；{}；{}", "{}: {}, {}; {}; {}"),
    "no_overlay": ("尚未收录任何省的数额，按全国幅度判断", "no province is on record: the range decides"),
    "own_amount": ("本省标准", "the amount of the province"),
    "own_amount_times": ("本省标准的{}", "{} of the amount of the province"),
    "ranging": ("；全国幅度{}至{}，参数 {}", "; national range {} to {}, parameter {}"),
    "clause": ("{}：{}", "{} {}"),
    "parts": ("（{}）", " ({})"),
    "recorded": ("〔{}〕", " [{}]"),
    "all_of": ("下列各项须全部具备", "all of these"),
    "any_of": ("具备下列任一项", "any of these"),
    "at_least": ("具备下列各项中的{}项以上", "at least {} of these"),
    "is": ("{}：{}", "{}: {}"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "either": (" 或 ", " or "),
    "times": ("{}倍", "{} times"),
    "history": ("；由此前的{}推算，不限年限", "; counted from earlier {}, without a limit of years"),
    "history_window": (
        "；由此前的{}推算，自处罚生效起{}年以内",
        "; counted from earlier {}, within {} years from their effect",
    ),
    "derived": ("；为 {} 的数额的{}", "; {1} of the number of {0}"),
    "scaled": ("；为另一项数额的{}", "; {} of the number of another limb"),
    "unread_limb": ("文本未读：{}", "text not read: {}"),
    "gap": ("目录缺口", "gap of the catalogue"),
    "human": ("须由人判断", "for a person to decide"),
    "attempt": ("未遂", "attempt"),
    "judgement": ("评价性事实，只能由人记录", "evaluative, only a person records it"),
}
