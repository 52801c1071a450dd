"""What counts of a case's events, in which order, and when it happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianjie.contracts.recorded import ORGAN_PREFIX, RecordedEvent, Ref
from xianjie.lawbook.procedure.times import Span, midnight
from xianjie.transfer.domain.history import BEGINNING, END, History, fold_order

CASE = "ag-130999-market_regulation/C1"
AGENCY, POLICE = "ag-130999-market_regulation", "ps-130999-ps"
RECORDED = datetime(2026, 6, 1, 10, tzinfo=UTC)
_ids = count(1)


@pytest.fixture(autouse=True)
def _numbers_from_one() -> Iterator[None]:
    global _ids  # noqa: PLW0603
    _ids = count(1)
    yield


def on(day: str) -> dict[str, str]:
    return {"precision": "day", "value": day}


def unknown(**bounds: str) -> dict[str, str]:
    return {"precision": "unknown", **bounds}


def act(
    name: str,
    organ: str = AGENCY,
    *,
    occurred: Mapping[str, str] | None = None,
    recorded: datetime = RECORDED,
    subject: str = CASE,
    **data: Any,
) -> RecordedEvent:
    """An accepted event; references may be given as events."""
    fields = {
        key: {"source": value.ref.source, "id": value.ref.id} if isinstance(value, RecordedEvent) else value
        for key, value in data.items()
    }
    return RecordedEvent(
        ref=Ref(ORGAN_PREFIX + organ, f"E{next(_ids):03}"),
        name=name,
        subject=subject,
        released_at=recorded,
        recorded_at=recorded,
        data={"occurred": dict(occurred or on("2026-05-20")), **fields},
    )


def names(history: History) -> list[str]:
    return [event.name for event in history.events]


def test_a_repeated_delivery_counts_once() -> None:
    filed = act("case.filed", POLICE, origin="transfer")
    assert History.of(CASE, [filed, filed, filed]).events == History.of(CASE, [filed]).events


def test_a_correction_by_the_same_source_replaces_the_whole_data() -> None:
    approved = act("transfer.approved", approver_role="deputy", note="x")
    corrected = act(
        "record.corrected",
        event=approved,
        replacement={"occurred": on("2026-05-19"), "approver_role": "principal"},
    )
    history = History.of(CASE, [corrected, approved])
    counted = history.get(approved.ref)
    assert counted is not None
    assert counted.data == {"occurred": on("2026-05-19"), "approver_role": "principal"}
    assert counted.span == Span.of_day(date(2026, 5, 19))
    assert counted.corrected_by == (corrected.ref,)
    assert counted.event is approved


def test_the_last_of_several_corrections_counts_and_a_withdrawn_one_does_not() -> None:
    approved = act("transfer.approved", approver_role="deputy")
    replacements = [{"occurred": on("2026-05-19"), "approver_role": role} for role in ("other", "principal")]
    first, second = (
        act("record.corrected", event=approved, replacement=item, recorded=RECORDED + timedelta(hours=hour))
        for hour, item in enumerate(replacements)
    )
    known = [approved, first, second]
    assert History.of(CASE, known).named("transfer.approved")[0].data["approver_role"] == "principal"
    gone = act("record.withdrawn", event=second)
    history = History.of(CASE, [*known, gone])
    assert history.named("transfer.approved")[0].data["approver_role"] == "other"
    assert history.withdrawn == (second,)


def test_a_correction_that_is_no_data_of_the_type_changes_nothing_and_is_shown() -> None:
    approved = act("transfer.approved", approver_role="deputy")
    broken = act("record.corrected", event=approved, replacement={"approver_role": "principal"})
    history = History.of(CASE, [approved, broken])
    counted = history.get(approved.ref)
    assert counted is not None
    assert (counted.data, counted.corrected_by) == (approved.data, ())
    assert history.unfit == (broken,)


def test_a_correction_may_itself_be_corrected() -> None:
    approved = act("transfer.approved", approver_role="deputy")
    wrong = {"occurred": on("2026-05-19"), "approver_role": "other"}
    right = {**wrong, "approver_role": "principal"}
    correction = act("record.corrected", event=approved, replacement=wrong, reason="x", new_documents=False)
    corrected = act(
        "record.corrected", event=correction, replacement={**correction.data, "replacement": right}
    )
    counted = History.of(CASE, [corrected, correction, approved]).get(approved.ref)
    assert counted is not None
    assert counted.data == right


def test_a_long_chain_of_withdrawals_is_read() -> None:
    records = [act("lead.registered", lead_source="media")]
    for _ in range(3000):
        records.append(act("record.withdrawn", event=records[-1], reason="x"))
    history = History.of(CASE, records)
    assert len(history.named("lead.registered")) == 1
    assert len(history.withdrawn) == 1500


def test_nobody_corrects_or_withdraws_the_record_of_another_source() -> None:
    filed = act("case.filed", POLICE, origin="transfer")
    withdrawn = act("record.withdrawn", AGENCY, event=filed)
    replaced = act("record.corrected", AGENCY, event=filed, replacement={"occurred": on("2026-01-01")})
    history = History.of(CASE, [filed, withdrawn, replaced])
    counted = history.get(filed.ref)
    assert counted is not None
    assert counted.data == filed.data
    assert history.withdrawn == ()


def test_a_withdrawn_record_stays_as_a_tombstone_and_withdrawing_the_withdrawal_brings_it_back() -> None:
    filed = act("case.filed", POLICE, origin="transfer")
    gone = act("record.withdrawn", POLICE, event=filed)
    back = act("record.withdrawn", POLICE, event=gone)
    assert History.of(CASE, [filed, gone]).withdrawn == (filed,)
    assert History.of(CASE, [filed, gone]).named("case.filed") == ()
    assert len(History.of(CASE, [filed, gone, back]).named("case.filed")) == 1


def test_records_that_withdraw_each_other_are_read_the_same_in_any_order() -> None:
    first = act("record.withdrawn")
    second = act("record.withdrawn", event=first)
    first.data["event"] = {"source": second.ref.source, "id": second.ref.id}
    filed = act("case.filed", POLICE, origin="transfer")
    results = {tuple(names(History.of(CASE, order))) for order in permutations([first, second, filed])}
    assert len(results) == 1


def test_an_answer_waits_until_what_it_answers_has_arrived() -> None:
    requested = act("supplement.requested", POLICE, kind="missing_document", items=["x"])
    supplied = act("supplement.supplied", request=requested, outcome="supplied")
    alone = History.of(CASE, [supplied])
    assert alone.events == ()
    assert alone.waiting == (supplied,)
    assert names(History.of(CASE, [supplied, requested])) == ["supplement.requested", "supplement.supplied"]


def test_an_answer_to_an_answer_that_waits_waits_too() -> None:
    requested = act("reconsideration.requested", against=act("case.declined", POLICE))
    decided = act("reconsideration.decided", POLICE, request=requested, outcome="upheld")
    assert History.of(CASE, [decided, requested]).waiting == (requested, decided)


def test_a_reference_to_a_known_event_of_another_case_does_not_wait() -> None:
    decision = act("penalty.decided", subject="ag-130999-tax/T9")
    executed = act("penalty.executed", decision=decision, state="executed", fine_executed_fen=1)
    assert names(History.of(CASE, [executed])) == []
    assert names(History.of(CASE, [executed], elsewhere={decision.ref})) == ["penalty.executed"]


def test_what_had_certainly_not_happened_yet_is_left_out() -> None:
    early = act("lead.registered", occurred=on("2026-05-01"))
    perhaps = act("admin_case.filed", occurred={"precision": "month", "value": "2026-05"})
    later = act("team.designated", occurred=on("2026-05-11"))
    as_of = midnight(date(2026, 5, 10))
    assert names(History.of(CASE, [early, perhaps, later], as_of=as_of)) == [
        "lead.registered",
        "admin_case.filed",
    ]


def test_order_is_by_latest_then_earliest_reading_then_recording_then_source_and_id() -> None:
    month = act("lead.registered", occurred={"precision": "month", "value": "2026-05"})
    last_day = act("admin_case.filed", occurred=on("2026-05-31"))
    instant = act("measure.taken", occurred={"precision": "instant", "value": "2026-05-31T09:00:00+08:00"})
    recorded_first = act("team.designated", occurred=on("2026-05-31"), recorded=RECORDED - timedelta(hours=1))
    by_police = act("supervision.suggested", "pr-130999-pr", occurred=on("2026-05-31"))
    history = History.of(CASE, [by_police, month, last_day, instant, recorded_first])
    assert names(history) == [
        "measure.taken",
        "lead.registered",
        "team.designated",
        "admin_case.filed",
        "supervision.suggested",
    ]
    assert list(history.events) == sorted(history.events, key=fold_order)


def test_a_reference_proves_the_order_of_acts_whose_readings_overlap() -> None:
    transferred = act("case.transferred", occurred={"precision": "month", "value": "2026-05"})
    received = act("transfer.received", POLICE, occurred=on("2026-05-08"), transfer=transferred)
    assert names(History.of(CASE, [received, transferred])) == ["case.transferred", "transfer.received"]


def test_a_reference_does_not_turn_round_acts_whose_readings_do_not_overlap() -> None:
    transferred = act("case.transferred", occurred=on("2026-05-09"))
    received = act("transfer.received", POLICE, occurred=on("2026-05-08"), transfer=transferred)
    assert names(History.of(CASE, [received, transferred])) == ["transfer.received", "case.transferred"]


def test_an_unknown_day_lies_between_the_certain_acts_that_the_law_puts_around_it() -> None:
    reported = act("transfer.reported", occurred=on("2026-05-04"))
    approved = act("transfer.approved", occurred=unknown(), approver_role="principal")
    transferred = act("case.transferred", occurred=on("2026-05-08"))
    found = History.of(CASE, [reported, approved, transferred]).get(approved.ref)
    assert found is not None
    assert found.span == Span(date(2026, 5, 4), date(2026, 5, 8))


def test_stated_bounds_go_before_inferred_ones_and_without_any_the_recording_bounds() -> None:
    stated = act("case.transferred", occurred=unknown(not_before="2026-05-02", not_after="2026-05-30"))
    received = act("transfer.received", POLICE, occurred=on("2026-05-08"), transfer=stated)
    open_ = act("lead.registered", occurred=unknown())
    history = History.of(CASE, [stated, received, open_])
    spans = {event.name: event.span for event in history.events}
    assert spans["case.transferred"] == Span(date(2026, 5, 2), date(2026, 5, 30))
    assert spans["lead.registered"] == Span(None, date(2026, 6, 1))


def test_several_acts_of_a_type_narrow_nothing_unless_named() -> None:
    first, second = (act("case.transferred", occurred=on(day)) for day in ("2026-05-04", "2026-05-14"))
    received = act("transfer.received", POLICE, occurred=unknown(), transfer=first)
    filed = act("case.withdrawn", POLICE, occurred=unknown(), ground="pardon")
    spans = {event.name: event.span for event in History.of(CASE, [first, second, received, filed]).events}
    assert spans["transfer.received"].first_day == date(2026, 5, 4)
    assert spans["case.withdrawn"].first_day is None


def test_a_case_is_read_with_the_cases_merged_into_it_once_they_are_merged() -> None:
    other, third = "ag-130999-market_regulation/C2", "ag-130999-market_regulation/C3"
    in_third = act("lead.registered", subject=third, occurred=on("2026-04-01"))
    to_other = act("case.merged", subject=third, into=other, reason="x", occurred=on("2026-04-10"))
    to_case = act("case.merged", subject=other, into=CASE, reason="x", occurred=on("2026-05-10"))
    known = [in_third, to_other, to_case]
    assert names(History.of(CASE, known)) == ["lead.registered", "case.merged", "case.merged"]
    assert names(History.of(CASE, known, as_of=midnight(date(2026, 5, 1)))) == []
    assert names(History.of(other, known)) == ["lead.registered", "case.merged", "case.merged"]
    assert names(History.of(third, known)) == ["lead.registered", "case.merged"]


def test_the_organ_that_acted_is_the_one_named_not_the_one_that_speaks() -> None:
    event = History.of(CASE, [act("transfer.rejected", by_organ=POLICE, transfer=None)]).events[0]
    assert (event.organ, event.kind) == (POLICE, "PS")


OCCURRED = st.one_of(
    st.dates(date(2026, 1, 1), date(2026, 3, 31)).map(lambda day: on(day.isoformat())),
    st.sampled_from(["2026-01", "2026-02"]).map(lambda month: {"precision": "month", "value": month}),
    st.sampled_from([unknown(), unknown(not_before="2026-02-01"), unknown(not_after="2026-02-01")]),
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["team.designated", "transfer.reported", "case.transferred"]), OCCURRED),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_order_of_arrival_and_repetition_change_nothing(
    acts: list[tuple[str, dict[str, str]]], random: Any
) -> None:
    events = [act(name, occurred=occurred) for name, occurred in acts]
    shuffled = events + random.sample(events, len(events) // 2)
    random.shuffle(shuffled)
    history = History.of(CASE, events)
    assert History.of(CASE, shuffled) == history
    for event in history.events:
        assert (event.span.earliest or BEGINNING) <= (event.span.latest or END)
