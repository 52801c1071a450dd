"""What must hold of every judgement when more or less is known, or the same is told in another order.

Unlike the properties of single facts these are about whole cases: acts, penalties, findings, statements of
absence, places and days of decision included. Cases come from `random_facts`, driven by hypothesis.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from tests.lawbook import second_evaluator
from tests.lawbook.random_facts import Case, Target, product_input, step_of, targets
from tests.lawbook.standards_law import LAW, standards

from xianjie.lawbook.standards.judging import Judgement, Result, judge
from xianjie.lawbook.standards.worked_cases import answer

FAVOUR = {Result.met: 0, Result.insufficient: 1, Result.not_met: 2}


@cache
def law() -> dict[str, Any]:
    return second_evaluator.load(LAW)


@cache
def aims() -> tuple[Target, ...]:
    return tuple(targets(law()))


def judged(case: Case) -> Judgement:
    return judge(standards(), product_input(law(), case))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Target, Random, Case]:
    rng = Random(draw(st.integers(0, 2**40)))
    aim = rng.choice(aims())
    case = aim.case(rng)
    note(f"{case}")
    return aim, rng, case


# -------------------------------------------------------------------- knowing more
def narrower(aim: Target, rng: Random, name: str, value: Any) -> Any:
    """A number that is known at least as well, and not otherwise."""
    step = step_of(law()["facts"][name])
    if value is None:
        return aim.bounded(rng, name) if rng.random() < 0.5 else aim.number(rng, name)
    if not isinstance(value, dict):
        return value
    low, high = value.get("min"), value.get("max")
    first = Fraction(0) if low is None else low + (step if value.get("min_open") else 0)
    last = first + 10**6 * step if high is None else high - (step if value.get("max_open") else 0)
    if first >= last:
        return value
    points = sorted(first + rng.randrange(1001) * (last - first) / 1000 // step * step for _ in range(2))
    closer = [max(first, min(point, last)) for point in points]
    return closer[0] if rng.random() < 0.5 else {"min": closer[0], "max": closer[1]}


def known_absent(case: Case, name: str) -> bool:
    fact, stated = law()["facts"][name], case["closed_world"] or name in case["searched"]
    assumed = stated and fact["type"] != "enum" and fact.get("judgement") != "true"
    return assumed and name not in case["facts"]


def refined(aim: Target, rng: Random, case: Case) -> Case:
    """The same case with more known: values, bounds, days, penalties, findings, places, absence."""
    more = deepcopy(case)
    for name in aim.names:
        in_acts = any(name in act for act in case.get("acts", []))
        follows = name in aim.history and case.get("history")
        known = case["facts"].get(name)
        if rng.random() < 0.6:
            continue
        if isinstance(known, dict):
            more["facts"][name] = narrower(aim, rng, name, known)
        elif known is None and not in_acts and not follows and not known_absent(case, name):
            more["facts"][name] = aim.value(rng, name, 0.5)
    more["searched"] |= {name for name in aim.names if rng.random() < 0.2}
    for act in more.get("acts", []):
        act["date"] = act["date"] or case["act_date"] - rng.randrange(1000) * timedelta(days=1)
        for name in aim.numbers:
            stated = case["closed_world"] or name in case["searched"]
            named = any(name in one for one in case["acts"]) and not stated
            if (named and act.get(name) is None) or isinstance(act.get(name), dict):
                act[name] = narrower(aim, rng, name, act.get(name))
    for name in aim.human:
        if rng.random() < 0.3:
            more["findings"].setdefault(name, rng.random() < 0.5)
    if not any(name in case["facts"] or known_absent(case, name) for name in aim.history):
        more["history"] = [*case.get("history", []), *aim.penalties(rng, case["act_date"])]
    if more["province"] is None and rng.random() < 0.5:
        more["province"] = rng.choice(aim.provinces)
    return more


def contradict(one: Result, other: Result) -> bool:
    return {one, other} == {Result.met, Result.not_met}


@settings(max_examples=4000, deadline=None)
@given(cases())
def test_knowing_more_never_changes_what_was_decided(drawn: tuple[Target, Random, Case]) -> None:
    aim, rng, case = drawn
    better = refined(aim, rng, case)
    before, after = judged(case), judged(better)
    assert before.result in (Result.insufficient, after.result)
    # Which version prevails is decided on the full result first, so the enumerated result of another version
    # may come to be shown; but what the lists say is never turned round.
    assert not contradict(before.enumerated, after.enumerated)
    if before.version == after.version and before.basis == after.basis and case["decision_date"] is None:
        assert before.enumerated in (Result.insufficient, after.enumerated)


@settings(max_examples=2000, deadline=None)
@given(cases(), st.integers(0, 5000))
def test_wider_bounds_never_decide_more(drawn: tuple[Target, Random, Case], steps: int) -> None:
    aim, rng, case = drawn
    holders = [case["facts"], *case.get("acts", [])]
    exact = [(h, name) for h in holders for name in aim.numbers if isinstance(h.get(name), Fraction)]
    assume(exact)
    holder, name = rng.choice(exact)
    value, step = holder[name], step_of(law()["facts"][name])
    low, high = max(Fraction(0), value - steps * step), value + rng.randrange(steps + 1) * step
    results = []
    for known in (
        value,
        {"min": value, "max": value},
        {"min": low, "max": high},
        {"min": low, "max": high + step, "max_open": True},
        {"min": low} if rng.random() < 0.5 else {"max": high + step},
        None,
    ):
        holder[name] = known
        results.append(judged(case).result)
    assert results[0] is results[1]
    assert all(wider in (Result.insufficient, closer) for closer, wider in pairwise(results))


# -------------------------------------------------------------------- the same, told otherwise
def shuffled(rng: Random, items: Any) -> Any:
    listed = list(items.items()) if isinstance(items, dict) else list(items)
    rng.shuffle(listed)
    return dict(listed) if isinstance(items, dict) else listed


@settings(max_examples=2000, deadline=None)
@given(cases())
def test_the_order_of_facts_acts_penalties_and_findings_changes_nothing(
    drawn: tuple[Target, Random, Case],
) -> None:
    _, rng, case = drawn
    other = case | {
        part: shuffled(rng, case[part]) for part in ("facts", "acts", "history", "findings") if part in case
    }
    if "acts" in other:
        other["acts"] = [shuffled(rng, act) for act in other["acts"]]
    one, two = judged(case), judged(other)
    assert answer(one) == answer(two)
    assert (one.also is None) is (two.also is None)
    for first, second in ((one.acts_counted, two.acts_counted), (one.acts_left_out, two.acts_left_out)):
        assert len(first) == len(second) and all(act in second for act in first)
    if one.trace is not None and two.trace is not None:
        assert one.trace.bits == two.trace.bits


@settings(max_examples=1000, deadline=None)
@given(cases())
def test_a_fact_that_no_version_reads_changes_nothing(drawn: tuple[Target, Random, Case]) -> None:
    aim, rng, case = drawn
    read = {name for version in aim.versions for name in version.get("reads", [])}
    others = [name for name, fact in law()["facts"].items() if name not in read and fact["type"] == "boolean"]
    more = case | {"facts": {**case["facts"], rng.choice(others): True}}
    assert answer(judged(more)) == answer(judged(case))


# -------------------------------------------------------------------- the two results, and the versions
@settings(max_examples=2000, deadline=None)
@given(cases())
def test_the_enumerated_result_never_says_more_than_the_full_one(drawn: tuple[Target, Random, Case]) -> None:
    _, _, case = drawn
    judgement = judged(case)
    if judgement.enumerated is Result.met:
        assert judgement.result is Result.met
    if judgement.result is Result.not_met:
        assert judgement.enumerated is Result.not_met
    without = judged(case | {"findings": {}})
    if judgement.version == without.version:
        assert judgement.enumerated is without.enumerated  # whatever findings exist


@settings(max_examples=2000, deadline=None)
@given(cases(), st.integers(0, 6000))
def test_a_later_decision_is_never_less_favourable_than_the_law_of_the_act(
    drawn: tuple[Target, Random, Case], days: int
) -> None:
    aim, _, case = drawn
    then = judged(case | {"decision_date": None})
    assume(then.version is not None)
    later = judged(case | {"decision_date": min(date(2030, 1, 1), case["act_date"] + timedelta(days=days))})
    assert FAVOUR[later.result] >= FAVOUR[then.result]
    if FAVOUR[later.result] == FAVOUR[then.result]:
        assert FAVOUR[later.enumerated] >= FAVOUR[then.enumerated]
    missing = {version["id"] for version in aim.versions if "status" in version}
    assert later.version == then.version or later.version not in missing
