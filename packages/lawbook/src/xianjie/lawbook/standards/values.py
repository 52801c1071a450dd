"""Facts as they can be known: exactly, within bounds, or not at all; and what follows from that.

Results are three-valued (Kleene). While a tree of conditions is evaluated, a result is carried as four
bits, so that "and", "or" and "at least n" are plain integer operations on two readings at once:

    bit 0  certainly met, full reading (discretionary nodes count as unknown until a finding exists)
    bit 1  possibly met, full reading
    bits 2 and 3  the same for the enumerated reading (discretionary nodes count as not met)
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any, TypeAlias


class Result(StrEnum):
    """What can be said about a condition or a standard."""

    met = "met"
    not_met = "not_met"
    insufficient = "insufficient"


class Unknown(Enum):
    """A fact that was named and is not known."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

Number: TypeAlias = int | Decimal
Ordered: TypeAlias = int | Decimal | Fraction | date

# Sums and products of amounts are exact or fail; the ambient decimal context never rounds the law.
EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])


@dataclass(frozen=True, slots=True)
class Interval:
    """A value known only within bounds.

    Attributes:
        min: lower bound; None when there is none.
        max: upper bound; None when there is none.
        min_open: the lower bound itself is excluded (超过).
        max_open: the upper bound itself is excluded (不满).

    Raises:
        ValueError: no value lies between the bounds, or a bound is no finite exact number or day.
    """

    min: Ordered | None
    max: Ordered | None
    min_open: bool = False
    max_open: bool = False

    def __post_init__(self) -> None:
        for bound in (self.min, self.max):
            if bound is not None and not is_ordered(bound):
                raise ValueError(f"a bound must be an exact finite number or a day, not {bound!r}")
        if self.min is None or self.max is None:
            return
        if type(self.min) is not type(self.max) and date in (type(self.min), type(self.max)):
            raise ValueError("both bounds must be numbers, or both days")
        if self.min > self.max or (self.min == self.max and (self.min_open or self.max_open)):  # type: ignore[operator]
            raise ValueError(f"no value lies between {self.min} and {self.max}")

    def of_integers(self) -> Interval:
        """Return the bounds of the whole numbers inside; both ends belong to it.

        Raises:
            ValueError: there is no whole number between the bounds, or the bounds are days.
        """
        low, high = self.min, self.max
        if isinstance(low, date) or isinstance(high, date):
            raise ValueError("bounds of a count cannot be days")
        if low is not None:
            floor = Fraction(low).__floor__()
            low = floor if floor == low and not self.min_open else floor + 1
        if high is not None:
            ceiling = Fraction(high).__ceil__()
            high = ceiling if ceiling == high and not self.max_open else ceiling - 1
        return Interval(low, high)


FactValue: TypeAlias = bool | int | Decimal | date | str | Interval | Unknown


def is_ordered(value: object) -> bool:
    """Whether the value is an int, a finite Decimal, a Fraction or a civil day (bool and float are not)."""
    return type(value) in (int, date, Fraction) or (type(value) is Decimal and value.is_finite())


def yuan_of_fen(fen: int) -> Decimal:
    """Return an amount in yuan (or dollars) for an amount in fen (or cents), exactly."""
    return EXACT.divide(Decimal(fen), Decimal(100))


def exact_sum(left: Number, right: Number) -> Number:
    """Return the sum without rounding; an int when both are."""
    if type(left) is int and type(right) is int:
        return left + right
    return EXACT.add(Decimal(left), Decimal(right))


def times(amount: Number, factor: Number) -> Number:
    """Return the product without rounding; an int when both are."""
    if type(amount) is int and type(factor) is int:
        return amount * factor
    return EXACT.multiply(Decimal(amount), Decimal(factor))


Bits: TypeAlias = int
NOT_MET: Bits = 0b0000
OPEN: Bits = 0b1010
MET: Bits = 0b1111
OPEN_TO_HUMAN: Bits = 0b0010  # open in the full reading, not met in the enumerated one
MET_BY_HUMAN: Bits = 0b0011  # met in the full reading, not met in the enumerated one

FULL: tuple[Result, ...] = tuple(
    Result.met if bits & 1 else Result.insufficient if bits & 2 else Result.not_met for bits in range(16)
)
ENUMERATED: tuple[Result, ...] = tuple(FULL[bits >> 2] for bits in range(16))
# How far a result goes against the suspect: in full first, then on the enumerated limbs.
_WEIGHT = {Result.not_met: 0, Result.insufficient: 1, Result.met: 2}
WEIGHT: tuple[int, ...] = tuple(
    3 * _WEIGHT[full] + _WEIGHT[listed] for full, listed in zip(FULL, ENUMERATED, strict=True)
)
# "not": certainly becomes "not possibly", possibly becomes "not certainly", in both readings.
NEGATED: tuple[Bits, ...] = tuple(
    ((bits >> 1 & 0b0101) | (bits << 1 & 0b1010)) ^ 0b1111 for bits in range(16)
)


def at_least(needed: int, parts: list[Bits]) -> Bits:
    """Return whether at least `needed` of the parts are met, in both readings."""
    bits = 0
    for bit in (1, 2, 4, 8):
        if sum(1 for part in parts if part & bit) >= needed:
            bits |= bit
    return bits


class Op(StrEnum):
    """The operators of a predicate; sums take the first five."""

    at_least = ">="
    more_than = ">"
    at_most = "<="
    less_than = "<"
    equal = "=="
    among = "in"
    is_true = "is_true"
    is_false = "is_false"


def _reaches(value: Interval, least: Any, most: Any) -> Bits:
    low: Any = value.min
    high: Any = value.max
    if low is not None and low >= most:
        return MET
    if high is not None and (high < least or (high == least and value.max_open)):
        return NOT_MET
    return OPEN


def _exceeds(value: Interval, least: Any, most: Any) -> Bits:
    low: Any = value.min
    high: Any = value.max
    if low is not None and (low > most or (low == most and value.min_open)):
        return MET
    if high is not None and high <= least:
        return NOT_MET
    return OPEN


# Whether every value inside the interval passes against every limit between least and most, none, or some.
# 以上 includes the number itself, 不满 excludes it (Criminal Law art. 99).
WITHIN_BOUNDS: Mapping[Op, Callable[[Interval, Any, Any], Bits]] = {
    Op.at_least: _reaches,
    Op.more_than: _exceeds,
    Op.at_most: lambda value, least, most: NEGATED[_exceeds(value, least, most)],
    Op.less_than: lambda value, least, most: NEGATED[_reaches(value, least, most)],
    Op.equal: lambda value, least, most: _reaches(value, least, most) & NEGATED[_exceeds(value, least, most)],
}

EXACTLY: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.at_least: operator.ge,
    Op.more_than: operator.gt,
    Op.at_most: operator.le,
    Op.less_than: operator.lt,
    Op.equal: operator.eq,
}
