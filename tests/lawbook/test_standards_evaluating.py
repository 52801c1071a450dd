"""What a condition says about what is known of a fact: limits, bounds, sums, amounts of provinces."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.lawbook.standards_law import amount, judged, leaf, tiny_law, truth, versions

from xianjie.lawbook.standards.catalogue import FactError
from xianjie.lawbook.standards.nodes import Comparison, Limit, Reading
from xianjie.lawbook.standards.values import UNKNOWN, Bits, FactValue, Interval, Op, Result, yuan_of_fen

DAY = date(2024, 1, 1)
MET, NOT_MET, INSUFFICIENT = Result.met, Result.not_met, Result.insufficient


def bits_of(node: Comparison, value: FactValue) -> Bits:
    values: list[FactValue] = [UNKNOWN] * (node.slot + 1)
    values[node.slot] = value
    return node.evaluate(Reading(values, {}, None, DAY, [0] * (node.index + 1)))


def test_every_limit_of_the_law_is_inclusive_or_exclusive_as_its_operator_says() -> None:
    expected = {
        Op.at_least: (False, True, True),
        Op.more_than: (False, False, True),
        Op.at_most: (True, True, False),
    }
    seen = 0
    for _, version in versions():
        for node in version.nodes:
            if not isinstance(node, Comparison):
                continue
            step = 1 if version.facts[node.slot].type.value == "integer" else Decimal("0.01")
            least, most = node.limit.range(None, DAY)
            below, at, above = (bits_of(node, value) == 0b1111 for value in (most - step, most, most + step))
            assert (below, at, above) == expected[node.op], node.id
            if least != most:  # set per province: the range decides what it can
                assert bits_of(node, least - step) == 0 and bits_of(node, least) == 0b1010, node.id
            seen += 1
    assert seen > 1100


@pytest.mark.parametrize(
    ("op", "bounds", "expected"),
    [
        (">=", Interval(100, None), MET),
        (">=", Interval(99, None), INSUFFICIENT),
        (">=", Interval(None, 99), NOT_MET),
        (">=", Interval(None, 100), INSUFFICIENT),
        (">=", Interval(None, 100, max_open=True), NOT_MET),
        (">=", Interval(99, 101), INSUFFICIENT),
        (">", Interval(100, None), INSUFFICIENT),
        (">", Interval(100, None, min_open=True), MET),
        (">", Interval(None, 100), NOT_MET),
        ("<=", Interval(50, 100), MET),
        ("<=", Interval(100, 101, min_open=True), NOT_MET),
        ("<", Interval(0, 100), INSUFFICIENT),
        ("<", Interval(0, 100, max_open=True), MET),
        ("<", Interval(100, 200), NOT_MET),
        ("==", Interval(100, 100), MET),
        ("==", Interval(99, 101), INSUFFICIENT),
        ("==", Interval(101, None), NOT_MET),
        ("==", 100, MET),
        ("==", 99, NOT_MET),
        (">=", UNKNOWN, INSUFFICIENT),
    ],
)
def test_bounds_decide_only_what_holds_for_every_value_inside(
    op: str, bounds: FactValue, expected: Result
) -> None:
    law = tiny_law(amount("x", 100, op))
    assert judged("tiny", "2024-01-01", {"money": bounds}, law=law).result is expected


def test_bounds_of_a_count_are_whole_numbers() -> None:
    law = tiny_law(leaf("x", fact="count", op=">=", value=3, unit="times"))
    for bounds, expected in (
        (Interval(2, None, min_open=True), MET),
        (Interval(Decimal("2.5"), None), MET),
        (Interval(None, 3, max_open=True), NOT_MET),
        (Interval(2, 3), INSUFFICIENT),
    ):
        assert judged("tiny", "2024-01-01", {"count": bounds}, law=law).result is expected
    with pytest.raises(FactError, match="count"):
        judged("tiny", "2024-01-01", {"count": Interval(2, 3, True, True)}, law=law)


def test_days_are_compared_like_numbers() -> None:
    law = tiny_law(leaf("x", fact="opened", op="<", value="2020-06-01"))
    assert judged("tiny", "2024-01-01", {"opened": date(2020, 5, 31)}, law=law).result is MET
    assert judged("tiny", "2024-01-01", {"opened": date(2020, 6, 1)}, law=law).result is NOT_MET
    span = Interval(date(2020, 5, 1), date(2020, 6, 1))
    assert judged("tiny", "2024-01-01", {"opened": span}, law=law).result is INSUFFICIENT


def test_an_enum_is_one_of_its_values_and_is_never_assumed() -> None:
    law = tiny_law(leaf("x", fact="subject", op="in", value=["unit"]))
    assert judged("tiny", "2024-01-01", {"subject": "unit"}, law=law).result is MET
    assert judged("tiny", "2024-01-01", {"subject": "individual"}, law=law).result is NOT_MET
    silent = judged("tiny", "2024-01-01", {}, law=law, closed_world=True, searched=frozenset({"subject"}))
    assert (silent.result, silent.missing_facts) == (INSUFFICIENT, ("subject",))


def test_what_was_searched_for_is_absent_and_a_judgement_fact_never() -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [truth("a", "a"), amount("m", 1), truth("g", "grave")]})
    searched = frozenset({"a", "money", "grave"})
    judgement = judged("tiny", "2024-01-01", {}, law=law, searched=searched)
    assert (judgement.result, judgement.missing_facts) == (INSUFFICIENT, ("grave",))
    known = judged("tiny", "2024-01-01", {"grave": False}, law=law, searched=searched)
    assert known.result is NOT_MET
    named = judged("tiny", "2024-01-01", {"a": UNKNOWN, "grave": False}, law=law, closed_world=True)
    assert named.missing_facts == ("a",)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"money": 1.5}, "money"),
        ({"money": -1}, "money"),
        ({"money": True}, "money"),
        ({"money": Decimal("NaN")}, "money"),
        ({"money": "50000"}, "money"),
        ({"money": Interval(-5, 5)}, "money"),
        ({"count": Decimal("1.5")}, "count"),
        ({"a": 1}, "a"),
        ({"a": "yes"}, "a"),
        ({"subject": "firm"}, "subject"),
        ({"opened": 2020}, "opened"),
        ({"opened": Interval(1, 2)}, "opened"),
    ],
)
def test_a_value_that_does_not_fit_its_fact_is_refused(facts: dict[str, Any], name: str) -> None:
    limbs = [
        truth("a", "a"),
        amount("m", 1),
        leaf("c", fact="count", op=">=", value=1, unit="times"),
        leaf("s", fact="subject", op="==", value="unit"),
        leaf("o", fact="opened", op=">", value="2020-06-01"),
    ]
    law = tiny_law({"id": "tiny@1/root", "any_of": limbs})
    with pytest.raises(FactError, match=name):
        judged("tiny", "2024-01-01", facts, law=law)


@pytest.mark.parametrize(
    ("low", "high"), [(2, 1), (1.0, None), (None, Decimal("Infinity")), (date(2020, 1, 1), 3), (True, None)]
)
def test_bounds_without_a_value_inside_are_refused(low: Any, high: Any) -> None:
    with pytest.raises(ValueError, match=r"value|bound"):
        Interval(low, high)


def test_fen_become_yuan_exactly() -> None:
    assert yuan_of_fen(4_999_999) == Decimal("49999.99")
    assert yuan_of_fen(10**30 + 1) == Decimal("10000000000000000000000000000.01")


SUM = leaf(
    "x",
    kind="sum",
    op=">=",
    value=150000,
    unit="CNY",
    terms=[{"fact": "money", "coefficient": 3}, {"fact": "stock", "coefficient": 1}],
)


@pytest.mark.parametrize(
    ("money", "stock", "expected"),
    [
        (20000, 90000, MET),
        (20000, Decimal("89999.99"), NOT_MET),
        (Interval(20000, None), 90000, MET),
        (Interval(19999, 20000), 90000, INSUFFICIENT),
        (Interval(0, 20000, max_open=True), 90000, NOT_MET),
        (60000, UNKNOWN, INSUFFICIENT),
        (60000, Interval(0, None), MET),
    ],
)
def test_a_sum_adds_exactly_and_an_unknown_term_leaves_it_open(
    money: FactValue, stock: FactValue, expected: Result
) -> None:
    judgement = judged("tiny", "2024-01-01", {"money": money, "stock": stock}, law=tiny_law(SUM))
    assert judgement.result is expected


def test_one_third_and_two_thirds_are_one() -> None:
    facts = {"black_soil_damage": True, "black_permanent_mu": 1, "black_other_mu": 4}
    judgement = judged("black_soil", "2025-06-01", facts, closed_world=True)
    assert judgement.trace is not None
    (line,) = [line for line in judgement.trace if line.node.id == "black_soil@2025/prop"]
    assert line.result is MET
    less = judged("black_soil", "2025-06-01", facts | {"black_other_mu": Decimal("3.99")}, closed_world=True)
    assert less.trace is not None
    (line,) = [line for line in less.trace if line.node.id == "black_soil@2025/prop"]
    assert line.result is NOT_MET


PER_PROVINCE = leaf("x", fact="money", op=">=", unit="CNY")


@pytest.mark.parametrize(
    ("province", "day", "money", "expected", "reason"),
    [
        ("CN-51", "2021-01-01", 1000, MET, None),
        ("CN-51", "2021-01-01", 999, NOT_MET, None),
        ("CN-51", "2020-12-31", 1000, INSUFFICIENT, "provincial_amount_unknown"),
        ("CN-11", "2024-01-01", 499, NOT_MET, None),
        ("CN-11", "2024-01-01", 500, INSUFFICIENT, "provincial_amount_unknown"),
        ("CN-11", "2024-01-01", 1499, INSUFFICIENT, "provincial_amount_unknown"),
        ("CN-11", "2024-01-01", 1500, MET, None),
        (None, "2024-01-01", 1500, MET, None),
        (None, "2024-01-01", UNKNOWN, INSUFFICIENT, None),
    ],
)
def test_the_amount_of_the_province_or_else_the_national_range_decides(
    province: str | None, day: str, money: FactValue, expected: Result, reason: str | None
) -> None:
    law = tiny_law(PER_PROVINCE | {"value": {"param": "large", "factor": 0.5}})
    judgement = judged("tiny", day, {"money": money}, law=law, province=province)
    assert (judgement.result, judgement.reason) == (expected, reason)


def test_a_limit_of_a_province_is_scaled_exactly() -> None:
    law = tiny_law(PER_PROVINCE | {"value": {"param": "large", "factor": 0.1}})
    (node,) = law.offences["tiny"].versions[0].nodes
    assert isinstance(node, Comparison)
    assert node.limit.range("CN-51", DAY) == (Decimal(200), Decimal(200))
    assert Limit(None, law.parameters["large"], Decimal("0.1")).range(None, DAY) == (100, 300)
    assert Fraction(node.limit.factor) == Fraction(1, 10)


def test_a_person_decides_a_residual_clause_and_only_there() -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("m", 100), leaf("res", kind="discretionary")]})
    silent = judged("tiny", "2024-01-01", {"money": 1}, law=law)
    assert (silent.result, silent.enumerated, silent.pending_human) == (
        INSUFFICIENT,
        NOT_MET,
        ("tiny@1/res",),
    )
    yes = judged("tiny", "2024-01-01", {"money": 1}, law=law, findings={"tiny@1/res": True})
    assert (yes.result, yes.enumerated) == (MET, NOT_MET)
    no = judged("tiny", "2024-01-01", {"money": 1}, law=law, findings={"tiny@1/res": False, "tiny@1/m": True})
    assert (no.result, no.enumerated) == (NOT_MET, NOT_MET)


def test_a_text_that_was_not_read_blocks_a_plain_not_met() -> None:
    unread = leaf("gone", kind="unread_limb", known_unread="lost")
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("m", 100), unread]}, incomplete=True)
    judgement = judged("tiny", "2024-01-01", {"money": 1}, law=law)
    assert (judgement.result, judgement.enumerated, judgement.reason) == (
        INSUFFICIENT,
        NOT_MET,
        "unread_limb",
    )
    assert judged("tiny", "2024-01-01", {"money": 100}, law=law).reason is None


def test_gate_and_bars_stand_apart_from_the_criteria() -> None:
    members = {"gate": {"all_of": [truth("g", "a")]}, "bars": truth("bar", "b")}
    law = tiny_law(amount("m", 100), **members)
    rows = [
        ({"a": True, "b": False, "money": 100}, MET),
        ({"a": False, "money": 100}, NOT_MET),
        ({"a": True, "b": True, "money": 100}, NOT_MET),
        ({"a": True, "money": 100}, INSUFFICIENT),
        ({"money": 99}, NOT_MET),
    ]
    for facts, expected in rows:
        assert judged("tiny", "2024-01-01", facts, law=law).result is expected
    barred = judged("tiny", "2024-01-01", {"a": True, "money": 100}, law=law)
    assert barred.missing_facts == ("b",)


def test_an_attempt_is_one_only_while_no_completed_limb_is_met() -> None:
    law = tiny_law(
        {"id": "tiny@1/root", "any_of": [amount("m", 100), SUM | {"value": 90, "outcome": "attempt"}]}
    )
    assert judged("tiny", "2024-01-01", {"money": 30, "stock": 0}, law=law).outcome == "attempt"
    assert judged("tiny", "2024-01-01", {"money": 100, "stock": 0}, law=law).outcome is None
    assert judged("tiny", "2024-01-01", {"money": 1, "stock": 0}, law=law).outcome is None
