"""Canonical bytes of a JSON value (RFC 8785) and the digests that are taken over them.

Receipts, the log and proofs all speak of these bytes, so two systems that agree on the value agree on
the digest, whatever order, spacing or escapes the text had on its way.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any, Final

import orjson

from xianjie.contracts.plain import LARGEST_INTEGER

NOT_IN_DIGEST: Final = frozenset({"recordedat", "partitionkey", "traceparent", "tracestate", "jws"})
"""Attributes that the way through the platform adds or that sign the rest."""


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value.

    Args:
        value: dict with str keys, list, tuple, str, int, float, bool or None, nested.

    Raises:
        ValueError: a number is not finite, an integer lies beyond 2^53 - 1, or a text holds half of a
            surrogate pair; such values have no canonical form.
        TypeError: something is not a JSON value.
    """
    if _orders_alike(value):
        try:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
        except orjson.JSONEncodeError as refusal:
            raise ValueError(str(refusal)) from refusal
    try:
        return "".join(_tokens(value)).encode()
    except UnicodeEncodeError as half:
        raise ValueError("a text holds half of a surrogate pair") from half


def digest(data: bytes) -> str:
    """Return `sha-256:` and the 64 lower-case hex digits of the SHA-256 of the bytes."""
    return "sha-256:" + hashlib.sha256(data).hexdigest()


def event_digest(event: Mapping[str, Any]) -> str:
    """Return the digest that receipts and the log state for an event.

    It covers everything that the source said and nothing that the platform, the network or the
    signature added, so it is the same before and after intake.

    Raises:
        ValueError, TypeError: as `canonical`.
    """
    return digest(canonical({name: event[name] for name in event if name not in NOT_IN_DIGEST}))


def _orders_alike(value: Any) -> bool:
    """Whether the fast serializer gives canonical bytes: ASCII keys and no float.

    It sorts keys by UTF-8 bytes where RFC 8785 sorts by UTF-16 units, and writes floats in its own way.
    """
    waiting = [value]
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind is dict:
            for key in node:
                if type(key) is not str or not key.isascii():
                    return False
            waiting += node.values()
        elif kind is list or kind is tuple:
            waiting += node
        elif kind is not str and kind is not int and kind is not bool and node is not None:
            return False
    return True


def _tokens(value: Any) -> Iterator[str]:
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case str():
            yield encode_basestring(value)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise ValueError(f"{value} lies beyond 2^53 - 1")
            yield int.__repr__(value)
        case float():
            yield _number(value)
        case dict():
            yield from _object_tokens(value)
        case list() | tuple():
            for place, item in enumerate(value):
                yield "," if place else "["
                yield from _tokens(item)
            yield "]" if value else "[]"
        case _:
            raise TypeError(f"{type(value).__name__} is not a JSON value")


def _object_tokens(value: Mapping[Any, Any]) -> Iterator[str]:
    if not all(isinstance(key, str) for key in value):
        raise TypeError("a key is not a text")
    # UTF-16 code units in big-endian bytes compare as RFC 8785 section 3.2.3 asks.
    for place, key in enumerate(sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))):
        yield "," if place else "{"
        yield encode_basestring(key)
        yield ":"
        yield from _tokens(value[key])
    yield "}" if value else "{}"


def _number(value: float) -> str:
    """Write a double as ECMAScript does (ECMA-262, Number::toString, radix 10).

    Python's repr gives the same shortest digits; only their layout differs.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a JSON number")
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # the value is 0.<digits> times ten to the power of `point`
    point = int(exponent or 0) + len(digits) - len(fraction)
    return ("-" if value < 0 else "") + _laid_out(digits.rstrip("0"), point)


def _laid_out(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
