"""NDJSON in chunks of whole lines.

A line is read by orjson, and once more digit by digit where that could lose something: a number of more
digits than a binary fraction keeps, or a member that stands twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from xianjie.lawbook.screening.batches import Refusal

from .app import Unusable
from .penalty_chunks import Chunk, PenaltyFile, Taken, float_text, table
from .penalty_parts import parts, refuse_utf16, refused

# Digits and points to 0, so that a long number is a run of noughts; an exponent is looked at as well.
_ALIKE = bytes.maketrans(b"123456789.E", b"0000000000e")
_LONG, _EXPONENT = b"0" * 16, b"0e"


def ndjson_file(path: Path) -> PenaltyFile:
    """Open a file with one JSON object on each line; the columns are all keys of all lines.

    Raises:
        Unusable: no line is an object with members.
    """
    refuse_utf16(path)
    keys: dict[str, None] = {}
    for part in parts(path, whole_records=False):
        for line in part.splitlines():
            try:
                found = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue  # named when the chunk is read
            if isinstance(found, dict) and not keys.keys() >= found.keys():
                keys.update(dict.fromkeys(found))
    headers = tuple(keys)
    if not headers:
        raise Unusable(f"{path} 没有一行是 JSON 对象 / no line of the file is a JSON object")
    return PenaltyFile(headers, _chunks(path, headers), path.stat().st_size)


def _chunks(path: Path, headers: tuple[str, ...]) -> Iterator[Chunk]:
    row = 1
    for part in parts(path, whole_records=False):
        yield Chunk(partial(_taken, part, row, headers), len(part))
        row += part.count(b"\n")


def _taken(part: bytes, row: int, headers: tuple[str, ...]) -> Taken:
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    wrong: list[Refusal] = []
    for number, line in enumerate(part.split(b"\n"), row):
        if not line.strip():
            continue
        try:
            cells = _members(line)
            rows.append([_text(name, cells[name]) if name in cells else None for name in headers])
        except ValueError as error:
            shown = line[:80].decode(errors="replace")
            zh = f"该行不是一个简单的 JSON 对象（{error}）；请更正"
            wrong.append(refused(number, shown, zh, "no plain JSON object"))
            continue
        numbers.append(number)
    return table(rows, numbers, len(headers)), tuple(wrong)


def _members(line: bytes) -> dict[str, Any]:
    """Return the members of an object; numbers that only their digits say exactly come as text.

    Raises:
        ValueError: the line is no object, or a member stands twice.
    """
    found = orjson.loads(line)
    if not isinstance(found, dict):
        raise ValueError("不是对象 / not an object")
    once = line.count(b'":') + line.count(b'" :') == len(found)
    alike = line.translate(_ALIKE)
    if once and _LONG not in alike and _EXPONENT not in alike:
        return found
    members: dict[str, Any] = json.loads(line, parse_float=str, parse_int=str, object_pairs_hook=_each_once)
    return members


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("有成员出现两次 / a member stands twice")
    return members


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, int):
        return str(value)
    raise ValueError(f"“{name}”不是单个的值 / not a single value")
