"""Whether the recorded facts of a case meet a filing standard, by offence and party.

One judgement for each offence that an event names or that the facts suggest, for each party and for all
parties together; facts as recorded, decision on the day asked about.
Source: catalogue of events, section "Values"; interface, `judgements`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from xianjie.contracts.recorded import Ref
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.catalogue import FactError, Standards
from xianjie.lawbook.explaining import explain_en, explain_zh
from xianjie.lawbook.judging import ACT_DATE, Judgement, JudgementInput, judge_over_days
from xianjie.lawbook.suggesting import Strength, suggested
from xianjie.lawbook.times import civil_day
from xianjie.lawbook.values import FactValue, Result

from .facts import CaseFacts
from .history import CaseEvent, History
from .organs import Organs

__all__ = ["CaseJudgement", "Result", "judgements_at"]

_NO_TEXT_GOVERNS = frozenset({"no_version_in_force", "before_first_version"})


@dataclass(frozen=True, slots=True)
class CaseJudgement:
    """One offence judged for one party of a case, or for all parties together.

    Attributes:
        rests_on: the records that gave the facts used, the last one last.
        mapped: whether the matter has this criminal standard: an event names the offence, or its conduct is
            on record; false where the facts only touch it.
    """

    party: str | None
    judgement: Judgement
    rests_on: tuple[Ref, ...]
    mapped: bool
    name_zh: str

    @property
    def offence(self) -> str:
        """Id of the offence."""
        return self.judgement.offence

    @property
    def result(self) -> Result:
        """The full result."""
        return self.judgement.result

    @property
    def governed(self) -> bool:
        """Whether some text governed the act; without one the matter gives no duty to assess it."""
        return self.judgement.reason not in _NO_TEXT_GOVERNS

    @property
    def facts_met(self) -> frozenset[str]:
        """The facts read by the conditions that decide a result that is met."""
        parts = [reading.judgement for reading in self.judgement.readings] or [self.judgement]
        return frozenset(
            name
            for part in parts
            if part.trace is not None
            for line in part.trace
            if line.part == "criteria" and line.node.id in part.deciding
            for name in line.facts
        )

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of the conditions that decide a result that is met, without their headings."""
        parts = [reading.judgement for reading in self.judgement.readings] or [self.judgement]
        return tuple(
            dict.fromkeys(
                line.node.wording.clause
                for part in parts
                if part.trace is not None
                for line in part.trace
                if line.node.id in part.deciding and line.facts and line.node.wording.clause
            )
        )

    def as_decision(self) -> dict[str, Any]:
        """Return the data of `judgement.computed`, without the time of the act and the law's digest."""
        judgement = self.judgement
        data: dict[str, Any] = {
            "offence": judgement.offence,
            "result": judgement.result.value,
            "enumerated": judgement.enumerated.value,
            "deciding": list(judgement.deciding),
            "missing_facts": list(judgement.missing_facts),
        }
        if self.party is not None:
            data["party"] = self.party
        if judgement.version is not None:
            data["version"] = judgement.version
        return data

    def explained(self) -> dict[str, Any]:
        """Return the judgement with its explanation, the same text for API, page and letter."""
        return {
            **self.as_json(),
            "explanation_zh": explain_zh(self.judgement),
            "explanation_en": explain_en(self.judgement),
        }

    def as_json(self) -> dict[str, Any]:
        """Return the judgement in the words of the answers; its explanation follows from it."""
        judgement = self.judgement
        return {
            "party": self.party,
            "offence": judgement.offence,
            "offence_zh": self.name_zh,
            "version": judgement.version,
            "result": judgement.result.value,
            "enumerated": judgement.enumerated.value,
            "deciding": list(judgement.deciding),
            "missing_facts": list(judgement.missing_facts),
            "pending_human": list(judgement.pending_human),
            "reason": judgement.reason,
            "outcome": judgement.outcome,
            "clauses": list(self.clauses),
            "rests_on": [ref.id for ref in self.rests_on],
        }


@dataclass(frozen=True, slots=True)
class _Question:
    """What a judgement depends on; equal questions have equal answers."""

    offence: str
    first_day: date | None
    last_day: date
    decision_day: date
    province: str
    facts: tuple[tuple[str, FactValue], ...]
    findings: tuple[tuple[str, bool], ...]
    searched: frozenset[str]


def judgements_at(
    history: History, law: Lawbook, organs: Organs, *, at: datetime, until: CaseEvent | None = None
) -> tuple[CaseJudgement, ...]:
    """Return every judgement of the case at a moment, by offence, then by party, all parties first.

    Args:
        until: use only facts recorded up to this event.
    """
    facts = CaseFacts.of(history, until=until)
    if not facts.records and not facts.conducts and not _named(history):
        return ()
    asked = civil_day(at)
    province = organs.province(history.subject.partition("/")[0])
    parties = [None, *sorted({*facts.parties, *(record.party for record in facts.records if record.party)})]
    values = {party: _accepted(law.standards, facts.for_party(party)) for party in parties}
    named = _named(history)
    strengths = _suggested(law.standards, facts, values, asked)
    known = [offence for offence in sorted({*named, *strengths}) if offence in law.standards.offences]
    rests_on = {party: _rests_on(facts, party) for party in parties}
    return tuple(
        CaseJudgement(
            party,
            _answered(
                law.standards,
                _question(values[party], facts, offence=offence, party=party, asked=asked, province=province),
                facts,
            ),
            rests_on[party],
            mapped=offence in named or strengths.get(offence) is Strength.gate_met,
            name_zh=law.standards.offences[offence].name_zh,
        )
        for offence in known
        for party in parties
    )


def _accepted(standards: Standards, values: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """Return the values that the catalogue can read; a doubtful one is shown with the case, not judged."""
    accepted = {}
    for name, value in values.items():
        fact = standards.facts.get(name)
        if fact is not None:
            try:
                accepted[name] = fact.accepted(value)
            except FactError:
                continue
    return accepted


def _question(
    values: Mapping[str, FactValue],
    facts: CaseFacts,
    *,
    offence: str,
    party: str | None,
    asked: date,
    province: str,
) -> _Question:
    first_day, last_day = facts.act_days(party, asked=asked)
    return _Question(
        offence=offence,
        first_day=first_day,
        last_day=last_day,
        decision_day=asked,
        province=province,
        facts=tuple(sorted(values.items())),
        findings=tuple(sorted(facts.findings.items())),
        searched=facts.searched,
    )


def _answered(standards: Standards, question: _Question, facts: CaseFacts) -> Judgement:
    """Return the answer; where neither fact nor conduct is on record, nothing says which version governs."""
    judgement = _answer(standards, question)
    if facts.records or facts.conducts or judgement.version is None:
        return judgement
    return replace(judgement, version=None, missing_facts=(*judgement.missing_facts, ACT_DATE))


@lru_cache(maxsize=8192)
def _answer(standards: Standards, question: _Question) -> Judgement:
    return judge_over_days(
        standards,
        JudgementInput(
            offence=question.offence,
            act_day=None,
            decision_day=question.decision_day,
            facts=dict(question.facts),
            province=question.province,
            findings=dict(question.findings),
            searched=question.searched,
        ),
        first_day=question.first_day,
        last_day=question.last_day,
    )


def _rests_on(facts: CaseFacts, party: str | None) -> tuple[Ref, ...]:
    refs = [record.event.ref for record in facts.records if party is None or record.party in (party, None)]
    return tuple(dict.fromkeys(refs))


def _suggested(
    standards: Standards,
    facts: CaseFacts,
    values: Mapping[str | None, Mapping[str, FactValue]],
    asked: date,
) -> dict[str, Strength]:
    found: dict[str, Strength] = {}
    for party, known in values.items():
        first_day, last_day = facts.act_days(party, asked=asked)
        for offence, strength in suggested(standards, known, first_day=first_day, last_day=last_day).items():
            found[offence] = max(strength, found.get(offence, Strength.touched))
    return found


def _named(history: History) -> set[str]:
    """Return the offences that events of the case name."""
    named: set[str] = set()
    for event in history.events:
        named.update(_offences_in(event.data))
        for verdict in event.data.get("per_party", ()):
            named.update(_offences_in(verdict))
    return named


def _offences_in(data: Mapping[str, Any]) -> Iterator[str]:
    yield from data.get("offences", ())
    if isinstance(data.get("offence"), str):
        yield data["offence"]
