"""Records from workbooks and Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from xianjie.lawbook.screening.batches import ROW

from .app import Unusable
from .penalty_chunks import Chunk, PenaltyFile, Taken, float_text, table

ROWS_OF_CHUNK = 100_000


def workbook(path: Path) -> PenaltyFile:
    """Open the first sheet of a workbook, which the library holds in memory as a whole.

    Raises:
        Unusable: it is no workbook, or has no sheet.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError) as error:
        raise Unusable(f"不能读取工作簿 {path}：{error} / the workbook cannot be read") from None
    rows = sheet.iter_rows()
    headers: tuple[str, ...] = ()
    first = 0
    for cells in rows:
        first += 1
        headers = tuple(_cell(cell) or "" for cell in cells)
        if any(headers):
            break
    remarks: tuple[str, ...] = ()
    if len(book.sheet_names) > 1:
        others = "、".join(book.sheet_names[1:])
        remarks = (f"只读第一张工作表“{book.sheet_names[0]}”，未读：{others} / only the first sheet is read",)
    total = max(sheet.total_height - first, 0)
    return PenaltyFile(headers, _sheet_chunks(rows, first, len(headers)), total, remarks)


def _sheet_chunks(rows: Iterator[list[Any]], first: int, width: int) -> Iterator[Chunk]:
    taken: list[list[str | None]] = []
    numbers: list[int] = []
    for number, cells in enumerate(rows, first + 1):
        texts = [_cell(cell) for cell in cells]
        if any(texts):
            taken.append(texts)
            numbers.append(number)
        if len(taken) == ROWS_OF_CHUNK:
            yield _chunk(taken, numbers, width)
            taken, numbers = [], []
    if taken:
        yield _chunk(taken, numbers, width)


def _chunk(rows: list[list[str | None]], numbers: list[int], width: int) -> Chunk:
    return Chunk(lambda: (table(rows, numbers, width), ()), len(rows))


def _cell(cell: Any) -> str | None:
    """Return what a cell of a sheet says; a number as the shortest decimal that it can be."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return float_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def parquet_file(path: Path) -> PenaltyFile:
    """Open a Parquet file.

    Raises:
        Unusable: it is none.
    """
    try:
        frame = pl.scan_parquet(path)
        schema = frame.collect_schema()
        total = int(frame.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as error:
        raise Unusable(f"不能读取 Parquet 文件 {path}：{error} / the file cannot be read") from None
    return PenaltyFile(tuple(schema.names()), _parquet_chunks(frame, total), total)


def _parquet_chunks(frame: pl.LazyFrame, total: int) -> Iterator[Chunk]:
    for start in range(0, total, ROWS_OF_CHUNK):

        def take(start: int = start) -> Taken:
            part = frame.slice(start, ROWS_OF_CHUNK).collect()
            named = [_parquet_column(column).alias(str(place)) for place, column in enumerate(part)]
            # The first record has the number 2, as in files that have a header row.
            numbers = pl.int_range(start + 2, start + 2 + part.height, dtype=pl.Int64, eager=True)
            return pl.DataFrame([*named, numbers.alias(ROW)]), ()

        yield Chunk(take, min(ROWS_OF_CHUNK, total - start))


def _parquet_column(column: pl.Series) -> pl.Series:
    """Return a column whose cells say exactly what they said; only what is exact keeps its type."""
    kind = column.dtype
    if kind.is_float():
        different = column.unique().drop_nulls()
        texts = [float_text(value) for value in different.cast(pl.Float64)]
        if kind == pl.Float32:
            texts = different.cast(pl.String).to_list()
        return column.replace_strict(different, texts, default=None, return_dtype=pl.String)
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        return pl.Series([None if value is None else str(value) for value in column], dtype=pl.String)
    if kind in (pl.Boolean, pl.String, pl.Date) or kind.is_integer() or isinstance(kind, pl.Datetime):
        return column
    return column.cast(pl.String)
