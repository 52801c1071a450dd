"""Strict reading of JSON: what two readers could understand differently is refused.

Source: RFC 8259 (JSON), RFC 7493 (I-JSON): UTF-8 without mark, no member twice, no half of a surrogate
pair, no number that a double would change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import orjson

from xianjie.contracts.errors import Malformed, Problem
from xianjie.contracts.plain import DEEPEST, Step, faults
from xianjie.contracts.problems import pointer_to, worded
from xianjie.contracts.wording import OF_JSON

MOST_PROBLEMS: Final = 100
"""How many problems of one event are told."""

_BOM: Final = b"\xef\xbb\xbf"
_REFUSALS: Final = (("surrogate", "surrogate"), ("depth", "depth"), ("infinity", "number"))


def read_json(raw: bytes) -> Any:
    """Return the value of a JSON text.

    Numbers with a fraction or an exponent are left to the models, which know where one may stand.

    Raises:
        Malformed: the text is not JSON as this module wants it; all places are told.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as refusal:
        raise Malformed(_refused(raw, refusal)) from None
    # A text that the serializer gives back byte for byte cannot have held a member twice.
    if check_json(value) != raw.rstrip():
        _raise_for(_members_twice(raw))
    return value


def check_json(value: Any) -> bytes:
    """Check a parsed value as if it had been read here, and return it as compact JSON.

    Raises:
        Malformed: it is nested too deeply, or holds something that JSON has not.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:
        _raise_for(_worded_faults(value))
        # every value is plain, so only a text can be at fault
        raise Malformed(worded(OF_JSON["surrogate"], "")) from None
    # No value nests deeper than it has brackets, so most need no walk.
    if text.count(b"{") + text.count(b"[") > DEEPEST:
        _raise_for(_worded_faults(value))
    return text


def _raise_for(problems: Iterator[Problem]) -> None:
    if found := tuple(islice(problems, MOST_PROBLEMS)):
        raise Malformed(found[0], found[1:])


def _worded_faults(value: Any) -> Iterator[Problem]:
    return (worded(OF_JSON[fault], pointer_to(steps), limit=DEEPEST) for fault, steps in faults(value))


def _refused(raw: bytes, refusal: orjson.JSONDecodeError) -> Problem:
    if raw.startswith(_BOM):
        return worded(OF_JSON["bom"], "")
    try:
        raw.decode()
    except UnicodeDecodeError:
        return worded(OF_JSON["encoding"], "")
    kind = next((kind for word, kind in _REFUSALS if word in refusal.msg), "syntax")
    return worded(OF_JSON[kind], "", limit=DEEPEST, row=refusal.lineno, column=refusal.colno)


class _Object(dict[str, Any]):
    """An object in which a member stood twice, with the names of such members."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.twice = [name for name in self if names.count(name) > 1]


def _members_twice(raw: bytes) -> Iterator[Problem]:
    flawed: list[_Object] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        plain = dict(pairs)
        if len(plain) == len(pairs):
            return plain
        flawed.append(_Object(pairs))
        return flawed[-1]

    top = json.loads(raw, object_pairs_hook=members)
    return _search(top, ()) if flawed else iter(())


def _search(node: Any, steps: tuple[Step, ...]) -> Iterator[Problem]:
    if isinstance(node, _Object):
        for name in node.twice:
            yield worded(OF_JSON["duplicate"], pointer_to((*steps, name)))
    if isinstance(node, dict):
        for name, item in node.items():
            yield from _search(item, (*steps, name))
    elif isinstance(node, list):
        for place, item in enumerate(node):
            yield from _search(item, (*steps, place))
