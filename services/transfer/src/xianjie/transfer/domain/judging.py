"""Whether the recorded facts of a case meet a filing standard, by offence and party.

One judgement for each offence that an event names or that the facts suggest, for each party and for all
parties together; facts as recorded, decision on the day asked about.

The day of the decision is the day on which a later, milder text can still help. It stands still on the day
on which a criminal judgment on the party became effective: an effective judgment stays (Criminal Law art. 12
para. 2), and what was concluded rightly under the law and the interpretations of its time is not changed by
a later interpretation (高检发释字〔2001〕5号 no. 4). A retrial asks whether that judgment was right by the
law of its time, so the day stays the same. Nothing else stops it: a case closed with an administrative
penalty, without one, or by the police or the procuratorate, may still be filed, and then the law of that day
decides. For all parties together it stands still with the judgment on the last of them.

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
from xianjie.lawbook.procedure.times import civil_day
from xianjie.lawbook.replay.judgement_questions import JudgementQuestion, judged
from xianjie.lawbook.replay.recording import judgement_record
from xianjie.lawbook.standards.catalogue import FactError, Standards
from xianjie.lawbook.standards.judging import ACT_DATE, Judgement, JudgementInput
from xianjie.lawbook.standards.suggesting import Strength, suggested
from xianjie.lawbook.standards.values import FactValue, Result
from xianjie.lawbook.words.explaining import explain_en, explain_zh

from .facts import CaseFacts
from .history import CaseEvent, History
from .organs import Organs
from .regions import Regions

__all__ = ["CaseJudgement", "Result", "judgements_at"]

_NO_TEXT_GOVERNS = frozenset({"no_version_in_force", "before_first_version"})


@dataclass(frozen=True, slots=True)
class CaseJudgement:
    """One offence judged for one party of a case, or for all parties together.

    Attributes:
        question: everything that the law was asked.
        answer: what the law says to it; with the question it replays.
        rests_on: the records that gave the facts used, the last one last.
        named: whether an event of the case names the offence.
        mapped: whether the matter has this criminal standard: an event names the offence, or its conduct is
            on record; false where the facts only touch it.
        dated: whether anything on record bears on the day of the act.
    """

    party: str | None
    question: JudgementQuestion
    answer: Judgement
    rests_on: tuple[Ref, ...]
    named: bool
    mapped: bool
    dated: bool
    name_zh: str

    @property
    def judgement(self) -> Judgement:
        """The answer as it is shown: before anything is on record, nothing says which version governs."""
        if self.dated or self.answer.version is None:
            return self.answer
        return replace(self.answer, version=None, missing_facts=(*self.answer.missing_facts, ACT_DATE))

    @property
    def offence(self) -> str:
        """Id of the offence."""
        return self.answer.offence

    @property
    def result(self) -> Result:
        """The full result."""
        return self.answer.result

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
        shown = self.judgement
        return {
            **self.as_json(),
            "explanation_zh": explain_zh(shown),
            "explanation_en": explain_en(shown),
        }

    def record(self, law_digest: str) -> dict[str, Any]:
        """Return the record by which the answer can be given again: question, answer and law."""
        return judgement_record(self.question.given, self.answer, law=law_digest, question=self.question)

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
            "suspicion": judgement.suspicion
            and {
                "class": judgement.suspicion.bar.id,
                "open_facts": list(judgement.suspicion.open_facts),
            },
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

    def asked(self) -> JudgementQuestion:
        """Return the question as the law takes it."""
        given = JudgementInput(
            offence=self.offence,
            act_day=None,
            decision_day=self.decision_day,
            facts=dict(self.facts),
            province=self.province,
            findings=dict(self.findings),
            searched=self.searched,
        )
        return JudgementQuestion(given, (self.first_day, self.last_day))


def judgements_at(
    history: History,
    law: Lawbook,
    organs: Organs,
    *,
    at: datetime,
    regions: Regions,
    until: CaseEvent | None = None,
) -> tuple[CaseJudgement, ...]:
    """Return every judgement of the case at a moment, by offence, then by party, all parties first.

    Args:
        regions: where the case stands at the moment.
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
    decided = {party: _decision_day(party, regions, asked) for party in parties}
    return tuple(
        CaseJudgement(
            party,
            *_answer(
                law.standards,
                _question(
                    values[party],
                    facts,
                    offence=offence,
                    party=party,
                    asked=asked,
                    decided=decided[party],
                    province=province,
                ),
            ),
            rests_on[party],
            named=offence in named,
            mapped=offence in named or strengths.get(offence) is Strength.gate_met,
            dated=bool(facts.records or facts.conducts),
            name_zh=law.standards.offences[offence].name_zh,
        )
        for offence in known
        for party in parties
    )


def _decision_day(party: str | None, regions: Regions, asked: date) -> date:
    """Return the day for which the question is asked: today, or the day of the effective judgment.

    Of a judgment whose day is not certain the last possible one is taken, so that a milder text of the days
    between still counts.
    """
    effective = regions.effective_judgments
    named = {key: span for key, span in effective.items() if key}
    if party is not None and party in named:
        judgments = [named[party]]
    elif party is None and regions.parties and regions.parties.keys() <= named.keys():
        judgments = [named[each] for each in regions.parties]
    elif not regions.parties and "" in effective:
        judgments = [effective[""]]
    else:
        return asked
    days = [span.last_day or asked for span in judgments]
    return min(asked, max(days))


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
    decided: date,
    province: str,
) -> _Question:
    first_day, last_day = facts.act_days(party, asked=asked)
    return _Question(
        offence=offence,
        first_day=first_day,
        last_day=last_day,
        decision_day=decided,
        province=province,
        facts=tuple(sorted(values.items())),
        findings=tuple(sorted(facts.findings.items())),
        searched=facts.searched,
    )


@lru_cache(maxsize=8192)
def _answer(standards: Standards, question: _Question) -> tuple[JudgementQuestion, Judgement]:
    asked = question.asked()
    return asked, judged(standards, asked)


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
