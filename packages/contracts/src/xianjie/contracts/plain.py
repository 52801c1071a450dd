"""What may stand in a JSON document that everybody reads alike."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final, Literal

LARGEST_INTEGER: Final = 2**53 - 1
"""Largest integer that every reader of JSON keeps exactly (RFC 7493 section 2.2)."""

DEEPEST: Final = 64
"""How many objects and arrays may stand inside one another."""

Step = str | int
Fault = Literal["depth", "number", "foreign"]


def is_exact(number: int | float) -> bool:
    """Whether the number is finite and within ±(2^53 - 1)."""
    return math.isfinite(number) and abs(number) <= LARGEST_INTEGER


def faults(value: Any, steps: tuple[Step, ...] = ()) -> Iterator[tuple[Fault, tuple[Step, ...]]]:
    """Yield what is wrong with a value, and the steps that lead to it.

    `depth`: nested too deeply, what lies below is not looked at; `number`: not exact; `foreign`: not JSON.
    """
    match value:
        case bool() | str() | None:
            return
        case int() | float():
            if not is_exact(value):
                yield "number", steps
        case dict() | list() if len(steps) >= DEEPEST:
            yield "depth", steps
        case dict():
            for name, item in value.items():
                if isinstance(name, str):
                    yield from faults(item, (*steps, name))
                else:
                    yield "foreign", steps
        case list():
            for place, item in enumerate(value):
                yield from faults(item, (*steps, place))
        case _:
            yield "foreign", steps
