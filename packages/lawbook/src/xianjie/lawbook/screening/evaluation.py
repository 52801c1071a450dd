"""Formulas over one batch of records: every formula becomes a column of true, false or unknown.

Polars' "and" and "or" of nullable boolean columns are those of Kleene, on packed bits. Operators, indexing,
`filter` and `zip_with` of a column work at once; most other methods go through the query engine, which takes
longer than their work on a batch, so they are kept out of what is done for every formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import TypeAlias

import polars as pl

from xianjie.lawbook.screening.formulas import Formula, Kind, Placed, Threshold

# Which rows: all, none, or those of a column without unknowns.
Mask: TypeAlias = bool | pl.Series

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class Records:
    """The columns that formulas read; only rows without faults, only values that fit their scale.

    Attributes:
        facts: by name; Boolean for booleans, String for enums, Int64 for all numbers and days (scaled).
        province: ISO 3166-2 codes; None when the file has no such column.
        act: day of the act as a Date column, or the one day that is tried for all rows.
        decision: day for which the question is asked, a Date column without unknowns.
    """

    height: int
    facts: Mapping[str, pl.Series]
    province: pl.Series | None
    act: pl.Series | date
    decision: pl.Series


@dataclass(slots=True)
class Evaluator:
    """Evaluates formulas over records; what several formulas share is computed once.

    Combinations are kept only until `forget`, comparisons as long as the evaluator.
    """

    records: Records
    unknown: pl.Series = field(init=False)
    places: pl.Series = field(init=False)
    _atoms: dict[Formula, pl.Series] = field(default_factory=dict)
    _combined: dict[Formula, pl.Series] = field(default_factory=dict)
    _sums: dict[tuple[tuple[str, int], ...], pl.Series] = field(default_factory=dict)
    _since: dict[tuple[bool, date], Mask] = field(default_factory=dict)
    _provinces: dict[str, pl.Series] = field(default_factory=dict)
    _latest: pl.Series | None = None

    def __post_init__(self) -> None:
        self.unknown = pl.Series([None], dtype=pl.Boolean).new_from_index(0, self.records.height)
        self.places = pl.int_range(self.records.height, dtype=pl.UInt32, eager=True)

    def on(self, day: date) -> Evaluator:
        """Return an evaluator of the same records for an act on one day; it shares what no day changes."""
        records = self.records
        tried = Records(records.height, records.facts, records.province, day, records.decision)
        fixed = {atom: column for atom, column in self._atoms.items() if not _placed(atom)}
        return Evaluator(tried, _atoms=fixed, _sums=self._sums, _provinces=self._provinces)

    def forget(self) -> None:
        """Let go of all combinations, so that memory does not grow with the number of offences."""
        self._combined.clear()

    def column(self, formula: Formula) -> pl.Series:
        """Return the value of the formula for each row."""
        if formula.kind is Kind.known:
            return self.constant(formula.detail)
        if not formula.parts:
            found = self._atoms.get(formula)
            if found is None:
                found = self._atoms[formula] = self._atom(formula)
            return found
        found = self._combined.get(formula)
        if found is None:
            found = self._combined[formula] = self._combination(formula)
        return found

    def constant(self, value: bool | None) -> pl.Series:
        """Return a column with one value."""
        if value is None:
            return self.unknown
        return pl.Series([value], dtype=pl.Boolean).new_from_index(0, self.records.height)

    def act_between(self, since: date | None, until: date | None) -> Mask:
        """Return the rows whose act lies on or after `since` and before `until`; None is open."""
        return between(self._reached(False, since), self._reached(False, until))

    def latest_between(self, since: date | None, until: date | None) -> Mask:
        """Return the same for the decision, or for the act where that is later."""
        return between(self._reached(True, since), self._reached(True, until))

    def _reached(self, latest: bool, day: date | None) -> Mask | None:
        if day is None:
            return None
        found = self._since.get((latest, day))
        if found is None:
            column = self._latest_day() if latest else self.records.act
            found = column >= day
            self._since[latest, day] = found
        return found

    def _latest_day(self) -> pl.Series:
        if self._latest is None:
            act, decision = self.records.act, self.records.decision
            # A day that is tried for all rows is only looked at for decisions that do not lie before it.
            self._latest = decision.zip_with(decision >= act, act) if isinstance(act, pl.Series) else decision
        return self._latest

    def _combination(self, formula: Formula) -> pl.Series:
        if formula.kind is Kind.negation:
            return ~self.column(formula.parts[0])
        return reduce(
            and_ if formula.kind is Kind.all_of else or_, (self.column(part) for part in formula.parts)
        )

    def _atom(self, formula: Formula) -> pl.Series:
        facts = self.records.facts
        if formula.kind is Kind.holds:
            return facts[str(formula.detail)]
        if formula.kind is Kind.among:
            name, values = formula.detail
            equal: list[pl.Series] = [facts[name] == value for value in sorted(values)]
            return reduce(or_, equal)
        return self._threshold(formula.detail)

    def _threshold(self, threshold: Threshold) -> pl.Series:
        total = self._sum(threshold.terms)
        found = self._reaches(total, threshold.least, threshold.most)
        for placed in threshold.placed:
            there = self._there(placed)
            if there is True:
                found = self._reaches(total, placed.least, placed.most)
            elif there is not False:
                found = self._reaches(total, placed.least, placed.most).zip_with(there, found)
        return found

    def _reaches(self, total: pl.Series, least: int, most: int) -> pl.Series:
        reached = total >= most
        return reached if least == most else reached | ((total >= least) & self.unknown)

    def _there(self, placed: Placed) -> Mask:
        if self.records.province is None:
            return False
        rows = self._provinces.get(placed.province)
        if rows is None:
            rows = self._provinces[placed.province] = self.records.province.eq_missing(placed.province)
        return both(rows, self.act_between(placed.since, placed.until))

    def _sum(self, terms: tuple[tuple[str, int], ...]) -> pl.Series:
        if len(terms) == 1 and terms[0][1] == 1:
            return self.records.facts[terms[0][0]]
        found = self._sums.get(terms)
        if found is None:
            found = self._sums[terms] = reduce(
                lambda one, other: one + other, (self.records.facts[name] * weight for name, weight in terms)
            )
        return found


def _placed(atom: Formula) -> bool:
    return atom.kind is Kind.reaches and bool(atom.detail.placed)


def is_open(column: pl.Series) -> pl.Series:
    """Return whether a column is not false: true, or unknown."""
    return column.zip_with(column | ~column, _same(True, column, pl.Boolean))


def numbered(column: pl.Series, dtype: type[pl.DataType], *, met: int, unknown: int) -> pl.Series:
    """Return 0 for false, and a number each for true and for unknown."""
    numbers = column.cast(dtype)
    if met != 1:
        numbers = numbers * met
    return numbers.zip_with(column | ~column, _same(unknown, column, dtype))


def _same(value: object, column: pl.Series, dtype: type[pl.DataType]) -> pl.Series:
    return pl.Series([value], dtype=dtype).new_from_index(0, len(column))


def both(one: Mask, other: Mask) -> Mask:
    """Return the rows that are in both."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return one & other


def either(one: Mask, other: Mask) -> Mask:
    """Return the rows that are in one of them."""
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return one | other


def between(since: Mask | None, until: Mask | None) -> Mask:
    """Return the rows that have reached `since` and not `until`; None is open."""
    begun: Mask = True if since is None else since
    if until is None:
        return begun
    return both(begun, (not until) if isinstance(until, bool) else ~until)


def chosen(there: Mask, value: pl.Series, otherwise: pl.Series) -> pl.Series:
    """Return the value in the rows of the mask and the other one elsewhere."""
    if isinstance(there, bool):
        return value if there else otherwise
    return value.zip_with(there, otherwise)
