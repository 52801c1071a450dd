"""What an agency says against what the facts say. Source: procedure, section 6.1 (nt5, nt18)."""

from __future__ import annotations

from collections.abc import Iterator

from ..judging import Result
from ..view import CaseView, Outcome
from .nontransfer import latest_assessment, reached_the_police


def nt5_refused_against_metrics(view: CaseView) -> Iterator[Outcome]:
    """Refused while the recorded facts meet a standard. R310 art. 3 and 5(2)."""
    refused = view.history.last("transfer.refused")
    if refused is None or reached_the_police(view) or view.history.last("liability.excluded"):
        return
    met = [judgement for judgement in view.judgements if judgement.result is Result.met]
    if met:
        name = view.law.standards.offences[met[0].offence].name_zh
        yield view.found(
            "nt5_refused_against_metrics",
            key=refused.ref,
            evidence=(refused.ref, *met[0].rests_on[-1:]),
            organ=refused.organ,
            detail=(f"已录入的事实达到{name}。", f"The recorded facts meet {met[0].offence}."),
        )


def nt18_declared_below_computed(view: CaseView) -> Iterator[Outcome]:
    """Declared not met or insufficient, computed met for the same offence. R310 art. 3."""
    declared = latest_assessment(view)
    if declared is None or declared.data["result"] not in ("not_met", "insufficient"):
        return
    for judgement in view.judgements:
        if judgement.offence == declared.data["offence"] and judgement.result is Result.met:
            yield view.found(
                "nt18_declared_below_computed",
                key=declared.ref,
                evidence=(declared.ref, *judgement.rests_on[-1:]),
                organ=declared.organ,
                detail=(
                    f"申报结论为{declared.data['result']}，平台判断为达到。",
                    f"Declared {declared.data['result']}, computed met.",
                ),
            )
            return
