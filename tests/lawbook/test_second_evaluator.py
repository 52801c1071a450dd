"""The product and the independent second evaluator say the same, on the worked cases and on random ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from tests.lawbook import second_evaluator
from tests.lawbook.random_facts import FLAGS, Case, Target, product_input, random_cases, targets
from tests.lawbook.standards_law import LAW, standards

from xianjie.lawbook.standards.catalogue import Scope
from xianjie.lawbook.standards.judging import Basis, Interval, Judgement, Reason, Result, judge
from xianjie.lawbook.standards.values import FULL, FactValue

PER_VERSION = 690
SEED = 20260516
LEAST = 200_000


@cache
def law() -> dict[str, Any]:
    return second_evaluator.load(LAW)


# -------------------------------------------------------------------- the second evaluator by itself
def worked(path: Path) -> Iterator[tuple[Case, Mapping[str, Any]]]:
    """The worked cases of a file; a history that is stated is stated in full."""
    facts = law()["facts"]
    history = [name for name, fact in facts.items() if fact.get("derived_from") == "history"]
    for case in second_evaluator.read(path)["cases"]:
        read = {key: case.get(key) for key in ("id", "offence", "province")}
        read |= {key: day(case.get(key)) for key in ("act_date", "decision_date")}
        read["closed_world"] = case.get("closed_world") == "true"
        read["searched"] = {*case.get("searched", ()), *(history if "history" in case else ())}
        read["facts"] = {name: stated(text) for name, text in case.get("facts", {}).items()}
        read["findings"] = {name: stated(text) for name, text in case.get("findings", {}).items()}
        read["acts"] = [
            {name: day(text) if name == "date" else stated(text) for name, text in act.items()}
            for act in case.get("acts", [])
        ]
        read["history"] = [
            entry | {"effective_date": day(entry["effective_date"])} for entry in case.get("history", [])
        ]
        yield read, case["expected"]


def day(text: str | None) -> date | None:
    return None if text in second_evaluator.UNSET else date.fromisoformat(str(text))


def stated(text: Any) -> Any:
    """A value as a case writes it: true, a number, bounds, a word; None for unknown."""
    if isinstance(text, dict):
        return {end: stated(number) for end, number in text.items()}
    if text in (*second_evaluator.UNSET, "unknown"):
        return None
    if text in ("true", "false"):
        return text == "true"
    return Fraction(text) if text[0].isdigit() else text


def misses(path: Path) -> tuple[int, list[str]]:
    """How many worked cases there are, and which come out otherwise than expected.

    Cases without a day of the act are left out: the second evaluator is always told the day.
    """
    told = [(case, expected) for case, expected in worked(path) if case["act_date"] is not None]
    wrong = []
    for case, expected in told:
        said = second_evaluator.judge(law(), case)
        version = None if expected["version"] in second_evaluator.UNSET else expected["version"]
        sums = {name: second_evaluator.ends(stated(n)) for name, n in expected.get("aggregated", {}).items()}
        subsets = ("deciding", "missing_facts", "pending_human")
        agrees = (
            said["version"] == version
            and all(said[key] == expected[key] for key in ("result", "enumerated"))
            and all(set(expected.get(key, ())) <= said[key] for key in subsets)
            and said["sums"] == sums
            and ("outcome" not in expected or said["outcome"] == expected["outcome"])
            and ("reason" not in expected or expected["reason"] in said["reasons"])
        )
        wrong += [] if agrees else [f"{case['id']}: {said}"]
    return len(told), wrong


def test_the_second_evaluator_answers_every_worked_case() -> None:
    found = [misses(path) for path in sorted((LAW / "cases" / "standards").glob("*.yaml"))]
    assert [line for _, wrong in found for line in wrong] == []
    assert sum(number for number, _ in found) >= 306


def test_both_read_the_same_versions_and_provincial_amounts() -> None:
    versions = [version for offence in law()["offences"].values() for version in offence["versions"]]
    built = [version for offence in standards().offences.values() for version in offence.versions]
    assert {version["id"] for version in versions} == {version.id for version in built}
    amounts = {
        (parameter["id"], overlay["province"], overlay.get("effective_from"), overlay["value"])
        for parameter in law()["parameters"].values()
        for overlay in parameter.get("overlays", [])
    }
    assert amounts == {
        (
            parameter.id,
            overlay.province,
            overlay.effective_from and str(overlay.effective_from),
            f"{overlay.value}",
        )
        for parameter in standards().parameters.values()
        for overlay in parameter.overlays
    }


# -------------------------------------------------------------------- both on random facts
def both_ends(value: FactValue) -> Any:
    if not isinstance(value, Interval):
        return second_evaluator.ends(Fraction(value))  # type: ignore[arg-type]
    bounds = {"min": value.min, "max": value.max}
    exact = {end: None if n is None else Fraction(n) for end, n in bounds.items()}  # type: ignore[arg-type]
    return second_evaluator.ends({**exact, "min_open": value.min_open, "max_open": value.max_open})


def product_says(judgement: Judgement) -> dict[str, Any]:
    """A judgement of the product in the words of the second evaluator."""
    said: dict[str, Any] = {
        "version": judgement.version,
        "result": judgement.result.value,
        "enumerated": judgement.enumerated.value,
        "outcome": judgement.outcome,
        "deciding": set(judgement.deciding),
        "missing_facts": set(judgement.missing_facts),
        "pending_human": set(judgement.pending_human),
        "sums": {name: both_ends(value) for name, value in judgement.aggregated.items()},
        "truths": {},
    }
    if judgement.trace is not None:
        bits = judgement.trace.bits
        said["truths"] = {node.id: FULL[bits[node.index]].value for node in judgement.trace.version.nodes}
    return said


def differences(case: Case) -> tuple[Judgement, dict[str, Any]]:
    """What the product says, and what the two say differently: member -> (second evaluator, product)."""
    second = second_evaluator.judge(law(), case)
    judgement = judge(standards(), product_input(law(), case))
    answer = product_says(judgement)
    words = {node: second_evaluator.WORDS[truth] for node, truth in second["truths"].items()}
    highest = second_evaluator.HIGHEST  # an end that is not there is neither included nor excluded
    sums = {n: (low, highest if high[0] == highest[0] else high) for n, (low, high) in second["sums"].items()}
    mine = {key: words if key == "truths" else second[key] for key in answer} | {"sums": sums}
    found = {key: (mine[key], answer[key]) for key in answer if mine[key] != answer[key]}
    # Several reasons may hold; the product names one of them. Where a missing fact leaves the choice of the
    # version open, the other result must be shown as well.
    reasons, reason = second["reasons"], judgement.reason
    if bool(reasons) is not bool(reason) or (reason is not None and reason.value not in reasons):
        found["reason"] = (reasons, reason)
    beside, also = second["other"], judgement.also
    keys = ("version", "result", "enumerated")
    if beside is not None and (
        also is None or [beside[key] for key in keys] != [product_says(also)[key] for key in keys]
    ):
        found["other"] = (beside, also)
    return judgement, found


def smallest(case: Case) -> Case:
    """The case without everything that does not matter for the disagreement."""
    for part in ("acts", "history", "facts", "findings"):
        for item in list(case.get(part, ())):
            kept = case[part]
            fewer = (
                {key: kept[key] for key in kept if key != item}
                if isinstance(kept, dict)
                else [other for other in kept if other is not item]
            )
            if differences(case | {part: fewer})[1]:
                case = case | {part: fewer}
    return case


@pytest.mark.parametrize("offence", sorted(law()["offences"]))
def test_both_evaluators_agree_on_random_facts(offence: str) -> None:
    entry = law()["offences"][offence]
    governed = set()
    for version in entry["versions"]:
        for case in random_cases(Target(law(), entry, version), PER_VERSION, seed=SEED):
            judgement, found = differences(case)
            if found:
                small = smallest(case)
                pytest.fail(f"they disagree on {small}\n(second evaluator, product): {differences(small)[1]}")
            governed.add(judgement.version)
    assert governed >= {version["id"] for version in entry["versions"]}


def test_the_random_facts_are_many_and_reach_every_kind_of_answer() -> None:
    aims = list(targets(law()))
    assert len(aims) * PER_VERSION >= LEAST
    cases = [case for aim in aims for case in random_cases(aim, 25, seed=SEED)]
    said = [judge(standards(), product_input(law(), case)) for case in cases]
    met = {judgement.reason for judgement in said}
    gaps = {Reason.unread_limb, Reason.standard_text_missing}  # until the catalogue has none
    assert met | gaps == {None, *Reason}
    assert {judgement.basis for judgement in said} >= {None, *Basis} - {Basis.later, Basis.ended}
    assert {judgement.outcome for judgement in said} == {None, "attempt"}
    results = {(judgement.result, judgement.enumerated) for judgement in said}
    assert results == set(product(Result, Result)) - {
        (Result.not_met, Result.met),
        (Result.not_met, Result.insufficient),
        (Result.insufficient, Result.met),
    }
    for kind in (Interval, Decimal, int):
        assert any(isinstance(value, kind) for judgement in said for value in judgement.aggregated.values())
    acts = [act for case in cases for act in case.get("acts", [])]
    assert {flag for act in acts for flag in act} >= FLAGS.keys()
    assert {act["date"] is None for act in acts} == {True, False}
    for scope in Scope:
        rules = [(j.trace.version.cumulation, j) for j in said if j.trace is not None]
        counted = [j for rule, j in rules if rule is not None and rule.scope is scope]
        assert any(j.acts_counted for j in counted) and any(j.acts_left_out for j in counted)
