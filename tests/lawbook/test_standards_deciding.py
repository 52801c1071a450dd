"""The bare decision is the answer of the judgement, and shortcuts change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lawbook.standards_law import cases, standards, versions
from tests.lawbook.test_standards_properties import exact_values, spans

from xianjie.lawbook.standards.catalogue import FactError, Version
from xianjie.lawbook.standards.deciding import Decision, decide, decide_over_days
from xianjie.lawbook.standards.evaluating import evaluate
from xianjie.lawbook.standards.judging import (
    UNKNOWN,
    Act,
    Interval,
    JudgementInput,
    Penalty,
    UnknownOffenceError,
    judge,
    judge_over_days,
)
from xianjie.lawbook.standards.nodes import Discretionary, Reading
from xianjie.lawbook.standards.preparing import plan_of
from xianjie.lawbook.standards.values import FactValue
from xianjie.lawbook.standards.worked_cases import WorkedCase

VERSIONS = [version for _, version in versions()]
NAMES = {fact.name for version in VERSIONS for fact in version.facts}


def both(given_input: JudgementInput) -> tuple[Decision, Decision]:
    judgement = judge(standards(), given_input)
    return decide(standards(), given_input), Decision(judgement.result, judgement.enumerated)


@st.composite
def anything(draw: st.DrawFn) -> tuple[Version, JudgementInput]:
    """Facts, bounds, unknowns, acts, penalties and findings about one version, on days near its own."""
    version = draw(st.sampled_from(VERSIONS))
    facts: dict[str, FactValue] = {}
    for fact in version.facts:
        way = draw(st.sampled_from(["exact", "exact", "bounds", "unknown", "silent", "silent"]))
        value = draw(exact_values(version, fact))
        if way == "exact":
            facts[fact.name] = value
        elif way == "bounds" and fact.numeric:
            facts[fact.name] = Interval(*draw(st.sampled_from([(0, value), (value, None), (value, value)])))  # type: ignore[arg-type]
        elif way == "unknown":
            facts[fact.name] = UNKNOWN
    near = st.dates(
        version.effective_from - timedelta(days=900), version.effective_from + timedelta(days=900)
    )
    numeric = [fact for fact in version.facts if fact.numeric]
    acts = tuple(
        Act(
            draw(st.one_of(st.none(), near)),
            {fact.name: draw(exact_values(version, fact)) for fact in numeric if draw(st.booleans())},
            treated=draw(st.booleans()),
            prosecutable=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    kinds = st.sampled_from(["admin_penalty", "criminal_penalty"])
    history = tuple(
        Penalty(draw(kinds), draw(st.one_of(st.none(), near))) for _ in range(draw(st.integers(0, 2)))
    )
    human = [node.id for node in version.nodes if isinstance(node, Discretionary)]
    act_day = draw(near)
    return version, JudgementInput(
        offence=version.offence,
        act_day=act_day,
        decision_day=act_day + timedelta(days=draw(st.sampled_from([-30, 0, 700, 7000]))),
        facts=facts,
        province=draw(st.sampled_from([None, "CN-51", "CN-53"])),
        acts=acts,
        history=history,
        findings={name: draw(st.booleans()) for name in human if draw(st.booleans())},
        searched=frozenset(fact.name for fact in version.facts if draw(st.booleans())),
        closed_world=draw(st.booleans()),
    )


@settings(max_examples=500, deadline=None)
@given(anything())
def test_the_decision_is_the_result_of_the_judgement(drawn: tuple[Version, JudgementInput]) -> None:
    decision, judged = both(drawn[1])
    assert decision == judged


@settings(max_examples=100, deadline=None)
@given(anything())
def test_without_a_day_of_the_act_the_decision_is_that_over_all_days(
    drawn: tuple[Version, JudgementInput],
) -> None:
    decision, judged = both(replace(drawn[1], act_day=None))
    assert decision == judged


@settings(max_examples=150, deadline=None)
@given(spans())
def test_over_days_too_the_decision_is_that_of_the_judgement(
    drawn: tuple[JudgementInput, date, date],
) -> None:
    given_input, first, last = drawn
    judgement = judge_over_days(standards(), given_input, first, last)
    decision = decide_over_days(standards(), given_input, first, last)
    assert decision == Decision(judgement.result, judgement.enumerated)


@settings(max_examples=500, deadline=None)
@given(anything())
def test_evaluating_only_what_the_facts_touch_is_evaluating_every_node(
    drawn: tuple[Version, JudgementInput],
) -> None:
    version, given_input = drawn
    assert given_input.act_day is not None
    evaluation = evaluate(version, given_input, given_input.act_day)
    whole = Reading(
        list(evaluation.values),
        given_input.findings,
        given_input.province,
        given_input.act_day,
        [0] * len(version.nodes),
    )
    for tree in (version.gate, version.criteria, version.bars):
        if tree is not None:
            tree.evaluate(whole)
    assert evaluation.bits == whole.bits
    assert evaluation.root == plan_of(version).root(whole.bits)


def test_a_pass_over_facts_leaves_the_prepared_version_as_it_was() -> None:
    for version in VERSIONS:
        plan = plan_of(version)
        kept = [list(plan.unknown.bits), list(plan.absent.bits), list(plan.unknown.values)]
        facts: Mapping[str, FactValue] = {fact.name: True for fact in version.facts if fact.type == "boolean"}
        for closed in (False, True):
            evaluate(
                version,
                JudgementInput(
                    offence=version.offence,
                    act_day=version.effective_from,
                    decision_day=version.effective_from,
                    facts=facts,
                    closed_world=closed,
                ),
                version.effective_from,
            )
        assert [plan.unknown.bits, plan.absent.bits, plan.unknown.values] == kept


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_worked_case_is_decided_as_it_is_judged(case: WorkedCase) -> None:
    decision, judged = both(case.given)
    assert decision == judged


def test_the_decision_refuses_what_the_judgement_refuses() -> None:
    given_input = JudgementInput(
        offence="theft",
        act_day=date(2024, 1, 1),
        decision_day=date(2024, 1, 1),
        facts={"stolen_value": 1.5},  # type: ignore[dict-item]
    )
    with pytest.raises(FactError, match="stolen_value"):
        decide(standards(), given_input)
    with pytest.raises(UnknownOffenceError, match="jaywalking"):
        decide(standards(), replace(given_input, offence="jaywalking"))
    with pytest.raises(ValueError, match="after the last"):
        decide_over_days(standards(), replace(given_input, facts={}), date(2024, 1, 2), date(2024, 1, 1))


@pytest.mark.parametrize("value", [-1, True, 1.0, "1"])
def test_a_value_that_is_not_plain_is_looked_at(value: object) -> None:
    given_input = JudgementInput(
        offence="theft",
        act_day=date(2024, 1, 1),
        decision_day=date(2024, 1, 1),
        facts={"stolen_value": value},  # type: ignore[dict-item]
    )
    with pytest.raises(FactError, match="stolen_value"):
        decide(standards(), given_input)
