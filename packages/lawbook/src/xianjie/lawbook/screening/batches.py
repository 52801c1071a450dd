"""From the raw cells of one batch to columns that formulas read; faults are named, row by row.

A row with a fault is refused as a whole: half a record could look as if it were below a limit. A row whose
numbers do not fit the columns (see `scales`) is set apart for the evaluator of single cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from xianjie.lawbook.screening import cells
from xianjie.lawbook.screening.columns import Column, Layout, Role
from xianjie.lawbook.screening.evaluation import EPOCH, Records
from xianjie.lawbook.screening.provinces import province
from xianjie.lawbook.screening.reading import Faults, days, nothing, numbers, parsed, places, truths
from xianjie.lawbook.screening.scales import LARGEST_CELL, original
from xianjie.lawbook.standards.catalogue import Fact, FactType
from xianjie.lawbook.standards.values import FactValue

ROW = "row"  # the column of a raw batch that holds the row of the file, counted with the header from 1
_CARRIED = (Role.record, Role.organ, Role.cause, Role.act_day, Role.decision_day, Role.province, Role.text)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell for which its record is refused; `column` empty where the whole row is meant."""

    row: int
    record: str | None
    column: str
    cell: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are evaluated together.

    Attributes:
        carried: what the worklist repeats of each record, with the row of the file, by role or header.
        by_day: whether the day of the act is known; without it every possible day is tried.
    """

    records: Records
    carried: pl.DataFrame
    by_day: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """A record with numbers that do not fit the columns.

    Attributes:
        carried: one row, as in `Group`.
    """

    facts: Mapping[str, FactValue]
    act: date | None
    decision: date
    province: str | None
    carried: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it was read; every row is in exactly one of the three."""

    groups: tuple[Group, ...]
    apart: tuple[Apart, ...]
    refusals: tuple[Refusal, ...]
    refused: int


@dataclass(frozen=True, slots=True)
class BatchReader:
    """Reads raw batches of one file.

    Attributes:
        bounds: largest scaled value of each fact that its column may hold, see `scales.safe_bounds`.
        default_day: day of decision for records that state none; None: they are refused.
    """

    layout: Layout
    bounds: Mapping[str, int]
    default_day: date | None

    def read(self, raw: pl.DataFrame) -> Batch:
        """Read a batch.

        Args:
            raw: one column for each column of the file, named by its place ("0", "1", ...), of text (or of
                booleans, whole numbers and days where the file has such), and the column `row`.
        """
        faults = Faults()
        facts = {
            column.fact.name: self._fact(raw[str(column.place)], column, column.fact, faults)
            for column in self.layout.facts
            if column.fact is not None
        }
        act, decision = self._day(raw, Role.act_day, faults), self._decision(raw, faults)
        where = self._province(raw, faults)
        read = _Read(facts, act, decision, where, self._carried(raw, act, decision, where))
        sound = _rest(raw.height, {*faults.found, *faults.odd})
        apart = sorted(place for place in faults.odd if place not in faults.found)
        return Batch(
            groups=tuple(read.groups(sound)),
            apart=tuple(read.apart(place, faults.odd[place], self.layout) for place in apart),
            refusals=tuple(self._refusals(faults, read.carried)),
            refused=len(faults.found),
        )

    def _refusals(self, faults: Faults, carried: pl.DataFrame) -> Iterator[Refusal]:
        rows, ids = carried[ROW], carried[Role.record]
        for place in sorted(faults.found):
            for column, cell, fault in faults.found[place]:
                yield Refusal(rows[place], ids[place], column.header, cell, fault.zh, fault.en)

    def _carried(
        self, raw: pl.DataFrame, act: pl.Series, decision: pl.Series, where: pl.Series
    ) -> pl.DataFrame:
        known = {Role.act_day: act, Role.decision_day: decision, Role.province: where}
        columns = [raw[ROW]]
        for role in _CARRIED:
            column = self.layout.of(role)
            if role in known:
                columns.append(known[role].alias(role))
            elif column is None:
                columns.append(nothing(raw.height, pl.String).alias(role))
            else:
                columns.append(raw[str(column.place)].cast(pl.String).alias(role))
        kept = [raw[str(column.place)].cast(pl.String) for column in self.layout.kept]
        return pl.DataFrame([*columns, *kept])

    def _fact(self, raw: pl.Series, column: Column, fact: Fact, faults: Faults) -> pl.Series:
        if fact.type is FactType.boolean:
            return truths(raw, column, faults)
        if fact.type is FactType.enum:
            return parsed(raw, column, lambda text: cells.one_of(text, fact), pl.String, faults)
        if fact.type is FactType.date:
            return days(raw, column, faults).to_physical().cast(pl.Int64) + EPOCH
        return numbers(raw, column, fact, self.bounds.get(fact.name, LARGEST_CELL), faults)

    def _day(self, raw: pl.DataFrame, role: Role, faults: Faults) -> pl.Series:
        column = self.layout.of(role)
        if column is None:
            return nothing(raw.height, pl.Date)
        return days(raw[str(column.place)], column, faults)

    def _decision(self, raw: pl.DataFrame, faults: Faults) -> pl.Series:
        known = self._day(raw, Role.decision_day, faults)
        if self.default_day is not None:
            return known.fill_null(self.default_day)
        column = self.layout.of(Role.decision_day) or Column(-1, "决定日期")
        for place in places(known.is_null()):
            if not any(of is column for of, _, _ in faults.found.get(place, ())):
                fault = cells.CellFault(
                    "没有决定日期；请补填，或者用 --on 指定以哪一日为准",
                    "no day of decision; enter it, or say with --on which day counts",
                )
                faults.found.setdefault(place, []).append((column, "", fault))
        return known

    def _province(self, raw: pl.DataFrame, faults: Faults) -> pl.Series:
        column = self.layout.of(Role.province)
        if column is None:
            return nothing(raw.height, pl.String)
        return parsed(raw[str(column.place)], column, province, pl.String, faults)


def _rest(height: int, without: set[int]) -> pl.Series | None:
    """Return the places that are left, None for all of them."""
    if not without:
        return None
    return pl.Series([place for place in range(height) if place not in without], dtype=pl.UInt32)


@dataclass(frozen=True, slots=True)
class _Read:
    """All rows of a batch after reading, sound or not."""

    facts: Mapping[str, pl.Series]
    act: pl.Series
    decision: pl.Series
    province: pl.Series
    carried: pl.DataFrame

    def groups(self, sound: pl.Series | None) -> Iterator[Group]:
        """Yield the records with a day of the act and those without one; None: all rows are sound."""
        height = self.carried.height
        among = pl.int_range(height, dtype=pl.UInt32, eager=True) if sound is None else sound
        dated = self.act.gather(among).is_not_null()
        for by_day in (True, False):
            chosen = among.filter(dated if by_day else ~dated)
            if len(chosen) == height:
                yield Group(self._records(height, self.act, self.decision), self.carried, by_day)
            elif len(chosen):
                act, decision = self.act.gather(chosen), self.decision.gather(chosen)
                yield Group(self._records(len(chosen), act, decision, chosen), self.carried[chosen], by_day)

    def _records(
        self, height: int, act: pl.Series, decision: pl.Series, chosen: pl.Series | None = None
    ) -> Records:
        facts, where = self.facts, self.province
        if chosen is not None:
            facts = {name: column.gather(chosen) for name, column in facts.items()}
            where = where.gather(chosen)
        return Records(height, facts, where, act, decision)

    def apart(self, place: int, odd: Mapping[str, Decimal], layout: Layout) -> Apart:
        """Return a row whose numbers do not fit the columns."""
        values: dict[str, FactValue] = {}
        for column in layout.facts:
            assert column.fact is not None
            name = column.fact.name
            if name in odd:
                values[name] = int(odd[name]) if column.fact.type is FactType.integer else odd[name]
            elif self.facts[name][place] is not None:
                values[name] = value_of(column.fact, self.facts[name][place])
        act, decision, where = self.act[place], self.decision[place], self.province[place]
        return Apart(values, act, decision, where, self.carried[[place]])


def value_of(fact: Fact, cell: bool | int | str) -> FactValue:
    """Return what the evaluator of single cases takes for a value of a column."""
    return original(fact, cell) if type(cell) is int else cell
