"""One question to the standards: the bare decision, the judgement, and the judgement with its explanation.

Asked are the worked cases and generated facts for every version of every offence, each on its own: nothing is
kept between two questions but the law. Beside it zen-engine answers the same rule from the same facts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

import zen

from xianjie.lawbook.bundle import Lawbook, read_files
from xianjie.lawbook.standards.catalogue import Fact, FactType, Standards, Version
from xianjie.lawbook.standards.deciding import decide
from xianjie.lawbook.standards.judging import JudgementInput, Result, judge
from xianjie.lawbook.standards.loading import load_standards
from xianjie.lawbook.standards.nodes import AllOf, AnyOf, Comparison, Discretionary, Group, Node, Truth
from xianjie.lawbook.standards.worked_cases import read_cases
from xianjie.lawbook.words.explaining import explain_zh

from .table import Row, show

LAW = Path(__file__).resolve().parents[1] / "law"
SEED = 20260516
ROUNDS = 5
REPEATS = 12
DECISION_MICROSECONDS = 5.0
EXPLAINED_MICROSECONDS = 50.0
SAME_RULE = ("bid_rigging@2022", "pollution_of_environment@2023")
FACT_SETS = 400
LOADING_MILLISECONDS = 300.0
LOADINGS = 7

Ask = Callable[[JudgementInput], object]


async def run() -> None:
    """Measure and print."""
    files = read_files(LAW)
    standards = load_standards(files)
    asked = [*_worked(files, standards), *generated(standards)]
    applied = [judge(standards, given).trace for given in asked]
    versions = {trace.version.id for trace in applied if trace is not None}
    paths: tuple[tuple[str, Ask, float | None], ...] = (
        ("bare decision", lambda given: decide(standards, given), DECISION_MICROSECONDS),
        ("judgement", lambda given: judge(standards, given), None),
        (
            "judgement with explanation (zh)",
            lambda given: explain_zh(judge(standards, given)),
            EXPLAINED_MICROSECONDS,
        ),
    )
    rows: list[Row] = [_loading()]
    for what, ask, limit in paths:
        rounds = [_round(ask, asked) for _ in range(ROUNDS)]
        limits = () if limit is None else (limit,) * ROUNDS
        goal = "" if limit is None else "ratio <= 1"
        medians = [median(times) for times in rounds]
        rows.append(Row(what=what, unit="µs", ours=medians, limit=limits, against="the goal", goal=goal))
        rows.append(Row(what=f"{what}, p99", unit="µs", ours=[_p99(times) for times in rounds]))
    for name in SAME_RULE:
        rows += _beside_zen(standards, name)
    show(
        f"judge: {len(asked):,} questions, {len(versions)} versions applied, medians over the questions",
        rows,
        notes=(
            "zen-engine knows neither unknown facts nor decimals nor days of the law, so it is asked only "
            "what it can answer: every fact known, one version, whole numbers. All answers are compared.",
        ),
    )


def _worked(files: Mapping[str, bytes], standards: Standards) -> Iterator[JudgementInput]:
    for path, text in files.items():
        if path.startswith("cases/standards/"):
            for case in read_cases(text, file=path, standards=standards):
                yield case.given


def generated(standards: Standards) -> Iterator[JudgementInput]:
    """Yield questions for every version: all facts known, half of them, none but looked for, none at all."""
    draw = random.Random(SEED)
    for offence in standards.offences.values():
        for version in offence.versions:
            for share, closed in ((1.0, False), (0.5, False), (0.5, True), (0.0, True), (0.0, False)):
                act_day = version.effective_from + timedelta(days=draw.randrange(20))
                yield JudgementInput(
                    offence=offence.id,
                    act_day=act_day,
                    decision_day=draw.choice([act_day, standards.horizon]),
                    facts={
                        fact.name: _value(version, fact, draw)
                        for fact in version.facts
                        if draw.random() < share
                    },
                    province=draw.choice([None, "CN-51", "CN-11"]),
                    closed_world=closed,
                )


def _value(version: Version, fact: Fact, draw: random.Random) -> Any:
    if fact.type is FactType.boolean:
        return draw.random() < 0.5
    if fact.type is FactType.enum:
        return draw.choice(fact.values)
    limits = [
        node.limit.number if node.limit.parameter is None else node.limit.parameter.max
        for node in version.nodes
        if isinstance(node, Comparison) and node.fact == fact.name
    ]
    at: Any = draw.choice(limits or [1])
    if isinstance(at, date):
        return at + timedelta(days=draw.randrange(-2, 3))
    if fact.type is FactType.integer:
        return max(0, int(at) + draw.randrange(-2, 3))
    return draw.choice([Decimal(at) - Decimal("0.01"), at, at + 1])


def _loading() -> Row:
    """The whole law from its files: standards, terms, calendars, rules, causes, instruments."""
    times = []
    for _ in range(LOADINGS):
        start = perf_counter_ns()
        Lawbook.load(LAW)
        times.append((perf_counter_ns() - start) / 1_000_000)
    limit = (LOADING_MILLISECONDS,) * LOADINGS
    return Row(
        what="loading the whole law",
        unit="ms",
        ours=times,
        limit=limit,
        against="the goal",
        goal="ratio <= 1",
    )


def _round(ask: Ask, asked: Sequence[JudgementInput]) -> list[float]:
    """Return the mean time of one call in microseconds, for each question."""
    times = []
    repeats = range(REPEATS)
    for given in asked:
        ask(given)
        began = perf_counter_ns()
        for _ in repeats:
            ask(given)
        times.append((perf_counter_ns() - began) / REPEATS / 1000)
    return times


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[len(times) * 99 // 100]


def _beside_zen(standards: Standards, name: str) -> Iterator[Row]:
    """Yield our decision on one version beside the same rule in zen, as a decision and as an expression."""
    offence, version = next(
        (offence, version)
        for offence in standards.offences.values()
        for version in offence.versions
        if version.id == name
    )
    draw = random.Random(SEED)
    fact_sets = [{fact.name: _whole(version, fact, draw) for fact in version.facts} for _ in range(FACT_SETS)]
    asked = [
        JudgementInput(
            offence=offence.id,
            act_day=version.effective_from,
            decision_day=version.effective_from,
            facts=facts,
        )
        for facts in fact_sets
    ]
    text = " and ".join(_expression(tree) for tree in (version.gate, version.criteria) if tree is not None)
    expression = zen.compile_expression(text)
    decision = zen.ZenEngine().create_decision(_decision_model(text))
    mine = [decide(standards, given).enumerated is Result.met for given in asked]
    if mine != [expression.evaluate(facts) for facts in fact_sets]:
        raise AssertionError(f"{name}: zen's expression answers otherwise")
    if mine != [decision.evaluate(facts)["result"]["met"] for facts in fact_sets]:
        raise AssertionError(f"{name}: zen's decision answers otherwise")
    if len(set(mine)) != 2:
        raise AssertionError(f"{name}: the facts show only one of the two answers")
    leaves = sum(not node.children for node in version.nodes if not isinstance(node, Discretionary))
    ours: list[float] = []
    theirs: dict[str, list[float]] = {"zen: decision (JDM)": [], "zen: bare compiled expression": []}
    for _ in range(ROUNDS):
        ours.append(median(_round(lambda given: decide(standards, given), asked)))
        for label, evaluate in zip(theirs, (decision.evaluate, expression.evaluate), strict=True):
            theirs[label].append(median(_round(evaluate, fact_sets)))
    what = f"bare decision, {name} ({leaves} conditions), all facts known"
    for label, limit in theirs.items():
        yield Row(what=what, unit="µs", ours=ours, limit=limit, against=label)


def _whole(version: Version, fact: Fact, draw: random.Random) -> Any:
    """Return a value with truths seldom and amounts mostly below their limits, so that both answers occur."""
    if fact.type is FactType.boolean:
        return (
            draw.random() < 0.7
            if version.gate is not None and _reads(version.gate, fact)
            else draw.random() < 0.2
        )
    value = _value(version, fact, draw)
    return value if fact.type is FactType.enum else 0 if draw.random() < 0.9 else int(value)


def _reads(tree: Node, fact: Fact) -> bool:
    return any(isinstance(node, Truth) and node.fact == fact.name for node in tree.walk())


def _expression(node: Node) -> str:
    """Return a tree in the words of zen; a discretionary node is not met, as in our enumerated result."""
    if isinstance(node, Truth):
        return node.fact if node.op == "is_true" else f"(not {node.fact})"
    if isinstance(node, Comparison):
        return f"({node.fact} {node.op.value} {node.limit.number})"
    if isinstance(node, Discretionary):
        return "false"
    assert isinstance(node, AllOf | AnyOf), node
    assert isinstance(node, Group)
    word = " and " if isinstance(node, AllOf) else " or "
    return f"({word.join(_expression(part) for part in node.parts)})"


def _decision_model(text: str) -> dict[str, Any]:
    """Return the rule as a JSON Decision Model with one expression."""
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {
                "id": "rule",
                "type": "expressionNode",
                "name": "rule",
                "content": {"expressions": [{"id": "met", "key": "met", "value": text}]},
            },
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "rule", "type": "edge"},
            {"id": "2", "sourceId": "rule", "targetId": "out", "type": "edge"},
        ],
    }
