"""A file of penalty records as chunks of raw cells, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import polars as pl

from xianjie.lawbook.screening.batches import ROW, Refusal

_SURE_DIGITS = 15  # a decimal of so many digits survives the way through a binary fraction

# The rows of a chunk, and the rows that could not be taken apart.
Taken: TypeAlias = tuple[pl.DataFrame, tuple[Refusal, ...]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a file; `take` reads it, `size` is its share of the whole."""

    take: Callable[[], Taken]
    size: int


@dataclass(frozen=True, slots=True)
class PenaltyFile:
    """An opened file.

    Attributes:
        headers: the header row, or the names of the columns.
        chunks: to be gone through once.
        total: sum of the sizes of all chunks.
        remarks: what the reader should know about how the file was taken, Chinese and English.
    """

    headers: tuple[str, ...]
    chunks: Iterator[Chunk]
    total: int
    remarks: tuple[str, ...] = ()


def table(rows: Sequence[Sequence[str | None]], numbers: Sequence[int], width: int) -> pl.DataFrame:
    """Return rows of cells as a raw batch, see `BatchReader.read`."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    named = [pl.Series(str(place), column, dtype=pl.String) for place, column in enumerate(columns)]
    return pl.DataFrame([*named, pl.Series(ROW, numbers, dtype=pl.Int64)])


def float_text(value: float) -> str:
    """Return the shortest decimal that is this binary fraction, marked where it may not be what was meant."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return repr(value)
    text = format(exact, "f").removesuffix(".0")
    sure = len(exact.normalize().as_tuple().digits) <= _SURE_DIGITS
    return text if sure else f"≈{text}"
