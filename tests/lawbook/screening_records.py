"""Random records for the tests of screening: as cells of a file, and as one case to be judged."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import polars as pl
from tests.lawbook.standards_law import standards

from xianjie.lawbook.screening.batches import ROW
from xianjie.lawbook.standards.catalogue import Fact, FactType, Standards
from xianjie.lawbook.standards.judging import JudgementInput
from xianjie.lawbook.standards.nodes import Comparison, Total
from xianjie.lawbook.standards.values import FactValue

PROVINCES = (None, "CN-51", "CN-21", "CN-11", "CN-50", "CN-41", "CN-34")
_STEP = {FactType.money: Decimal("0.01"), FactType.integer: Decimal(1), FactType.decimal: Decimal("0.000001")}
_WORDS = {True: "是", False: "否"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One random record."""

    facts: Mapping[str, FactValue]
    act: date | None
    decision: date
    province: str | None
    cause: str | None = None

    def given(self, offence: str) -> JudgementInput:
        """The record as the judgement of one case takes it."""
        return JudgementInput(
            offence=offence,
            act_day=self.act,
            decision_day=self.decision,
            facts=self.facts,
            province=self.province,
        )


@cache
def limits(law: Standards | None = None) -> Mapping[str, Sequence[Decimal]]:
    """Numbers near which the result of some condition changes, by fact."""
    found: dict[str, list[Decimal]] = {}
    for offence in (law or standards()).offences.values():
        for version in offence.versions:
            for node in version.nodes:
                if isinstance(node, Comparison):
                    ends = node.limit.range(None, date.min)
                    places = node.limit.parameter.overlays if node.limit.parameter else ()
                    found.setdefault(node.fact, []).extend(
                        Decimal(end) for end in (*ends, *(place.value for place in places))
                    )
                elif isinstance(node, Total):
                    for name, (_, weight) in zip(node.facts, node.terms, strict=True):
                        share = Decimal(weight.denominator) / weight.numerator
                        number = node.limit.number or 1
                        found.setdefault(name, []).append(share * Decimal(str(number)) / len(node.terms))
    return found


def value(rng: random.Random, fact: Fact) -> FactValue:
    """A value at a limit, one step below or above it, or somewhere."""
    if fact.type is FactType.boolean:
        return rng.random() < 0.75
    if fact.type is FactType.enum:
        return rng.choice(fact.values)
    step = _STEP[fact.type]
    near = rng.choice(limits().get(fact.name) or [Decimal(1)]).quantize(step)
    number = max(Decimal(0), near + rng.choice((-step, 0, step, 0, 10 * step)))
    return int(number) if fact.type is FactType.integer else number


def record(rng: random.Random, facts: Sequence[Fact], *, known: float) -> Drawn:
    """A record in which a part of the facts is known, with days near a change of the law."""
    values = {fact.name: value(rng, fact) for fact in facts if rng.random() < known}
    act = None if rng.random() < 0.25 else _day(rng)
    if act is None or rng.random() < 0.15:
        decision = _day(rng)
    else:
        decision = act + timedelta(days=rng.choice((0, 30, 400, 3000)))
    return Drawn(values, act, decision, rng.choice(PROVINCES))


@cache
def _changes() -> Sequence[date]:
    versions = [version for offence in standards().offences.values() for version in offence.versions]
    overlays = [overlay for parameter in standards().parameters.values() for overlay in parameter.overlays]
    ends = [version.effective_to for version in versions if version.effective_to is not None]
    begun = [overlay.effective_from for overlay in overlays if overlay.effective_from is not None]
    return sorted({*(version.effective_from for version in versions), *ends, *begun})


def _day(rng: random.Random) -> date:
    return rng.choice(_changes()) + timedelta(days=rng.choice((-1, 0, 1, rng.randrange(-400, 400))))


def headers(facts: Sequence[Fact]) -> list[str]:
    """The header row for some facts, half of them by label where labels differ."""
    apart = len({fact.label_zh for fact in facts}) == len(facts) > 1
    named = [fact.label_zh if apart and place % 2 else fact.name for place, fact in enumerate(facts)]
    return ["记录编号", "案由", "行为日期", "决定日期", "省份", *named]


def cells(drawn: Sequence[Drawn], facts: Sequence[Fact], *, first: int = 2) -> pl.DataFrame:
    """The records as a raw batch."""
    rows = [
        [
            f"R{number}",
            each.cause,
            None if each.act is None else each.act.isoformat(),
            each.decision.isoformat(),
            each.province,
            *(_cell(each.facts.get(fact.name)) for fact in facts),
        ]
        for number, each in enumerate(drawn, first)
    ]
    columns = [
        pl.Series(str(place), column, dtype=pl.String) for place, column in enumerate(zip(*rows, strict=True))
    ]
    return pl.DataFrame([*columns, pl.Series(ROW, range(first, first + len(drawn)), dtype=pl.Int64)])


def _cell(known: FactValue | None) -> str | None:
    if known is None:
        return None
    if isinstance(known, bool):
        return _WORDS[known]
    return format(known, "f") if isinstance(known, Decimal) else str(known)
