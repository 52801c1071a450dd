"""Conditions of transitions, and what must be remembered to answer them.

A guard answers one question about one event of one party; what it must know of earlier events it
asks the `Course`, which the fold keeps in step. Source: procedure of the linkage, 3.2 to 3.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from xianjie.contracts.recorded import Ref
from xianjie.transfer.domain.history import CaseEvent, History
from xianjie.transfer.domain.regions_parties import Parties, chain

ENVIRONMENT = "ecology_environment"
CRIMINAL_SIDE_ASKS = ("penalty_opinion.issued", "reverse.transferred")
UNNAMED = ""  # stands for the parties of a case in which nobody has been named

# From strong to weak: one offence that is met carries the duty to transfer, whatever the others are.
ASSESSMENTS = ("met", "reasonable_suspicion", "not_met", "insufficient")


@dataclass(slots=True)
class Course:
    """What the fold remembers of the events that it has passed."""

    history: History
    sectors: Callable[[str], str | None]
    parties: Parties
    assessments: dict[tuple[str, str], str] = field(default_factory=dict)
    open_requests: set[Ref] = field(default_factory=set)
    supplied: set[Ref] = field(default_factory=set)
    decisions: set[Ref] = field(default_factory=set)
    material_is_there: bool = False
    filing_organ: str | None = None

    def take(self, event: CaseEvent) -> None:
        """Remember the event before its transitions are looked up."""
        taker = _TAKERS.get(event.name)
        if taker is not None:
            taker(event, self)

    def assessment(self) -> str | None:
        """The agency's standing conclusion over all offences and parties, None before the first."""
        results = set(self.assessments.values())
        return next((result for result in ASSESSMENTS if result in results), None)


def _take_assessment(event: CaseEvent, course: Course) -> None:
    for party in event.data.get("parties") or course.parties.liable or (UNNAMED,):
        course.assessments[event.data["offence"], party] = event.data["result"]


def _take_exclusion(event: CaseEvent, course: Course) -> None:
    """The latest assessment no longer counts as met for these parties (CPL 16; catalogue)."""
    offence, parties = event.data.get("offence"), event.data.get("parties")
    if offence is None and parties is None:
        course.assessments.setdefault(("", UNNAMED), "not_met")
    for of, party in course.assessments:
        if offence in (None, of) and (parties is None or party in parties):
            course.assessments[of, party] = "not_met"


def _take_request(event: CaseEvent, course: Course) -> None:
    if event.data["kind"] != "extra_investigation" and event.ref not in course.supplied:
        course.open_requests.add(event.ref)


def _take_supply(event: CaseEvent, course: Course) -> None:
    request = event.ref_in("request")
    if request is not None and event.data["outcome"] != "partly_supplied":
        course.supplied.add(request)
        course.open_requests.discard(request)


def _take_handover(event: CaseEvent, course: Course) -> None:
    course.material_is_there |= event.data["complete"]


def _take_filing(event: CaseEvent, course: Course) -> None:
    course.filing_organ = event.organ


def _take_decision(event: CaseEvent, course: Course) -> None:
    if event.data["outcome"] == "penalty" and event.data.get("attached_to") is None:
        course.decisions.add(event.ref)


def _take_revision(event: CaseEvent, course: Course) -> None:
    decision = event.ref_in("decision")
    if event.data["revoked"] and decision is not None:
        course.decisions.discard(decision)


_TAKERS: Mapping[str, Callable[[CaseEvent, Course], None]] = {
    "assessment.declared": _take_assessment,
    "liability.excluded": _take_exclusion,
    "supplement.requested": _take_request,
    "supplement.supplied": _take_supply,
    "material.handed_over": _take_handover,
    "admin_case.filed": _take_filing,
    "penalty.decided": _take_decision,
    "penalty.revised": _take_revision,
}


def _about(event: CaseEvent, course: Course, request_field: str, name: str) -> bool:
    request = course.history.get(event.ref_in(request_field))
    return request is not None and request.name == name


def _about_a_decline(event: CaseEvent, course: Course, _: str) -> bool:
    request = course.history.get(event.ref_in("request"))
    return request is not None and _about(request, course, "against", "case.declined")


def _answers_the_criminal_side(event: CaseEvent, course: Course, party: str) -> bool:
    """Whether a penalty decision answers a penalty opinion or a reverse transfer about the party.

    It does when it says so, or when the organ that was asked decides and may have been asked before.
    """
    if _replies_to_the_opinion(event, course, party):
        return True
    return any(
        asked.data["to_organ"] == event.organ
        and not asked.certainly_after(event)
        and party in (course.parties.named(asked) or {party})
        for asked in course.history.named(*CRIMINAL_SIDE_ASKS)
    )


def _replies_to_the_opinion(event: CaseEvent, course: Course, _: str) -> bool:
    acts = chain(event, course.history, "in_answer_to", "about")
    return any(act.name in CRIMINAL_SIDE_ASKS for act in acts)


def _resumes_the_review(event: CaseEvent, course: Course, _: str) -> bool:
    suspension = course.history.get(event.ref_in("suspension"))
    return suspension is not None and suspension.data.get("row") == "reverse_review"


def _time_to_reply(event: CaseEvent, course: Course, _: str) -> bool:
    return any(
        started.data["row"] == "agency_reply_opinion" and started.data["clock"] == event.data["clock"]
        for started in course.history.named("clock.started")
    )


def _is_duty_crime(event: CaseEvent, course: Course, _: str) -> bool:
    lead = course.history.get(event.ref_in("lead"))
    return lead is None or lead.data.get("ground") == "duty_crime"


def _is_environment(event: CaseEvent, course: Course, _: str) -> bool:
    return event.organ is not None and course.sectors(event.organ) == ENVIRONMENT


def _is_by_an_agency(event: CaseEvent, course: Course, _: str) -> bool:
    """Police findings belong to the administrative file only where the police keep it themselves."""
    return event.kind == "AG" or event.organ == course.filing_organ


def _is_final_instance(event: CaseEvent, course: Course, party: str) -> bool:
    """A second-instance ruling is final (CPL 244), and so is a retrial that upholds or changes it."""
    verdict = course.parties.verdict(event, party)
    if event.data["instance"] == "second":
        return verdict != "remanded"
    return event.data["instance"] == "retrial" and verdict in ("upheld", "changed", "withdrawn")


GUARDS: Mapping[str, Callable[[CaseEvent, Course, str], bool]] = {
    "": lambda _event, _course, _party: True,
    "assessed_met": lambda _event, course, _party: course.assessment() == "met",
    "assessed_reasonable_suspicion": lambda _event, course, _party: (
        course.assessment() == "reasonable_suspicion"
    ),
    "assessed_not_met": lambda _event, course, _party: course.assessment() == "not_met",
    "assessed_insufficient": lambda _event, course, _party: course.assessment() == "insufficient",
    "nothing_left_to_supply": lambda _event, course, _party: not course.open_requests,
    "material_is_there": lambda _event, course, _party: course.material_is_there,
    "attached_to_another": lambda event, _course, _party: event.data.get("attached_to") is not None,
    "nothing_remains": lambda event, course, _party: event.data["revoked"] and not course.decisions,
    "environment": _is_environment,
    "by_an_agency": _is_by_an_agency,
    "against_a_decline": lambda event, course, _party: _about(event, course, "against", "case.declined"),
    "about_a_decline": _about_a_decline,
    "first_round": lambda event, _course, _party: event.data["round"] <= 1,
    "later_round": lambda event, _course, _party: event.data["round"] > 1,
    "first_or_retrial": lambda event, _course, _party: event.data["instance"] != "second",
    "retrial": lambda event, _course, _party: event.data["instance"] == "retrial",
    "final_instance": _is_final_instance,
    "resumes_the_review": _resumes_the_review,
    "answers_the_criminal_side": _answers_the_criminal_side,
    "replies_to_the_opinion": _replies_to_the_opinion,
    "time_to_reply": _time_to_reply,
    "duty_crime": _is_duty_crime,
}
