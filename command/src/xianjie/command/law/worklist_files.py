"""The worklist and the refused rows, written as CSV, XLSX, NDJSON or Parquet while they come in.

A file appears under its name only when it is whole. In CSV and XLSX no cell begins like a formula: what a
record says must not run in the spreadsheet of the person who opens it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import TracebackType
from typing import BinaryIO

import polars as pl
from openpyxl import Workbook  # type: ignore[import-untyped]

from .app import Unusable

_FORMULA = r"^\s*[=+\-@\t\r]"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FOR_PROGRAMS = frozenset((".ndjson", ".jsonl", ".parquet"))
_ROWS_OF_SHEET = 1_048_575  # below the header
_BOM = b"\xef\xbb\xbf"


class TableFile(ABC):
    """A table that is written part by part; as a context manager it is finished, or removed on an error."""

    @abstractmethod
    def write(self, part: pl.DataFrame) -> None:
        """Add rows; every column is text."""

    @abstractmethod
    def finish(self) -> None:
        """Write the end and put the file in its place."""

    def abandon(self) -> None:  # noqa: B027
        """Remove what was written."""

    def __enter__(self) -> TableFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.abandon()


def table_file(path: Path, columns: Sequence[str], titles: Mapping[str, str]) -> TableFile:
    """Return a writer by the ending of the name.

    Args:
        columns: names in their order; NDJSON and Parquet carry them.
        titles: the words above them in CSV and XLSX.

    Raises:
        Unusable: the ending is of no such format.
    """
    kinds: dict[str, Callable[[Path, Sequence[str], Mapping[str, str]], TableFile]] = {
        ".csv": CsvFile,
        ".xlsx": XlsxFile,
        ".ndjson": NdjsonFile,
        ".jsonl": NdjsonFile,
        ".parquet": ParquetFile,
    }
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise Unusable(
            f"不能写“{path.suffix}”文件（{path}）；可写 .csv、.xlsx、.ndjson、.parquet / unknown type of file"
        )
    return kind(path, columns, titles)


def defused(part: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with an apostrophe before every cell that a spreadsheet would take for a formula."""
    text = pl.col(pl.String)
    return part.with_columns(
        pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text).name.keep()
    )


class CsvStream(TableFile):
    """CSV in UTF-8 with the mark by which spreadsheets know it."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str], titles: Mapping[str, str]) -> None:
        self._stream = stream
        header = pl.DataFrame([[titles.get(name, name)] for name in columns], schema=[*columns])
        stream.write(_BOM)
        self.write(header)

    def write(self, part: pl.DataFrame) -> None:
        if part.height:
            defused(part).write_csv(self._stream, include_header=False, line_terminator="\r\n")

    def finish(self) -> None:
        self._stream.flush()


class NdjsonStream(TableFile):
    """One JSON object for each row."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, part: pl.DataFrame) -> None:
        if part.height:
            part.write_ndjson(self._stream)

    def finish(self) -> None:
        self._stream.flush()


class _Placed(TableFile):
    """A file that is written beside its place and moved there when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.part")
        self._file: BinaryIO = self._beside.open("wb")

    def finish(self) -> None:
        self._file.close()
        self._beside.replace(self._path)

    def abandon(self) -> None:
        self._file.close()
        self._beside.unlink(missing_ok=True)


class CsvFile(_Placed):
    """A CSV file."""

    def __init__(self, path: Path, columns: Sequence[str], titles: Mapping[str, str]) -> None:
        super().__init__(path)
        self._stream = CsvStream(self._file, columns, titles)

    def write(self, part: pl.DataFrame) -> None:
        self._stream.write(part)


class NdjsonFile(_Placed):
    """A file of JSON lines."""

    def __init__(self, path: Path, _columns: Sequence[str], _titles: Mapping[str, str]) -> None:
        super().__init__(path)
        self._stream = NdjsonStream(self._file)

    def write(self, part: pl.DataFrame) -> None:
        self._stream.write(part)


class XlsxFile(_Placed):
    """A workbook; a sheet that is full is followed by another one."""

    def __init__(self, path: Path, columns: Sequence[str], titles: Mapping[str, str]) -> None:
        super().__init__(path)
        self._titles = [titles.get(name, name) for name in columns]
        self._book = Workbook(write_only=True)
        self._left = 0
        self._turn()

    def _turn(self) -> None:
        self._sheet = self._book.create_sheet(f"工作清单{len(self._book.worksheets) + 1}")
        self._sheet.append(self._titles)
        self._left = _ROWS_OF_SHEET

    def write(self, part: pl.DataFrame) -> None:
        for row in defused(part).iter_rows():
            if not self._left:
                self._turn()
            self._sheet.append([None if cell is None else _UNPRINTABLE.sub(" ", cell) for cell in row])
            self._left -= 1

    def finish(self) -> None:
        self._book.save(self._file)
        super().finish()

    def abandon(self) -> None:
        for sheet in self._book.worksheets:
            sheet.close()
        super().abandon()


class ParquetFile(TableFile):
    """A Parquet file: parts in a directory beside it, joined at the end."""

    def __init__(self, path: Path, columns: Sequence[str], _titles: Mapping[str, str]) -> None:
        self._path = path
        self._parts = Path(mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        self._count = 0
        self.write(pl.DataFrame(schema=dict.fromkeys(columns, pl.String)))

    def write(self, part: pl.DataFrame) -> None:
        part.write_parquet(self._parts / f"{self._count:08}.parquet")
        self._count += 1

    def finish(self) -> None:
        whole = self._parts / "whole"
        pl.scan_parquet(self._parts / "*.parquet").sink_parquet(whole)
        whole.replace(self._path)
        self.abandon()

    def abandon(self) -> None:
        rmtree(self._parts, ignore_errors=True)
