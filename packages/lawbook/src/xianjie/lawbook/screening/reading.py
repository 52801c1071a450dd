"""Columns of text to columns of values: the usual forms at once, all others one by one, none by guessing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from xianjie.lawbook.screening import cells
from xianjie.lawbook.screening.columns import Column
from xianjie.lawbook.screening.scales import digits
from xianjie.lawbook.standards.catalogue import Fact
from xianjie.lawbook.standards.values import EXACT

_DIGITS_OF_CELL = 17  # so many decimal digits surely fit 64 bits


@dataclass(slots=True)
class Faults:
    """What is wrong with the cells of a batch, by place in the batch.

    Attributes:
        found: column, cell and fault.
        odd: numbers that are right but do not fit the columns, by name of the fact.
    """

    found: dict[int, list[tuple[Column, str, cells.CellFault]]] = field(default_factory=dict)
    odd: dict[int, dict[str, Decimal]] = field(default_factory=dict)


def nothing(height: int, dtype: Any) -> pl.Series:
    """Return a column without any value."""
    return pl.repeat(None, height, dtype=dtype, eager=True)


def places(mask: pl.Series) -> list[int]:
    """Return the places where the mask is true."""
    return pl.int_range(len(mask), eager=True).filter(mask).to_list()


def parsed(
    raw: pl.Series, column: Column, parse: Callable[[str], Any], dtype: Any, faults: Faults
) -> pl.Series:
    """Return what a function says of each different text; unknown where the cell says so."""
    texts = raw if raw.dtype == pl.String else raw.cast(pl.String)
    read: dict[str, Any] = {}
    wrong: dict[str, cells.CellFault] = {}
    for text in texts.unique().drop_nulls():
        if not cells.is_unknown(text):
            try:
                read[text] = parse(text)
            except cells.CellFault as fault:
                wrong[text] = fault
    if wrong:
        for place in places(texts.is_in(list(wrong)).fill_null(False)):
            faults.found.setdefault(place, []).append((column, texts[place], wrong[texts[place]]))
    if not read:
        return nothing(len(texts), dtype)
    return texts.replace_strict(list(read), list(read.values()), default=None, return_dtype=dtype)


def truths(raw: pl.Series, column: Column, faults: Faults) -> pl.Series:
    """Return a column of yes and no."""
    if raw.dtype == pl.Boolean:
        return raw
    texts = raw if raw.dtype == pl.String else raw.cast(pl.String)
    yes, no = (texts == "是").fill_null(False), (texts == "否").fill_null(False)
    found = yes.zip_with(yes | no, nothing(len(texts), pl.Boolean))
    rest = _rest(texts, yes | no)
    return found if rest is None else _first(found, parsed(rest, column, cells.truth, pl.Boolean, faults))


def days(raw: pl.Series, column: Column, faults: Faults) -> pl.Series:
    """Return a column of days."""
    if raw.dtype == pl.Date:
        found = raw
    elif isinstance(raw.dtype, pl.Datetime):
        found = raw.dt.date()
    elif raw.dtype == pl.String:
        found = raw.str.to_date("%Y-%m-%d", strict=False)
    else:
        found = nothing(len(raw), pl.Date)
    fits = found.is_between(date(1979, 1, 1), date(2199, 12, 31)).fill_null(False)
    rest = _rest(raw.cast(pl.String), fits)
    if rest is None:
        return found
    found = found.zip_with(fits, nothing(len(raw), pl.Date))
    return _first(found, parsed(rest, column, cells.day, pl.Date, faults))


def numbers(raw: pl.Series, column: Column, fact: Fact, bound: int, faults: Faults) -> pl.Series:
    """Return a column of scaled integers up to the bound; larger or finer numbers are set apart as odd."""
    places_kept = digits(fact) + column.power
    factor = 10**places_kept
    whole = raw.cast(pl.Int64, strict=False) if raw.dtype == pl.String or raw.dtype.is_integer() else None
    if whole is None:
        raw = raw.cast(pl.String)
        whole = nothing(len(raw), pl.Int64)
    fits = ((whole >= 0) & (whole <= bound // factor)).fill_null(False)
    found: pl.Series = (whole * factor).zip_with(fits, nothing(len(raw), pl.Int64))
    rest = _rest(raw.cast(pl.String), fits)
    if rest is None:
        return found
    if places_kept:
        parts = _decimals(rest, places_kept, bound)
        found = _first(found, parts)
        rest = _rest(rest, parts.is_not_null())
        if rest is None:
            return found
    return _first(found, _others(rest, column, fact, bound, faults))


def _decimals(texts: pl.Series, places_kept: int, bound: int) -> pl.Series:
    """Return plain decimals of at most so many places as scaled integers, null for every other text.

    The pattern comes first because the cast itself would round.
    """
    plain = texts.str.contains(rf"^\d{{1,{_DIGITS_OF_CELL - places_kept}}}\.\d{{1,{places_kept}}}$")
    chosen = texts.zip_with(plain.fill_null(False), nothing(len(texts), pl.String))
    scaled = chosen.cast(pl.Decimal(38, places_kept)).to_physical().cast(pl.Int64)
    return scaled.zip_with((scaled <= bound).fill_null(False), nothing(len(texts), pl.Int64))


def _others(texts: pl.Series, column: Column, fact: Fact, bound: int, faults: Faults) -> pl.Series:
    """Return the numbers in every other form that can be read."""
    odd: dict[str, Decimal] = {}

    def scaled(text: str) -> int | None:
        exact = cells.number(text, fact, unit=column.unit, power=column.power)
        whole = EXACT.scaleb(exact, digits(fact))
        if whole == whole.to_integral_value() and whole <= bound:
            return int(whole)
        odd[text] = exact
        return None

    found = parsed(texts, column, scaled, pl.Int64, faults)
    if odd:
        for place in places(texts.is_in(list(odd)).fill_null(False)):
            faults.odd.setdefault(place, {})[fact.name] = odd[texts[place]]
    return found


def _rest(texts: pl.Series, done: pl.Series) -> pl.Series | None:
    """Return the texts that are not done yet, in their places; None where none are left."""
    left = ~done & texts.is_not_null()
    return texts.zip_with(left, nothing(len(texts), pl.String)) if left.any() else None


def _first(one: pl.Series, other: pl.Series) -> pl.Series:
    """Return one column with its gaps filled from another."""
    return one.zip_with(one.is_not_null(), other)
