"""Conformance with CloudEvents 1.0, judged by an implementation that is not ours."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from tests.contracts.samples import an_event

from xianjie.contracts.catalogue import EVENT_TYPES, EventType
from xianjie.contracts.envelope import read_event, to_json

EXTENSIONS = {
    "correlationid": "01J9Z3T8Q4",
    "causationid": "urn:xianjie:organ:ag-130999-market_regulation#2026-000001",
    "partitionkey": "ag-130999-market_regulation/2026-001",
    "sequence": "1024",
    "handling": "procuratorate",
    "jws": "eyJhbGciOiJFZERTQSJ9..c2lnbmF0dXJl",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "vendor=value",
}


@pytest.mark.parametrize("entry", EVENT_TYPES.values(), ids=lambda entry: entry.name)
def test_an_event_of_every_type_survives_the_foreign_library(entry: EventType) -> None:
    ours = read_event(an_event(entry.name, **EXTENSIONS))
    foreign = JSONFormat().read(None, to_json(ours))
    assert isinstance(foreign, CloudEvent)
    assert (foreign.get_id(), foreign.get_source(), foreign.get_type()) == (
        ours["id"],
        ours["source"],
        entry.type,
    )
    assert foreign.get_time() == datetime.fromisoformat(ours["time"])
    assert foreign.get_data() == ours["data"]
    assert {name: foreign.get_extension(name) for name in EXTENSIONS} == EXTENSIONS
    assert read_event(JSONFormat().write(foreign)) == ours


def test_an_event_in_structured_mode_over_http_is_read_on_both_sides() -> None:
    ours = an_event("case.transferred")
    message = HTTPMessage({"content-type": JSONFormat.CONTENT_TYPE}, to_json(ours))
    foreign = from_structured_event(message)
    assert foreign.get_attributes()["dataschema"] == ours["dataschema"]
    assert read_event(to_structured_event(foreign).body) == ours


def test_a_batch_holds_events_that_both_sides_read() -> None:
    ours = [an_event("case.transferred", id="a"), an_event("transfer.received", id="b")]
    batch = b"[" + b",".join(to_json(event) for event in ours) + b"]"
    foreign = [JSONFormat().read(None, json.dumps(item)) for item in json.loads(batch)]
    assert [event.get_id() for event in foreign] == ["a", "b"]
    written = b"[" + b",".join(JSONFormat().write(event) for event in foreign) + b"]"
    assert [read_event(item) for item in json.loads(written)] == ours


def test_an_event_that_the_foreign_library_makes_from_nothing_is_accepted() -> None:
    ours = an_event("case.declined")
    attributes = {name: value for name, value in ours.items() if name not in {"data", "specversion", "time"}}
    foreign = CloudEvent(
        attributes | {"time": datetime.fromisoformat("2026-03-02T01:30:00.123456+00:00")}, ours["data"]
    )
    accepted = read_event(JSONFormat().write(foreign))
    assert accepted["time"] == "2026-03-02T01:30:00.123456Z"
    assert accepted["data"] == ours["data"]
