"""Exact numbers as integers of a fixed scale: money in fen, counts as they are, measures in millionths.

What does not fit (finer than the scale, or so large that a weighted sum could overflow 64 bits) is left to
the evaluator of single cases, which knows no such bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from xianjie.lawbook.standards.catalogue import Fact, FactType
from xianjie.lawbook.standards.values import EXACT, FactValue, yuan_of_fen

LARGEST = 2**63 - 1
_DIGITS = {FactType.money: 2, FactType.integer: 0, FactType.decimal: 6, FactType.date: 0}
LARGEST_CELL = 10**17


def digits(fact: Fact) -> int:
    """Return the decimal places that the column of a fact keeps."""
    return _DIGITS[fact.type]


def original(fact: Fact, scaled: int) -> FactValue:
    """Return the value that the evaluator of single cases takes for a scaled integer."""
    if fact.type is FactType.money:
        return yuan_of_fen(scaled)
    if fact.type is FactType.decimal:
        return EXACT.scaleb(Decimal(scaled), -digits(fact))
    return date.fromordinal(scaled) if fact.type is FactType.date else scaled


def weighed(terms: Iterable[tuple[Fact, Fraction]]) -> tuple[tuple[tuple[str, int], ...], int]:
    """Return whole weights for scaled columns, and what a limit has to be multiplied with.

    The sum of `weight * scaled value` is the exact sum times the multiplier.
    """
    per_unit = [(fact, weight / 10 ** digits(fact)) for fact, weight in terms]
    multiplier = lcm(*(weight.denominator for _, weight in per_unit))
    return tuple((fact.name, int(weight * multiplier)) for fact, weight in per_unit), multiplier


def safe_bounds(sums: Iterable[tuple[tuple[str, int], ...]]) -> Mapping[str, int]:
    """Return the largest scaled value of each fact for which no sum leaves 64 bits."""
    bounds: dict[str, int] = {}
    for terms in sums:
        for name, weight in terms:
            most = min(LARGEST // (len(terms) * weight), LARGEST_CELL)
            bounds[name] = min(bounds.get(name, most), most)
    return bounds
