"""Records of answers: they hold everything that was asked and said, and the same law says it again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lawbook.recorded_answers import lines, questions, random_judgement, random_term
from tests.lawbook.recorded_answers import whole_law as law
from tests.lawbook.standards_law import LAW

from xianjie.contracts.canonical import canonical as rfc8785
from xianjie.lawbook.procedure.dues import Extension, Suspension
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import DueQuestion, NoDue, answer
from xianjie.lawbook.replay.judgement_questions import JudgementQuestion, judged
from xianjie.lawbook.replay.recorded_values import LARGEST_INTEGER, canonical, exact, plain
from xianjie.lawbook.replay.recording import (
    Difference,
    RecordError,
    answered,
    due_record,
    first_difference,
    judgement_record,
    line_of,
    read_record,
    replayed,
)
from xianjie.lawbook.standards.judging import UNKNOWN, Interval, JudgementInput

DAYS = st.dates(date(1979, 1, 1), date(2030, 12, 31))
NUMBERS = (
    st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.fractions()
    | st.integers(LARGEST_INTEGER - 2, LARGEST_INTEGER + 2)
)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    kind = draw(st.sampled_from([NUMBERS, DAYS]))
    low: Any = draw(st.none() | kind)
    high: Any = draw(st.none() | kind)
    if low is not None and high is not None and low > high:
        low, high = high, low
    apart = low is None or high is None or low != high
    return Interval(low, high, apart and draw(st.booleans()), apart and draw(st.booleans()))


VALUES = st.just(UNKNOWN) | st.booleans() | NUMBERS | DAYS | st.text() | intervals()


def written(value: Any) -> Any:
    return json.loads(canonical(plain(value)))


@given(VALUES)
def test_every_value_is_read_back_exactly_as_it_was(value: Any) -> None:
    back = exact(written(value))
    assert back == value
    assert type(back) is type(value)
    if isinstance(value, Decimal):
        assert str(back) == str(value)  # 50000.0 stays 50000.0: the explanation shows it so
    if isinstance(value, Interval):
        assert (type(back.min), type(back.max)) == (type(value.min), type(value.max))


def test_what_no_value_writes_is_refused() -> None:
    for wrong in (1.5, [1], {"decimal": 5}, {"decimal": "x"}, {"day": "2024-13-01"}, {"fraction": "1/0"}):
        with pytest.raises(ValueError):
            exact(wrong)
    with pytest.raises(ValueError):
        exact({"decimal": "1", "day": "2024-01-01"})


def test_the_canonical_form_is_that_of_rfc_8785_and_takes_nothing_that_is_not_exact() -> None:
    for question in list(questions(LAW, law()))[:40]:
        record = answered(question, law())
        assert canonical(record) == rfc8785(record)
    for wrong in (0.5, {"a": [1.0]}, LARGEST_INTEGER + 1):
        with pytest.raises(ValueError):
            canonical(wrong)


def test_every_worked_case_and_many_random_answers_are_read_back_and_given_again_bit_for_bit() -> None:
    asked = list(questions(LAW, law()))
    assert sum(isinstance(question, DueQuestion) for question in asked) > 200
    replays = 0
    for question in asked:
        try:
            line = line_of(answered(question, law()))
        except NoDue:
            continue
        record = read_record(line)
        assert record.question == question
        assert record.law == law().digest
        assert line_of(replayed(record, law())) == line
        replays += 1
    assert replays > 600


@settings(max_examples=300)
@given(st.integers(0, 10**9))
def test_random_questions_are_read_back_equal(seed: int) -> None:
    draw = Random(seed)
    offence = draw.choice(list(law().standards.offences.values()))
    asked = random_judgement(draw, law(), draw.choice(offence.versions))
    term = random_term(draw, draw.choice(list(law().clocks)))
    assert JudgementQuestion.of_json(json.loads(canonical(asked.as_json()))) == asked
    assert read_record(line_of(answered(asked, law()))).question == asked
    try:
        due = answer(law(), term)
    except NoDue:
        return
    assert read_record(line_of(due_record(term, due, law=law().digest))).question == term


def test_the_question_behind_a_judgement_is_found_from_the_judgement_itself() -> None:
    for question in questions(LAW, law()):
        if isinstance(question, JudgementQuestion):
            judgement = judged(law().standards, question)
            record = judgement_record(question.given, judgement, law=law().digest)
            again = replayed(read_record(line_of(record)), law())
            assert line_of(again) == line_of(record)


def test_answers_are_the_same_in_every_process_whatever_the_hash_seed() -> None:
    here = list(lines(LAW))
    expected = hashlib.sha256(b"".join(here)).hexdigest()
    root = LAW.parent
    for seed in ("0", "1", "random"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.lawbook.recorded_answers", str(LAW)],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        assert hashlib.sha256(done.stdout).hexdigest() == expected, f"PYTHONHASHSEED={seed}"


def some_record() -> dict[str, Any]:
    return answered(JudgementQuestion(next(iter(_cases()))), law())


def _cases() -> list[JudgementInput]:
    return [each.given for each in questions(LAW, law()) if isinstance(each, JudgementQuestion)]


def test_whatever_somebody_changes_in_a_record_shows_in_the_replay() -> None:
    record = some_record()
    told = record["answer"]
    forged = {
        "answer.result": record | {"answer": told | {"result": "another"}},
        "answer.explanation_zh": record
        | {"answer": told | {"explanation_zh": told["explanation_zh"] + "。"}},
        "answer.added": record | {"answer": told | {"added": 1}},
        "answer.version": record | {"answer": {k: v for k, v in told.items() if k != "version"}},
        "digest": record | {"digest": "sha-256:" + "0" * 64},
    }
    assert first_difference(record, replayed(read_record(line_of(record)), law())) is None
    for path, other in forged.items():
        difference = first_difference(other, replayed(read_record(line_of(other)), law()))
        assert difference is not None
        assert difference.path == path
    asked = record | {"given": record["given"] | {"decision_day": "2026-01-01"}}
    difference = first_difference(asked, replayed(read_record(line_of(asked)), law()))
    assert difference is not None


def test_the_first_difference_is_named_also_inside_lists_and_by_type() -> None:
    assert first_difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == Difference("a[1].b", 2, 3)
    assert first_difference({"a": [1]}, {"a": [1, 2]}) == Difference("a[1]", None, 2)
    assert first_difference({"a": 1}, {"a": True}) == Difference("a", 1, True)
    assert first_difference({"a": [1, 2]}, {"a": [1, 2]}) is None


def test_a_line_that_is_no_record_is_refused_with_the_reason() -> None:
    record = some_record()
    text = line_of(record).decode()
    wrong = {
        "not json": "no record",
        "[]": "a record has the members",
        '{"kind": "judgement"}': "a record has the members",
        line_of(record | {"kind": "other"}).decode(): "its kind is judgement or due",
        line_of(record | {"more": 1}).decode(): "a record has the members",
        text.replace('"law":', '"law":"x","law":'): "stands twice",
        text.replace('"kind":"judgement"', '"kind":"judgement","x":1.5'): "no whole number",
        line_of(record | {"given": record["given"] | {"more": 1}}).decode(): "does not know",
        line_of(record | {"given": {}}).decode(): "missing 'offence'",
        line_of(record | {"given": record["given"] | {"act_day": "2024-02-30"}}).decode(): "cannot be read",
        line_of(record | {"given": record["given"] | {"facts": {"x": [1]}}}).decode(): "no value of a fact",
        "[" * 100_000: "no record",
    }
    for line, reason in wrong.items():
        with pytest.raises(RecordError) as refused:
            read_record(line)
        assert reason in str(refused.value), line[:80]
        assert refused.value.zh != refused.value.en


def test_a_record_that_another_law_made_names_that_law(tmp_path: Path) -> None:
    record = some_record()
    assert record["law"] == law().digest
    assert read_record(line_of(record)).law == law().digest
    assert (
        record["digest"]
        == "sha-256:"
        + hashlib.sha256(
            rfc8785({name: member for name, member in record.items() if name != "digest"})
        ).hexdigest()
    )


def test_a_suspension_and_an_extension_of_every_kind_are_read_back() -> None:
    day = date(2026, 3, 3)
    for length in ({"by_days": 3}, {"by_months": 1}, {"to_days": 30}, {"until": day + timedelta(days=9)}):
        extension = Extension(Span(day, None), "none", reference="r", **length)
        question = DueQuestion(
            row="filing_decision",
            start=Span(None, None),
            extensions=(extension,),
            suspensions=(
                Suspension(Span.of_day(day), travel=True),
                Suspension(Span.of_day(day), Span(day, None)),
            ),
        )
        record = due_record(question, answer(law(), question), law="x")
        assert read_record(line_of(record)).question == question
