"""Three-valued formulas over columns, each different one kept once.

A formula is a Kleene expression: true, false or unknown for each row. Comparisons are of one form only,
"a weighted sum of scaled integers reaches a whole number", because every comparison of exact numbers can
be written so: x > 5 in fen is x >= 501.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any


class Kind(Enum):
    """The kinds of formulas."""

    known = "known"  # detail: True, False or None (unknown)
    holds = "holds"  # detail: name of a boolean fact
    among = "among"  # detail: (name of an enum fact, values)
    reaches = "reaches"  # detail: Threshold
    negation = "negation"
    all_of = "all_of"
    any_of = "any_of"


@dataclass(frozen=True, slots=True)
class Placed:
    """The whole numbers that apply in one province on some days of the act; `until` is excluded."""

    province: str
    since: date | None
    until: date | None
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """The sum of the terms reaches a whole number; between `least` and `most` the answer is unknown.

    Attributes:
        terms: (fact, weight): every fact is a column of scaled integers, see `scales`.
        least, most: equal where the number is known; ends of the national range where it is not.
        placed: the provinces that have set their own number.
    """

    terms: tuple[tuple[str, int], ...]
    least: int
    most: int
    placed: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """One formula; two formulas of one table are the same object when they say the same."""

    kind: Kind
    detail: Any = None
    parts: tuple[Formula, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it has the same value for every row."""
        return self.kind is Kind.known

    def atoms(self) -> Iterator[Formula]:
        """Yield the formulas below that read columns, with repetitions."""
        if self.parts:
            for part in self.parts:
                yield from part.atoms()
        elif not self.is_known:
            yield self


@dataclass(slots=True)
class Formulas:
    """The table that keeps every formula once and simplifies while it builds."""

    _kept: dict[tuple[Kind, Any, tuple[Formula, ...]], Formula] = field(default_factory=dict)

    def kept(self, kind: Kind, detail: Any = None, parts: tuple[Formula, ...] = ()) -> Formula:
        """Return the one formula that says this."""
        key = (kind, detail, parts)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = Formula(kind, detail, parts)
        return found

    def known(self, value: bool | None) -> Formula:
        """Return the formula with this value for every row."""
        return self.kept(Kind.known, value)

    def negation(self, part: Formula) -> Formula:
        """Return "not"."""
        if part.is_known:
            return self.known(None if part.detail is None else not part.detail)
        if part.kind is Kind.negation:
            return part.parts[0]
        return self.kept(Kind.negation, None, (part,))

    def all_of(self, parts: Iterable[Formula]) -> Formula:
        """Return "and"; true of nothing."""
        return self._group(Kind.all_of, parts, neutral=True)

    def any_of(self, parts: Iterable[Formula]) -> Formula:
        """Return "or"; false of nothing."""
        return self._group(Kind.any_of, parts, neutral=False)

    def at_least(self, needed: int, parts: tuple[Formula, ...]) -> Formula:
        """Return "at least so many": the first one and one less of the others, or so many of the others.

        It only says "and" and "or", so that what is certain and what is possible come out as when counted.
        """
        if needed <= 0 or needed > len(parts):
            return self.known(needed <= 0)
        with_first = self.all_of((parts[0], self.at_least(needed - 1, parts[1:])))
        return self.any_of((with_first, self.at_least(needed, parts[1:])))

    def _group(self, kind: Kind, parts: Iterable[Formula], *, neutral: bool) -> Formula:
        flat: dict[Formula, None] = {}
        for part in parts:
            for each in part.parts if part.kind is kind else (part,):
                if each.is_known and each.detail is (not neutral):
                    return each
                if not (each.is_known and each.detail is neutral):
                    flat[each] = None
        if not flat:
            return self.known(neutral)
        if len(flat) == 1:
            return next(iter(flat))
        return self.kept(kind, None, tuple(flat))
