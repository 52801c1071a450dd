"""Properties of the parts that need no database."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from unicodedata import normalize

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.intake.builders import AGENCY, NOW, POLICE, event, source

from xianjie.contracts.canonical import canonical, event_digest
from xianjie.contracts.errors import Malformed
from xianjie.contracts.recorded import Ref
from xianjie.intake.domain.arrivals import Arrival, examine
from xianjie.intake.domain.doubts import Tolerance
from xianjie.intake.domain.judging import Head, Judge
from xianjie.intake.domain.registry import Organ, Registry, kind_by_id
from xianjie.intake.domain.verdicts import Word
from xianjie.intake.rest.allowance import Allowance
from xianjie.intake.rest.bodies import items_of_array
from xianjie.intake.rest.lines import Lines

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


# Items of an array, lines of a stream. ------------------------------------------------------------


@given(items=st.lists(JSON, max_size=5), indent=st.sampled_from([None, 0, 3]), ascii_only=st.booleans())
def test_an_array_falls_into_exactly_its_items(
    items: list[Any], indent: int | None, ascii_only: bool
) -> None:
    body = json.dumps(items, indent=indent, ensure_ascii=ascii_only).encode()
    assert [json.loads(text) for text in items_of_array(body, most=10)] == items


@given(body=st.binary(max_size=30) | st.text('[]{},:"1 \n', max_size=30).map(str.encode))
def test_whatever_is_no_array_is_refused_and_nothing_else_happens(body: bytes) -> None:
    try:
        found = items_of_array(body, most=100)
    except Malformed:
        return
    assert [json.loads(text) for text in found] == json.loads(body)


@given(
    body=st.binary(max_size=200) | st.text("ab\n\r", max_size=200).map(str.encode),
    cuts=st.lists(st.integers(1, 40), max_size=20),
    most_lines=st.integers(1, 5),
    most_bytes=st.integers(1, 30),
)
def test_chunks_put_together_are_the_stream_and_lines_are_its_lines(
    body: bytes, cuts: list[int], most_lines: int, most_bytes: int
) -> None:
    lines = Lines(most_lines=most_lines, most_bytes=most_bytes, line_limit=20)
    chunks = []
    begin = 0
    for length in [*cuts, len(body)]:
        lines.feed(body[begin : begin + length])
        begin = min(begin + length, len(body))
        while lines.full:
            chunks.append(lines.cut(ended=False))
    while not lines.empty:
        chunks.append(lines.cut(ended=True))
    assert b"".join(chunk.raw for chunk in chunks) == body
    found = [(line.row, line.text) for chunk in chunks for line in chunk.lines]
    expected = [
        (row, text if len(text) <= 20 else None)
        for row, text in enumerate(body.split(b"\n"), start=1)
        if text.strip() or len(text) > 20
    ]
    assert found == expected
    assert all(len(chunk.lines) <= most_lines for chunk in chunks)


# Digests. -----------------------------------------------------------------------------------------


@given(note=TEXT.map(lambda text: normalize("NFC", text)), trace=st.booleans(), sequence=st.booleans())
def test_the_digest_is_that_of_the_contract(note: str, trace: bool, sequence: bool) -> None:
    more: dict[str, Any] = {"partitionkey": "x"}
    if trace:
        more["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    if sequence:
        more["sequence"] = "7"
    sent = event(data={"note": note}, **more)
    item = examine(orjson.dumps(sent))
    assert item.digest == event_digest(sent)
    body = orjson.loads(item.body(recorded_at=NOW))
    assert body == sent | {"recordedat": "2026-03-05T02:00:00.000000Z", "partitionkey": sent["subject"]}
    assert item.body(recorded_at=NOW) == canonical(body)


@given(
    refs=st.lists(st.sampled_from(["A-1", "b_2", "c.3"]), max_size=4),
    actor=st.sampled_from([None, AGENCY, POLICE]),
)
def test_references_and_organs_are_found_wherever_they_stand(refs: list[str], actor: str | None) -> None:
    data: dict[str, Any] = {"kind": "superior_order", "to_organ": AGENCY}
    if refs:
        data["about"] = [{"id": ref, "source": source(POLICE)} for ref in refs]
    if actor:
        data["by_organ"] = actor
    item = examine(orjson.dumps(event("supervision.issued", data=data)))
    assert item.problems == ()
    assert item.references() == [Ref(source(POLICE), ref) for ref in refs]
    assert Counter(item.organs()) == Counter([AGENCY, *([actor] if actor else [])])


# Verdicts as one function. ------------------------------------------------------------------------


def judge_all(groups: list[list[dict[str, Any]]]) -> list[Word]:
    """Judge groups one after the other, each in a transaction of its own."""
    organs = [
        Organ(id, NOW.date(), id, kind, "county", "120103") for id, kind in ((AGENCY, "AG"), (POLICE, "PS"))
    ]
    head = Head(0, 0, 1, NOW)
    tolerance = Tolerance(timedelta(days=7), timedelta(minutes=5))
    known: dict[Ref, Any] = {}
    words: list[Word] = []
    for group in groups:
        items = tuple(examine(orjson.dumps(sent)) for sent in group)
        arrived = Arrival(b"", "", "batch", AGENCY, "key_1", NOW, items)
        judge = Judge(known=known, registry=Registry.of(1, organs), head=head, now=NOW, tolerance=tolerance)
        outcome = judge.judge([arrived])
        head = Head(outcome.position, outcome.submission, 1, outcome.recorded_at)
        known |= {entry.receipt.ref: entry.receipt for entry in outcome.events}
        words += [verdict.word for verdict in outcome.verdicts[0]]
    assert head.position == words.count(Word.ACCEPTED)
    return words


EVENTS = st.builds(
    lambda number, note, of: event(id=f"E-{number}", data={"note": note}, of=of),
    st.integers(1, 3),
    st.sampled_from(["甲", "乙"]),
    st.sampled_from([AGENCY, AGENCY, POLICE]),
)


@given(sent=st.lists(EVENTS, max_size=8), cuts=st.sets(st.integers(1, 7)))
def test_verdicts_do_not_depend_on_how_the_events_were_grouped(
    sent: list[dict[str, Any]], cuts: set[int]
) -> None:
    bounds = [0, *sorted(cut for cut in cuts if cut < len(sent)), len(sent)]
    groups = [sent[begin:end] for begin, end in pairwise(bounds)]
    assert judge_all(groups) == judge_all([[one] for one in sent])


def test_recording_never_goes_back_behind_the_head() -> None:
    later = NOW + timedelta(hours=1)
    judge = Judge(
        known={},
        registry=Registry.of(1, [Organ(AGENCY, NOW.date(), "x", "AG", "county", "120103")]),
        head=Head(7, 3, 1, later),
        now=NOW,
        tolerance=Tolerance(timedelta(days=7), timedelta(minutes=5)),
    )
    arrived = Arrival(b"", "", "api", AGENCY, "key_1", NOW, (examine(orjson.dumps(event())),))
    outcome = judge.judge([arrived])
    assert outcome.events[0].receipt.recorded_at == later
    assert outcome.events[0].receipt.position == 8
    assert outcome.submission == 4


# Registry and allowance. --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organ_id", "kind"), [(AGENCY, "AG"), ("gov-120103-x", "GOV"), ("other-120103-x", None)]
)
def test_the_prefix_of_an_id_tells_the_kind(organ_id: str, kind: str | None) -> None:
    assert kind_by_id(organ_id) == kind


def test_superiors_end_even_where_the_registry_goes_round_in_a_circle() -> None:
    day = NOW.date()
    organs = [
        Organ(f"ag-120103-{a}", day, a, "AG", "county", "120103", parent=f"ag-120103-{b}")
        for a, b in ("xy", "yx")
    ]
    registry = Registry.of(1, organs)
    assert list(registry.superiors(organs[0], day)) == ["ag-120103-y"]


@given(
    steps=st.lists(st.integers(0, 400), min_size=1, max_size=60),
    per_second=st.integers(1, 20),
    burst=st.integers(1, 10),
)
def test_no_span_of_time_sees_more_than_burst_and_rate_allow(
    steps: list[int], per_second: int, burst: int
) -> None:
    allowance = Allowance(per_second=per_second, burst=burst, size=1)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    taken: list[datetime] = []
    for step in steps:
        now += timedelta(milliseconds=step)
        wait = allowance.take("key", now=now)
        if wait is None:
            taken.append(now)
        else:
            # whoever waits as told comes in
            now += wait
            assert allowance.take("key", now=now) is None
            taken.append(now)
    for first, begin in enumerate(taken):
        for last in range(first, len(taken)):
            seconds = (taken[last] - begin).total_seconds()
            assert last - first + 1 <= burst + seconds * per_second + 0.01
