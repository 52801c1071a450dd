"""Values of the law as a record writes them: exact, without any float, and the same for everybody.

A whole number, a truth and a text stand for themselves, `null` says that a fact was named and is not known.
Everything else says what it is: `{"decimal": "49999.99"}`, `{"fraction": "1/3"}`, `{"day": "2024-05-10"}`,
`{"min": .., "max": .., "min_open": true}` for bounds (an end that is open is left out), and
`{"integer": "..."}` for a whole number beyond 2^53 - 1, which other readers of JSON would round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from xianjie.lawbook.standards.values import UNKNOWN, FactValue, Interval

LARGEST_INTEGER = 2**53 - 1  # RFC 8785 writes numbers as doubles
_EXACT: Mapping[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "fraction": Fraction,
    "integer": int,
    "day": date.fromisoformat,
}
_ENDS = {"min", "max", "min_open", "max_open"}


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a JSON value without floats: sorted keys, no spaces, UTF-8.

    Raises:
        ValueError: a float, or a whole number beyond 2^53 - 1.
        TypeError: something is not a JSON value.
    """
    _refuse_inexact(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def said(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that say something; absent, empty and false ones are left out.

    So a member that a later release adds does not change a record that has nothing to say there.
    """
    return {name: value for name, value in members.items() if value or type(value) is int}


def plain(value: FactValue | Fraction) -> Any:
    """Return a value as a record writes it."""
    if value is UNKNOWN:
        return None
    if isinstance(value, Interval):
        ends = {name: plain(end) for name in ("min", "max") if (end := getattr(value, name)) is not None}
        return ends | said({"min_open": value.min_open, "max_open": value.max_open})
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) <= LARGEST_INTEGER:
        return value
    return {"integer": str(value)}


def exact(written: Any) -> Any:
    """Return the value that a record writes; the opposite of `plain`.

    Raises:
        ValueError: nothing that `plain` writes.
    """
    if written is None:
        return UNKNOWN
    if not isinstance(written, dict):
        if isinstance(written, bool | int | str):
            return written
        raise ValueError(f"no value of a fact: {written!r}")
    if set(written) <= _ENDS:
        ends = {name: exact(written[name]) for name in ("min", "max") if name in written}
        return Interval(
            ends.get("min"),
            ends.get("max"),
            written.get("min_open") is True,
            written.get("max_open") is True,
        )
    kind, text = next(iter(written.items()))
    if len(written) > 1 or kind not in _EXACT or not isinstance(text, str):
        raise ValueError(f"no value of a fact: {written!r}")
    try:
        return _EXACT[kind](text)
    except (InvalidOperation, ZeroDivisionError):
        raise ValueError(f"no value of a fact: {written!r}") from None


def day_text(day: date | None) -> str | None:
    """Return a civil day as a record writes it."""
    return None if day is None else day.isoformat()


def day_of(written: str | None) -> date | None:
    """Return the civil day that a record writes; raises ValueError for anything else."""
    return None if written is None else date.fromisoformat(written)


def _refuse_inexact(value: Any) -> None:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list | tuple):
            waiting += node
        elif isinstance(node, float):
            raise ValueError(f"a record holds no float: {node!r}")
        elif type(node) is int and abs(node) > LARGEST_INTEGER:
            raise ValueError(f"{node} lies beyond 2^53 - 1")
