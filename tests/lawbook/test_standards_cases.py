"""The worked cases that a lawyer reads: each comes out as the text of the law says."""

from __future__ import annotations

import pytest
from tests.lawbook.standards_law import cases, standards

from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.standards.judging import judge
from xianjie.lawbook.standards.worked_cases import WorkedCase, answer, differences, read_cases
from xianjie.lawbook.words.explaining import explain_en, explain_zh


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_worked_case_comes_out_as_the_text_says(case: WorkedCase) -> None:
    assert differences(case, judge(standards(), case.given)) == []


def test_there_are_as_many_worked_cases_as_were_copied() -> None:
    assert len({case.id for case in cases()}) >= 306


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_every_explanation_names_offence_version_and_what_is_open(case: WorkedCase) -> None:
    judgement = judge(standards(), case.given)
    zh, en = explain_zh(judgement), explain_en(judgement)
    entry = standards().offences[case.given.offence]
    assert entry.name_zh in zh.splitlines()[0] and entry.name_en in en.splitlines()[0]
    if judgement.version is not None:
        assert judgement.version in zh and judgement.version in en
    for name in (*judgement.missing_facts, *judgement.pending_human):
        assert name in zh and name in en
    assert "None" not in zh + en and "{" not in zh + en


def test_differences_name_every_member_that_is_wrong() -> None:
    case = next(case for case in cases() if case.id == "SC-007")
    expected = {"version": "x", "result": "met", "aggregated": {"sales_amount": 1}, "deciding": ["y"]}
    wrong = WorkedCase(case.id, case.title_zh, case.given, expected)
    found = differences(wrong, judge(standards(), case.given))
    assert [line.partition(":")[0] for line in found] == ["version", "result", "aggregated", "deciding"]


def test_an_answer_has_the_members_of_the_interface_in_plain_values() -> None:
    case = next(case for case in cases() if case.id == "SC-007")
    assert answer(judge(standards(), case.given)) == {
        "version": "fake_substandard_products@2008",
        "result": "not_met",
        "enumerated": "not_met",
        "deciding": [],
        "outcome": None,
        "aggregated": {"sales_amount": 36000},
        "missing_facts": [],
        "pending_human": [],
        "reason": None,
    }


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (b"cases: [{id: a, offence: no_such, act_date: 2024-01-01}]", "cases[0].offence"),
        (b"cases: [{id: a, offence: theft}]", "cases[0].decision_date"),
        (b"cases: [{id: a, offence: theft, act_date: 2024-13-01}]", "cases[0].act_date"),
        (b"cases: [{id: a, offence: theft, act_date: 2024-01-01, facts: {typo: 1}}]", "cases[0].facts.typo"),
        (b"cases: [{id: a, offence: theft, act_date: 2024-01-01, facts: {stolen_amount: yes_}}]", None),
        (b"cases: [{id: a, offence: theft, act_date: 2024-01-01, history: [{kind: fine}]}]", None),
        (b"cases: [{id: a, offence: theft, act_date: 2024-01-01, expected: {verdict: met}}]", None),
        (b"cases: [{id: a, offence: theft, act_date: 2024-01-01, hint: met}]", "cases[0].hint"),
        (
            b"cases: [{id: a, offence: theft, act_date: 2024-01-01, findings: {x: maybe}}]",
            "cases[0].findings",
        ),
    ],
)
def test_a_case_outside_the_format_is_refused_with_its_place(text: bytes, path: str | None) -> None:
    with pytest.raises(LawError) as refused:
        read_cases(text, file="mine.yaml", standards=standards())
    assert all(problem.file == "mine.yaml" for problem in refused.value.problems)
    if path is not None:
        assert path in {problem.path for problem in refused.value.problems}
