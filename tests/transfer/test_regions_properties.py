"""Whatever arrives, in whatever order, a case has one state."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from xianjie.contracts.catalogue import EVENT_TYPES, EventType
from xianjie.contracts.recorded import ORGAN_PREFIX, PLATFORM_PREFIX, RecordedEvent, Ref, short_name
from xianjie.transfer.domain.history import History
from xianjie.transfer.domain.regions import Regions, fold

CASE = "ag-130999-ecology_environment/C1"
START = datetime(2026, 3, 1, tzinfo=UTC)
ORGANS = (
    "ag-130999-ecology_environment",
    "ag-130999-tax",
    "ps-130999-ps",
    "pr-130999-pr",
    "ct-130999-ct",
    "jc-130999-jc",
)
PARTIES = tuple("pty_" + letter * 26 for letter in "abc")
OF_PATTERN: Mapping[str, tuple[str, ...]] = {
    "^pty_": PARTIES,
    "^(ag|ps|pr|ct|jc|gov|jm|other)-": ORGANS,
    "^[a-z]+-[0-9]{6}-": (CASE, "ag-130999-tax/C2"),
}
relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def sectors(organ: str) -> str | None:
    return organ.partition("-")[2].partition("-")[2] if organ.startswith("ag-") else None


def regions(events: list[RecordedEvent]) -> Regions:
    return fold(History.of(CASE, events), sectors=sectors)


@cache
def _pool(path: Path) -> tuple[dict[str, Any], ...]:
    lines = (
        line for file in sorted(path.glob("PC-*.ndjson")) for line in file.read_text("utf-8").splitlines()
    )
    return tuple(map(json.loads, lines))


@pytest.fixture(scope="module")
def real(reference: Path) -> tuple[dict[str, Any], ...]:
    """Events of the scenarios; any of them may meet any other in one case."""
    return _pool(reference / "cases" / "streams")


def as_one_case(drawn: list[tuple[dict[str, Any], str]]) -> list[RecordedEvent]:
    """Put events of many cases into one, with days instead of instants where told, references kept."""
    events = []
    for number, (event, precision) in enumerate(drawn):
        data = event["data"]
        if precision != "as is":
            day = data["occurred"].get("value", "2026-05-01")[:10]
            occurred = {"day": {"precision": "day", "value": day}, "unknown": {"precision": "unknown"}}[
                precision
            ]
            data = {**data, "occurred": occurred}
        at = START + timedelta(hours=number)
        ref = Ref(event["source"], event["id"])
        events.append(RecordedEvent(ref, short_name(event["type"]), CASE, at, at, data))
    return events


def cases(data: st.DataObject, real: tuple[dict[str, Any], ...]) -> list[RecordedEvent]:
    """Some neighbouring events of the streams, in which references lead somewhere, and some from anywhere."""
    start = data.draw(st.integers(0, len(real) - 12))
    near = list(real[start : start + data.draw(st.integers(1, 12))])
    far = data.draw(st.lists(st.sampled_from(real), max_size=6))
    precisions = st.sampled_from(["as is", "as is", "day", "unknown"])
    once = {(event["source"], event["id"]): event for event in near + far}
    return as_one_case([(event, data.draw(precisions)) for event in once.values()])


@relaxed
@given(data=st.data())
def test_any_order_of_arrival_and_any_repetition_give_the_same_regions(
    data: st.DataObject, real: tuple[dict[str, Any], ...]
) -> None:
    events = cases(data, real)
    arrived = data.draw(st.permutations(events)) + data.draw(st.lists(st.sampled_from(events)))
    assert regions(arrived) == regions(events)


@relaxed
@given(data=st.data())
def test_a_correction_that_restates_what_counts_changes_nothing(
    data: st.DataObject, real: tuple[dict[str, Any], ...]
) -> None:
    events = cases(data, real)
    before = History.of(CASE, events)
    assume(before.events)
    target = data.draw(st.sampled_from(before.events))
    restated = {
        "occurred": {"precision": "day", "value": "2026-05-01"},
        "event": {"source": target.ref.source, "id": target.ref.id},
        "replacement": dict(target.data),
        "reason": "x",
        "new_documents": False,
    }
    at = START + timedelta(days=30)
    correction = RecordedEvent(
        Ref(target.ref.source, "correction"), "record.corrected", CASE, at, at, restated
    )
    after = History.of(CASE, [*events, correction])
    kept = [(event.ref, event.data, event.span) for event in after.events if event.ref != correction.ref]
    assert kept == [(event.ref, event.data, event.span) for event in before.events]
    assert regions([*events, correction]) == regions(events)


@relaxed
@given(data=st.data())
def test_withdrawing_a_record_is_as_if_it_had_never_come(
    data: st.DataObject, real: tuple[dict[str, Any], ...]
) -> None:
    events = cases(data, real)
    target = data.draw(st.sampled_from(events))
    withdrawn = {
        "occurred": {"precision": "day", "value": "2026-05-01"},
        "event": {"source": target.ref.source, "id": target.ref.id},
        "reason": "x",
    }
    at = START + timedelta(days=30)
    withdrawal = RecordedEvent(
        Ref(target.ref.source, "withdrawal"), "record.withdrawn", CASE, at, at, withdrawn
    )
    without = [event for event in events if event.ref != target.ref]
    assert regions([*events, withdrawal]) == regions(without)


def _value(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a JSON schema of the catalogue, drawn from few identities so that events meet."""
    if "$ref" in schema:
        return _value(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for choice in ("anyOf", "oneOf"):
        if choice in schema and "properties" not in schema:
            return st.one_of([_value(item, definitions) for item in schema[choice]])
    kinds: Mapping[str, Callable[[], st.SearchStrategy[Any]]] = {
        "object": lambda: _object(schema, definitions),
        "array": lambda: st.lists(_value(schema["items"], definitions), min_size=1, max_size=2),
        "string": lambda: _text(schema),
        "integer": lambda: st.integers(0, 3),
        "boolean": st.booleans,
    }
    return kinds[schema["type"]]() if "type" in schema else st.just({})


def _text(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    for pattern, values in OF_PATTERN.items():
        if schema.get("pattern", "").startswith(pattern):
            return st.sampled_from(values)
    return st.sampled_from(schema.get("examples", ["x"]))


def _object(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties, needed = schema.get("properties", {}), schema.get("required", ())
    if set(properties) == {"source", "id"}:
        return REFERENCE
    if "precision" in properties:
        return OCCURRED
    required = {name: _value(item, definitions) for name, item in properties.items() if name in needed}
    optional = {
        name: _value(item, definitions)
        for name, item in properties.items()
        if name not in needed and name not in ("documents", "officers", "source_words", "note")
    }
    return st.fixed_dictionaries(required, optional=optional)


def _source(organ: str | None) -> str:
    return PLATFORM_PREFIX + "transfer" if organ is None else ORGAN_PREFIX + organ


IDS = st.sampled_from([f"E{number}" for number in range(9)])
REFERENCE = st.builds(lambda organ, id_: {"source": _source(organ), "id": id_}, st.sampled_from(ORGANS), IDS)
OCCURRED = st.one_of(
    st.dates(date(2026, 3, 1), date(2026, 3, 20)).map(
        lambda day: {"precision": "day", "value": day.isoformat()}
    ),
    st.just({"precision": "unknown"}),
    st.just({"precision": "month", "value": "2026-03"}),
)


@cache
def _data(entry: EventType) -> st.SearchStrategy[dict[str, Any]]:
    schema = entry.data_model.model_json_schema()
    return _object(schema, schema.get("$defs", {}))


@st.composite
def _event(draw: st.DrawFn) -> RecordedEvent:
    entry = draw(st.sampled_from(list(EVENT_TYPES.values())))
    organ = draw(st.sampled_from([None, *ORGANS]))
    at = START + timedelta(hours=draw(st.integers(0, 400)))
    ref = Ref(_source(organ), draw(IDS))
    return RecordedEvent(ref, entry.name, CASE, at, at, draw(_data(entry)))


@relaxed
@given(st.lists(_event(), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_no_event_of_the_catalogue_in_any_order_ever_fails(events: list[RecordedEvent], random: Any) -> None:
    once = list({event.ref: event for event in events}.values())
    found = regions(once)
    random.shuffle(once)
    assert regions(once) == found
    json.dumps(found.as_json())


@pytest.mark.parametrize("entry", EVENT_TYPES.values(), ids=lambda entry: entry.name)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_each_type_can_be_the_only_event_of_a_case(entry: EventType, data: st.DataObject) -> None:
    drawn = data.draw(_data(entry))
    event = RecordedEvent(Ref(_source(ORGANS[0]), "E0"), entry.name, CASE, START, START, drawn)
    history = History.of(CASE, [event])
    assert len(history.events) + len(history.waiting) == 1
    assert fold(history, sectors=sectors) == fold(history, sectors=sectors)
