"""Reasonable suspicion: a transfer may be due before it is known whether the standard is met.

In the case classes that the law names, the agency must transfer when its evidence gives reasonable suspicion
of an offence and the police are needed to find out whether the standard is met. Whether that is so is for the
agency to find. Here is only said where the recorded facts leave room for it, so that nobody overlooks it.
Source: 国务院令第310号 (revised 2020) art. 3(2); the classes stand in `reasonable_suspicion.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.nodes import Truth
from xianjie.lawbook.standards.relations import Article
from xianjie.lawbook.standards.values import Result

if TYPE_CHECKING:
    from xianjie.lawbook.standards.catalogue import Instrument, Offence
    from xianjie.lawbook.standards.evaluating import Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspicionBar:
    """A case class with a lower bar.

    Attributes:
        source: the article that sets it.
        valid_from, valid_to: days of the decision, both included; None: still. It is a rule of procedure, so
            the day of the act does not matter.
        offences: ids of the offences of the class.
    """

    id: str
    title_zh: str
    title_en: str
    source: Article
    valid_from: date
    valid_to: date | None
    grade: str
    checked_by: str
    note: str | None
    offences: tuple[str, ...]

    def governs(self, decision_day: date) -> bool:
        """Whether it is in force on the day of the decision."""
        return self.valid_from <= decision_day and (self.valid_to is None or decision_day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A transfer on reasonable suspicion can be considered; a notice, never a finding.

    Attributes:
        open_facts: facts that are not known and could make the standard met.
    """

    bar: SuspicionBar
    open_facts: tuple[str, ...]


def suspected(
    bar: SuspicionBar, evaluation: Evaluation, open_facts: Sequence[str], *, decision_day: date
) -> Suspicion | None:
    """Return the notice where the facts leave room for reasonable suspicion, None elsewhere.

    That is where the result is open for want of facts, no element of the conduct is excluded, and some
    element of it is on record. What only discretion or a gap of the catalogue leaves open needs no police.

    Args:
        open_facts: facts whose value could still change the result.
    """
    if not open_facts or evaluation.result is not Result.insufficient or not bar.governs(decision_day):
        return None
    conduct = evaluation.version.gate or evaluation.version.criteria
    if conduct is None or not evaluation.bits[conduct.index] & 0b10:
        return None
    indicated = any(isinstance(node, Truth) and evaluation.bits[node.index] & 1 for node in conduct.walk())
    return Suspicion(bar, tuple(open_facts)) if indicated else None


def suspected_on_all_days(
    days: Sequence[tuple[Result, Suspicion | None]],
) -> Suspicion | None:
    """Return the notice for an act of uncertain day: every possible day gives it, or is met."""
    found = [suspicion for _, suspicion in days if suspicion is not None]
    if not found or any(result is not Result.met and suspicion is None for result, suspicion in days):
        return None
    names = dict.fromkeys(name for suspicion in found for name in suspicion.open_facts)
    return Suspicion(found[0].bar, tuple(names))


def read_bar(
    record: Record,
    offences: Mapping[str, Offence],
    instruments: Mapping[str, Instrument],
    grades: Sequence[str],
) -> SuspicionBar:
    """Read one case class; faults are noted in the record."""
    source = Article(record.text("instrument"), record.text("number"), record.text("article"))
    known = instruments.get(source.instrument)
    if known is not None and known.number != source.number:
        record.wrong("number", f"文号应为 {known.number}", f"the number is {known.number}")
    named = record.texts("offences")
    for name in named:
        if name not in offences:
            record.wrong("offences", f"没有这一罪名：{name}", f"no such offence: {name}")
    grade = record.text("grade")
    if grade not in grades:
        record.wrong("grade", f"应为以下之一：{', '.join(grades)}", f"must be one of: {', '.join(grades)}")
    return SuspicionBar(
        id=record.text("id"),
        title_zh=record.text("title_zh"),
        title_en=record.text("title_en"),
        source=source,
        valid_from=record.day("valid_from"),
        valid_to=record.day_or_none("valid_to"),
        grade=grade,
        checked_by=record.text("checked_by", empty=True),
        note=record.text_or_none("note"),
        offences=named,
    )
