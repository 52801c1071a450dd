"""Strict reading: texts that two readers could understand differently never become events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.samples import an_event

from xianjie.contracts.envelope import read_event, to_json
from xianjie.contracts.errors import Malformed
from xianjie.contracts.plain import DEEPEST, LARGEST_INTEGER
from xianjie.contracts.reading import check_json, read_json


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        (b"", "", "event.json.syntax"),
        (b"{", "", "event.json.syntax"),
        (b"{'a': 1}", "", "event.json.syntax"),
        (b'{"a": 1,}', "", "event.json.syntax"),
        (b'{"a": 1} {"b": 2}', "", "event.json.syntax"),
        (b'{"a": 01}', "", "event.json.syntax"),
        (b'{"a": +1}', "", "event.json.syntax"),
        (b'{"a": NaN}', "", "event.json.syntax"),
        (b'{"a": -Infinity}', "", "event.json.syntax"),
        (b'{"a": "\x01"}', "", "event.json.syntax"),
        (b'{"a": 1e999}', "", "event.json.number"),
        (b"\xef\xbb\xbf{}", "", "event.json.encoding"),
        ('{"a": "案件"}'.encode("gb18030"), "", "event.json.encoding"),
        ('{"a": "案件"}'.encode("utf-16"), "", "event.json.encoding"),
        (b'{"a": "\xed\xa0\x80"}', "", "event.json.encoding"),
        (b'{"a": "\xc0\xaf"}', "", "event.json.encoding"),
        (b'{"a": "\\ud800"}', "", "event.json.surrogate"),
        (b'{"a": "\\udc00\\ud800"}', "", "event.json.surrogate"),
        (b'{"\\ud800": 1}', "", "event.json.surrogate"),
        (b'{"a": 9007199254740992}', "/a", "event.json.number"),
        (b'{"a": [0, {"b": -9007199254740993}]}', "/a/1/b", "event.json.number"),
        (b'{"a": 1, "a": 1}', "/a", "event.json.duplicate"),
        (b'{"a": {"b~": [{"c": 1, "d": 2, "c": 3}]}}', "/a/b~0/0/c", "event.json.duplicate"),
        (b'{"\\u0061": 1, "a": 2}', "/a", "event.json.duplicate"),
        (nested(DEEPEST + 1), "/0" * DEEPEST, "event.json.depth"),
        (nested(200), "/0" * DEEPEST, "event.json.depth"),
        (nested(1_000_000), "", "event.json.depth"),
        (b'{"a":' * 2000, "", "event.json.depth"),
    ],
)
def test_a_text_that_is_no_strict_json_is_refused(raw: bytes, pointer: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_json(raw)
    assert (refused.value.problem.pointer, refused.value.problem.code) == (pointer, code)


def test_a_syntax_error_says_row_and_column() -> None:
    with pytest.raises(Malformed) as refused:
        read_json(b'{"a": 1,\n "b": x}')
    assert (refused.value.problem.row, refused.value.problem.column) == (2, 7)


@pytest.mark.parametrize("raw", [b"7", b'"text"', b"null", b"[]", b"true"])
def test_an_event_is_an_object_and_nothing_else(raw: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read_event(raw)
    assert refused.value.problem.code == "event.json.not_object"


@pytest.mark.parametrize("raw", [nested(DEEPEST), b"[" + b"[]," * 500 + b"[]]", b'["' + b"{[" * 100 + b'"]'])
def test_many_brackets_are_not_deep(raw: bytes) -> None:
    assert read_json(raw) == json.loads(raw)


@pytest.mark.parametrize("number", [LARGEST_INTEGER, -LARGEST_INTEGER, 0])
def test_the_largest_exact_integer_is_kept(number: int) -> None:
    assert read_json(str(number).encode()) == number


@pytest.mark.parametrize("value", [{1: 2}, {"a": object()}, {"a": b"x"}, {"a": {"b": {1, 2}}}])
def test_a_parsed_item_that_is_not_json_is_refused(value: Any) -> None:
    with pytest.raises(Malformed) as refused:
        read_event(value)
    assert refused.value.problem.code == "event.json.foreign"


def test_a_parsed_item_with_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(Malformed) as refused:
        read_event(an_event(subject="\ud800"))
    assert refused.value.problem.code == "event.json.surrogate"


def test_a_parsed_item_that_nests_a_thousand_deep_is_refused() -> None:
    deep: Any = 1
    for _ in range(1000):
        deep = {"a": deep}
    with pytest.raises(Malformed) as refused:
        check_json(deep)
    assert refused.value.problem.code == "event.json.depth"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2.0**60, 2**70])
def test_a_parsed_item_with_a_number_that_json_has_not_is_refused(number: float) -> None:
    with pytest.raises(Malformed) as refused:
        read_event(
            an_event(
                "record.corrected", an_event("record.corrected")["data"] | {"replacement": {"a": number}}
            )
        )
    assert refused.value.problem.code == "event.json.number"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=15,
)


@given(JSON, st.booleans(), st.sampled_from([None, 2]))
def test_every_spelling_of_a_value_reads_as_the_value(value: Any, escaped: bool, indent: int | None) -> None:
    assert read_json(json.dumps(value, ensure_ascii=escaped, indent=indent).encode()) == value


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, min_size=1), st.data())
def test_a_member_that_stands_twice_is_always_found(members: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(members)))
    pairs = [*members.items(), (name, data.draw(JSON))]
    order = data.draw(st.permutations(pairs))
    text = "{" + ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in order) + "}"
    with pytest.raises(Malformed) as refused:
        read_json(b"[" + text.encode() + b"]")
    assert [problem.code for problem in refused.value.problems] == ["event.json.duplicate"]
    assert refused.value.problem.pointer == "/0/" + name.replace("~", "~0").replace("/", "~1")


@given(st.binary(max_size=60))
def test_no_bytes_lead_to_anything_but_an_answer(raw: bytes) -> None:
    try:
        read_event(raw)
    except Malformed as refused:
        assert refused.problem.code.startswith("event.")
    else:
        pytest.fail("random bytes are no event")


@given(st.dictionaries(st.sampled_from([*an_event("case.filed"), "x"]), JSON))
def test_no_change_of_an_event_leads_to_anything_but_an_answer(changes: dict[str, Any]) -> None:
    event = an_event("case.filed") | changes
    try:
        assert read_event(to_json(event)) == event
    except Malformed as refused:
        assert all(problem.detail and problem.todo for problem in refused.problems)


@given(st.dictionaries(st.sampled_from([*an_event("evidence.recorded")["data"], "x"]), JSON, min_size=1))
def test_no_change_of_data_leads_to_anything_but_an_answer(changes: dict[str, Any]) -> None:
    event = an_event("evidence.recorded", an_event("evidence.recorded")["data"] | changes)
    try:
        assert read_event(to_json(event)) == event
    except Malformed as refused:
        assert all(problem.pointer.startswith("/data") for problem in refused.problems)
