"""Records of many answers, always the same questions for a seed, for the tests of records.

As a program it prints them, one on each line: `python -m tests.lawbook.recorded_answers LAW`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from xianjie.lawbook.bundle import Lawbook, read_files
from xianjie.lawbook.procedure.dues import Extension, Suspension
from xianjie.lawbook.procedure.times import CHINA, Span
from xianjie.lawbook.questions.due_questions import DueQuestion, NoDue
from xianjie.lawbook.replay.judgement_questions import JudgementQuestion
from xianjie.lawbook.replay.recording import answered, line_of
from xianjie.lawbook.standards.catalogue import Fact, FactType, Version
from xianjie.lawbook.standards.judging import UNKNOWN, Act, Interval, JudgementInput, Penalty
from xianjie.lawbook.standards.nodes import Discretionary
from xianjie.lawbook.standards.statements import Statement
from xianjie.lawbook.standards.values import FactValue
from xianjie.lawbook.standards.worked_cases import read_cases

LAW = Path(__file__).resolve().parents[2] / "law"
DAY = timedelta(days=1)
AMOUNTS = (0, 1, 3, 999, 5000, 49999, 50000, 50001, 150000, 2_000_000, 10**15)
RANKS = ("none", "agency_head", "county_police_head", "next_higher_authority", "collective")


@cache
def whole_law() -> Lawbook:
    """The law of the repository."""
    return Lawbook.load(LAW)


def questions(law: Path, lawbook: Lawbook, *, seed: int = 20) -> Iterator[JudgementQuestion | DueQuestion]:
    """Every worked case of the law, random facts for every version, random terms for every row."""
    for path, text in read_files(law).items():
        if path.startswith("cases/standards/"):
            for case in read_cases(text, file=path, standards=lawbook.standards):
                yield JudgementQuestion(case.given)
    draw = Random(seed)
    for offence in lawbook.standards.offences.values():
        for version in offence.versions:
            yield random_judgement(draw, lawbook, version)
    for row in lawbook.clocks.values():
        for _ in range(2):
            yield random_term(draw, row.id)


def random_judgement(draw: Random, lawbook: Lawbook, version: Version) -> JudgementQuestion:
    """Facts around a version: exact, bounded, unknown or absent; acts, history, findings, days."""
    facts = {fact.name: value(draw, fact) for fact in version.facts if draw.random() < 0.7}
    act_day = version.effective_from + draw.randrange(-40, 900) * DAY
    human = [node.id for node in version.nodes if isinstance(node, Discretionary)]
    given = JudgementInput(
        offence=version.offence,
        act_day=act_day if draw.random() < 0.7 else None,
        decision_day=act_day + draw.randrange(0, 1500) * DAY,
        facts=facts,
        province=draw.choice([None, "CN-51", "CN-11", "CN-21"]),
        acts=tuple(_act(draw, version, act_day) for _ in range(draw.choice([0, 0, 1, 3]))),
        history=tuple(_penalty(draw, act_day) for _ in range(draw.choice([0, 0, 2]))),
        findings={name: draw.random() < 0.5 for name in human if draw.random() < 0.3},
        searched=frozenset(fact.name for fact in version.facts if draw.random() < 0.2),
        closed_world=draw.random() < 0.3,
        statements={name: _statement(draw) for name in facts if draw.random() < 0.2},
    )
    days = None
    if given.act_day is None and draw.random() < 0.7:
        first = act_day - draw.randrange(0, 800) * DAY
        days = (draw.choice([None, first]), max(first, act_day))
    return JudgementQuestion(given, days)


def value(draw: Random, fact: Fact) -> FactValue:
    """A value of a fact in one of the forms that may occur."""
    if draw.random() < 0.1:
        return UNKNOWN
    if fact.type is FactType.boolean:
        return draw.random() < 0.8
    if fact.type is FactType.enum:
        return draw.choice(fact.values)
    if fact.type is FactType.date:
        low: Any = date(2020, 1, 1) + draw.randrange(2000) * DAY
        high: Any = low + draw.randrange(90) * DAY
    else:
        low = draw.choice(AMOUNTS)
        high = low + draw.randrange(100_000)
        if fact.type is not FactType.integer and draw.random() < 0.5:
            low, high = Decimal(low) + Decimal("0.10"), Decimal(high) + Decimal("0.25")
    if draw.random() < 0.7:
        return low  # type: ignore[no-any-return]
    open_ends = (draw.random() < 0.3 and low < high, draw.random() < 0.3 and low < high)
    if fact.type is FactType.integer:
        return Interval(low, draw.choice([None, high]))
    return Interval(draw.choice([None, low]), high, *open_ends)


def _statement(draw: Random) -> Statement:
    return Statement(
        author=draw.choice(["", "某市场监管局"]),
        at=draw.choice([None, datetime(2024, 5, 6, 7, 8, tzinfo=CHINA)]),
        reasons=draw.choice(["", "已查询\u201c系统\u201d"]),
        method=draw.choice(["", "标价"]),
        evidence=draw.choice([(), ("证据一", "证据二")]),
    )


def _act(draw: Random, version: Version, act_day: date) -> Act:
    numeric = [fact for fact in version.facts if fact.numeric and fact.history is None]
    return Act(
        draw.choice([None, act_day - draw.randrange(0, 1200) * DAY]),
        {fact.name: value(draw, fact) for fact in numeric if draw.random() < 0.6},
        treated=draw.random() < 0.2,
        prosecutable=draw.random() < 0.8,
        prosecutable_crime=draw.random() < 0.2,
        punishable=draw.choice([None, True, False]),
    )


def _penalty(draw: Random, act_day: date) -> Penalty:
    return Penalty(
        draw.choice(["admin_penalty", "criminal_penalty"]),
        draw.choice([None, act_day - draw.randrange(0, 1500) * DAY]),
        draw.choice(["same", "other"]),
    )


def random_term(draw: Random, row: str) -> DueQuestion:
    """A term of a row: a start of any precision, extensions and suspensions of any kind."""
    start = span(draw)
    return DueQuestion(
        row=row,
        start=start,
        on=draw.choice([None, None, date(2026, 3, 2)]),
        extensions=tuple(_extension(draw, start) for _ in range(draw.choice([0, 0, 1, 2]))),
        suspensions=tuple(_suspension(draw, start) for _ in range(draw.choice([0, 0, 1, 2]))),
        samr_roll=draw.choice(["days_off", "named_holidays"]),
    )


def span(draw: Random, after: date = date(2015, 1, 1)) -> Span:
    """An instant, a day, a month, a year, an open end or nothing."""
    day = after + draw.randrange(4000) * DAY
    return draw.choice(
        [
            Span.of_instant(datetime(day.year, day.month, day.day, draw.randrange(24), 7, 5, 41, CHINA)),
            Span.of_day(day),
            Span.of_text(f"{day:%Y-%m}"),
            Span.of_text(f"{day:%Y}"),
            Span(day, None),
            Span(None, None),
        ]
    )


def _extension(draw: Random, start: Span) -> Extension:
    first = start.first_day or date(2024, 5, 1)
    length: dict[str, Any] = draw.choice(
        [{"by_days": 30}, {"by_months": 1}, {"to_days": 30}, {"until": first + 40 * DAY}]
    )
    approved = Span.of_day(first + draw.randrange(1, 9) * DAY)
    return Extension(approved, draw.choice(RANKS), reference=f"e{draw.randrange(99)}", **length)


def _suspension(draw: Random, start: Span) -> Suspension:
    first = (start.first_day or date(2024, 5, 1)) + draw.randrange(9) * DAY
    end = draw.choice([None, Span.of_day(first + draw.randrange(60) * DAY)])
    return Suspension(Span.of_day(first), end, travel=draw.random() < 0.2)


def lines(law: Path) -> Iterator[bytes]:
    """The records of the answers, in the order of the questions; what the law does not answer is left out."""
    lawbook = Lawbook.load(law)
    for question in questions(law, lawbook):
        try:
            yield line_of(answered(question, lawbook))
        except NoDue:
            continue


if __name__ == "__main__":
    sys.stdout.buffer.writelines(lines(Path(sys.argv[1])))
