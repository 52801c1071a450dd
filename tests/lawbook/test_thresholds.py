"""Every number of every version: one unit below the limit, the limit itself, one unit above it.

The limits are read from the files by `second_evaluator`, not by the product. One unit is one of what is
counted, one fen (cent) of money, else one of the last decimal of the limit, at least the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import islice
from math import lcm
from random import Random
from typing import Any

import pytest
from tests.lawbook import second_evaluator
from tests.lawbook.random_facts import Case, product_input, step_of
from tests.lawbook.standards_law import LAW, leaf, standards, tiny_law

from xianjie.lawbook.standards.judging import JudgementInput, judge
from xianjie.lawbook.standards.nodes import Comparison, Total

MET, NOT_MET, OPEN = "met", "not_met", "insufficient"
# What holds below, at and above the limit. 以上 includes the number itself, 不满 excludes it.
FLIPS = {
    ">=": (NOT_MET, MET, MET),
    ">": (NOT_MET, NOT_MET, MET),
    "<=": (MET, MET, NOT_MET),
    "<": (MET, NOT_MET, NOT_MET),
    "==": (NOT_MET, MET, NOT_MET),
}
NOWHERE = "CN-00"  # no province


@cache
def law() -> dict[str, Any]:
    return second_evaluator.load(LAW)


def thresholds() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Every comparison with a number, of a fact or of a sum, with its offence and version."""
    for name, offence in law()["offences"].items():
        for version in offence["versions"]:
            for tree in version["parts"].values():
                for node in second_evaluator.walk(tree):
                    if node.get("op") in FLIPS:
                        yield name, version, node


def result_of(
    offence: str, node: str, on: date, facts: Mapping[str, Any], province: str | None = None
) -> tuple[str, str]:
    """The full and the enumerated result of the very node, for an act decided on its day."""
    case: Case = {"offence": offence, "act_date": on, "decision_date": on, "province": province}
    case |= {"closed_world": False, "searched": frozenset(), "facts": facts, "findings": {}}
    judgement = judge(standards(), product_input(law(), case))
    assert judgement.trace is not None
    (line,) = [line for line in judgement.trace if line.node.id == node]
    return line.result.value, line.enumerated.value


def around(limit: Fraction, step: Fraction) -> list[tuple[int, Fraction]]:
    """The last value below the limit, the limit if a value can be it, the first above, with their places."""
    below = (limit / step).__ceil__() - 1
    at = [(1, limit)] if (limit / step).denominator == 1 else []
    return [(0, below * step), *at, (2, ((limit / step).__floor__() + 1) * step)]


def overlays(node: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[tuple[str, date, Fraction]]:
    """The amounts that provinces have set, each with the first day of the version on which it applies."""
    for overlay in law()["parameters"][node["value"]["param"]].get("overlays", []):
        on = max(version["from"], second_evaluator.day(overlay.get("effective_from"), date.min))
        if on <= min(version["to"], second_evaluator.day(overlay.get("effective_to"), date.max)):
            yield overlay["province"], on, Fraction(overlay["value"])


def spread(node: Mapping[str, Any], last: Mapping[str, Any]) -> Iterator[dict[str, Fraction]]:
    """Amounts of all terms but one: all zero, and equal shares of the limit as far as measurable."""
    others = [term for term in node["terms"] if term is not last]
    yield {term["fact"]: Fraction(0) for term in others}
    yield {
        term["fact"]: whole * step
        for term in others
        for step in [step_of(law()["facts"][term["fact"]])]
        for whole in [(node["value"] / len(node["terms"]) / term["weight"]) // step]
    }


def treacherous(node: Mapping[str, Any]) -> Iterator[dict[str, Fraction]]:
    """Amounts that together are exactly the limit, and that binary floats would put beside it."""
    rng, last = Random(node["id"]), node["terms"][-1]
    steps = {term["fact"]: step_of(law()["facts"][term["fact"]]) for term in node["terms"]}
    scale = lcm(*(term["weight"].denominator for term in node["terms"]))
    for _ in range(3000):
        given = {
            term["fact"]: node["value"] / term["weight"] / rng.randrange(2, 9) // step * step
            - rng.randrange(100) * step
            for term in node["terms"][:-1]
            for step in [steps[term["fact"]]]
        }
        rest = node["value"] - sum((given[t["fact"]] * t["weight"] for t in node["terms"][:-1]), Fraction(0))
        given[last["fact"]] = rest / last["weight"]
        measured = (given[last["fact"]] / steps[last["fact"]]).denominator == 1
        if (
            measured
            and min(given.values()) >= 0
            and any(
                sum(float(given[term["fact"]]) * float(term["weight"] * by) for term in node["terms"])
                != float(node["value"] * by)
                for by in (1, scale)
            )
        ):
            yield given


@pytest.mark.parametrize(
    ("offence", "version", "node"), [pytest.param(*found, id=found[2]["id"]) for found in thresholds()]
)
def test_every_threshold_flips_exactly_at_its_limit(
    offence: str, version: Mapping[str, Any], node: Mapping[str, Any]
) -> None:
    if "terms" in node:
        _sum_flips(offence, version, node)
    elif isinstance(node["value"], dict):
        _provincial_amount_flips(offence, version, node)
    else:
        fact = law()["facts"][node["fact"]]
        for place, value in around(node["value"], step_of(fact, node["value"])):
            given = {node["fact"]: max(value, Fraction(0))}
            expected = FLIPS[node["op"]][place] if value >= 0 else FLIPS[node["op"]][1]
            for on in (version["from"], min(version["to"], date(2030, 1, 1))):
                assert result_of(offence, node["id"], on, given) == (expected, expected), value
    names = second_evaluator.facts_of(node)
    assert result_of(offence, node["id"], version["from"], {}) == (OPEN, OPEN)
    assert result_of(offence, node["id"], version["from"], dict.fromkeys(names)) == (OPEN, OPEN)


def _sum_flips(offence: str, version: Mapping[str, Any], node: Mapping[str, Any]) -> None:
    for last in node["terms"]:
        for others in spread(node, last):
            weights = {term["fact"]: term["weight"] for term in node["terms"]}
            rest = node["value"] - sum((others[name] * weights[name] for name in others), Fraction(0))
            for _, value in around(rest / last["weight"], step_of(law()["facts"][last["fact"]])):
                given = others | {last["fact"]: max(value, Fraction(0))}
                total = sum((given[name] * weights[name] for name in given), Fraction(0))
                place = (total >= node["value"]) + (total > node["value"])
                expected = FLIPS[node["op"]][place]
                assert result_of(offence, node["id"], version["from"], given) == (expected, expected), given
    for given in islice(treacherous(node), 20):
        expected = FLIPS[node["op"]][1]
        assert result_of(offence, node["id"], version["from"], given) == (expected, expected), given


def _provincial_amount_flips(offence: str, version: Mapping[str, Any], node: Mapping[str, Any]) -> None:
    parameter, factor = law()["parameters"][node["value"]["param"]], Fraction(node["value"].get("factor", 1))
    least, most = (Fraction(parameter[end]) * factor for end in ("min", "max"))
    step = step_of(law()["facts"][node["fact"]])

    def said(value: Fraction, on: date, province: str | None) -> str:
        full, enumerated = result_of(offence, node["id"], on, {node["fact"]: value}, province)
        assert full == enumerated
        return full

    assert node["op"] == ">=" and least < most
    for province in (None, NOWHERE):
        on = version["from"]
        values = (least - step, least, (least + most) / 2 // step * step, most - step, most, most + step)
        wanted = [NOT_MET, OPEN, OPEN, OPEN, MET, MET]
        assert [said(value, on, province) for value in values] == wanted
    for province, on, amount in overlays(node, version):
        for place, value in around(amount * factor, step):
            assert said(value, on, province) == FLIPS[">="][place], (province, value)
        before = on - timedelta(days=1)
        if before >= version["from"]:  # not yet in force, so that the national range decides
            assert [said(v, before, province) for v in (least - step, least, most)] == [NOT_MET, OPEN, MET]


def test_there_is_a_test_for_every_number_of_a_condition() -> None:
    built = {
        node.id
        for offence in standards().offences.values()
        for version in offence.versions
        for node in version.nodes
        if isinstance(node, Comparison | Total)
    }
    assert {node["id"] for _, _, node in thresholds()} == built


@pytest.mark.parametrize(
    ("standards_of", "amounts", "value", "expected"),
    [
        ((3, 3), ("1", "2"), 1, MET),
        ((3, 3), ("1", "1.99"), 1, NOT_MET),
        ((7, 3), ("1", "2.57"), 1, NOT_MET),
        ((0.3, 9), ("0.1", "6"), 1, MET),  # written into a file as 0.3
        ((6, 3), ("1", "1"), 0.5, MET),
        ((6, 3), ("0.99", "1"), 0.5, NOT_MET),
    ],
)
def test_shares_of_thirds_add_up_exactly(
    standards_of: tuple[Any, Any], amounts: tuple[str, str], value: Any, expected: str
) -> None:
    terms = [
        {"fact": fact, "standard": standard}
        for fact, standard in zip(("money", "land"), standards_of, strict=True)
    ]
    small = tiny_law(leaf("x", kind="ratio_sum", op=">=", value=value, terms=terms))
    given = JudgementInput(
        offence="tiny",
        act_day=date(2024, 1, 1),
        decision_day=date(2024, 1, 1),
        facts={"money": Decimal(amounts[0]), "land": Decimal(amounts[1])},
    )
    assert judge(small, given).result.value == expected
