"""One case at one moment, as the detection rules see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from xianjie.contracts.recorded import Ref
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.counting import Length, count
from xianjie.lawbook.procedure.rules import Level
from xianjie.lawbook.procedure.times import civil_day, midnight

from .clocks import Clock
from .history import CaseEvent, History
from .judging import CaseJudgement
from .organs import Organs, kind_of
from .regions import Regions


@dataclass(frozen=True, slots=True)
class Found:
    """A rule holds at this moment, or has held and its duty was done late.

    Attributes:
        key: what tells two findings of one rule in one case apart; stable over time.
        evidence: events that prove it, the most telling first.
        organ: whom it concerns.
        open: false where the condition has ended already, for example a duty done too late.
        detail_zh, detail_en: what was seen, with days and figures, added to the condition of the rule.
        confidence: 0 to 1, how often the condition is expected to hold up in a review.
    """

    rule: str
    level: Level
    key: str
    evidence: tuple[Ref, ...]
    organ: str
    detail_zh: str
    detail_en: str
    basis: tuple[str, ...]
    confidence: Decimal
    title_zh: str
    title_en: str
    open: bool = True

    def as_json(self, subject: str) -> dict[str, Any]:
        """Return the finding in the words of the answers."""
        return {
            "subject": subject,
            "rule": self.rule,
            "level": self.level.name,
            "open": self.open,
            "evidence": [ref.id for ref in self.evidence],
            "evidence_sources": [ref.source for ref in self.evidence],
            "organ": self.organ,
            "basis": list(self.basis),
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "detail_zh": self.detail_zh,
            "detail_en": self.detail_en,
            "confidence": str(self.confidence),
        }


@dataclass(frozen=True, slots=True)
class Later:
    """The rule would hold from this moment on if nothing happens until then."""

    at: datetime


Outcome = Found | Later


@dataclass(frozen=True, slots=True)
class CaseView:
    """What was known of a case at the moment `at`, folded, judged and with its clocks."""

    subject: str
    at: datetime
    history: History
    regions: Regions
    clocks: tuple[Clock, ...]
    judgements: tuple[CaseJudgement, ...]
    law: Lawbook
    organs: Organs

    @property
    def agency(self) -> str:
        """The enforcement agency that the case belongs to, else the organ that opened it."""
        opener = self.subject.partition("/")[0]
        if kind_of(opener) == "AG":
            return opener
        agencies = [event.organ for event in self.history.events if event.kind == "AG" and event.organ]
        return agencies[0] if agencies else opener

    def last_of_kind(self, kind: str) -> str | None:
        """The organ of this kind that acted last in the case."""
        organs = [event.organ for event in self.history.events if event.kind == kind and event.organ]
        return organs[-1] if organs else None

    def target_passes(self, parameter: str, day: date) -> datetime:
        """Return the instant from which a local target (of the agency's region) from `day` has passed."""
        target = self.law.regions.targets_for(self.organs.region(self.agency), day)[parameter]
        length = Length.of(target.value, target.unit)
        last = count(day, length, calendar=self.law.calendar, roll="never").last
        return midnight(last + timedelta(days=1))

    def found(
        self,
        rule: str,
        *,
        key: Ref,
        evidence: tuple[Ref, ...],
        detail: tuple[str, str],
        organ: str | None = None,
        level: Level | None = None,
        open: bool = True,
    ) -> Found:
        """Return a finding of the rule with its level and basis from the law."""
        definition = self.law.rules.by_id[rule]
        return Found(
            rule=rule,
            level=definition.level if level is None else min(level, definition.level),
            key=key.text,
            evidence=evidence,
            organ=organ or self.agency,
            detail_zh=detail[0],
            detail_en=detail[1],
            basis=definition.basis,
            confidence=definition.confidence,
            title_zh=definition.title_zh,
            title_en=definition.title_en,
            open=open,
        )

    def when(
        self,
        at: datetime,
        rule: str,
        *,
        key: Ref,
        evidence: tuple[Ref, ...],
        detail: tuple[str, str],
        organ: str | None = None,
        level: Level | None = None,
    ) -> Iterator[Outcome]:
        """Yield the finding if the moment has come, else the moment at which it would come."""
        if self.at < at:
            yield Later(at)
        else:
            yield self.found(rule, key=key, evidence=evidence, detail=detail, organ=organ, level=level)

    def known_day(self, event: CaseEvent) -> date:
        """Return the latest day on which the act can have happened; never later than its record."""
        return event.span.last_day or civil_day(event.event.recorded_at)


Predicate = Callable[[CaseView], Iterator[Outcome]]
