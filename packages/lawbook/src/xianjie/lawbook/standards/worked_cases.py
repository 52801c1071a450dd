"""Worked cases: facts with the judgement that the text of the law gives, as a lawyer writes them down.

A case that states a history states all of it; without `decision_date` it is decided on the day of the act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.catalogue import Standards
from xianjie.lawbook.standards.cumulation import Act
from xianjie.lawbook.standards.history import Penalty
from xianjie.lawbook.standards.judging import Judgement, JudgementInput
from xianjie.lawbook.standards.values import UNKNOWN, FactValue, Interval

_FLAGS = {"treated", "prosecutable", "prosecutable_crime", "punishable"}
_RESULTS = {"version", "result", "enumerated", "outcome", "aggregated", "reason"}
_SUBSETS = ("deciding", "missing_facts", "pending_human")  # at least these must be named
_EXPECTED = _RESULTS.union(_SUBSETS)


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case: what is given, and what must come out (None where nothing is expected)."""

    id: str
    title_zh: str
    given: JudgementInput
    expected: Mapping[str, Any] | None


def read_cases(text: bytes, *, file: str, standards: Standards) -> tuple[WorkedCase, ...]:
    """Read a file of worked cases.

    Raises:
        LawError: the file breaks the format; carries every problem found.
    """
    problems: list[LawProblem] = []
    record = Record(read_yaml(text, file=file), file=file, path="", problems=problems)
    cases = tuple(_case(item, standards) for item in record.records("cases"))
    record.finish()
    if problems:
        raise LawError(problems)
    return cases


def answer(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement in the words of a case; numbers are int or exact Decimal, intervals {min, max}."""
    return {
        "version": judgement.version,
        "result": judgement.result.value,
        "enumerated": judgement.enumerated.value,
        "deciding": list(judgement.deciding),
        "outcome": judgement.outcome,
        "aggregated": {name: shown(value) for name, value in judgement.aggregated.items()},
        "missing_facts": list(judgement.missing_facts),
        "pending_human": list(judgement.pending_human),
        "reason": None if judgement.reason is None else judgement.reason.value,
    }


def differences(case: WorkedCase, judgement: Judgement) -> list[str]:
    """Return the expected members that the judgement does not have; empty when it agrees."""
    got = answer(judgement)
    wrong = []
    for key, expected in (case.expected or {}).items():
        agrees = set(expected) <= set(got[key]) if key in _SUBSETS else got[key] == expected
        if not agrees:
            wrong.append(f"{key}: expected {expected!r}, got {got[key]!r}")
    return wrong


def shown(value: FactValue) -> Any:
    """Return a value as a case writes it."""
    if isinstance(value, Interval):
        ends = {"min": value.min, "max": value.max}
        flags = {"min_open": value.min_open, "max_open": value.max_open}
        return {k: v for k, v in ends.items() if v is not None} | {k: True for k, v in flags.items() if v}
    return "unknown" if value is UNKNOWN else value


def _case(record: Record, standards: Standards) -> WorkedCase:
    offence = record.text("offence")
    if offence not in standards.offences:
        record.wrong("offence", f"没有这一罪名：{offence}", f"no such offence: {offence}")
    act_day = record.day_or_none("act_date")
    decision_day = record.day("decision_date") if record.has("decision_date") else act_day
    if decision_day is None:
        record.wrong(
            "decision_date", "行为日期不明时须写明决定日期", "needed when the day of the act is not known"
        )
    searched = frozenset(record.texts("searched")) if record.has("searched") else frozenset()
    history: tuple[Penalty, ...] = ()
    if record.has("history"):
        history = tuple(_penalty(item) for item in record.records("history"))
        searched |= {fact.name for fact in standards.facts.values() if fact.history is not None}
    given = JudgementInput(
        offence=offence,
        act_day=act_day,
        decision_day=decision_day or date.min,
        facts=_facts(record.below("facts"), standards) if record.has("facts") else {},
        province=record.text_or_none("province"),
        acts=tuple(_act(item, standards) for item in record.records("acts")) if record.has("acts") else (),
        history=history,
        findings=_findings(record),
        searched=searched,
        closed_world=record.flag("closed_world"),
    )
    for key in ("title_en", "tags", "basis", "why"):
        record.raw(key)
    case = WorkedCase(
        record.text("id"),
        record.text_or_none("title_zh") or "",
        given,
        _expected(record) if record.has("expected") else None,
    )
    record.finish()
    return case


def _expected(record: Record) -> Mapping[str, Any]:
    expected = record.raw("expected")
    if not isinstance(expected, dict):
        record.wrong("expected", "应为键值表", "must be a mapping")
        return {}
    for key in sorted(set(expected) - _EXPECTED):
        record.wrong(f"expected.{key}", "未知的键", "unknown key")
    return {key: value for key, value in expected.items() if key in _EXPECTED}


def _findings(record: Record) -> Mapping[str, bool]:
    if not record.has("findings"):
        return {}
    findings = record.raw("findings")
    if isinstance(findings, dict) and all(isinstance(value, bool) for value in findings.values()):
        return findings
    record.wrong("findings", "应为结点到 true 或 false 的对照", "must map node ids to true or false")
    return {}


def _penalty(record: Record) -> Penalty:
    kind = record.text("kind")
    if kind not in ("admin_penalty", "criminal_penalty"):
        record.wrong(
            "kind", "应为 admin_penalty 或 criminal_penalty", "must be admin_penalty or criminal_penalty"
        )
    penalty = Penalty(kind, record.day_or_none("effective_date"), record.text_or_none("matter") or "same")
    record.finish()
    return penalty


def _act(record: Record, standards: Standards) -> Act:
    flags = {key: record.flag(key) for key in _FLAGS if record.has(key)}
    day = record.day_or_none("date")
    return Act(day, _facts(record, standards, skip=frozenset({"date", *_FLAGS})), **flags)


def _facts(
    record: Record, standards: Standards, skip: frozenset[str] = frozenset()
) -> Mapping[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for name in record.names():
        if name in skip:
            continue
        fact = standards.facts.get(name)
        if fact is None:
            record.wrong(name, "没有这一事实", "no such fact")
            record.raw(name)
            continue
        try:
            facts[name] = fact.accepted(_value(record.raw(name), whole=fact.type.value == "integer"))
        except ValueError as error:
            record.wrong(name, "与该事实的类型不符", str(error))
    record.finish()
    return facts


def _value(raw: Any, *, whole: bool) -> FactValue:
    if raw == "unknown" or raw is None:
        return UNKNOWN
    if isinstance(raw, dict):
        known = {"min", "max", "min_open", "max_open"}
        if not set(raw) <= known or not {"min", "max"} & set(raw):
            raise ValueError(f"an interval has the members {sorted(known)}")
        return Interval(
            raw.get("min"), raw.get("max"), raw.get("min_open") is True, raw.get("max_open") is True
        )
    if whole and isinstance(raw, Decimal) and Fraction(raw).denominator == 1:
        return int(raw)
    if isinstance(raw, bool | int | Decimal | date | str):
        return raw
    raise ValueError(f"no value of a fact: {raw!r}")
