"""A case told event by event, for tests of its fold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from xianjie.contracts.recorded import ORGAN_PREFIX, PLATFORM_PREFIX, RecordedEvent, Ref
from xianjie.transfer.domain.history import History
from xianjie.transfer.domain.regions import Regions, fold

CASE = "ag-130999-market_regulation/C1"
AGENCY, GREEN = "ag-130999-market_regulation", "ag-130999-ecology_environment"
POLICE, PROCURATORATE, COURT, SUPERVISORS = "ps-130999-ps", "pr-130999-pr", "ct-130999-ct", "jc-130999-jc"
A, B = "pty_" + "a" * 26, "pty_" + "b" * 26
START = datetime(2026, 3, 2, 2, tzinfo=UTC)


class Story:
    """Events of one case, an hour apart unless told otherwise."""

    def __init__(self) -> None:
        self.events: list[RecordedEvent] = []

    def tell(
        self, name: str, organ: str = AGENCY, *, occurred: Mapping[str, str] | None = None, **data: Any
    ) -> RecordedEvent:
        at = START + timedelta(hours=len(self.events))
        source = ORGAN_PREFIX + organ if organ else PLATFORM_PREFIX + "transfer"
        fields = {
            key: {"source": value.ref.source, "id": value.ref.id}
            if isinstance(value, RecordedEvent)
            else value
            for key, value in data.items()
        }
        when = occurred or {"precision": "instant", "value": at.isoformat()}
        ref = Ref(source, f"E{len(self.events):02}")
        event = RecordedEvent(ref, name, CASE, at, at, {"occurred": dict(when), **fields})
        self.events.append(event)
        return event

    def suspects(self, *parties: str) -> None:
        for party in parties:
            self.tell("party.identified", party=party, kind="natural_person", role="suspect")

    def transferred(self, organ: str = AGENCY) -> RecordedEvent:
        return self.tell("case.transferred", organ, to_organ=POLICE, ground="standard_met")

    def filed(self, **data: Any) -> RecordedEvent:
        return self.tell("case.filed", POLICE, **{"origin": "transfer", **data})

    def judged(self, instance: str, *, organ: str = COURT, **verdicts: str) -> RecordedEvent:
        parties = {"a": A, "b": B}
        per_party = [{"party": parties[key], "verdict": verdict} for key, verdict in verdicts.items()]
        return self.tell("judgment.rendered", organ, instance=instance, per_party=per_party)

    def spared(self, *parties: str) -> RecordedEvent:
        return self.tell(
            "prosecution.declined", PROCURATORATE, ground="discretionary", parties_spared=list(parties)
        )

    def opinion(self, decision: RecordedEvent, *parties: str) -> RecordedEvent:
        return self.tell(
            "penalty_opinion.issued",
            PROCURATORATE,
            to_organ=AGENCY,
            non_prosecution=decision,
            parties_concerned=list(parties),
        )

    def penalty(
        self, organ: str = AGENCY, *parties: str, outcome: str = "penalty", **data: Any
    ) -> RecordedEvent:
        per_party = [{"party": party, "kinds": ["fine"]} for party in parties]
        return self.tell("penalty.decided", organ, outcome=outcome, per_party=per_party, **data)

    @property
    def regions(self) -> Regions:
        sectors = {AGENCY: "market_regulation", GREEN: "ecology_environment"}
        return fold(History.of(CASE, self.events), sectors=sectors.get)
