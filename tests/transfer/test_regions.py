"""The table of transitions, and the regions of agency and transfer, as the procedure tells them."""

from __future__ import annotations

import pytest
from tests.transfer.story import AGENCY, GREEN, POLICE, PROCURATORATE, A, B, Story

from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.transfer.domain.regions_agency import (
    ADMINISTRATIVE,
    ADMINISTRATIVE_ORDER,
    TRANSFER,
    TRANSFER_ORDER,
)
from xianjie.transfer.domain.regions_criminal import (
    CRIMINAL,
    CRIMINAL_ORDER,
    DUTY,
    DUTY_ORDER,
    REVERSE,
    REVERSE_ORDER,
)
from xianjie.transfer.domain.regions_guards import GUARDS
from xianjie.transfer.domain.regions_rows import STAYS, Order, Row

TABLES: tuple[tuple[tuple[Row, ...], Order], ...] = (
    (ADMINISTRATIVE, ADMINISTRATIVE_ORDER),
    (TRANSFER, TRANSFER_ORDER),
    (CRIMINAL, CRIMINAL_ORDER),
    (REVERSE, REVERSE_ORDER),
    (DUTY, DUTY_ORDER),
)


@pytest.fixture
def story() -> Story:
    return Story()


def test_every_row_names_states_events_kinds_guards_and_values_that_exist() -> None:
    types = {entry.name: entry for entry in EVENT_TYPES.values()}
    for rows, order in TABLES:
        states = {state for item in order for state in ((item,) if isinstance(item, str) else item)}
        for row in rows:
            assert row.came_from - {None} <= states, row
            assert row.to in states | {STAYS}, row
            assert row.emitters <= types[row.event].emitters, row
            assert row.guard in GUARDS, row
            if row.values and row.field != "verdict":
                field = types[row.event].data_model.model_json_schema()["properties"][row.field]
                assert field.get("type") == "boolean" or row.values <= set(field.get("enum", row.values)), row


def test_every_state_of_the_procedure_can_be_reached_but_the_one_that_means_nothing_began() -> None:
    for rows, order in TABLES:
        states = {state for item in order for state in ((item,) if isinstance(item, str) else item)}
        assert states - {row.to for row in rows} == set()


def test_nothing_begun_is_null_in_every_region(story: Story) -> None:
    story.suspects(A)
    assert story.regions.as_json() == {
        "administrative": None,
        "transfer": None,
        "criminal": None,
        "reverse": None,
        "duty": None,
        "supervision": [],
        "parties": {A: {"criminal": None, "reverse": None}},
    }


def test_an_inspection_alone_is_an_unassessed_matter_without_an_administrative_case(story: Story) -> None:
    story.tell("inspection.conducted")
    assert (story.regions.administrative, story.regions.transfer) == (None, "unassessed")


def test_an_agency_walks_from_the_lead_to_the_transfer(story: Story) -> None:
    walked = []
    for name, data in (
        ("lead.registered", {"lead_source": "inspection"}),
        ("admin_case.filed", {"file_number": "1", "violation_type": "x"}),
        ("evidence.recorded", {}),
        ("assessment.declared", {"offence": "o", "result": "met"}),
        ("team.designated", {"team": []}),
        ("transfer.reported", {}),
        ("transfer.approved", {"approver_role": "principal"}),
    ):
        story.tell(name, **data)
        walked.append((story.regions.administrative, story.regions.transfer))
    story.transferred()
    assert walked == [
        ("clue", "unassessed"),
        ("admin_filed", "unassessed"),
        ("admin_investigating", "unassessed"),
        ("admin_investigating", "assessed_met"),
        ("admin_investigating", "team_designated"),
        ("admin_investigating", "report_submitted"),
        ("admin_investigating", "transfer_approved"),
    ]
    assert (story.regions.administrative, story.regions.transfer) == ("admin_investigating", "transferred")


def test_a_transfer_suspends_the_administrative_case_only_in_environment_and_only_before_a_penalty() -> None:
    for organ, decided, expected in (
        (GREEN, False, "admin_suspended_for_criminal"),
        (AGENCY, False, "admin_filed"),
        (GREEN, True, "penalized"),
    ):
        story = Story()
        story.tell("admin_case.filed", organ, file_number="1", violation_type="x")
        if decided:
            story.penalty(organ)
        story.transferred(organ)
        assert story.regions.administrative == expected


def test_one_offence_that_is_met_carries_the_duty_whatever_is_said_of_another(story: Story) -> None:
    story.tell("assessment.declared", offence="first", result="met")
    story.tell("assessment.declared", offence="second", result="not_met")
    assert story.regions.transfer == "assessed_met"
    story.tell("liability.excluded", ground="limitation_expired", offence="first")
    assert story.regions.transfer == "assessed_not_met"


def test_an_exclusion_for_one_of_two_parties_leaves_the_other_assessed_as_met(story: Story) -> None:
    story.suspects(A, B)
    story.tell("assessment.declared", offence="o", result="met")
    story.tell("liability.excluded", ground="death", parties=[A])
    assert story.regions.transfer == "assessed_met"
    story.tell("liability.excluded", ground="death", parties=[B])
    assert story.regions.transfer == "assessed_not_met"


def test_the_police_leave_the_supplement_only_when_every_request_is_answered(story: Story) -> None:
    transfer = story.transferred()
    story.tell("transfer.received", POLICE, transfer=transfer)
    story.tell("supplement.requested", POLICE, kind="extra_investigation", items=["x"])
    assert story.regions.transfer == "accepted"
    requests = [
        story.tell("supplement.requested", POLICE, kind="missing_document", items=[item]) for item in "xy"
    ]
    story.tell("supplement.supplied", request=requests[0], outcome="supplied")
    assert story.regions.transfer == "supplementing"
    story.tell("supplement.supplied", request=requests[1], outcome="impossible")
    assert story.regions.transfer == "filing_review"


def test_a_forwarded_case_is_accepted_again_by_the_receiving_office(story: Story) -> None:
    transfer = story.transferred()
    story.tell("transfer.received", POLICE, transfer=transfer)
    story.tell("transfer.forwarded", POLICE, to_organ="ps-130998-ps")
    assert story.regions.transfer == "forwarded"
    story.tell("transfer.received", "ps-130998-ps", transfer=transfer)
    assert story.regions.transfer == "accepted"


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("upheld", "not_filed_upheld"),
        ("filed", "filed"),
        ("changed", "filing_review"),
        ("inadmissible", "not_filed"),
    ],
)
def test_a_reconsideration_moves_the_transfer_only_when_it_is_against_a_decline(
    story: Story, outcome: str, expected: str
) -> None:
    declined = story.tell("case.declined", POLICE, ground="clearly_minor")
    request = story.tell(
        "reconsideration.requested", against=declined, level="reconsideration", to_organ=POLICE
    )
    assert story.regions.transfer == "reconsidering"
    story.tell("reconsideration.decided", POLICE, request=request, outcome=outcome)
    assert story.regions.transfer == expected


def test_a_challenge_of_a_non_prosecution_leaves_the_transfer_alone(story: Story) -> None:
    spared = story.spared(A)
    request = story.tell(
        "reconsideration.requested", POLICE, against=spared, level="review", to_organ=PROCURATORATE
    )
    story.tell("reconsideration.decided", PROCURATORATE, request=request, outcome="upheld")
    assert story.regions.transfer is None


def test_a_declined_case_is_filed_on_new_facts_and_transferred_again(story: Story) -> None:
    story.tell("case.declined", POLICE, ground="clearly_minor")
    story.tell("assessment.declared", offence="o", result="met")
    assert story.regions.transfer == "assessed_met"
    story.transferred()
    assert story.regions.transfer == "transferred"
    story.filed()
    assert (story.regions.transfer, story.regions.criminal) == ("filed", "investigating")


def test_material_handed_over_before_the_filing_counts_once_the_case_is_filed(story: Story) -> None:
    story.transferred()
    story.tell("material.handed_over", to_organ=POLICE, complete=True)
    assert story.regions.transfer == "transferred"
    story.filed()
    assert story.regions.transfer == "material_handed_over"


def test_incomplete_material_is_not_handed_over(story: Story) -> None:
    story.filed()
    story.tell("material.handed_over", to_organ=POLICE, complete=False)
    assert story.regions.transfer == "filed"
