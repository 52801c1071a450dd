"""The regions kept per party, supervision and the duty-crime branch, as the procedure tells them."""

from __future__ import annotations

import pytest
from tests.transfer.story import AGENCY, COURT, POLICE, PROCURATORATE, SUPERVISORS, A, B, Story

from xianjie.transfer.domain.regions import Contradiction


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_coercive_measure_proves_the_filing_for_the_persons_it_names_but_not_its_acceptance(
    story: Story,
) -> None:
    story.suspects(A, B)
    story.transferred()
    story.tell("coercive_measure.taken", POLICE, kind="detention", persons=[A])
    regions = story.regions
    assert regions.transfer == "transferred"
    assert (regions.parties[A].criminal, regions.parties[B].criminal) == ("investigating", None)


def test_the_case_shows_the_furthest_state_of_those_still_in_the_region(story: Story) -> None:
    story.suspects(A, B)
    story.filed()
    story.spared(A)
    assert (story.regions.criminal, story.regions.reverse) == ("investigating", "reverse_review")
    story.tell("prosecution.instituted", PROCURATORATE, defendants=[B], to_court=COURT)
    assert story.regions.criminal == "prosecuted"
    assert story.regions.parties[A].criminal == "not_prosecuted"


def test_a_judgment_that_spares_one_and_not_the_other_shows_no_single_state(story: Story) -> None:
    first = story.judged("first", a="guilty", b="exempt_from_punishment")
    regions = story.regions
    assert regions.criminal is None
    assert [regions.parties[party].criminal for party in (A, B)] == ["judged_guilty", "judged_exempt"]
    story.tell("judgment.finalized", COURT, judgment=first)
    assert story.regions.criminal == "judgment_effective"


def test_a_second_instance_ruling_is_final_unless_it_remands(story: Story) -> None:
    story.judged("first", a="guilty", b="guilty")
    story.judged("second", a="upheld", b="remanded")
    regions = story.regions
    assert [regions.parties[party].criminal for party in (A, B)] == ["judgment_effective", "on_trial"]


def test_a_party_that_left_by_a_termination_does_not_stop_the_case(story: Story) -> None:
    story.suspects(A, B)
    story.filed()
    story.tell("investigation.terminated", POLICE, persons=[A], ground="died")
    assert story.regions.criminal == "investigating"
    story.tell("prosecution.requested", POLICE, suspects=[B], to_organ=PROCURATORATE, round=1)
    assert story.regions.criminal == "prosecution_review"


def test_a_returned_case_comes_back_with_the_second_round(story: Story) -> None:
    story.suspects(A)
    story.tell("prosecution.requested", POLICE, suspects=[A], to_organ=PROCURATORATE, round=1)
    story.tell("prosecution.returned", PROCURATORATE, round=1)
    assert story.regions.criminal == "supplement_investigation"
    story.tell("prosecution.requested", POLICE, suspects=[A], to_organ=PROCURATORATE, round=2)
    assert story.regions.criminal == "prosecution_review"


def test_a_withdrawn_case_is_opened_again_only_by_a_filing_that_is_certainly_later() -> None:
    for day, expected in (("2026-03-05", "withdrawn"), ("2026-03-06", "investigating")):
        story = Story()
        story.suspects(A)
        story.filed()
        story.tell(
            "case.withdrawn", POLICE, ground="pardon", occurred={"precision": "day", "value": "2026-03-05"}
        )
        story.filed(occurred={"precision": "day", "value": day})
        assert story.regions.criminal == expected


def test_a_decline_after_the_filing_is_kept_and_shown_as_a_contradiction(story: Story) -> None:
    story.filed()
    declined = story.tell("case.declined", POLICE, ground="clearly_minor")
    assert story.regions.transfer == "filed"
    assert story.regions.contradictions == (
        Contradiction(declined.ref, "case.declined", "transfer", "filed"),
    )


def test_an_earlier_step_of_unknown_day_is_no_contradiction(story: Story) -> None:
    story.filed()
    story.tell(
        "case.declined", POLICE, ground="clearly_minor", occurred={"precision": "year", "value": "2026"}
    )
    assert (story.regions.transfer, story.regions.contradictions) == ("filed", ())


def test_the_reverse_region_goes_from_review_to_reply(story: Story) -> None:
    story.suspects(A, B)
    spared = story.spared(A)
    seen = [story.regions.reverse]
    suspension = story.tell("period.suspended", PROCURATORATE, row="reverse_review", ground="other")
    seen.append(story.regions.reverse)
    story.tell("period.resumed", PROCURATORATE, suspension=suspension)
    seen.append(story.regions.reverse)
    opinion = story.opinion(spared, A)
    seen.append(story.regions.reverse)
    story.tell("notice.served", kind="penalty_opinion", about=opinion, to_organ=AGENCY)
    seen.append(story.regions.reverse)
    story.tell("reply.given", in_answer_to=opinion, content="status")
    seen.append(story.regions.reverse)
    story.penalty(AGENCY, A)
    seen.append(story.regions.reverse)
    story.tell("reply.given", in_answer_to=opinion, content="result")
    seen.append(story.regions.reverse)
    assert seen == [
        "reverse_review",
        "reverse_suspended",
        "reverse_review",
        "opinion_issued",
        "reverse_received",
        "reverse_received",
        "reverse_decided",
        "reverse_replied",
    ]
    assert story.regions.parties[B].reverse is None
    assert story.regions.administrative == "penalized"


def test_a_penalty_before_the_opinion_or_by_another_organ_answers_nothing(story: Story) -> None:
    story.suspects(A)
    story.penalty(AGENCY, A)
    story.opinion(story.spared(A), A)
    story.penalty("ag-130999-tax", A)
    assert story.regions.reverse == "opinion_issued"


def test_the_time_to_reply_that_expires_puts_the_parties_of_the_opinion_into_overdue(story: Story) -> None:
    story.suspects(A)
    opinion = story.opinion(story.spared(A), A)
    notice = story.tell("notice.served", kind="penalty_opinion", about=opinion, to_organ=AGENCY)
    story.tell("clock.started", "", clock="k", row="agency_reply_opinion", started_by=notice)
    story.tell("clock.expired", "", clock="k")
    assert story.regions.reverse == "reverse_overdue"


def test_a_reverse_transfer_is_a_lead_for_the_agency(story: Story) -> None:
    story.suspects(A)
    story.filed()
    story.tell("case.withdrawn", POLICE, ground="clearly_minor")
    story.tell("reverse.transferred", POLICE, following="withdrawn", to_organ=AGENCY)
    regions = story.regions
    assert (regions.reverse, regions.administrative) == ("reverse_received", "clue")


def test_a_filing_closes_the_request_for_reasons_and_fulfils_the_order(story: Story) -> None:
    story.tell("supervision.suggested", subject_matter="not_filed", to_organ=PROCURATORATE)
    request = story.tell("explanation.requested", PROCURATORATE, kind="not_filed", to_organ=POLICE)
    assert story.regions.supervision == ("s_explanation_requested",)
    story.tell("explanation.given", POLICE, request=request)
    story.tell("supervision.ordered", PROCURATORATE, order="file", to_organ=POLICE)
    assert story.regions.supervision == ("s_filing_ordered",)
    story.tell("supervision.issued", PROCURATORATE, kind="correction_notice", to_organ=POLICE)
    assert story.regions.supervision == ("s_correction_issued",)
    story.tell("supervision.issued", PROCURATORATE, kind="report_to_higher", to_organ="pr-130000-pr")
    assert story.regions.supervision == ("s_escalated",)
    story.filed(origin="procuratorate_order")
    assert story.regions.supervision == ("s_filed_under_order",)


def test_reasons_found_valid_end_the_instance_and_a_later_filing_does_not_reopen_it(story: Story) -> None:
    request = story.tell("explanation.requested", PROCURATORATE, kind="not_filed", to_organ=POLICE)
    given = story.tell("explanation.given", POLICE, request=request)
    story.tell("explanation.accepted", PROCURATORATE, explanation=given)
    story.filed()
    assert story.regions.supervision == ("s_reasons_valid",)


def test_an_urged_transfer_ends_in_the_transfer_or_in_the_refusal(story: Story) -> None:
    urged = story.tell("transfer.urged", PROCURATORATE, form="procuratorial_opinion", to_organ=AGENCY)
    assert story.regions.supervision == ("s_transfer_opinion",)
    story.tell("transfer.refused", approver_role="principal", in_answer_to=urged)
    assert story.regions.supervision == ("s_escalated",)
    story.transferred()
    assert story.regions.supervision == ("s_closed",)


def test_a_transfer_before_the_urging_does_not_answer_it(story: Story) -> None:
    story.transferred()
    story.tell("transfer.urged", PROCURATORATE, form="oral", to_organ=AGENCY)
    assert story.regions.supervision == ("s_transfer_opinion",)


def test_instances_stand_in_the_order_of_opening_and_are_closed_by_name(story: Story) -> None:
    listed = story.tell("case.listed", PROCURATORATE, kind="joint_supervision", organs=[AGENCY])
    story.tell("supervision.suggested", subject_matter="not_transferred", to_organ=PROCURATORATE)
    story.tell("supervision.closed", PROCURATORATE, opened_by=listed, outcome="listed_term_ended")
    assert story.regions.supervision == ("s_closed", "s_opened")


def test_the_duty_branch_follows_the_lead_on_a_duty_crime_only(story: Story) -> None:
    story.tell("duty_lead.sent", ground="linkage_breach", to_organ=SUPERVISORS)
    assert story.regions.duty is None
    lead = story.tell("duty_lead.sent", ground="duty_crime", to_organ=SUPERVISORS)
    seen = [story.regions.duty]
    for step in ("received", "forwarded", "received", "disposed"):
        story.tell("duty_lead.handled", SUPERVISORS, lead=lead, step=step)
        seen.append(story.regions.duty)
    assert seen == ["j_lead_sent", "j_received", "j_forwarded", "j_received", "j_disposed"]


def test_joined_identities_are_one_party_and_split_parties_leave(story: Story) -> None:
    story.suspects(A, B)
    story.filed()
    merge = {"surviving_party": A, "merged_party": B, "reason": "x"}
    story.tell("party.merged", undo=False, **merge)
    assert list(story.regions.parties) == [A]
    story.tell("party.merged", undo=True, **merge)
    assert list(story.regions.parties) == [A, B]
    story.tell("case.split", into=["ag-130999-market_regulation/C2"], parties_moved=[B], reason="x")
    assert list(story.regions.parties) == [A]
