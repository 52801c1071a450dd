"""An accepted event as the services carry it."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.contracts.samples import PLATFORM, an_event

from xianjie.contracts.envelope import to_json
from xianjie.contracts.recorded import RecordedEvent, Ref, short_name

ACCEPTED_AT = "2026-03-02T09:30:01+08:00"


def test_an_accepted_event_is_read_from_the_bus() -> None:
    sent = an_event("transfer.rejected", recordedat=ACCEPTED_AT)
    event = RecordedEvent.from_json(to_json(sent))
    assert event.ref == Ref(sent["source"], sent["id"])
    assert event.ref.text == f"{sent['source']}#{sent['id']}"
    assert event.name == "transfer.rejected" == short_name(sent["type"])
    assert event.recorded_at == datetime.fromisoformat(ACCEPTED_AT)
    assert event.released_at == datetime.fromisoformat(sent["time"])
    assert (event.subject, event.data) == (sent["subject"], sent["data"])


def test_the_acting_organ_is_the_one_named_in_the_record_and_else_the_speaker() -> None:
    data = an_event("case.filed")["data"]
    named = RecordedEvent.from_json(to_json(an_event("case.filed", recordedat=ACCEPTED_AT)))
    assert (named.organ, named.acting_organ) == ("ag-130999-market_regulation", data["by_organ"])
    del data["by_organ"]
    alone = RecordedEvent.from_json(to_json(an_event("case.filed", data, recordedat=ACCEPTED_AT)))
    assert alone.acting_organ == alone.organ == "ag-130999-market_regulation"


def test_the_platform_is_no_organ() -> None:
    event = RecordedEvent.from_json(
        to_json(an_event("clock.closed", source=PLATFORM, recordedat=ACCEPTED_AT))
    )
    assert event.organ is None


def test_an_event_that_intake_never_accepted_is_not_read() -> None:
    with pytest.raises(KeyError):
        RecordedEvent.from_json(to_json(an_event()))
