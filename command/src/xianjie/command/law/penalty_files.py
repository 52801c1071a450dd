"""Files of penalty records: CSV, XLSX, Parquet, NDJSON.

Every cell keeps what it says: nothing passes through a binary fraction on its way into a number, no row is
dropped. What a chunk holds is read when the chunk is screened, so that several can be read at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .app import Unusable
from .penalty_chunks import PenaltyFile
from .penalty_json import ndjson_file
from .penalty_sheets import parquet_file, workbook
from .penalty_texts import csv_file

_KINDS: dict[str, Callable[[Path], PenaltyFile]] = {
    ".csv": csv_file,
    ".txt": csv_file,
    ".ndjson": ndjson_file,
    ".jsonl": ndjson_file,
    ".xlsx": workbook,
    ".xlsm": workbook,
    ".parquet": parquet_file,
}


def opened(path: Path) -> PenaltyFile:
    """Open a file by the ending of its name.

    Raises:
        Unusable: it is no such file, or cannot be read at all.
        OSError: it cannot be opened.
    """
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise Unusable(
            f"不认识的文件类型“{path.suffix}”（{path}）；请另存为 CSV、XLSX、Parquet 或 NDJSON / "
            f"unknown type of file; save it as CSV, XLSX, Parquet or NDJSON"
        )
    if not path.is_file():
        raise Unusable(f"没有这个文件：{path} / no such file: {path}")
    found = kind(path)
    if not found.headers:
        raise Unusable(f"文件是空的：{path}；第一行须为表头 / the file is empty; a header is needed")
    return found
