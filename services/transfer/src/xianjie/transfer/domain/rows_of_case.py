"""Which rows of the law can run in a case: by its events, the agency's sector and the case's category."""

from __future__ import annotations

from functools import cached_property

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.choosing import applicable
from xianjie.lawbook.procedure.rows import Row, Version
from xianjie.lawbook.procedure.rules import Level
from xianjie.lawbook.procedure.times import civil_day

from .history import CaseEvent, History
from .organs import Organs, kind_of


class CaseRows:
    """The rows of the law as they concern one case."""

    def __init__(self, history: History, law: Lawbook, organs: Organs) -> None:
        self._history = history
        self._law = law
        self._organs = organs

    def candidates(self) -> list[Row]:
        """Return the rows that some event of the case starts or opens."""
        begun_by = self._law.rows_begun_by
        names = {event.name for event in self._history.events}
        return list({row.id: row for name in names for row in begun_by.get(name, ())}.values())

    @cached_property
    def sector(self) -> str | None:
        """The sector of the agency whose case it is."""
        opener = self._history.subject.partition("/")[0]
        agencies = [opener] if kind_of(opener) == "AG" else []
        agencies += [event.organ for event in self._history.events if event.kind == "AG" and event.organ]
        return self._organs.sector(agencies[0]) if agencies else None

    @cached_property
    def category(self) -> str | None:
        """The category of the case as the police took it over; None while they have not stated it."""
        stated = [
            event.data["category"]
            for event in self._history.named("transfer.received", "case.filed")
            if event.data.get("category")
        ]
        return stated[-1] if stated else None

    def applies(self, row: Row, known: CaseEvent) -> bool:
        """Whether the row is the one that the law gives for a term that begins with this act."""
        day = known.span.last_day or civil_day(known.event.recorded_at)
        if row.applies.written_only and not self._request_of(known).data.get("written", True):
            return False
        if row.applies.connected_only and not self._organs.connected(known.organ or "", day):
            return False
        if row.applies.challenged:
            if not self._challenge_fits(row, known):
                return False
        elif row.applies.emitters and known.kind not in row.applies.emitters:
            return False
        family = self._law.families[row.replaces or row.id]
        return row in applicable(
            family, sector=self.sector, category=self.category, on=known.span.last_day or known.span.first_day
        )

    def level(self, row: Row, version: Version) -> Level:
        """Return the highest level that a finding about this row may reach in this case."""
        conditions = []
        if self.sector == "ecology_environment":
            conditions.append("sector_is_environment")
        if self._transfer_is_pending():
            conditions.append("transfer_pending")
        level = row.level_under(version, *conditions)
        return Level.notice if level == "none" else Level[level]

    def _request_of(self, known: CaseEvent) -> CaseEvent:
        """Return the request behind a service, else the act itself."""
        return self._history.get(known.ref_in("about")) or known

    def _challenge_fits(self, row: Row, known: CaseEvent) -> bool:
        """Whether a challenge runs against a decision that the row names, by somebody whom it names.

        Before anybody asked, the right to ask belongs to whoever has a part in the case.
        Source: catalogue of events, section 3.1 item 7.
        """
        act = self._request_of(known)
        if act.name == "reconsideration.decided":
            act = self._history.get(act.ref_in("request")) or act
        decision = (
            self._history.get(act.ref_in("against")) if act.name == "reconsideration.requested" else act
        )
        if decision is None or f"cn.xianjie.{decision.name}.v1" not in row.applies.challenged:
            return False
        if act.name == "reconsideration.requested":
            return act.kind in row.applies.emitters and (act.data.get("for_party") is None) is (
                "person" not in row.bearer
            )
        if "person" in row.bearer:
            return any(
                event.data["role"] in ("complainant", "victim")
                for event in self._history.named("party.identified")
            )
        return any(event.kind in row.applies.emitters for event in self._history.events)

    def _transfer_is_pending(self) -> bool:
        decided = self._history.last(
            "case.declined", "transfer.returned", "case.withdrawn", "judgment.finalized"
        )
        return self._history.last("case.transferred") is not None and decided is None
