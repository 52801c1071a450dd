"""Every condition, group, sum of acts, amount of a province and day of a notice, one test for each.

Generated from the law: a new entry has its test at once. The numbers are tested in `test_thresholds`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import yaml
from tests.lawbook.clock_law import LAW, calendar, rows
from tests.lawbook.standards_law import files, standards

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.causes import offences_of, reading_of
from xianjie.lawbook.standards.catalogue import Fact, FactType, Offence, Version
from xianjie.lawbook.standards.cumulation import Act
from xianjie.lawbook.standards.judging import Judgement, JudgementInput, Reason, judge
from xianjie.lawbook.standards.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    Choice,
    Comparison,
    Discretionary,
    Group,
    Node,
    Total,
    Truth,
)
from xianjie.lawbook.standards.parameters import Overlay, Parameter
from xianjie.lawbook.standards.relations import Relation
from xianjie.lawbook.standards.suspicion import SuspicionBar
from xianjie.lawbook.standards.values import UNKNOWN, Op, Result

MET, NOT_MET, OPEN = Result.met, Result.not_met, Result.insufficient
STEPS = {FactType.money: Decimal("0.01"), FactType.decimal: Decimal("0.000001"), FactType.integer: 1}
Both = tuple[Result, Result]


@dataclass(frozen=True)
class Place:
    """A condition in its version."""

    offence: Offence
    version: Version
    node: Node

    def facts(self) -> Mapping[str, Fact]:
        return {fact.name: fact for fact in self.version.facts}

    def results(self, facts: Mapping[str, Any], **more: Any) -> Mapping[str, Both]:
        """The full and the enumerated result of every condition of the version."""
        day = more.pop("day", self.version.effective_from)
        judgement = judged(self.offence, day, facts, **more)
        assert judgement.trace is not None and judgement.trace.version is self.version
        return {line.node.id: (line.result, line.enumerated) for line in judgement.trace}

    def result(self, facts: Mapping[str, Any], **more: Any) -> Both:
        return self.results(facts, **more)[self.node.id]


def judged(offence: Offence, day: date, facts: Mapping[str, Any], **more: Any) -> Judgement:
    given = JudgementInput(offence=offence.id, act_day=day, decision_day=day, facts=facts, **more)
    return judge(standards(), given)


@cache
def versions() -> tuple[tuple[Offence, Version], ...]:
    return tuple((offence, each) for offence in standards().offences.values() for each in offence.versions)


def nodes(*kinds: type[Node]) -> Iterator[Any]:
    for offence, version in versions():
        for node in version.nodes:
            if isinstance(node, kinds):
                yield pytest.param(Place(offence, version, node), id=node.id)


def everything(place: Place) -> dict[str, Any]:
    """Values for all facts of the version, each at its loudest."""
    loud: dict[FactType, Any] = {FactType.boolean: True, FactType.date: date(2000, 1, 1)}
    return {
        name: fact.values[0] if fact.type is FactType.enum else loud.get(fact.type, 10**15)
        for name, fact in place.facts().items()
    }


@pytest.mark.parametrize("place", list(nodes(Truth, Choice, Discretionary)))
def test_every_condition_reads_nothing_but_its_fact(place: Place) -> None:
    for others in ({}, everything(place)):
        assert table(place, others) == expected(place.node)


def table(place: Place, others: Mapping[str, Any]) -> dict[Any, Both]:
    """The result of a condition for everything that may be known of what it reads."""
    node = place.node
    if isinstance(node, Discretionary):
        findings = {None: {}, True: {node.id: True}, False: {node.id: False}}
        return {key: place.result(others, findings=some) for key, some in findings.items()}
    assert isinstance(node, Truth | Choice)
    fact = place.facts()[node.fact]
    values = (True, False) if isinstance(node, Truth) else fact.values
    return {value: place.result({**others, node.fact: value}) for value in (*values, UNKNOWN)}


def expected(node: Node) -> dict[Any, Both]:
    if isinstance(node, Discretionary):
        return {None: (OPEN, NOT_MET), True: (MET, NOT_MET), False: (NOT_MET, NOT_MET)}
    if isinstance(node, Truth):
        wanted = node.op is Op.is_true
        return {wanted: (MET, MET), not wanted: (NOT_MET, NOT_MET), UNKNOWN: (OPEN, OPEN)}
    assert isinstance(node, Choice)
    values = standards().facts[node.fact].values
    results = {value: (MET, MET) if value in node.values else (NOT_MET, NOT_MET) for value in values}
    return {**results, UNKNOWN: (OPEN, OPEN)}


@pytest.mark.parametrize("place", list(nodes(Group)))
def test_every_group_combines_its_parts(place: Place) -> None:
    node = place.node
    assert isinstance(node, Group)
    situations = [({}, {}), reaching(node, met=True), reaching(node, met=False)]
    situations += [reaching(part, met=met) for part in node.parts for met in (True, False)]
    seen = set()
    for facts, findings in situations:
        for closed in (False, True):
            results = place.results(facts, findings=findings, closed_world=closed)
            parts = [results[part.id] for part in node.parts]
            assert results[node.id] == (
                combined(node, [full for full, _ in parts]),
                combined(node, [listed for _, listed in parts]),
            )
            seen.add(results[node.id][0])
    assert {MET, NOT_MET} <= seen


def combined(node: Group, parts: list[Result]) -> Result:
    """What the parts come to, written anew: enough of them met, or still possible, or no longer."""
    needed = len(parts) if isinstance(node, AllOf) else node.needed if isinstance(node, AtLeast) else 1
    if parts.count(MET) >= needed:
        return MET
    return OPEN if parts.count(MET) + parts.count(OPEN) >= needed else NOT_MET


def reaching(node: Node, *, met: bool) -> tuple[dict[str, Any], dict[str, bool]]:
    """Facts and findings under which a condition is met, or is not."""
    if isinstance(node, Discretionary):
        return {}, {node.id: met}
    if isinstance(node, Truth):
        return {node.fact: (node.op is Op.is_true) is met}, {}
    if isinstance(node, Choice):
        values = standards().facts[node.fact].values
        return {node.fact: next(value for value in values if (value in node.values) is met)}, {}
    if isinstance(node, Comparison):
        return {node.fact: number(node, met=met)}, {}
    if isinstance(node, Total):
        large = 10**15 if (node.op in (Op.at_least, Op.more_than)) is met else 0
        return dict.fromkeys(node.facts, large), {}
    assert isinstance(node, Group)
    if isinstance(node, AnyOf) and met:
        return reaching(node.parts[0], met=True)
    facts: dict[str, Any] = {}
    findings: dict[str, bool] = {}
    for part in node.parts:
        more, found = reaching(part, met=met)
        findings |= found
        for name, value in more.items():
            known = facts.get(name, value)
            # Of two numbers for one fact the larger one reaches both limits, the smaller one neither.
            facts[name] = (max if met else min)(known, value)
    return facts, findings


def number(node: Comparison, *, met: bool) -> Any:
    """A value on one side of a limit: at its most generous end, or one step beyond."""
    limit = node.limit
    fact = standards().facts[node.fact]
    least, most = limit.range(None, date.min)
    step: Any = STEPS[fact.type]
    sides = {Op.at_least: (most, least - step), Op.more_than: (most + step, least)}
    sides |= {
        Op.at_most: (least, most + step),
        Op.less_than: (least - step, most),
        Op.equal: (most, most + step),
    }
    return max(sides[node.op][0 if met else 1], 0)


def cumulating() -> Iterator[Any]:
    for offence, version in versions():
        if version.cumulation is not None:
            yield pytest.param(Place(offence, version, version.nodes[0]), id=version.id)


@pytest.mark.parametrize("place", list(cumulating()))
def test_every_cumulation_adds_only_the_facts_that_it_names(place: Place) -> None:
    rule, day = place.version.cumulation, place.version.effective_from
    assert rule is not None
    numbers = {name: 1 for name, fact in place.facts().items() if fact.numeric}
    acts = (Act(day, numbers), Act(day, numbers), Act(day, numbers, treated=True))
    judgement = judged(place.offence, day, {}, acts=acts, closed_world=True)
    assert judgement.version == place.version.id
    assert judgement.aggregated == dict.fromkeys(rule.facts, 2)
    assert [each.act.treated for each in judgement.acts_left_out] == [True]


@pytest.mark.parametrize(
    ("offence", "version"),
    [pytest.param(*each, id=each[1].id) for each in versions() if each[1].text_missing],
)
def test_a_version_without_text_decides_nothing(offence: Offence, version: Version) -> None:
    for closed in (False, True):
        judgement = judged(offence, version.effective_from, {}, closed_world=closed)
        assert (judgement.result, judgement.reason) == (OPEN, Reason.standard_text_missing)


def uncounted() -> Iterator[Any]:
    for row in rows().values():
        for version in row.versions:
            if not version.enabled or version.limit is None or version.valid_from is None:
                day = version.valid_from or "undated"
                yield pytest.param(row.id, version, id=f"{row.id}@{day}")


@pytest.mark.parametrize(("name", "version"), list(uncounted()))
def test_a_text_that_gives_no_term_never_runs(name: str, version: Any) -> None:
    row = rows()[name]
    if version.valid_from is None:
        assert not any(version.governs(date(year, 6, 1)) for year in range(1990, 2050))
        return
    assert row.version_on(version.valid_from) is version
    assert not row.runs_on(version.valid_from) and not row.runs_on(version.valid_to or version.valid_from)


def using(parameter: Parameter) -> list[Place]:
    """The plain comparisons with an amount that provinces set."""
    return [
        Place(offence, version, node)
        for offence, version in versions()
        for node in version.nodes
        if isinstance(node, Comparison) and node.limit.parameter is parameter
    ]


def compared(place: Place, amount: Any, **more: Any) -> list[Result]:
    """The results one step below an amount and at the amount."""
    assert isinstance(place.node, Comparison)
    fact = place.facts()[place.node.fact]
    step: Any = STEPS[fact.type]
    scaled = amount * place.node.limit.factor
    return [place.result({fact.name: value}, **more)[0] for value in (scaled - step, scaled)]


@pytest.mark.parametrize("name", list(standards().parameters))
def test_every_range_decides_outside_its_ends_alone(name: str) -> None:
    parameter = standards().parameters[name]
    places = using(parameter)
    assert places, "no standard uses it"
    for place in places:
        assert compared(place, parameter.min) == [NOT_MET, OPEN]
        assert compared(place, parameter.max) == [OPEN, MET]


def overlays() -> Iterator[Any]:
    for parameter in standards().parameters.values():
        for overlay in parameter.overlays:
            day = overlay.effective_from or "undated"
            yield pytest.param(parameter, overlay, id=f"{parameter.id} {overlay.province} {day}")


@pytest.mark.parametrize(("parameter", "overlay"), list(overlays()))
def test_every_amount_of_a_province_decides_there(parameter: Parameter, overlay: Overlay) -> None:
    decided = 0
    for place in using(parameter):
        day = max(place.version.effective_from, overlay.effective_from or date.min)
        if place.version.governs(day) and overlay.reaches(day):
            results = compared(place, overlay.value, province=overlay.province, day=day)
            assert results == [NOT_MET, MET]
            decided += 1
    assert decided, "it never meets a standard that is in force"


def years() -> list[int]:
    return sorted(calendar().years)


@pytest.mark.parametrize("year", years())
def test_every_day_of_a_notice_counts_as_it_says(year: int) -> None:
    notice = yaml.safe_load(files()[f"calendars/{year}.yaml"])
    off = [(day, holiday["zh"]) for holiday in notice["days_off"] for day in holiday["days"]]
    assert notice["year"] == year and off
    for day, name in off:
        reason = calendar().why_off(day)
        assert reason is not None and reason.zh == name and calendar().is_named_holiday(day)
    for day in notice["make_up"]:
        assert day.weekday() >= 5 and calendar().is_working_day(day)
    assert not any(calendar().is_provisional(day) for day in (*(day for day, _ in off), *notice["make_up"]))


def related() -> Mapping[str, Relation]:
    return {each.id: each for some in standards().relations.values() for each in some}


@pytest.mark.parametrize("name", list(related()))
def test_every_relation_is_told_on_its_days(name: str) -> None:
    relation = related()[name]
    days = {relation.valid_from: True, relation.valid_from - timedelta(days=1): False}
    if relation.valid_to is not None:
        days |= {relation.valid_to: True, relation.valid_to + timedelta(days=1): False}
    told = [offence for offence, some in standards().relations.items() if relation in some]
    assert set(relation.offences) <= set(told)
    for offence in told:
        for day, is_told in days.items():
            judgement = judged(standards().offences[offence], day, {})
            assert (relation in judgement.relations) is is_told


def bars() -> Mapping[str, SuspicionBar]:
    return {bar.id: bar for bar in standards().suspicion_bars.values()}


@pytest.mark.parametrize("name", list(bars()))
def test_every_lower_bar_is_told_where_facts_are_open(name: str) -> None:
    bar = bars()[name]
    for offence in map(standards().offences.__getitem__, bar.offences):
        version = offence.version_on(bar.valid_from + timedelta(days=365 * 10)) or offence.versions[-1]
        day = max(version.effective_from, bar.valid_from)
        elements = [node for node in version.nodes if isinstance(node, Truth)]
        gate = {node.fact: node.op is Op.is_true for node in elements}
        open_facts = judged(offence, day, gate)
        assert (open_facts.suspicion is None) is (open_facts.result is not OPEN)
        assert judged(offence, day, {}, closed_world=True).suspicion is None
        assert judged(offence, bar.valid_from - timedelta(days=1), gate).suspicion is None


@cache
def law() -> Lawbook:
    return Lawbook.load(LAW)


@pytest.mark.parametrize("name", list(law().causes.by_id))
def test_every_cause_speaks_only_on_days_of_what_was_read(name: str) -> None:
    cause = law().causes.by_id[name]
    assert cause.offences and set(cause.offences) <= standards().offences.keys()
    edges = {day for basis in cause.bases for day in (basis.valid_from, basis.valid_to) if day is not None}
    for day in {edge + timedelta(days=step) for edge in edges for step in (-1, 0, 1)}:
        speaking = [
            basis
            for basis in cause.bases
            if basis.valid_from and basis.valid_from <= day <= (basis.valid_to or date.max)
        ]
        read = any(basis.enabled and basis.grade != "memory" for basis in speaking)
        assert offences_of(cause, day) == (cause.offences if read else ())
        assert reading_of(cause, day) == (cause.offences if speaking else ())
