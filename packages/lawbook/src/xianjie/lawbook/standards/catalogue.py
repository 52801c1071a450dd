"""The catalogue of filing standards as it stands in memory: offences, versions, facts, instruments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from xianjie.lawbook.standards.nodes import Comparison, Node, Total
from xianjie.lawbook.standards.parameters import Parameter
from xianjie.lawbook.standards.relations import Relation
from xianjie.lawbook.standards.suspicion import SuspicionBar
from xianjie.lawbook.standards.values import UNKNOWN, FactValue, Interval, Number, is_ordered


class FactError(ValueError):
    """A value does not fit the fact that it is given for; the message names the fact and what fits."""


class FactType(StrEnum):
    """What kind of value a fact takes."""

    boolean = "boolean"
    enum = "enum"
    integer = "integer"
    decimal = "decimal"
    money = "money"
    date = "date"


@dataclass(frozen=True, slots=True)
class HistoryWindow:
    """How a counting fact follows from earlier penalties.

    Attributes:
        counts: admin_penalty or criminal_penalty.
        window_years: years from the effective date of the penalty to the act, both ends included; None
            without a limit.
    """

    counts: str
    window_years: int | None


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted or measured."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that standards read.

    Attributes:
        unit: code, CNY (yuan) and USD (dollars) for money; None where the fact is no number.
        measured_in: the unit with its names.
        values: the values of an enum.
        judgement: evaluative; only a person records it, and it is never assumed absent.
        history: how it is derived from earlier penalties, where it is.
    """

    name: str
    type: FactType
    label_zh: str
    label_en: str
    definition: str
    unit: str | None
    values: tuple[str, ...]
    judgement: bool
    history: HistoryWindow | None
    measured_in: Unit | None = None

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return self.type in (FactType.integer, FactType.decimal, FactType.money)

    def accepted(self, value: FactValue) -> FactValue:
        """Return the value as the evaluator reads it; bounds of counts become whole numbers.

        Raises:
            FactError: the value is of another type, negative, or outside the values of the enum.
        """
        if value is UNKNOWN:
            return value
        if self.type is FactType.boolean:
            fits = type(value) is bool
        elif self.type is FactType.enum:
            fits = value in self.values
        elif isinstance(value, Interval):
            return self._bounded(value)
        elif self.type is FactType.date:
            fits = type(value) is date
        elif self.type is FactType.integer:
            fits = type(value) is int and value >= 0
        else:
            fits = type(value) in (int, Decimal) and is_ordered(value) and value >= 0  # type: ignore[operator]
        if not fits:
            raise FactError(f"{self.name}: a value of type {self.type.value} is needed, not {value!r}")
        return value

    def _bounded(self, value: Interval) -> Interval:
        for bound in (value.min, value.max):
            if bound is None:
                continue
            if isinstance(bound, date) is not (self.type is FactType.date):
                raise FactError(f"{self.name}: bounds of type {self.type.value} are needed, not {bound!r}")
            if not isinstance(bound, date) and bound < 0:
                raise FactError(f"{self.name}: cannot be negative, is {bound!r}")
        if self.type is not FactType.integer:
            return value
        try:
            return value.of_integers()
        except ValueError as error:
            raise FactError(f"{self.name}: {error}") from None

    @property
    def absent(self) -> FactValue:
        """What it is when it was looked for and not found: false or zero; UNKNOWN where never assumed."""
        if self.judgement:
            return UNKNOWN
        if self.type is FactType.boolean:
            return False
        return 0 if self.numeric else UNKNOWN


@dataclass(frozen=True, slots=True)
class AttestedArticle:
    """What the text of a cited article says in numbers, recorded when the text was at hand.

    Attributes:
        digest: "sha-256:<hex>" of the article's text, see `attested.digest_of_text`.
        numbers: every number that the article states, each once, ascending.
        heading: how the text that was read names it; None where it has the name under which it is cited.
    """

    digest: str
    numbers: tuple[Number, ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A statute, regulation, rule, interpretation or filing standard.

    Attributes:
        short_zh: the short code by which tables of causes of action name it, None where it has none.
        number: empty where none was obtained.
        issuer: empty where none was obtained.
        effective_from, effective_to: days in force, both included; from: None where no source gives the day;
            to: None where no end is known.
        grade: how well it was seen: read, excerpt, secondary or memory.
        text_read: how much of the text was read.
        text_digest: "sha-256:<hex>" of the text that was read; None where none is at hand.
        text_part: words of the heading under which it stands in a text with several; None for all of it.
        articles: the cited articles whose text was at hand, by their name (第三条).
    """

    id: str
    title_zh: str
    short_zh: str | None
    number: str
    issuer: str
    effective_from: date | None
    effective_to: date | None
    grade: str
    text_read: str
    text_digest: str | None
    text_part: str | None
    note: str | None
    articles: Mapping[str, AttestedArticle]

    def overlaps(self, first: date, last: date) -> bool:
        """Whether some day between the two, both included, is one of its days, as far as these are known."""
        return (self.effective_from or date.min) <= last and first <= (self.effective_to or date.max)


@dataclass(frozen=True, slots=True)
class UnreadInstrument:
    """An instrument that is known to exist and was not read; `affects` names offences."""

    id: str
    title_zh: str
    number: str
    effective_from: date
    effective_to: date | None
    affects: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a version rests on: an article of an instrument, or an instrument that was not read.

    Attributes:
        instrument: id of an instrument that was read; None for one that was not.
        title_zh, number: of the instrument, read or not.
        known_unread: id of an instrument that was not read.
    """

    instrument: str | None
    title_zh: str
    number: str
    article: str | None
    applies_from: date | None
    known_unread: str | None


class Scope(StrEnum):
    """Which acts add up; see `xianjie.lawbook.standards.cumulation`."""

    untreated = "untreated"
    untreated_and_prosecutable = "untreated_and_prosecutable"
    untreated_or_prosecutable = "untreated_or_prosecutable"
    untreated_and_punishable = "untreated_and_punishable"


@dataclass(frozen=True, slots=True)
class Cumulation:
    """The rule of a version by which several acts add up.

    Attributes:
        facts: names of the facts that are summed.
        window_months: only acts so many months before the last one; 0 without a window.
    """

    clause: str
    scope: Scope
    window_months: int
    facts: frozenset[str]


@dataclass(frozen=True, eq=False, kw_only=True)
class Version:
    """One state of a filing standard.

    Attributes:
        effective_from, effective_to: days of the act that it governs, both included; None: still in force.
        text_missing: the text is known to exist and was not read; there are no criteria then.
        grade: read, excerpt, secondary or memory; None where the text is missing.
        checked_by: the person who compared it with the official text; empty until somebody has.
        incomplete: a limb is known to exist whose text was not read.
        gap_before: why no version was in force on the days before; None where none is missing.
        facts: the facts that its nodes read; a slot is a place in this tuple.
        nodes: all nodes in the order of their index.
    """

    id: str
    offence: str
    effective_from: date
    effective_to: date | None
    text_missing: bool
    grade: str | None
    checked_by: str
    verified: bool
    text_seen: str
    incomplete: bool
    gap_before: str | None
    sources: tuple[Source, ...]
    cumulation: Cumulation | None
    measurement: str | None
    note: str | None
    gate: Node | None
    criteria: Node | None
    bars: Node | None
    facts: tuple[Fact, ...]
    nodes: tuple[Node, ...]

    @cached_property
    def leaves(self) -> Mapping[str, tuple[Node, ...]]:
        """The conditions of gate, criteria and bars that have no parts, by the name of the tree."""
        trees = {"gate": self.gate, "criteria": self.criteria, "bars": self.bars}
        return {
            name: () if tree is None else tuple(node for node in tree.walk() if not node.children)
            for name, tree in trees.items()
        }

    def governs(self, day: date) -> bool:
        """Whether it is in force on the day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The amounts set per province that it uses."""
        used = {
            node.limit.parameter.id: node.limit.parameter
            for node in self.nodes
            if isinstance(node, Comparison | Total) and node.limit.parameter is not None
        }
        return tuple(used.values())


@dataclass(frozen=True, eq=False, kw_only=True)
class Offence:
    """An offence, or a variant of one with its own standard. Versions are in the order of their days."""

    id: str
    name_zh: str
    name_en: str
    criminal_law_article: str
    kind: str
    sectors: tuple[str, ...]
    versions: tuple[Version, ...]

    def version_on(self, day: date) -> Version | None:
        """Return the version in force on the day."""
        for version in reversed(self.versions):
            if version.governs(day):
                return version
        return None


@dataclass(frozen=True, slots=True)
class Sector:
    """A field of enforcement whose officers may meet an offence."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Standards:
    """The whole catalogue; every mapping is keyed by id and read-only.

    Attributes:
        horizon: last day up to which legislation and interpretations were looked through.
        relations: how offences stand to each other and to other texts, by offence.
        suspicion_bars: the lower bar for a transfer in some case classes, by offence.
    """

    offences: Mapping[str, Offence]
    facts: Mapping[str, Fact]
    instruments: Mapping[str, Instrument]
    parameters: Mapping[str, Parameter]
    sectors: Mapping[str, Sector]
    units: Mapping[str, Unit]
    known_unread: Mapping[str, UnreadInstrument]
    horizon: date
    relations: Mapping[str, tuple[Relation, ...]] = field(default_factory=dict)
    suspicion_bars: Mapping[str, SuspicionBar] = field(default_factory=dict)

    @cached_property
    def _change_days(self) -> tuple[date, ...]:
        """Every day on which some version or amount begins to govern or has just ceased to, ascending."""
        versions = [version for offence in self.offences.values() for version in offence.versions]
        overlays = [overlay for parameter in self.parameters.values() for overlay in parameter.overlays]
        spans = [
            *((version.effective_from, version.effective_to) for version in versions),
            *((overlay.effective_from, overlay.effective_to) for overlay in overlays),
        ]
        begun = {first for first, _ in spans if first is not None}
        ended = {last for _, last in spans if last is not None}
        return tuple(sorted(begun | {day + timedelta(days=1) for day in ended}))

    def next_change(self, day: date) -> date | None:
        """Return the first day after `day` on which the law is another one, None where none is known."""
        place = bisect_right(self._change_days, day)
        return self._change_days[place] if place < len(self._change_days) else None
