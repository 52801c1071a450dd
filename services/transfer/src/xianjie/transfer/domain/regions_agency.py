"""Transitions of the administrative and the transfer region.

Source: procedure of the linkage, 3.2 (1 to 24), 3.3 and 3.4 (53, 58, 59 for the agency's side).
"""

from __future__ import annotations

from xianjie.transfer.domain.regions_rows import STAYS, Order, Row, row

# A: administrative ---------------------------------------------------------------------------------
ADMINISTRATIVE_ORDER: Order = (
    "clue",
    "admin_filed",
    "admin_investigating",
    "admin_decision_pending",
    "admin_suspended_for_criminal",
    "no_penalty",
    "penalized",
    "admin_not_filed",
    "admin_closed",
)
_A_OPEN = "admin_filed admin_investigating admin_decision_pending admin_suspended_for_criminal"
_A_DECIDED = "penalized no_penalty"
_A_ENDED = "admin_not_filed admin_closed"
_A_ANY = f"- clue {_A_OPEN} {_A_DECIDED} {_A_ENDED}"
_NO_PENALTY = (
    "no_penalty_minor|no_penalty_first_and_minor|no_penalty_no_fault|no_penalty_unproven|"
    "no_penalty_time_barred|no_penalty_incapacity|no_penalty_already_criminal_fine|no_penalty_ground_not_stated"
)


def _lead_from_the_criminal_side(number: str, event: str, emitters: str) -> tuple[Row, ...]:
    """An opinion or a reverse transfer is a lead for the agency, or reopens its file (transition 53)."""
    return (
        row(number, event, emitters, "-", "clue"),
        row(number, event, emitters, _A_ENDED, "clue", anew=True),
        row(number, event, emitters, _A_OPEN, "admin_investigating"),
        row(number, event, emitters, _A_ANY, STAYS),
    )


ADMINISTRATIVE: tuple[Row, ...] = (
    row("1", "lead.registered", "AG PS", "-", "clue"),
    row("1", "lead.registered", "AG PS", _A_ENDED, "clue", anew=True),
    row("1", "lead.registered", "AG PS", _A_ANY, STAYS),
    row("2", "admin_case.filed", "AG PS", "clue", "admin_filed"),
    row("2", "admin_case.filed", "AG PS", f"{_A_ENDED} {_A_DECIDED}", "admin_filed", anew=True),
    row("2", "admin_case.filed", "AG PS", _A_OPEN, STAYS),
    row("2", "admin_case.declined", "AG PS", "clue", "admin_not_filed"),
    row("3", "inspection.conducted", "AG PS", "admin_filed", "admin_investigating", guard="by_an_agency"),
    row("3", "inspection.conducted", "AG PS", _A_ANY, STAYS),
    row("3", "measure.taken", "AG PS", "admin_filed", "admin_investigating", guard="by_an_agency"),
    row("3", "measure.taken", "AG PS", _A_ANY, STAYS),
    row("3", "evidence.recorded", "AG PS", "admin_filed", "admin_investigating", guard="by_an_agency"),
    row("3", "evidence.recorded", "AG PS", _A_ANY, STAYS),
    row(
        "PPL 57",
        "penalty.proposed",
        "AG PS",
        "- clue admin_filed admin_investigating",
        "admin_decision_pending",
    ),
    row("PPL 57", "penalty.proposed", "AG PS", _A_ANY, STAYS),
    row("PPL 35", "penalty.decided", "AG PS", _A_ANY, STAYS, guard="attached_to_another"),
    row("PPL 57", "penalty.decided outcome=penalty", "AG PS", f"{_A_OPEN} no_penalty", "penalized"),
    row("PPL 57", "penalty.decided outcome=penalty", "AG PS", _A_ENDED, "penalized", anew=True),
    row("PPL 57", "penalty.decided outcome=penalty", "AG PS", "penalized", STAYS),
    row("PPL 57", f"penalty.decided outcome={_NO_PENALTY}", "AG PS", _A_OPEN, "no_penalty"),
    row("PPL 57", f"penalty.decided outcome={_NO_PENALTY}", "AG PS", _A_ENDED, "no_penalty", anew=True),
    row("PPL 57", f"penalty.decided outcome={_NO_PENALTY}", "AG PS", _A_DECIDED, STAYS),
    row(
        "PPL 75",
        "penalty.revised",
        "AG PS CT GOV",
        "penalized",
        "admin_decision_pending",
        guard="nothing_remains",
    ),
    row("PPL 75", "penalty.revised", "AG PS CT GOV", _A_ANY, STAYS),
    row(
        "9",
        "case.transferred",
        "AG",
        "- clue admin_filed admin_investigating admin_decision_pending",
        "admin_suspended_for_criminal",
        guard="environment",
    ),
    row("9", "case.transferred", "AG", _A_ANY, STAYS),
    row("24", "admin_case.resumed", "AG PS", f"{_A_OPEN} {_A_DECIDED}", "admin_decision_pending"),
    row("24", "admin_case.resumed", "AG PS", _A_ENDED, "admin_decision_pending", anew=True),
    *_lead_from_the_criminal_side("53", "notice.served kind=penalty_opinion", "AG PS PR JC"),
    *_lead_from_the_criminal_side("58, 59", "reverse.transferred", "PS CT"),
    row("SAMR 77", "admin_case.closed", "AG PS", f"clue {_A_OPEN} {_A_DECIDED}", "admin_closed"),
)

# T: transfer ---------------------------------------------------------------------------------------
TRANSFER_ORDER: Order = (
    "unassessed",
    ("assessed_not_met", "assessed_met", "assessed_reasonable_suspicion"),
    "team_designated",
    "report_submitted",
    ("transfer_refused", "transfer_approved"),
    "transferred",
    "accepted",
    ("supplementing", "filing_review", "forwarded"),
    ("returned_not_police", "not_filed"),
    "reconsidering",
    "not_filed_upheld",
    "filed",
    "material_handed_over",
)
_T_ASSESSED = "unassessed assessed_not_met assessed_met assessed_reasonable_suspicion"
_T_PREPARED = "team_designated report_submitted transfer_approved"
_T_REVIEW = "accepted supplementing filing_review forwarded"
_T_DECLINED = "not_filed reconsidering not_filed_upheld"
_T_FILED = "filed material_handed_over"
_T_ASSESSABLE = f"- {_T_ASSESSED} transfer_refused"
_T_BEFORE = f"{_T_ASSESSED} {_T_PREPARED} transfer_refused"
_T_WITH_POLICE = f"transferred {_T_REVIEW} {_T_DECLINED} {_T_FILED} returned_not_police"
_T_ANY = f"- {_T_BEFORE} {_T_WITH_POLICE}"


TRANSFER: tuple[Row, ...] = (
    # The last assessment counts; while a transfer is being prepared only a negative one leads back.
    row("4", "assessment.declared", "AG PS", _T_ASSESSABLE, "assessed_met", guard="assessed_met"),
    row(
        "4",
        "assessment.declared",
        "AG PS",
        _T_ASSESSABLE,
        "assessed_reasonable_suspicion",
        guard="assessed_reasonable_suspicion",
    ),
    row(
        "4",
        "assessment.declared",
        "AG PS",
        f"{_T_ASSESSABLE} {_T_PREPARED}",
        "assessed_not_met",
        guard="assessed_not_met",
    ),
    row("4", "assessment.declared", "AG PS", _T_ASSESSABLE, "unassessed", guard="assessed_insufficient"),
    row(
        "4, PSP 178(3)",
        "assessment.declared",
        "AG PS",
        "returned_not_police not_filed not_filed_upheld",
        "assessed_met",
        guard="assessed_met",
        anew=True,
    ),
    row("4", "assessment.declared", "AG PS", _T_ANY, STAYS),
    row(
        "CPL 16",
        "liability.excluded",
        "AG PS",
        f"- unassessed assessed_met assessed_reasonable_suspicion {_T_PREPARED} transfer_refused",
        "assessed_not_met",
        guard="assessed_not_met",
    ),
    row("CPL 16", "liability.excluded", "AG PS", _T_ANY, STAYS),
    row("5", "team.designated", "AG", "assessed_met assessed_reasonable_suspicion", "team_designated"),
    row("5", "team.designated", "AG", "assessed_not_met transfer_refused", "team_designated", anew=True),
    row(
        "5",
        "team.designated",
        "AG",
        "returned_not_police not_filed not_filed_upheld",
        "team_designated",
        anew=True,
    ),
    row("6", "transfer.reported", "AG", "team_designated", "report_submitted"),
    row("6", "transfer.reported", "AG", "transfer_refused", "report_submitted", anew=True),
    row("7", "transfer.approved", "AG", "report_submitted", "transfer_approved"),
    row("7", "transfer.approved", "AG", "transfer_refused", "transfer_approved", anew=True),
    row("8", "transfer.refused", "AG", "report_submitted", "transfer_refused"),
    row("8", "transfer.refused", "AG", "transfer_approved", "transfer_refused", anew=True),
    row("9", "case.transferred", "AG", "transfer_approved transfer_refused", "transferred"),
    row(
        "9",
        "case.transferred",
        "AG",
        "returned_not_police not_filed not_filed_upheld",
        "transferred",
        anew=True,
    ),
    row("9", "case.transferred", "AG", _T_WITH_POLICE, STAYS),
    row("10", "transfer.received", "PS", "transferred forwarded", "accepted"),
    row("10", "transfer.received", "PS", "returned_not_police", "accepted", anew=True),
    row("10", "transfer.received", "PS", f"{_T_REVIEW} {_T_DECLINED} {_T_FILED}", STAYS),
    row("11", "transfer.rejected", "PS", "transferred", "transferred"),
    row("12", "supplement.requested kind=extra_investigation", "PS", _T_ANY, STAYS),
    row("12", "supplement.requested", "PS", "accepted filing_review supplementing", "supplementing"),
    row("13", "supplement.supplied", "AG", "supplementing", "filing_review", guard="nothing_left_to_supply"),
    row("13", "supplement.supplied", "AG", _T_ANY, STAYS),
    row("14", "forwarding.approved", "PS", _T_ANY, STAYS),
    row("14", "transfer.forwarded", "PS", "accepted filing_review supplementing", "forwarded"),
    row(
        "15",
        "transfer.returned",
        "PS",
        "accepted filing_review supplementing forwarded",
        "returned_not_police",
    ),
    row("18, 20", "case.filed", "PS PR", _T_REVIEW, "material_handed_over", guard="material_is_there"),
    row("18", "case.filed", "PS PR", _T_REVIEW, "filed"),
    row("22, 46", "case.filed", "PS PR", _T_DECLINED, "material_handed_over", guard="material_is_there"),
    row("22, 46", "case.filed", "PS PR", f"{_T_DECLINED} returned_not_police", "filed"),
    row("18", "case.filed", "PS PR", _T_FILED, STAYS),
    row("19", "case.declined", "PS PR", _T_REVIEW, "not_filed"),
    row("19", "case.declined", "PS PR", _T_DECLINED, STAYS),
    row("20", "material.handed_over complete=true", "AG", "filed", "material_handed_over"),
    row("20", "material.handed_over", "AG", _T_ANY, STAYS),
    row(
        "21",
        "reconsideration.requested",
        "AG PS",
        "not_filed not_filed_upheld",
        "reconsidering",
        guard="against_a_decline",
    ),
    row(
        "22",
        "reconsideration.decided outcome=filed",
        "PS PR",
        "reconsidering",
        "filed",
        guard="about_a_decline",
    ),
    row("22", "reconsideration.decided outcome=filed", "PS PR", _T_FILED, STAYS, guard="about_a_decline"),
    row(
        "22",
        "reconsideration.decided outcome=upheld",
        "PS PR",
        "reconsidering",
        "not_filed_upheld",
        guard="about_a_decline",
    ),
    row(
        "22",
        "reconsideration.decided outcome=changed",
        "PS PR",
        "reconsidering",
        "filing_review",
        guard="about_a_decline",
    ),
    row(
        "22",
        "reconsideration.decided outcome=inadmissible",
        "PS PR",
        "reconsidering",
        "not_filed",
        guard="about_a_decline",
    ),
)
