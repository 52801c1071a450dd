"""What the platform says of a case, when it says it again, and when it keeps silent."""

from __future__ import annotations

import orjson
import pytest
from tests.transfer.case_answers import CASES, law, stream
from tests.transfer.telling import BELOW, GREEN_CASE, MET, OFFENCE, POLICE, CaseFile, advance_on, moment, said

from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.contracts.envelope import read_event
from xianjie.contracts.recorded import TYPE_PREFIX
from xianjie.transfer.decisions import as_event
from xianjie.transfer.domain.standing import Decision, Standing, compare

LATER = "2026-08-03 10:00"


def approved() -> CaseFile:
    case = CaseFile()
    case.facts("2026-03-02 09:00", sales_fen=MET)
    case.assessed("2026-03-02 10:00")
    case.approved("2026-03-04 17:40")
    return case


def test_saying_the_same_again_is_no_decision() -> None:
    case = approved()
    snapshot = case.snapshot("2026-03-10 10:00")
    standing, first = compare(Standing(), snapshot, law_digest=law().digest)
    assert first
    again, second = compare(standing, snapshot, law_digest=law().digest)
    assert (again, second) == (standing, [])
    stored = Standing.from_json(orjson.loads(orjson.dumps(standing.as_json())))
    assert compare(stored, snapshot, law_digest=law().digest) == (stored, [])


def test_decisions_come_in_the_order_judgement_clock_finding() -> None:
    case = approved()
    _, decisions = compare(Standing(), case.snapshot("2026-03-10 10:00"), law_digest=law().digest)
    parts = [decision.name.partition(".")[0] for decision in decisions]
    assert parts == sorted(parts, key=["judgement", "clock", "finding"].index)
    assert set(parts) == {"judgement", "clock", "finding"}


def test_a_judgement_is_said_again_only_when_it_changes() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=BELOW, unsold_goods_value={"fen": 0})
    case.facts("2026-03-03 10:00", sales_fen=BELOW - 1)
    changed = case.facts("2026-03-04 10:00", sales_fen=MET)
    told = [
        d for d in said(case.progress(LATER).decisions, "judgement.computed") if d.data["offence"] == OFFENCE
    ]
    assert [decision.planned for decision in told] == [moment("2026-03-02 10:00"), moment("2026-03-04 10:00")]
    assert told[-1].data["result"] == "met" and told[-1].cause == changed.ref
    assert all(decision.data["law_digest"] == law().digest for decision in told)


def test_a_clock_whose_end_moves_is_announced_with_the_next_revision() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 09:00")
    transfer = case.transferred("2026-03-02 10:00")
    receipt = case.received("2026-03-04 16:00", transfer)
    case.received("2026-03-04 17:00", transfer)  # a second receipt is a clock of its own
    started = [
        decision
        for decision in said(case.progress("2026-03-05 10:00").decisions, "clock.started")
        if decision.data["row"] == "filing_decision" and transfer.ref.text in decision.data["clock"]
    ]
    assert [decision.data["revision"] for decision in started] == [0, 1]
    assert started[0].data["clock"] == started[1].data["clock"]
    assert started[1].cause == receipt.ref and started[1].planned == receipt.recorded_at


def test_each_warning_the_expiry_and_the_end_are_said_once() -> None:
    case = approved()
    case.transferred("2026-03-06 10:00")
    told = [
        (decision.name, decision.data.get("rung"), decision.planned)
        for decision in case.progress(LATER).decisions
        if "transfer_to_police" in str(decision.data.get("clock"))
    ]
    assert told == [
        ("clock.started", None, moment("2026-03-04 17:40")),
        ("clock.warned", "50_percent", moment("2026-03-05 05:50")),
        ("clock.warned", "80_percent", moment("2026-03-05 13:08")),
        ("clock.warned", "last_4h", moment("2026-03-05 14:00")),
        ("clock.expired", None, moment("2026-03-05 18:00").replace(microsecond=1)),
        ("clock.closed", None, moment("2026-03-06 10:00")),
    ]


def test_a_clock_that_ends_in_time_is_closed_as_met_and_never_expires() -> None:
    case = approved()
    transfer = case.transferred("2026-03-05 09:00")
    decisions = case.progress(LATER).decisions
    (closed,) = [d for d in said(decisions, "clock.closed") if "transfer_to_police" in d.data["clock"]]
    assert closed.data["state"] == "met" and closed.cause == transfer.ref
    assert closed.data["closed_by"] == {"source": transfer.ref.source, "id": transfer.ref.id}
    assert not [d for d in said(decisions, "clock.expired") if "transfer_to_police" in d.data["clock"]]


def test_a_clock_that_runs_again_after_its_end_was_withdrawn_is_announced_again() -> None:
    case = approved()
    case.withdrawn(case.transferred("2026-03-05 09:00"), "2026-03-05 12:00")
    told = [
        (decision.name, decision.data.get("revision"))
        for decision in case.progress(LATER).decisions
        if "transfer_to_police" in str(decision.data.get("clock")) and decision.name != "clock.warned"
    ]
    assert told == [
        ("clock.started", 0),
        ("clock.closed", None),
        ("clock.started", 1),
        ("clock.expired", None),
    ]


def test_a_clock_whose_beginning_is_withdrawn_is_withdrawn_once() -> None:
    case = approved()
    case.withdrawn(case.events[-1], "2026-03-05 12:00")
    decisions = case.progress(LATER).decisions
    closed = [d for d in said(decisions, "clock.closed") if "transfer_to_police" in d.data["clock"]]
    assert [decision.data for decision in closed] == [
        {"clock": closed[0].data["clock"], "state": "withdrawn"}
    ]
    assert not [d for d in said(decisions, "clock.expired") if "transfer_to_police" in d.data["clock"]]


def test_a_finding_whose_condition_comes_back_is_raised_again() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 10:00")
    case.withdrawn(case.team("2026-03-06 10:00"), "2026-03-09 10:00")
    told = [
        (decision.name, decision.planned)
        for decision in case.progress("2026-03-20 10:00").decisions
        if decision.name.startswith("finding.") and decision.data["finding"].startswith("nt1_")
    ]
    assert told == [
        ("finding.raised", moment("2026-03-04 00:00")),
        ("finding.closed", moment("2026-03-06 10:00")),
        ("finding.raised", moment("2026-03-09 10:00")),
    ]


def test_a_finding_that_grows_graver_is_raised_again_and_keeps_its_highest_level() -> None:
    case = CaseFile()
    case.reported("2026-03-05 10:00")
    case.approved("2026-03-12 10:00")
    progress = case.progress("2026-03-12 11:00")
    told = [
        (decision.name, decision.data.get("level"))
        for decision in progress.decisions
        if decision.name.startswith("finding.") and decision.data["finding"].startswith("nt3_")
    ]
    assert told == [("finding.raised", "notice"), ("finding.raised", "breach"), ("finding.closed", None)]
    (kept,) = [value for key, value in progress.standing.findings.items() if key.startswith("nt3_")]
    assert kept == {"level": "breach", "open": False}


def test_a_duty_done_late_and_recorded_at_once_is_raised_and_closed_in_one_moment() -> None:
    case = CaseFile()
    case.approved("2026-03-04 17:40", recorded="2026-03-10 10:00")
    case.transferred("2026-03-09 10:00", recorded="2026-03-10 10:00")
    decisions = [d for d in case.progress("2026-03-10 10:00").decisions if d.name.startswith("finding.")]
    told = [(d.name, d.planned) for d in decisions if d.data["finding"].startswith("nt4_")]
    recorded = moment("2026-03-10 10:00")
    assert told == [("finding.raised", recorded), ("finding.closed", recorded)]


def test_an_event_that_a_timer_overtook_gets_decisions_of_its_own() -> None:
    """Both revisions belong to the same moment, and are two events nevertheless."""
    case = CaseFile(GREEN_CASE)
    transfer = case.transferred("2026-03-02 10:00")
    receipt = case.received("2026-03-04 16:00", transfer)
    case.tell("period.extended", "2026-03-04 15:00", organ=POLICE, row="filing_decision_env", to_days=7,
              ground="lead_check", approver_rank="none")  # fmt: skip
    early = [event for event in case.events if event.name != "period.extended"]
    before = advance_on(case.case, early, upto=receipt.recorded_at)
    assert before is not None
    after = advance_on(case.case, case.events, upto=moment("2026-03-04 15:00"), after=before)
    assert after is not None and after.evaluated_until == before.evaluated_until
    (first,) = [
        d for d in said(before.decisions, "clock.started") if d.cause == receipt.ref and _is_filing(d)
    ]
    (second,) = [d for d in said(after.decisions, "clock.started") if _is_filing(d)]
    assert first.planned == second.planned and second.data["revision"] == first.data["revision"] + 1
    identities = {as_event(decision, recorded_at=decision.planned).row.id for decision in (first, second)}
    assert len(identities) == 2


def _is_filing(decision: Decision) -> bool:
    return str(decision.data["row"]).startswith("filing_decision")


def test_the_identity_of_a_decision_does_not_depend_on_when_it_was_taken() -> None:
    for decision in approved().progress(LATER).decisions:
        once = as_event(decision, recorded_at=decision.planned)
        later = as_event(decision, recorded_at=moment("2026-12-01 10:00"))
        assert once.row.id == later.row.id and once.message.id == later.message.id
        assert once.message.id.endswith(once.row.id)
        assert once.message.key == once.row.subject == decision.subject


def test_an_expiry_states_how_late_it_was_fired() -> None:
    (expired,) = said(approved().progress("2026-03-06 10:00").decisions, "clock.expired")
    late = as_event(expired, recorded_at=moment("2026-03-05 19:00"))
    assert late.row.data["fired_late_by_seconds"] == 3599  # to the full second
    assert late.row.planned == expired.planned and late.row.recorded_at == moment("2026-03-05 19:00")
    early = as_event(expired, recorded_at=moment("2026-03-05 17:00"))
    assert early.row.data["fired_late_by_seconds"] == 0


@pytest.mark.parametrize("pattern", ["RC-0[0-4]*", "RC-0[5-9]*", "PC-0*", "PC-[12]*"])
def test_every_decision_on_every_case_is_an_event_of_the_catalogue(pattern: str) -> None:
    by_name = {kind.name: kind for kind in EVENT_TYPES.values()}
    seen: dict[str, int] = {}
    for path in sorted((CASES / "streams").glob(f"{pattern}.ndjson")):
        events = [event for event in stream(path.stem) if by_name[event.name].subject == "case"]
        end = max(event.recorded_at for event in events)
        for subject in dict.fromkeys(event.subject for event in events):
            into = {event.subject: event.data["into"] for event in events if event.name == "case.merged"}
            own = [event for event in events if subject in (event.subject, into.get(event.subject))]
            progress = advance_on(subject, own, upto=max(end, moment("2026-12-31 00:00")))
            assert progress is not None
            for decision in progress.decisions:
                message = orjson.loads(as_event(decision, recorded_at=decision.planned).message.body)
                recorded = message.pop("recordedat")
                assert recorded == message["time"]  # of intake's events only the door states it
                message.pop("partitionkey")
                assert read_event(message)["type"] == f"{TYPE_PREFIX}{decision.name}.v1"
                seen[decision.name] = seen.get(decision.name, 0) + 1
    assert {"judgement.computed", "clock.started", "finding.raised"} <= seen.keys(), seen
