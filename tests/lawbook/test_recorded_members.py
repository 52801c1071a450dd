"""A record leaves nothing out: every member of a question and of an answer stands in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.lawbook.recorded_answers import whole_law as law

from xianjie.lawbook.procedure.counting import Line
from xianjie.lawbook.procedure.dues import Bounds, Due, Extension, JudgedExtension, Suspension
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import DueQuestion, answer
from xianjie.lawbook.replay.judgement_questions import JudgementQuestion, act_text, judged
from xianjie.lawbook.replay.recorded_values import canonical
from xianjie.lawbook.replay.recording import due_record, judgement_record, line_of, read_record
from xianjie.lawbook.standards.cumulation import Act, Weighed
from xianjie.lawbook.standards.judging import (
    UNKNOWN,
    DayReading,
    Interval,
    Judgement,
    JudgementInput,
    Penalty,
)
from xianjie.lawbook.standards.statements import Statement
from xianjie.lawbook.standards.suspicion import Suspicion
from xianjie.lawbook.standards.values import Result
from xianjie.lawbook.standards.versions import Basis, Reason

FULL = JudgementInput(
    offence="theft",
    act_day=date(2024, 5, 10),
    decision_day=date(2024, 6, 1),
    facts={
        "stolen": True,
        "value": Decimal("1599.99"),
        "times": Interval(2, None),
        "between": Interval(Decimal("0.5"), Fraction(1, 3) + 1, min_open=True),
        "since": date(2024, 1, 1),
        "unknown": UNKNOWN,
        "subject": "unit",
        "large": 2**60,
    },
    province="CN-51",
    acts=(Act(date(2024, 5, 1), {"value": 5}, treated=True, prosecutable=False, punishable=False),),
    history=(Penalty("admin_penalty", date(2023, 1, 1)), Penalty("criminal_penalty", None, "other")),
    findings={"theft@2013/x": True},
    searched=frozenset({"b", "a"}),
    closed_world=True,
    statements={"value": Statement(author="某局", method="标价")},
)


def test_the_form_of_a_question_stays_as_it_is() -> None:
    assert JudgementQuestion(FULL, (None, date(2024, 5, 10))).as_json() == {
        "offence": "theft",
        "act_day": "2024-05-10",
        "act_days": {"last_day": "2024-05-10"},
        "decision_day": "2024-06-01",
        "facts": {
            "stolen": True,
            "value": {"decimal": "1599.99"},
            "times": {"min": 2},
            "between": {"min": {"decimal": "0.5"}, "max": {"fraction": "4/3"}, "min_open": True},
            "since": {"day": "2024-01-01"},
            "unknown": None,
            "subject": "unit",
            "large": {"integer": "1152921504606846976"},
        },
        "province": "CN-51",
        "acts": [
            {
                "day": "2024-05-01",
                "amounts": {"value": 5},
                "treated": True,
                "not_prosecutable": True,
                "punishable": False,
            }
        ],
        "history": [
            {"kind": "admin_penalty", "effective_day": "2023-01-01", "matter": "same"},
            {"kind": "criminal_penalty", "matter": "other"},
        ],
        "findings": {"theft@2013/x": True},
        "searched": ["a", "b"],
        "closed_world": True,
        "statements": {"value": {"author": "某局", "method": "标价"}},
    }


def every_field_changed(value: Any, others: Mapping[str, Any]) -> dict[str, Any]:
    """The value with each of its fields changed in turn; fails when a field was forgotten here."""
    assert set(others) == {field.name for field in fields(value)}
    return {name: replace(value, **{name: other}) for name, other in others.items()}


def test_every_member_of_a_question_stands_in_its_record() -> None:
    changed = every_field_changed(
        FULL,
        {
            "offence": "fraud",
            "act_day": None,
            "decision_day": date(2024, 6, 2),
            "facts": {},
            "province": None,
            "acts": (),
            "history": (),
            "findings": {"theft@2013/x": False},
            "searched": frozenset(),
            "closed_world": False,
            "statements": {"value": Statement(author="某局")},
        },
    )
    told = {canonical(JudgementQuestion(each).as_json()) for each in (FULL, *changed.values())}
    assert len(told) == len(changed) + 1
    act = Act(date(2024, 1, 1), {"value": 5})
    acts = every_field_changed(
        act,
        {
            "day": None,
            "amounts": {},
            "treated": True,
            "prosecutable": False,
            "prosecutable_crime": True,
            "punishable": True,
        },
    )
    assert len({canonical(act_text(each)) for each in (act, *acts.values())}) == len(acts) + 1


def recorded_judgement(judgement: Judgement) -> bytes:
    return canonical(judgement_record(FULL, judgement, law="x", question=JudgementQuestion(FULL)))


def test_everything_that_a_judgement_says_stands_in_its_record() -> None:
    given_input = replace(FULL, facts={"theft_conduct": True})
    judgement = judged(law().standards, JudgementQuestion(given_input))
    other = judged(law().standards, JudgementQuestion(replace(given_input, act_day=date(2024, 1, 1))))
    weighed = Weighed(FULL.acts[0], Result.met, "计入", "counted")
    readings = (DayReading(date(2024, 1, 1), date(2024, 1, 2), other),)
    changed = every_field_changed(
        judgement,
        {
            "offence": "fraud",
            "version": None,
            "result": Result.met,
            "enumerated": Result.met,
            "act_day": date(2020, 1, 1),
            "decision_day": date(2020, 1, 1),
            "deciding": ("a",),
            "outcome": "attempt",
            "aggregated": {"stolen_value": Decimal("1.5")},
            "missing_facts": ("b",),
            "pending_human": ("c",),
            "reason": Reason.unread_limb,
            "basis": Basis.gap,
            "also": other,
            "trace": None,
            "acts_counted": (weighed,),
            "acts_left_out": (weighed, weighed),
            "readings": readings,
            "relations": next(iter(law().standards.relations.values())),
            "suspicion": Suspicion(next(iter(law().standards.suspicion_bars.values())), ("a",)),
            "entry": law().standards.offences["fraud"],
        },
    )
    shown = {name: recorded_judgement(each) for name, each in changed.items()}
    same = [name for name, record in shown.items() if record == recorded_judgement(judgement)]
    assert same == []
    assert len(set(shown.values())) == len(shown)
    inner = every_field_changed(
        readings[0], {"first_day": date(2023, 1, 1), "last_day": date(2025, 1, 1), "judgement": judgement}
    )
    with_readings = {
        recorded_judgement(replace(judgement, readings=(each,))) for each in (readings[0], *inner.values())
    }
    assert len(with_readings) == 4
    weighings = every_field_changed(
        weighed, {"act": Act(None), "counted": Result.insufficient, "reason_zh": "无", "reason_en": "no"}
    )
    with_acts = {
        recorded_judgement(replace(judgement, acts_counted=(each,)))
        for each in (weighed, *weighings.values())
    }
    assert len(with_acts) == 5
    assert judgement.trace is not None
    line = next(iter(judgement.trace))
    every_field_changed(
        line,
        dict.fromkeys(("part", "depth", "node", "result", "enumerated", "facts", "limit")),
    )  # all of them are named in the record of a line
    told = json.loads(recorded_judgement(judgement))["answer"]["trace"][1]
    assert set(told) >= {"part", "depth", "node", "result", "enumerated", "facts"}


def test_everything_that_a_due_date_says_stands_in_its_record() -> None:
    question = DueQuestion(row="filing_decision", start=Span.of_day(date(2026, 6, 1)))
    extension = Extension(Span.of_day(date(2026, 6, 2)), "none", to_days=7, reference="e1")
    judged_extension = JudgedExtension(extension, True, Line("有效", "counts"), "read")
    due = Due(Bounds(date(2026, 6, 4), date(2026, 6, 4)), None, (Line("一", "one"),), False)
    changed = every_field_changed(
        due,
        {
            "calendar": Bounds(date(2026, 6, 4), None),
            "working": Bounds(date(2026, 6, 5), date(2026, 6, 5)),
            "lines": (Line("一", "two"),),
            "provisional": True,
            "extensions": (judged_extension,),
            "on_or_before": date(2026, 6, 3),
        },
    )
    records = [canonical(due_record(question, each, law="x")) for each in (due, *changed.values())]
    assert len(set(records)) == len(changed) + 1
    verdicts = every_field_changed(
        judged_extension,
        {
            "extension": replace(extension, reference="e2"),
            "counts": None,
            "reason": Line("无效", "does not count"),
            "grade": None,
        },
    )
    with_verdicts = {
        canonical(due_record(question, replace(due, extensions=(each,)), law="x"))
        for each in (judged_extension, *verdicts.values())
    }
    assert len(with_verdicts) == 5


def test_every_member_of_a_question_for_a_due_date_stands_in_its_record() -> None:
    question = DueQuestion(row="filing_decision", start=Span.of_day(date(2026, 6, 1)))
    due = answer(law(), question)
    day = Span.of_day(date(2026, 6, 2))
    changed = every_field_changed(
        question,
        {
            "row": "head_decision",
            "start": day,
            "sector": "tax",
            "category": "economic",
            "variant": "fast",
            "on": date(2026, 6, 2),
            "extensions": (Extension(day, "none", by_days=1),),
            "suspensions": (Suspension(day),),
            "act": day,
            "posted": day,
            "samr_roll": "named_holidays",
        },
    )
    asked = [question, *changed.values()]
    assert len({line_of(due_record(each, due, law="x")) for each in asked}) == len(asked)
    for each in asked:
        assert read_record(line_of(due_record(each, due, law="x"))).question == each
