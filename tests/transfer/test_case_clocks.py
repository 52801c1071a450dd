"""When terms start, for whom, what ends them and what does not."""

from __future__ import annotations

from tests.transfer.telling import GREEN_CASE, POLICE, PROCURATORATE, CaseFile, advance_on, moment, said

from xianjie.transfer.domain.clocks import Clock


def at_the_police(case: CaseFile | None = None) -> CaseFile:
    """Assessed, approved and transferred on Monday 2026-03-02 at 10:00."""
    case = case or CaseFile()
    case.assessed("2026-03-02 09:00")
    case.transferred("2026-03-02 10:00")
    return case


def declined(case: CaseFile | None = None) -> CaseFile:
    """Received and declined; nothing has been served yet."""
    case = at_the_police(case)
    case.received("2026-03-02 11:00", case.events[-1])
    case.tell(
        "case.declined", "2026-03-03 10:00", organ=POLICE, ground="no_criminal_facts", reasons="不构成犯罪"
    )
    return case


def due(clock: Clock) -> object:
    return clock.due.as_json()


def test_the_heads_three_days_start_with_the_report_and_not_with_the_discovery() -> None:
    case = CaseFile()
    case.facts("2026-02-02 10:00", sales_fen=5_000_000)
    case.assessed("2026-02-09 10:00")
    assert case.clocks("head_decision", "2026-02-20 10:00") == []
    report = case.reported("2026-03-03 10:00")
    clock = case.clock("head_decision", "2026-03-03 10:00")
    assert clock.started_by == report.ref and clock.bearer == case.agency
    assert due(clock) == {"calendar": "2026-03-06", "working": "2026-03-06"}


def test_the_twenty_four_hours_start_with_the_approval_and_not_with_the_report() -> None:
    case = CaseFile()
    case.reported("2026-03-02 10:00")
    assert case.clocks("transfer_to_police", "2026-03-03 10:00") == []
    approval = case.approved("2026-03-04 17:40")
    clock = case.clock("transfer_to_police", "2026-03-04 18:00")
    assert clock.started_by == approval.ref
    assert due(clock) == {"instant": "2026-03-05T18:00:00+08:00"}


def test_a_three_day_term_of_the_agency_is_warned_of_before_it_is_late() -> None:
    """Saturday and Sunday lie between the calendar reading and the working-day reading."""
    case = CaseFile()
    case.reported("2026-03-05 10:00")
    states = {
        at: case.clock("head_decision", at).state
        for at in ("2026-03-09 23:59", "2026-03-10 00:01", "2026-03-10 23:59", "2026-03-11 00:01")
    }
    assert due(case.clock("head_decision", "2026-03-05 10:00")) == {
        "calendar": "2026-03-09",
        "working": "2026-03-10",
    }
    assert list(states.values()) == ["running", "warned", "warned", "late"]


def test_without_a_receipt_the_term_of_the_police_is_never_late() -> None:
    case = at_the_police()
    for at in ("2026-03-02 12:00", "2026-03-20 12:00", "2027-03-02 12:00"):
        clock = case.clock("filing_decision", at)
        assert clock.state in ("running", "unknown"), at
        assert clock.due.as_json() == {"earliest": "2026-03-05", "latest": None}
    case.filed("2026-03-03 10:00", recorded="2027-03-03 10:00")
    assert case.clock("filing_decision", "2027-03-03 11:00").state == "met"


def test_the_receipt_moves_the_start_and_leaves_the_clock_the_same() -> None:
    case = at_the_police()
    transfer = case.events[-1]
    opened = case.clock("filing_decision", "2026-03-02 12:00")
    receipt = case.received("2026-03-04 16:00", transfer)
    started = case.clock("filing_decision", "2026-03-04 17:00")
    assert (opened.started_by, started.started_by) == (transfer.ref, receipt.ref)
    assert opened.id == started.id == f"filing_decision|{case.case}|{transfer.ref.text}"
    assert due(started) == {"day": "2026-03-09"}  # Saturday the 7th rolls forward


def test_a_receipt_of_another_transfer_leaves_the_first_one_open() -> None:
    case = at_the_police()
    first = case.events[-1]
    second = case.transferred("2026-03-20 10:00")
    receipt = case.received("2026-03-20 11:00", second)
    clocks = {clock.began: clock for clock in case.clocks("filing_decision", "2026-03-30 12:00")}
    assert clocks[first.ref].started_by == first.ref and clocks[first.ref].state == "unknown"
    assert clocks[second.ref].started_by == receipt.ref and clocks[second.ref].state == "late"


def test_the_sector_of_the_agency_chooses_the_row() -> None:
    market, green = CaseFile(), CaseFile(GREEN_CASE)
    for case in (market, green):
        case.reported("2026-03-05 10:00")
    assert [clock.row.id for clock in market.snapshot("2026-03-05 11:00").clocks] == ["head_decision"]
    (clock,) = green.snapshot("2026-03-05 11:00").clocks
    assert clock.row.id == "head_decision_env"
    assert due(clock) == {"day": "2026-03-09"}  # ENV17 38: calendar days, rolled forward from Sunday


def test_the_category_that_the_police_state_chooses_the_row() -> None:
    for category, row, day in (
        (None, "filing_decision", "2026-03-05"),
        ("economic", "filing_decision_economic", "2026-03-12"),
    ):
        case = at_the_police()
        case.received("2026-03-02 11:00", case.events[-1], **({"category": category} if category else {}))
        clocks = [
            clock
            for clock in case.snapshot("2026-03-02 12:00").clocks
            if clock.row.id.startswith("filing_decision")
        ]
        assert [(clock.row.id, due(clock)) for clock in clocks] == [(row, {"day": day})]


def test_a_request_after_its_own_term_starts_no_duty_to_decide() -> None:
    """R310 9(1): three days from the notice; bt8 needs a request in time."""
    for asked, runs in (("2026-03-06 10:00", True), ("2026-03-20 10:00", False)):
        case = declined()
        case.served(
            "no_filing_notice", case.events[-1], "2026-03-03 15:00", organ=POLICE, to_organ=case.agency
        )
        request = case.tell(
            "reconsideration.requested",
            asked,
            against=case.events[3],
            level="reconsideration",
            to_organ=POLICE,
        )
        case.served("reconsideration_request", request, asked, to_organ=POLICE)
        assert bool(case.clocks("reconsider_decision", "2026-04-10 10:00")) is runs
        assert bool(case.found("bt8_reconsideration_overdue", "2026-04-10 10:00")) is runs


def test_items_handed_over_before_the_filing_do_the_duty() -> None:
    case = at_the_police()
    case.received("2026-03-02 11:00", case.events[-1])
    case.tell("material.handed_over", "2026-03-02 15:00", to_organ=POLICE, complete=True)
    filing = case.filed("2026-03-03 10:00")
    case.served("filing_notice", filing, "2026-03-03 11:00", organ=POLICE, to_organ=case.agency)
    assert case.clock("handover_after_filing", "2026-04-10 10:00").state == "met"


def test_a_copy_to_the_procuratorate_alone_does_not_end_the_duty_to_notify_the_agency() -> None:
    def notified(*addressees: str) -> Clock:
        case = declined(CaseFile(GREEN_CASE))
        for organ in addressees:
            case.served(
                "decision_copy",
                case.events[3],
                "2026-03-04 10:00",
                organ=POLICE,
                to_organ=organ or case.agency,
            )
        return case.clock("decision_notice_env", "2026-04-10 10:00")

    assert notified(PROCURATORATE).state == "late"
    assert notified(PROCURATORATE, "").state == "met"


def test_an_extension_approved_in_time_and_recorded_late_refutes_what_was_found() -> None:
    """Procedure, section 6: clocks are judged by the time of the fact, not of its record."""
    case = at_the_police(CaseFile(GREEN_CASE))
    case.received("2026-03-02 11:00", case.events[-1], category="environment")
    before = case.progress("2026-03-08 10:00")
    assert case.clock("filing_decision_env", "2026-03-08 10:00").state == "late"
    assert "bt6_decision_overdue" in [d.data["rule"] for d in said(before.decisions, "finding.raised")]
    case.tell(
        "period.extended",
        "2026-03-05 10:00",
        recorded="2026-03-08 12:00",
        organ=POLICE,
        row="filing_decision_env",
        to_days=7,
        ground="lead_check",
        approver_rank="none",
    )
    after = advance_on(case.case, case.events, upto=moment("2026-03-08 13:00"), after=before)
    assert after is not None
    clock = case.clock("filing_decision_env", "2026-03-08 13:00")
    assert clock.state == "running" and due(clock) == {"day": "2026-03-09"}
    assert case.found("bt6_decision_overdue", "2026-03-08 13:00") == []
    closed = [decision.data["finding"] for decision in said(after.decisions, "finding.closed")]
    assert [key for key in closed if key.startswith("bt6_decision_overdue|")]
    # What the platform knew before stays what it knew before.
    assert case.found("bt6_decision_overdue", "2026-03-08 11:00")


def test_an_extension_approved_after_the_end_changes_nothing() -> None:
    case = at_the_police(CaseFile(GREEN_CASE))
    case.received("2026-03-02 11:00", case.events[-1], category="environment")
    case.tell(
        "period.extended",
        "2026-03-07 10:00",
        organ=POLICE,
        row="filing_decision_env",
        to_days=7,
        ground="lead_check",
        approver_rank="none",
    )
    clock = case.clock("filing_decision_env", "2026-03-07 11:00")
    assert clock.state == "late" and due(clock) == {"day": "2026-03-05"}


def test_a_suspended_term_is_shown_as_suspended_and_goes_on_when_it_is_resumed() -> None:
    case = CaseFile()
    case.tell("admin_case.filed", "2026-03-02 10:00", file_number="1", violation_type="销售伪劣产品")
    row = "penalty_decision_market"
    assert due(case.clock(row, "2026-03-02 11:00")) == {"day": "2026-06-01"}  # 31 May is a Sunday
    pause = case.tell("period.suspended", "2026-03-10 10:00", row=row, ground="testing_or_expert")
    assert case.clock(row, "2026-07-01 10:00").state == "suspended"
    assert case.snapshot("2026-07-01 10:00").findings == ()
    case.tell("period.resumed", "2026-07-10 10:00", suspension=pause)
    resumed = case.clock(row, "2026-07-10 11:00")
    assert resumed.state == "running" and due(resumed) == {
        "day": "2026-10-08"
    }  # both days of the pause excluded


def test_the_clocks_of_a_merged_case_stop_and_go_on_in_the_other_with_their_start() -> None:
    away, stays = CaseFile(), CaseFile(f"{CaseFile().agency}/C2")
    away.reported("2026-03-02 10:00")
    stays.facts("2026-03-02 10:00")
    before = away.progress("2026-03-02 12:00")
    away.tell("case.merged", "2026-03-03 10:00", into=stays.case, reason="同一案件")
    assert away.snapshot("2026-03-03 11:00").clocks == ()
    after = advance_on(away.case, away.events, upto=moment("2026-04-03 12:00"), after=before)
    assert after is not None
    assert [d.data["state"] for d in said(after.decisions, "clock.closed")] == ["withdrawn"]
    assert said(after.decisions, "clock.expired") == [] and after.wake_at is None
    stays.events += away.events
    (clock,) = stays.clocks("head_decision", "2026-04-03 12:00")
    assert clock.started_by == away.events[0].ref and clock.subject == stays.case
    assert clock.state == "late"


def test_an_act_that_names_another_transfer_does_not_end_this_term() -> None:
    case = at_the_police()
    first = case.events[-1]
    case.received("2026-03-02 11:00", first)
    second = case.transferred("2026-03-20 10:00")
    case.received("2026-03-20 11:00", second)
    case.filed("2026-03-21 10:00", in_answer_to=second)
    states = {clock.began: clock.state for clock in case.clocks("filing_decision", "2026-03-30 12:00")}
    assert states == {first.ref: "late", second.ref: "met"}


def test_a_term_that_starts_on_an_imprecise_day_is_late_only_when_every_reading_is() -> None:
    case = CaseFile()
    case.reported("2026-03-31 10:00", occurred={"precision": "month", "value": "2026-03"})
    states = [
        case.clock("head_decision", at).state
        for at in ("2026-03-31 10:00", "2026-04-02 10:00", "2026-04-30 10:00")
    ]
    assert states == ["unknown", "unknown", "late"]


def test_a_start_that_may_lie_before_the_rule_is_never_late() -> None:
    """The rule is of 9 July 2001; the report was made some day in that year."""
    case = CaseFile()
    case.reported("2002-01-04 10:00", occurred={"precision": "year", "value": "2001"})
    clock = case.clock("head_decision", "2002-06-01 10:00")
    assert clock.due.calendar.latest is None and clock.state == "unknown"
    later = CaseFile()
    later.reported("2002-01-04 10:00", occurred={"precision": "month", "value": "2001-11"})
    assert later.clock("head_decision", "2002-06-01 10:00").due.calendar.latest is not None
