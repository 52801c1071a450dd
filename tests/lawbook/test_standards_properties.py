"""What must hold of every judgement, whatever the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.lawbook.standards_law import leaf, standards, tiny_law, truth, versions

from xianjie.lawbook.standards.catalogue import Fact, FactType, Version
from xianjie.lawbook.standards.judging import (
    ACT_DATE,
    UNKNOWN,
    Act,
    Interval,
    JudgementInput,
    Penalty,
    Result,
    judge,
    judge_over_days,
)
from xianjie.lawbook.standards.nodes import Comparison, Reading
from xianjie.lawbook.standards.values import ENUMERATED, FULL, NEGATED, FactValue, at_least
from xianjie.lawbook.standards.worked_cases import answer

VERSIONS = [version for _, version in versions()]
MANY = [offence for offence in standards().offences.values() if len(offence.versions) > 1]
DAY = timedelta(days=1)


def limits(version: Version, fact: Fact) -> list[Any]:
    found = [
        node.limit.number
        for node in version.nodes
        if isinstance(node, Comparison) and node.fact == fact.name and node.limit.number is not None
    ]
    return found or [1]


@st.composite
def exact_values(draw: st.DrawFn, version: Version, fact: Fact) -> FactValue:
    if fact.type is FactType.boolean:
        return draw(st.booleans())
    if fact.type is FactType.enum:
        return draw(st.sampled_from(fact.values))
    at = draw(st.sampled_from(limits(version, fact)))
    if fact.type is FactType.integer:
        return max(0, int(at) + draw(st.integers(-2, 2)))
    return max(Decimal(0), Decimal(at) + draw(st.sampled_from([-1, Decimal("-0.01"), 0, Decimal("0.01"), 1])))


@st.composite
def inputs(draw: st.DrawFn, known: float = 0.6) -> tuple[Version, JudgementInput]:
    version = draw(st.sampled_from(VERSIONS))
    facts: dict[str, FactValue] = {}
    for fact in version.facts:
        if draw(st.floats(0, 1)) < known:
            facts[fact.name] = draw(exact_values(version, fact))
    act_day = version.effective_from + timedelta(days=draw(st.integers(0, 20)))
    given_input = JudgementInput(
        offence=version.offence,
        act_day=act_day,
        decision_day=draw(st.sampled_from([act_day, date(2026, 4, 1), act_day + 400 * DAY])),
        facts=facts,
        province=draw(st.sampled_from([None, "CN-51", "CN-11"])),
    )
    return version, given_input


def contradict(one: Result, other: Result) -> bool:
    return {one, other} == {Result.met, Result.not_met}


@settings(max_examples=400, deadline=None)
@given(inputs(), st.data())
def test_learning_a_fact_never_turns_met_into_not_met(
    drawn: tuple[Version, JudgementInput], data: st.DataObject
) -> None:
    version, before = drawn
    unknown = [fact for fact in version.facts if fact.name not in before.facts]
    assume(unknown)
    fact = data.draw(st.sampled_from(unknown))
    after = replace(before, facts={**before.facts, fact.name: data.draw(exact_values(version, fact))})
    first, second = judge(standards(), before), judge(standards(), after)
    assert not contradict(first.result, second.result)
    assert not contradict(first.enumerated, second.enumerated)
    if first.result is not Result.insufficient:
        assert second.result is first.result


@settings(max_examples=300, deadline=None)
@given(inputs(known=0.8), st.data())
def test_bounds_that_shrink_never_contradict(
    drawn: tuple[Version, JudgementInput], data: st.DataObject
) -> None:
    version, exact = drawn
    numeric = [fact for fact in version.facts if fact.numeric and fact.name in exact.facts]
    assume(numeric)
    fact = data.draw(st.sampled_from(numeric))
    value: Any = exact.facts[fact.name]
    low = [max(value - data.draw(st.integers(0, 50000)), 0), None]
    high = [value + data.draw(st.integers(0, 50000)), None]
    narrow = Interval(low[0], high[0])
    wide = Interval(data.draw(st.sampled_from(low)), data.draw(st.sampled_from(high)))
    results = [
        judge(standards(), replace(exact, facts={**exact.facts, fact.name: known})).result
        for known in (UNKNOWN, wide, narrow, Interval(value, value))
    ]
    decided = [result for result in results if result is not Result.insufficient]
    assert len(set(decided)) <= 1
    assert results == [Result.insufficient] * (len(results) - len(decided)) + decided
    assert results[-1] is judge(standards(), exact).result


@settings(max_examples=100, deadline=None)
@given(inputs(), st.randoms())
def test_the_order_of_the_facts_changes_nothing(drawn: tuple[Version, JudgementInput], random: Any) -> None:
    _, first = drawn
    items = list(first.facts.items())
    random.shuffle(items)
    second = replace(first, facts=dict(items))
    assert answer(judge(standards(), first)) == answer(judge(standards(), second))


@settings(max_examples=150, deadline=None)
@given(inputs(known=0.5), st.data())
def test_a_fact_that_is_not_named_as_missing_does_not_matter(
    drawn: tuple[Version, JudgementInput], data: st.DataObject
) -> None:
    version, before = drawn
    before = replace(before, decision_day=before.act_day)
    judgement = judge(standards(), before)
    unknown = [fact for fact in version.facts if fact.name not in {*before.facts, *judgement.missing_facts}]
    filled = {fact.name: data.draw(exact_values(version, fact)) for fact in unknown}
    after = judge(standards(), replace(before, facts={**before.facts, **filled}))
    assert after.result is judgement.result


def trees(names: list[str]) -> st.SearchStrategy[Any]:
    """Trees over leaves that are all different, as shapes: a name or (kind, parts)."""

    @st.composite
    def tree(draw: st.DrawFn, left: tuple[str, ...]) -> Any:
        if len(left) == 1:
            return left[0]
        cut = draw(st.lists(st.integers(1, len(left) - 1), min_size=1, max_size=2, unique=True))
        edges = [0, *sorted(cut), len(left)]
        parts = [draw(tree(left[a:b])) for a, b in pairwise(edges)]
        kind = draw(st.sampled_from(["all_of", "any_of", *range(1, len(parts) + 1)]))
        return kind, parts

    return tree(tuple(names))


def node_of(shape: Any, path: str = "r") -> dict[str, Any]:
    if isinstance(shape, str):
        return truth(path, shape)
    kind, shapes = shape
    parts = [node_of(part, f"{path}{i}") for i, part in enumerate(shapes)]
    head = {"id": f"tiny@1/{path}"}
    return head | ({"at_least": kind, "of": parts} if isinstance(kind, int) else {kind: parts})


def holds(shape: Any, facts: Mapping[str, bool]) -> bool:
    if isinstance(shape, str):
        return facts[shape]
    kind, shapes = shape
    needed = {"all_of": len(shapes), "any_of": 1}.get(kind, kind)
    return sum(holds(part, facts) for part in shapes) >= needed


@settings(max_examples=60, deadline=None)
@given(trees(list("abcdef")), st.dictionaries(st.sampled_from("abcdef"), st.booleans()))
def test_a_tree_says_exactly_what_all_completions_of_the_facts_say(
    shape: Any, known: dict[str, bool]
) -> None:
    judgement = judge(
        tiny_law(node_of(shape)),
        JudgementInput(offence="tiny", act_day=date(2024, 1, 1), decision_day=date(2024, 1, 1), facts=known),
    )
    names = [name for name in "abcdef" if name not in known]
    worlds = [
        {**known, **dict(zip(names, world, strict=True))}
        for world in product([True, False], repeat=len(names))
    ]
    outcomes = {holds(shape, world) for world in worlds}
    expected = {frozenset({True}): Result.met, frozenset({False}): Result.not_met}
    assert judgement.result is expected.get(frozenset(outcomes), Result.insufficient)
    decisive = {
        name
        for name in names
        for w in worlds
        if holds(shape, {**w, name: True}) != holds(shape, {**w, name: False})
    }
    assert set(judgement.missing_facts) == decisive


@given(st.integers(1, 5), st.lists(st.sampled_from([0b0000, 0b1010, 0b1111, 0b0010, 0b0011]), max_size=5))
def test_at_least_n_counts_both_readings_apart(needed: int, parts: list[int]) -> None:
    bits = at_least(needed, parts)
    for read in (FULL, ENUMERATED):
        met = sum(read[part] is Result.met for part in parts)
        possible = sum(read[part] is not Result.not_met for part in parts)
        expected = (
            Result.met if met >= needed else Result.not_met if possible < needed else Result.insufficient
        )
        assert read[bits] is expected


@given(st.sampled_from([0b0000, 0b1010, 0b1111, 0b0010, 0b0011]))
def test_not_keeps_the_unknown_and_is_its_own_inverse(bits: int) -> None:
    opposite = {
        Result.met: Result.not_met,
        Result.not_met: Result.met,
        Result.insufficient: Result.insufficient,
    }
    assert NEGATED[NEGATED[bits]] == bits
    assert FULL[NEGATED[bits]] is opposite[FULL[bits]]
    assert ENUMERATED[NEGATED[bits]] is opposite[ENUMERATED[bits]]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=4),
    st.lists(st.integers(1, 97), min_size=4, max_size=4),
)
def test_ratio_sums_are_exact(amounts: list[Decimal], weights: list[int]) -> None:
    facts = ["money", "stock", "land", "count"][: len(amounts)]
    if len(amounts) == 4:
        amounts[3] = Decimal(int(amounts[3]))
    terms = [{"fact": fact, "standard": weight} for fact, weight in zip(facts, weights, strict=False)]
    (node,) = (
        tiny_law(leaf("x", kind="ratio_sum", op=">=", value=1, terms=terms))
        .offences["tiny"]
        .versions[0]
        .nodes
    )
    share = sum((Fraction(a) / w for a, w in zip(amounts, weights, strict=False)), Fraction(0))
    values: list[FactValue] = list(amounts)
    bits = node.evaluate(Reading(values, {}, None, date(2024, 1, 1), [0]))
    assert (FULL[bits] is Result.met) == (share >= 1)


@st.composite
def spans(draw: st.DrawFn) -> tuple[JudgementInput, date, date]:
    offence = draw(st.sampled_from(MANY))
    version = draw(st.sampled_from(offence.versions[1:]))
    first = version.effective_from + timedelta(days=draw(st.integers(-25, 5)))
    last = first + timedelta(days=draw(st.integers(0, 40)))
    facts: dict[str, FactValue] = {}
    for fact in version.facts:
        if draw(st.floats(0, 1)) < 0.7:
            facts[fact.name] = draw(exact_values(version, fact))
    near = st.dates(first - 5 * DAY, last + 5 * DAY)
    years = draw(st.sampled_from([0, 1, 2, 3, 5]))
    history = tuple(
        Penalty("admin_penalty", date(day.year - years, day.month, min(day.day, 28)))
        for day in draw(st.lists(near, max_size=2))
    )
    summed = sorted(version.cumulation.facts) if version.cumulation is not None else []
    months = version.cumulation.window_months if version.cumulation is not None else 0
    acts = tuple(
        Act(
            date(day.year - months // 12, day.month, min(day.day, 28)),
            {name: draw(exact_values(version, fact))},
        )
        for name in summed[:1]
        for fact in version.facts
        if fact.name == name
        for day in draw(st.lists(near, max_size=2))
    )
    given_input = JudgementInput(
        offence=offence.id,
        act_day=None,
        decision_day=last + timedelta(days=draw(st.sampled_from([-10, 0, 3, 3000]))),
        facts=facts,
        province=draw(st.sampled_from([None, "CN-51", "CN-21"])),
        acts=acts,
        history=history,
        closed_world=draw(st.booleans()),
    )
    return given_input, first, last


@settings(max_examples=200, deadline=None)
@given(spans())
def test_judging_over_days_is_judging_every_single_day(drawn: tuple[JudgementInput, date, date]) -> None:
    given_input, first, last = drawn
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    single = [judge(standards(), replace(given_input, act_day=day)) for day in days]
    over = judge_over_days(standards(), given_input, first, last)
    results = {judgement.result for judgement in single}
    named = {judgement.version for judgement in single}
    assert over.result is (results.pop() if len(results) == 1 else Result.insufficient)
    assert (ACT_DATE in over.missing_facts) == (len({judgement.result for judgement in single}) > 1)
    assert over.version == (named.pop() if len(named) == 1 else None)
    for reading in over.readings:
        for day, judgement in zip(days, single, strict=True):
            if reading.first_day <= day <= reading.last_day:
                assert answer(judgement) == answer(reading.judgement)
    assert {name for j in single for name in j.missing_facts} | {ACT_DATE} == {*over.missing_facts, ACT_DATE}
