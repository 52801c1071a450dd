"""Wordings: complete, stable and usable as they stand."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from xianjie.contracts import wording
from xianjie.contracts.errors import (
    Conflicting,
    Forbidden,
    Malformed,
    NotFound,
    Problem,
    Refused,
    Unavailable,
    XianjieError,
)
from xianjie.contracts.forms import FORMS, Form
from xianjie.contracts.problems import pointer_to
from xianjie.contracts.wording import Wording

TABLES = {
    "json": wording.OF_JSON,
    "event": wording.OF_EVENT,
    "value": wording.OF_VALUE,
    "form": {"form": wording.FORM},
}
WORDINGS = [(f"{table}.{name}", one) for table, words in TABLES.items() for name, one in words.items()]
PROBLEM = Problem("event.json.syntax", "错", "wrong", "改", "mend", pointer="/a")


@pytest.mark.parametrize(("name", "one"), WORDINGS)
def test_a_wording_is_complete_in_both_languages(name: str, one: Wording) -> None:
    assert re.fullmatch(r"event(\.[a-z_]+)+(\.\{form\})?", one.code)
    assert one.detail.endswith(("。", "？"))
    assert one.todo.endswith(("。", "}"))
    assert one.detail_en[0].isupper() or one.detail_en.startswith("{")
    assert one.detail_en.endswith(".") and one.todo_en.endswith((".", "}"))


@pytest.mark.parametrize(("name", "one"), WORDINGS)
def test_both_languages_say_the_same_things(name: str, one: Wording) -> None:
    def holes(text: str) -> set[str]:
        names = {field.removesuffix("_en") for _, field, _, _ in Formatter().parse(text) if field}
        return names - {"where", "field", "zh", "en", "example", "name", "speaker"}

    assert holes(one.detail) == holes(one.detail_en)
    assert holes(one.todo) == holes(one.todo_en)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_the_example_of_a_form_has_the_form(form: Form) -> None:
    assert form.accepts(form.example)
    assert not form.accepts(form.example + "\n")
    assert not form.accepts("")


def test_a_pointer_escapes_as_rfc_6901_section_5_does() -> None:
    assert pointer_to([]) == ""
    assert pointer_to(["foo", 0]) == "/foo/0"
    assert pointer_to([""]) == "/"
    assert pointer_to(["a/b"]) == "/a~1b"
    assert pointer_to(["m~n"]) == "/m~0n"
    assert pointer_to(["~1"]) == "/~01"


def test_each_failure_has_its_kind_and_carries_its_problems() -> None:
    kinds = {
        cls(PROBLEM).kind: cls for cls in (Malformed, NotFound, Refused, Forbidden, Conflicting, Unavailable)
    }
    assert sorted(kinds) == ["conflict", "forbidden", "malformed", "not_found", "refused", "unavailable"]
    failure = Malformed(PROBLEM, (PROBLEM,))
    assert isinstance(failure, XianjieError)
    assert failure.problems == (PROBLEM, PROBLEM)
    assert str(failure) == "event.json.syntax at /a: wrong (+1)"
    assert Unavailable(PROBLEM, retry_after_seconds=3).retry_after_seconds == 3
