"""Going forward in time gives one story, however the way was cut and in whatever order the events came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.transfer.case_answers import CASES, stream
from tests.transfer.telling import MET, CaseFile, advance_on, moment, said

from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.contracts.recorded import RecordedEvent
from xianjie.transfer.decisions import as_event
from xianjie.transfer.domain.progress import Progress
from xianjie.transfer.domain.standing import Decision

CASE_EVENTS = {kind.name for kind in EVENT_TYPES.values() if kind.subject == "case"}
NAMES = [path.stem for path in sorted((CASES / "streams").glob("[RP]C-*.ndjson"))]
bounded = settings(max_examples=50, deadline=None)


@cache
def one_case(name: str) -> tuple[str, tuple[RecordedEvent, ...]]:
    """The first case of a stream with the cases merged into it."""
    events = [event for event in stream(name) if event.name in CASE_EVENTS]
    subject = events[0].subject
    into = {event.subject: event.data["into"] for event in events if event.name == "case.merged"}
    own = [event for event in events if subject in (event.subject, into.get(event.subject))]
    return subject, tuple(sorted(own, key=lambda event: event.recorded_at))


@cache
def at_once(name: str) -> Progress:
    subject, events = one_case(name)
    whole = advance_on(subject, events, upto=end_of(events))
    assert whole is not None
    return whole


def end_of(events: Sequence[RecordedEvent]) -> datetime:
    return max(event.recorded_at for event in events) + timedelta(days=60)


def told(decisions: Sequence[Decision]) -> list[tuple[Any, ...]]:
    return [
        (d.name, d.about, d.planned, d.cause, as_event(d, recorded_at=d.planned).row.id) for d in decisions
    ]


@bounded
@given(name=st.sampled_from(NAMES), shares=st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_going_in_steps_says_the_same_as_going_at_once(name: str, shares: list[float]) -> None:
    subject, events = one_case(name)
    end = end_of(events)
    whole, begin = end - events[0].recorded_at, events[0].recorded_at
    decisions: list[Decision] = []
    progress: Progress | None = None
    for upto in [*(begin + whole * share for share in sorted(shares)), end]:
        known = [event for event in events if event.recorded_at <= upto]
        moved = advance_on(subject, known, upto=upto, after=progress)
        decisions += moved.decisions if moved is not None else ()
        progress = moved or progress
    assert progress is not None
    assert told(decisions) == told(at_once(name).decisions)
    assert progress.standing == at_once(name).standing
    assert progress.wake_at == at_once(name).wake_at


@bounded
@given(name=st.sampled_from(NAMES), data=st.data())
def test_order_of_arrival_and_repetition_change_nothing(name: str, data: st.DataObject) -> None:
    subject, events = one_case(name)
    shuffled = data.draw(st.permutations(events))
    again = data.draw(st.lists(st.sampled_from(events), max_size=3))
    moved = advance_on(subject, [*shuffled, *again], upto=end_of(events))
    assert moved is not None
    assert told(moved.decisions) == told(at_once(name).decisions)
    assert (moved.standing, moved.snapshot.digest) == (at_once(name).standing, at_once(name).snapshot.digest)


@bounded
@given(name=st.sampled_from(NAMES), data=st.data())
def test_an_event_that_comes_too_late_is_taken_in_without_going_back(name: str, data: st.DataObject) -> None:
    subject, events = one_case(name)
    late = data.draw(st.sampled_from(events))
    others = [event for event in events if event.ref != late.ref]
    before = advance_on(subject, others, upto=end_of(events)) if others else None
    after = advance_on(subject, events, upto=late.recorded_at, after=before)
    assert after is not None
    if before is not None:
        assert after.evaluated_until >= before.evaluated_until
        assert all(decision.planned >= before.evaluated_until for decision in after.decisions)
    assert after.evaluated_until >= late.recorded_at
    rebuilt = advance_on(subject, events, upto=after.evaluated_until)
    assert rebuilt is not None
    open_now = {key for key, said in after.standing.findings.items() if said["open"]}
    assert open_now == {key for key, said in rebuilt.standing.findings.items() if said["open"]}
    running = {key for key, said in after.standing.clocks.items() if said["closed"] is None}
    assert running == {key for key, said in rebuilt.standing.clocks.items() if said["closed"] is None}


def test_every_moment_is_looked_at_in_order_and_once() -> None:
    case = CaseFile()
    case.facts("2026-03-02 09:00", sales_fen=MET)
    case.approved("2026-03-04 17:40")
    case.transferred("2026-03-06 10:00")
    decisions = case.progress("2026-06-01 00:00").decisions
    planned = [decision.planned for decision in decisions]
    assert planned == sorted(planned)
    recorded = {event.recorded_at for event in case.events}
    assert recorded <= set(planned)
    assert any(moment not in recorded for moment in planned)  # timers fired between the events


def test_terms_fire_up_to_the_moment_asked_for_and_the_next_one_is_named() -> None:
    case = CaseFile()
    case.approved("2026-03-04 17:40")
    early = case.progress("2026-03-05 10:00")
    assert said(early.decisions, "clock.expired") == []
    assert early.wake_at == moment("2026-03-05 13:08")  # four fifths of the 24 hours from 18:00
    late = advance_on(case.case, case.events, upto=moment("2026-03-06 10:00"), after=early)
    assert late is not None
    assert len(said(late.decisions, "clock.expired")) == 1
    assert late.evaluated_until == moment("2026-03-05 18:00").replace(microsecond=1)


def test_nothing_to_look_at_is_no_progress() -> None:
    case = CaseFile()
    assert advance_on(case.case, [], upto=moment("2026-03-02 10:00")) is None
    case.assessed("2026-03-02 10:00")
    assert advance_on(case.case, case.events, upto=moment("2026-03-02 09:00")) is None


def test_a_finding_that_began_and_ended_on_the_way_is_kept_with_its_first_moment() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 10:00")
    case.team("2026-03-09 10:00")
    progress = case.progress("2026-03-10 10:00")
    (key,) = [key for key in progress.findings if key.startswith("nt1_")]
    assert progress.findings[key].first_seen == moment("2026-03-04 00:00")
    assert progress.standing.findings[key]["open"] is False
