"""What counts as breaking a released schema."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from xianjie.contracts.breaking import breaking_changes
from xianjie.contracts.schemas import bundle

FILED = "cn.xianjie.case.filed.v1"
Change = Callable[[Any], object]


def changed(change: Change) -> list[str]:
    """Return what breaks when the definitions of the present bundle are changed so."""
    new = copy.deepcopy(bundle())
    change(new["$defs"])
    return breaking_changes(bundle(), new)


def field(name: str = "offence_words", model: str = "CaseFiled") -> Callable[[Any], Any]:
    return lambda defs: defs[model]["properties"][name]


BREAKING: list[tuple[Change, str]] = [
    (lambda d: d.pop("CaseFiled"), f"{FILED}: type removed"),
    (lambda d: d["CaseFiled"]["x-emitters"].remove("PR"), f"{FILED}: emitter PR removed"),
    (lambda d: d["CaseFiled"]["properties"].pop("offences"), f"{FILED}/offences: field removed"),
    (lambda d: d["CaseFiled"]["required"].append("offences"), f"{FILED}/offences: now required"),
    (lambda d: field()(d).update(type="integer"), f"{FILED}/offence_words: type changed"),
    (lambda d: field()(d).update(maxLength=100), f"{FILED}/offence_words: maxLength lowered"),
    (lambda d: field()(d).update(minLength=1), f"{FILED}/offence_words: minLength raised"),
    (lambda d: field()(d).update(pattern="^x$"), f"{FILED}/offence_words: pattern changed"),
    (lambda d: field()(d).update(enum=["x"]), f"{FILED}/offence_words: list of words added"),
    (lambda d: field("origin")(d)["enum"].remove("unknown"), f"{FILED}/origin: word unknown removed"),
    (lambda d: d["CaseFiled"]["properties"].update(offences=False), f"{FILED}/offences: no longer allowed"),
    (lambda d: d["CaseFiled"].update({"x-subject": "party"}), f"{FILED}: x-subject changed"),
    (
        lambda d: field("offences")(d)["items"].update(pattern="^y$"),
        f"{FILED}/offences/*: pattern changed",
    ),
    (
        lambda d: field("fine_fen", "PenaltyProposed")(d).update({"x-unit": "yuan"}),
        "cn.xianjie.penalty.proposed.v1/fine_fen: x-unit changed",
    ),
    (
        lambda d: d["EvidenceRecorded"]["anyOf"].pop(),
        "cn.xianjie.evidence.recorded.v1: anyOf narrowed",
    ),
    (
        lambda d: d["EvidenceRecorded"]["anyOf"][0]["properties"]["facts"].update(minItems=2),
        "cn.xianjie.evidence.recorded.v1<anyOf 0>/facts: minItems raised",
    ),
    (lambda d: d["Envelope"]["required"].append("sequence"), "envelope/sequence: now required"),
    (lambda d: d["Officer"]["properties"].pop("role"), f"{FILED}/officers/*/role: field removed"),
    (
        lambda d: field("replacement", "RecordCorrected")(d).update(additionalProperties=False),
        "cn.xianjie.record.corrected.v1/replacement: unknown fields now refused",
    ),
]

HARMLESS: list[Change] = [
    lambda d: d.update(New=d["CaseFiled"] | {"x-type": "cn.xianjie.case.renamed.v1"}),
    lambda d: d["CaseFiled"]["x-emitters"].append("CT"),
    lambda d: d["CaseFiled"]["properties"].update(colour={"type": "string"}),
    lambda d: d["CaseFiled"]["required"].remove("origin"),
    lambda d: field("origin")(d)["enum"].append("new"),
    lambda d: field()(d).update(maxLength=8000),
    lambda d: field()(d).update(title="另一个名称", description="other words"),
    lambda d: field()(d).pop("maxLength"),
    lambda d: field("offences")(d)["items"].pop("pattern"),
    lambda d: d.update(Renamed=d.pop("CaseFiled")),
    lambda d: d["CaseFiled"].pop("additionalProperties"),
]


@pytest.mark.parametrize(("change", "line"), BREAKING, ids=[line for _, line in BREAKING])
def test_a_change_that_somebody_relies_on_is_found(change: Change, line: str) -> None:
    assert line in changed(change)


@pytest.mark.parametrize("change", HARMLESS, ids=range(len(HARMLESS)))
def test_growth_breaks_nobody(change: Change) -> None:
    assert changed(change) == []


def test_nothing_breaks_against_itself() -> None:
    assert breaking_changes(bundle(), bundle()) == []
