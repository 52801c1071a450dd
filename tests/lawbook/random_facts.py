"""Random cases around the limits of every version, always the same for a seed.

A case is a plain dict as `second_evaluator` reads it. Numbers lie at, just below and just above the limits of
the version that is aimed at and of its neighbours, sums are aimed at theirs, days lie around the borders of
versions, windows and leap days; facts are exact, bounded, unknown or absent.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from tests.lawbook.second_evaluator import HUMAN, facts_of, walk

from xianjie.lawbook.standards.judging import UNKNOWN, Act, Interval, JudgementInput, Penalty
from xianjie.lawbook.standards.values import FactValue

DAY = timedelta(days=1)
LAST = date(2027, 3, 1)  # no case lies after it
FEN = Fraction(1, 100)
SCALE = 10**6  # a generated amount has at most six decimals
Case = dict[str, Any]
Law = Mapping[str, Any]


def step_of(fact: Mapping[str, Any], limit: Fraction = Fraction(0)) -> Fraction:
    """One unit of a fact: one of what is counted, one fen (cent) of money, else one of the last decimal.

    The last decimal is that of the limit, at least the second.
    """
    if fact["type"] == "integer":
        return Fraction(1)
    if fact["type"] == "money":
        return FEN
    places = next(k for k in range(2, 12) if (limit * 10**k).denominator == 1)
    return Fraction(1, 10**places)


def shifted(on: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


class Target:
    """One version with what its cases are made of; the facts and limits of its neighbours come in as well."""

    def __init__(self, law: Law, offence: Mapping[str, Any], version: Mapping[str, Any]) -> None:
        self.law, self.offence, self.version = law, offence["id"], version
        self.versions = offence["versions"]
        place = self.versions.index(version)
        near = [v for v in self.versions[max(0, place - 1) : place + 2] if "status" not in v]
        nodes = [node for v in near for tree in v["parts"].values() for node in walk(tree)]
        self.names = sorted({name for v in near for name in v["reads"]})
        gates = [node for v in near if "gate" in v for node in walk(v["gate"])]
        self.gate = {node["fact"]: node["op"] == "is_true" for node in gates if "fact" in node}
        self.sums = [node for node in nodes if "terms" in node]
        self.human = [node["id"] for node in nodes if node.get("kind") in HUMAN]
        self.parameters = {n["value"]["param"] for n in nodes if isinstance(n.get("value"), dict)}
        overlays = [o for name in self.parameters for o in law["parameters"][name].get("overlays", [])]
        self.provinces = [None, "CN-00", *sorted(o["province"] for o in overlays)]
        self.starts = [date.fromisoformat(o["effective_from"]) for o in overlays if o.get("effective_from")]
        self.limits: dict[str, list[Fraction]] = {name: [Fraction(0)] for name in self.names}
        for node in nodes:
            for name in facts_of(node):
                if law["facts"][name]["type"] in ("integer", "decimal", "money"):
                    self.limits[name] += self._limits(node, name)
        self.rules = [v["cumulation"] for v in near if "cumulation" in v]
        self.history = [name for name in self.names if law["facts"][name].get("derived_from") == "history"]
        kinds = ("integer", "decimal", "money")
        self.numbers = [n for n in self.names if self._kind(n) in kinds and n not in self.history]

    def _kind(self, name: str) -> str:
        return str(self.law["facts"][name]["type"])

    def _limits(self, node: Mapping[str, Any], name: str) -> list[Fraction]:
        if "terms" in node:
            weights = [term["weight"] for term in node["terms"] if term["fact"] == name]
            return [node["value"] / weights[0]]
        if not isinstance(node["value"], dict):
            return [node["value"]]
        parameter, factor = self.law["parameters"][node["value"]["param"]], node["value"].get("factor", "1")
        amounts = [parameter["min"], parameter["max"], *(o["value"] for o in parameter.get("overlays", []))]
        return [Fraction(amount) * Fraction(factor) for amount in amounts]

    # ---------------------------------------------------------------- days
    def act_day(self, rng: Random) -> date:
        first, last = self.version["from"], min(self.version["to"], LAST)
        kind = rng.random()
        if kind < 0.5:
            return first + rng.randrange((last - first).days + 1) * DAY
        if kind < 0.62:
            return date(rng.choice([2004, 2008, 2012, 2016, 2020, 2024]), 2, 28) + rng.randrange(3) * DAY
        borders = [first, last, *self.starts] if kind < 0.9 else [self.versions[0]["from"]]
        return max(date(1995, 1, 1), rng.choice(borders) + rng.choice([-400, -1, -1, 0, 0, 1, 1, 30]) * DAY)

    def decision_day(self, rng: Random, act: date) -> date | None:
        kind = rng.random()
        if kind < 0.5:
            return None
        if kind < 0.7:
            return act + rng.randrange(2500) * DAY
        borders = [day for v in self.versions for day in (v["from"], min(v["to"], LAST))]
        return max(act, rng.choice(borders) + rng.choice([-1, 0, 0, 1, 200]) * DAY)

    # ---------------------------------------------------------------- values
    def number(self, rng: Random, name: str, share: Fraction = Fraction(1)) -> Fraction:
        fact, limit = self.law["facts"][name], rng.choice(self.limits[name]) * share
        step = step_of(fact, limit if (limit * SCALE).denominator == 1 else Fraction(0))
        if rng.random() < 0.15:
            limit *= rng.choice([Fraction(1, 2), Fraction(4, 5), Fraction(1, 3), Fraction(3)])
        value = (limit // step) * step + rng.choice([-2, -1, -1, 0, 0, 0, 0, 1, 1, 7]) * step
        return max(Fraction(0), value)

    def bounded(self, rng: Random, name: str) -> dict[str, Any]:
        """Bounds around a limit; an end may be missing, or be excluded."""
        ends = sorted([self.number(rng, name), self.number(rng, name)])
        low, high = (ends[0], ends[1] + step_of(self.law["facts"][name]) * rng.choice([0, 2, 5, 1000]))
        value: dict[str, Any] = {"min": low, "max": high}
        kind = rng.random()
        if kind < 0.15:
            del value["max"]
        elif kind < 0.3:
            del value["min"]
        elif low + 2 <= high:
            value["min_open"], value["max_open"] = rng.random() < 0.3, rng.random() < 0.3
        return value

    def value(self, rng: Random, name: str, truth: float) -> Any:
        kind, odds = self._kind(name), rng.random()
        if odds < 0.04:
            return None
        if kind == "enum":
            return rng.choice(self.law["facts"][name]["values"])
        if kind == "boolean":
            if name in self.gate:
                return self.gate[name] if rng.random() < 0.93 else not self.gate[name]
            return rng.random() < truth
        return self.bounded(rng, name) if odds < 0.14 else self.number(rng, name)

    def aim(self, rng: Random, facts: dict[str, Any]) -> None:
        """Sets the terms of one sum so that the whole lies at its limit, or one step beside it."""
        node = rng.choice(self.sums)
        left, *others = rng.sample(node["terms"], len(node["terms"]))
        for term in others:
            part = Fraction(rng.randrange(5), rng.choice([2, 3, 4, 5])) * node["value"] / term["weight"]
            step = step_of(self.law["facts"][term["fact"]])
            facts[term["fact"]] = min(part // step * step, node["value"] / term["weight"] // step * step)
        rest = node["value"] - sum((facts[t["fact"]] * t["weight"] for t in others), Fraction(0))
        step = step_of(self.law["facts"][left["fact"]])
        last = rest / left["weight"] // step * step + rng.choice([-1, 0, 0, 0, 1]) * step
        facts[left["fact"]] = max(Fraction(0), last)

    # ---------------------------------------------------------------- acts and penalties
    def acts(self, rng: Random, act: date) -> list[dict[str, Any]]:
        rule = rng.choice(self.rules)
        months, count = int(rule["window_months"]), rng.randrange(1, 5)
        summed = [name for name in rule["facts"] if name in self.numbers]
        edges = [shifted(act, -(months or 24)) + n * DAY for n in (-1, 0, 0, 1, 200)]
        found = []
        for number in range(count):
            on = act if number == 0 else min(act, rng.choice(edges))
            one: dict[str, Any] = {"date": None if rng.random() < 0.04 else on}
            for flag, odds in FLAGS.items():
                if rng.random() < odds:
                    one[flag] = rng.random() < 0.5 if flag == "punishable" else flag != "prosecutable"
            for name in summed:
                if rng.random() < 0.75:
                    one[name] = self._part(rng, name, count)
            if self.numbers and rng.random() < 0.1:
                name = rng.choice(self.numbers)
                one[name] = self._part(rng, name, count)
            found.append(one)
        return found

    def _part(self, rng: Random, name: str, count: int) -> Any:
        kind = rng.random()
        if kind < 0.03:
            return None
        return self.bounded(rng, name) if kind < 0.08 else self.number(rng, name, Fraction(1, count))

    def penalties(self, rng: Random, act: date) -> list[dict[str, Any]]:
        found = []
        for _ in range(rng.randrange(1, 4)):
            years = rng.choice([0, 1, 2, 2, 3, 5])
            on = shifted(act, -12 * years) + rng.choice([-1, 0, 0, 1, 1, 90]) * DAY
            kind = "criminal_penalty" if rng.random() < 0.3 else "admin_penalty"
            matter = "other" if rng.random() < 0.08 else "same"
            found.append({"kind": kind, "effective_date": on, "matter": matter})
        return found

    # ---------------------------------------------------------------- cases
    def case(self, rng: Random) -> Case:
        act, known, truth = self.act_day(rng), rng.choice([0.4, 0.8, 0.95, 1.0]), rng.choice([0.05, 0.3, 0.8])
        facts = {name: self.value(rng, name, truth) for name in self.names if rng.random() < known}
        if self.sums and rng.random() < 0.5:
            self.aim(rng, facts)
        case: Case = {
            "offence": self.offence,
            "act_date": act,
            "decision_date": self.decision_day(rng, act),
            "province": rng.choice(self.provinces),
            "closed_world": rng.random() < 0.35,
            "searched": frozenset(name for name in self.names if rng.random() < 0.1),
            "facts": facts,
            "findings": {name: rng.random() < 0.4 for name in self.human if rng.random() < 0.35},
        }
        if self.rules and rng.random() < 0.4:
            case["acts"] = self.acts(rng, act)
        if self.history and rng.random() < 0.6:
            case["history"] = self.penalties(rng, act)
            for name in self.history:
                if rng.random() < 0.7:
                    facts.pop(name, None)
        return case


# How often an act carries a flag of its own.
FLAGS = {"treated": 0.12, "prosecutable": 0.12, "prosecutable_crime": 0.1, "punishable": 0.08}


def targets(law: Law) -> Iterator[Target]:
    """Every version of every offence."""
    for offence in law["offences"].values():
        for version in offence["versions"]:
            yield Target(law, offence, version)


def random_cases(target: Target, number: int, *, seed: int) -> Iterator[Case]:
    """So many cases around one version, always the same for a seed."""
    rng = Random(f"{seed} {target.version['id']}")
    for _ in range(number):
        yield target.case(rng)


# -------------------------------------------------------------------- the same case for the product
def amount(value: Fraction, kind: str) -> int | Decimal:
    if kind == "integer":
        return int(value)
    return Decimal(int(value * SCALE)).scaleb(-6)


def fact_value(value: Any, kind: str) -> FactValue:
    if value is None:
        return UNKNOWN
    if isinstance(value, Fraction):
        return amount(value, kind)
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    low, high = (None if value.get(end) is None else amount(value[end], kind) for end in ("min", "max"))
    return Interval(low, high, value.get("min_open", False), value.get("max_open", False))


def product_input(law: Law, case: Case) -> JudgementInput:
    """The case as the product takes it."""
    kinds: Mapping[str, Any] = law["facts"]

    def taken(values: Mapping[str, Any], skip: Sequence[str] = ()) -> dict[str, FactValue]:
        return {n: fact_value(v, kinds[n]["type"]) for n, v in values.items() if n not in skip}

    acts = tuple(
        Act(act["date"], taken(act, ("date", *FLAGS)), **{flag: act[flag] for flag in FLAGS if flag in act})
        for act in case.get("acts", [])
    )
    history = case.get("history", [])
    return JudgementInput(
        offence=case["offence"],
        act_day=case["act_date"],
        decision_day=case["decision_date"] or case["act_date"],
        facts=taken(case["facts"]),
        province=case["province"],
        acts=acts,
        history=tuple(Penalty(p["kind"], p["effective_date"], p["matter"]) for p in history),
        findings=case["findings"],
        searched=case["searched"],
        closed_world=case["closed_world"],
    )
