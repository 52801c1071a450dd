"""Canonical bytes: the published vectors, and what must hold for every value."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianjie.contracts.canonical import NOT_IN_DIGEST, canonical, digest, event_digest

# RFC 8785 appendix B: IEEE 754 doubles in hex and their ECMAScript form.
DOUBLES = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)


@pytest.mark.parametrize(("bits", "text"), DOUBLES)
def test_a_double_is_written_as_ecmascript_writes_it(bits: str, text: str) -> None:
    (double,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(double) == text.encode()


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_not_a_number_has_no_canonical_form(bits: str) -> None:
    with pytest.raises(ValueError, match="not a JSON number"):
        canonical(list(struct.unpack(">d", bytes.fromhex(bits))))


def test_the_worked_example_of_rfc_8785_section_3_2_2() -> None:
    text = r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"""
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(json.loads(text)) == expected.encode()


def test_keys_are_sorted_by_utf_16_units_as_in_rfc_8785_section_3_2_3() -> None:
    keys = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    written = list(json.loads(canonical(keys)).values())
    assert [name.split()[0] for name in written] == [
        "Carriage",
        "One",
        "Control",
        "Latin",
        "Euro",
        "Emoji:",
        "Hebrew",
    ]


def test_control_characters_are_escaped_shortly_and_nothing_else_is() -> None:
    text = "".join(map(chr, range(0x20))) + '"\\/\x7f\u2028é'
    expected = (
        '"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f\\u0010'
        "\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e"
        '\\u001f\\"\\\\/\x7f\u2028é"'
    )
    assert canonical(text) == expected.encode()
    assert canonical({"é": text, "z": 0.5})[len('{"z":0.5,"é":'.encode()) : -1] == expected.encode()


@given(VALUES)
def test_canonical_is_idempotent(value: Any) -> None:
    once = canonical(value)
    # integers that only a double can hold come back as the doubles they were
    assert canonical(json.loads(once, parse_int=_number)) == once


def _number(text: str) -> int | float:
    return int(text) if abs(int(text)) < 2**53 else float(text)


@given(VALUES)
def test_canonical_parses_back_to_the_same_value(value: Any) -> None:
    assert json.loads(canonical(value), parse_int=_number) == value


@given(st.dictionaries(TEXTS, VALUES, min_size=2), st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(value: dict[str, Any], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert canonical(dict(items)) == canonical(value)


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), VALUES))
def test_the_fast_way_and_the_exact_way_give_the_same_bytes(value: dict[str, Any]) -> None:
    exact = canonical({"z": value, "ü": 0.5})
    assert exact == b'{"z":' + canonical(value) + ',"ü":0.5}'.encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_double_is_the_same_double(double: float) -> None:
    assert float(canonical(double)) == double


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), [2**64], {"é": 2**53}, "\ud800", {"\udc00": 1}, ["é", "\ud800"]]
)
def test_values_that_other_readers_would_change_are_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical(value)


@pytest.mark.parametrize("value", [{1: 2}, {"a": {2, 3}}, b"bytes", [1j]])
def test_what_is_no_json_value_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_a_tuple_is_written_as_a_list() -> None:
    assert canonical({"a": (1, (2.5,))}) == b'{"a":[1,[2.5]]}'
    assert canonical([(), {}, 0.5]) == b"[[],{},0.5]"


def test_the_digest_is_that_of_fips_180_4() -> None:
    assert digest(b"abc") == "sha-256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_digest_of_an_event_leaves_out_what_the_way_adds() -> None:
    event = {"id": "a", "data": {"x": 1}, "sequence": "7"}
    on_its_way = event | dict.fromkeys(NOT_IN_DIGEST, "something")
    assert (
        event_digest(on_its_way) == event_digest(event) == digest(b'{"data":{"x":1},"id":"a","sequence":"7"}')
    )
    assert event_digest(event | {"sequence": "8"}) != event_digest(event)
