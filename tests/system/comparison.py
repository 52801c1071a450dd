"""Compares answers of `xianjie play` with what must come out, demand by demand.

What each member of an expectation demands stands in `cases/README.md`. Every demand that is not met becomes
one named difference, so that a failing test says what is wrong and not merely that something is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LEVELS = ("notice", "suspicion", "breach")
_DAY = len("2026-01-01")

# A row of the clocks that a named rule covers may be reported under either name: the rule's, or `od_<row>`.
# Source: procedure, section 6.4. Rows are named by how they begin: they differ by sector and by reading.
COVERED_ROWS = {
    "head_decision": "nt3_decision_overdue",
    "transfer_to_police": "nt4_approved_not_sent",
    "nontransfer_comply_env": "nt9_opinion_ignored",
    "standard_assessment": "nt1_met_not_started",
    "supplement_notice": "bt3_late_supplement_request",
    "forward_jurisdiction": "bt5_forward_chain",
    "return_not_police_env": "bt5_forward_chain",
    "filing_decision": "bt6_decision_overdue",
    "reconsider_decision": "bt8_reconsideration_overdue",
    "explain_": "bt10_explain_overdue",
    "ordered_filing": "bt11_order_ignored",
    "urge_letter_3m": "fi2_supervised_3m",
    "case_withdrawal_notice": "fi5_silent_withdrawal",
    "handover_after_filing": "fi7_handover_missing",
    "supplementary_investigation": "fi8_supplement_expired",
    "no_fine_after_judgment": "fp4_fine_after_criminal_fine",
    "reverse_internal_handoff": "rv1_no_internal_handoff",
    "reverse_review": "rv2_review_overdue",
    "agency_reply_opinion": "rv3_no_reply",
    "penalty_limitation": "rv9_limitation_risk",
}

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One demand that an answer does not meet.

    Attributes:
        stream: name of the stream, for example `RC-063`.
        moment: the moment asked about, as in the question.
        kind: `judgement`, `clock`, `finding`, `forbidden`, `breach`, `region`, `receipts`, or `unanswered`.
        name: offence, row, rule, or region.
        subject: the case, None where any case of the stream is meant.
        wanted: what the expectation says.
        found: what the answer says about it.
    """

    stream: str
    moment: str
    kind: str
    name: str
    subject: str | None
    wanted: str
    found: str

    def __str__(self) -> str:
        """Say it in one line."""
        about = f" of {self.subject}" if self.subject else ""
        return (
            f"{self.stream} at {self.moment}: {self.kind} {self.name}{about}: "
            f"wanted {self.wanted}, found {self.found}"
        )


def rule_name(rule: str) -> str:
    """Return the named rule that covers an overdue row, any other rule as it is."""
    if rule.startswith("od_"):
        row = rule.removeprefix("od_")
        return next((named for begin, named in COVERED_ROWS.items() if row.startswith(begin)), rule)
    return rule


def differences(stream: str, evaluation: Item, answer: Item | None) -> list[Difference]:
    """Return every demand of one evaluation that the answer does not meet.

    Args:
        stream: name of the stream.
        evaluation: one of the evaluations of its expectation file.
        answer: the answer to its question, None if there was none.
    """
    moment = evaluation["as_of"]
    if answer is None:
        return [Difference(stream, moment, "unanswered", stream, None, "an answer", "none")]
    faults = [
        *_judgements(evaluation.get("judgements", ()), answer["judgements"]),
        *_clocks(evaluation.get("clocks", ()), answer["clocks"]),
        *_findings(evaluation.get("findings", ()), answer["findings"]),
        *_forbidden(evaluation.get("forbidden_findings", ()), answer["findings"]),
        *_breaches(evaluation, answer["findings"]),
        *_regions(evaluation.get("regions", {}), answer["regions"]),
    ]
    if "receipts" in evaluation and evaluation["receipts"] != answer["receipts"]:
        faults.append(("receipts", "receipts", None, str(evaluation["receipts"]), str(answer["receipts"])))
    return [Difference(stream, moment, *fault) for fault in faults]


# kind, name, subject, wanted, found
_Fault = tuple[str, str, str | None, str, str]


def _judgements(wanted: Iterable[Item], found: Sequence[Item]) -> Iterator[_Fault]:
    for want in wanted:
        members = ("subject", "party", "offence", "version", "result", "enumerated")
        if not any(_agrees(want, item, members) for item in found):
            near = [item for item in found if _agrees(want, item, ("subject", "party", "offence"))]
            said = _shown([_only(item, ("party", "version", "result", "enumerated")) for item in near])
            yield "judgement", want["offence"], want.get("subject"), _shown(_only(want, members)), said


def _clocks(wanted: Iterable[Item], found: Sequence[Item]) -> Iterator[_Fault]:
    for want in wanted:
        named = [item for item in found if _agrees(want, item, ("subject", "row", "party", "started_by"))]
        if "absent_states" in want:
            met = not any(item["state"] in want["absent_states"] for item in named)
        else:
            met = any(
                item["state"] == want["state"]
                and ("due" not in want or _due(item["due"]) == _due(want["due"]))
                for item in named
            )
        if not met:
            near = [item for item in found if _agrees(want, item, ("subject", "row"))]
            members = ("party", "started_by", "state", "absent_states", "due")
            said = _shown([_only(item, members) for item in near])
            yield "clock", want["row"], want.get("subject"), _shown(_only(want, members)), said


def _findings(wanted: Iterable[Item], found: Sequence[Item]) -> Iterator[_Fault]:
    for want in wanted:
        if not any(_is_finding(want, item) for item in found):
            near = [item for item in found if rule_name(item["rule"]) in _names(want)]
            said = _shown([_only(item, ("subject", "level", "open")) for item in near])
            members = ("level", "open", "or_rule")
            yield "finding", want["rule"], want.get("subject"), _shown(_only(want, members)), said


def _forbidden(wanted: Iterable[Item], found: Sequence[Item]) -> Iterator[_Fault]:
    for want in wanted:
        least = LEVELS.index(want.get("level", LEVELS[0]))
        for item in found:
            if (
                rule_name(item["rule"]) == rule_name(want["rule"])
                and _agrees(want, item, ("subject", "open"))
                and LEVELS.index(item["level"]) >= least
            ):
                said = _shown(_only(item, ("rule", "level", "open", "evidence")))
                yield "forbidden", want["rule"], item["subject"], "no such finding", said


def _breaches(evaluation: Item, found: Sequence[Item]) -> Iterator[_Fault]:
    """Yield each breach that is none: `no_breach` allows no breach at all, `no_other_breach` the listed."""
    for demand, listed in (("no_breach", ()), ("no_other_breach", evaluation.get("findings", ()))):
        where = evaluation.get(demand, False)
        for item in found:
            meant = where is True or (where is not False and item["subject"] in where)
            if meant and item["level"] == "breach" and not any(_is_finding(want, item) for want in listed):
                yield "breach", item["rule"], item["subject"], demand, _shown(_only(item, ("open",)))


def _regions(wanted: Mapping[str, Item], found: Mapping[str, Item]) -> Iterator[_Fault]:
    for subject, regions in wanted.items():
        for region, want in regions.items():
            state = found.get(subject, {}).get(region)
            if state != want and not (isinstance(state, list) and want in state):
                yield "region", region, subject, _shown(want), _shown(state)


def _is_finding(want: Item, item: Item) -> bool:
    return rule_name(item["rule"]) in _names(want) and _agrees(want, item, ("subject", "level", "open"))


def _names(want: Item) -> set[str]:
    return {rule_name(want["rule"]), rule_name(want.get("or_rule", want["rule"]))}


def _agrees(want: Item, item: Item, members: Iterable[str]) -> bool:
    """Whether the item has the wanted value in each of these members that the demand states."""
    return all(name not in want or want[name] == item.get(name) for name in members)


def _only(item: Item, members: Iterable[str]) -> dict[str, Any]:
    return {name: item[name] for name in members if name in item}


def _due(due: Any) -> Any:
    """Make due dates comparable: days stay words, instants are the same however their offset is written."""
    if isinstance(due, Mapping):
        return {name: _due(value) for name, value in due.items()}
    if isinstance(due, str) and len(due) > _DAY:
        return datetime.fromisoformat(due).timestamp()
    return due


def _shown(value: Any) -> str:
    return repr(value) if value or value is False else "nothing"
