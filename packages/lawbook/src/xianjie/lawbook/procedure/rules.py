"""Detection rules as data: what each finding means, its level, its basis and why it may be wrong.

The conditions themselves are pure predicates in the service that holds the cases; here stands everything
about them that a lawyer may want to read or change. Source: specification of the procedure, section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import IntEnum, StrEnum
from types import MappingProxyType

from xianjie.lawbook.files.law_files import LawFiles
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.procedure.counting import Unit

FOLDER = "rules/"
TARGETS = "rules/parameters.yaml"


class Level(IntEnum):
    """How firm a finding is; the order is the order of weight."""

    notice = 0
    suspicion = 1
    breach = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One detection rule.

    Attributes:
        kind: `clock` when a clock that is late is the finding, else `predicate`.
        level: the highest level that the rule may reach.
        responsible: role of the organ that it concerns, or `source`: the organ that recorded.
        parameters: local targets that the condition uses.
        confidence: 0 to 1, how often the condition is expected to hold up in a review.
        condition_zh, counter_zh: what was observed, and why it may be wrong, in plain Chinese.
    """

    id: str
    title_zh: str
    title_en: str
    group: str
    kind: str
    level: Level
    responsible: str
    basis: tuple[str, ...]
    parameters: tuple[str, ...]
    confidence: Decimal
    condition_zh: str
    condition_en: str
    counter_zh: str
    counter_en: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """A local service target; never a statutory term. `unit` is working_day, day or month."""

    id: str
    value: int
    unit: Unit
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All detection rules and the local targets that they use.

    Attributes:
        targets: what applies where no region has set its own, by id; see `targets_for`.
    """

    by_id: Mapping[str, Rule]
    targets: Mapping[str, LocalTarget]


class _Kind(StrEnum):
    clock = "clock"
    predicate = "predicate"


class _Responsible(StrEnum):
    enforcement_agency = "enforcement_agency"
    public_security_organ = "public_security_organ"
    procuratorate = "procuratorate"
    court = "court"
    source = "source"


class _Level(StrEnum):
    notice = "notice"
    suspicion = "suspicion"
    breach = "breach"


class TargetUnit(StrEnum):
    """In what a local target is counted."""

    working_day = "working_day"
    day = "day"
    month = "month"


def read_rules(files: Mapping[str, bytes]) -> tuple[Rules, list[LawProblem]]:
    """Read `rules/parameters.yaml` and one file for each rule.

    Args:
        files: bytes of the files by path below the law directory.

    Returns:
        The rules, and every problem found; with problems they must not be used.
    """
    problems: list[LawProblem] = []
    reader = LawFiles(files, problems)
    targets = reader.listed(TARGETS, "parameters", "id", read_target)
    rules = {}
    for record in reader.folder(FOLDER):
        if record.file != TARGETS:
            rule = _rule(record, targets)
            rules[rule.id] = rule
    return Rules(by_id=MappingProxyType(rules), targets=MappingProxyType(targets)), problems


def load_rules(files: Mapping[str, bytes]) -> Rules:
    """Return the rules of the given files.

    Raises:
        LawError: a member is missing, unknown or has a value outside the closed format; carries all of them.
    """
    rules, problems = read_rules(files)
    if problems:
        raise LawError(problems)
    return rules


def read_target(record: Record) -> LocalTarget:
    """Read one local target; faults are noted in the record."""
    return LocalTarget(
        id=record.name("id"),
        value=record.whole("value", least=1),
        unit=record.choice("unit", TargetUnit).value,
        title_zh=record.text("title_zh"),
        title_en=record.text("title_en"),
    )


def _rule(record: Record, targets: Mapping[str, LocalTarget]) -> Rule:
    rule = Rule(
        id=record.name("id"),
        title_zh=record.text("title_zh"),
        title_en=record.text("title_en"),
        group=record.name("group"),
        kind=record.choice("kind", _Kind).value,
        level=Level[record.choice("level", _Level).value],
        responsible=record.choice("responsible", _Responsible).value,
        basis=record.texts("basis"),
        parameters=record.texts("parameters") if record.has("parameters") else (),
        confidence=_share(record, "confidence"),
        condition_zh=record.text("condition_zh"),
        condition_en=record.text("condition_en"),
        counter_zh=record.text("counter_zh"),
        counter_en=record.text("counter_en"),
        enabled=record.flag("enabled"),
    )
    if f"{FOLDER}{rule.id}.yaml" != record.file:
        record.wrong("id", "应与文件名相同", "must equal the name of the file")
    if not rule.basis:
        record.wrong("basis", "应至少有一个依据", "must list at least one citation")
    if not record.has("enabled"):
        record.wrong("enabled", "应为 true 或 false", "must be true or false")
    for name in rule.parameters:
        if name not in targets:
            record.wrong("parameters", f"没有这一本地期限：{name}", f"no such local target: {name}")
    record.finish()
    return rule


def _share(record: Record, key: str) -> Decimal:
    """Read a share that stands in quotes, so that no other reader takes it for a binary float."""
    value = record.raw(key)
    try:
        share = Decimal(value) if isinstance(value, str) and len(value) <= _LONGEST_SHARE else None
    except InvalidOperation:
        share = None
    if share is None or not share.is_finite() or not 0 <= share <= 1:
        record.wrong(key, '应为加引号的小数，"0" 至 "1"', 'must be a quoted decimal between "0" and "1"')
        return Decimal(0)
    return share


_LONGEST_SHARE = 8
