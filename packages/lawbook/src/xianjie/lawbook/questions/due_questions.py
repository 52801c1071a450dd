"""A question for the end of a term as one value, and its answer.

A question holds everything that the answer depends on besides the law: whoever keeps both can ask again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.choosing import which_rows
from xianjie.lawbook.procedure.clocks import ClockState, Due, Extension, Suspension, state
from xianjie.lawbook.procedure.counting import Line
from xianjie.lawbook.procedure.dues import joined_due, time_of_act
from xianjie.lawbook.procedure.regimes import Roll
from xianjie.lawbook.procedure.rows import Row, Version
from xianjie.lawbook.procedure.terms import due
from xianjie.lawbook.procedure.times import Span, midnight


@dataclass(frozen=True, slots=True, kw_only=True)
class DueQuestion:
    """When does a term end, and was the act in time?

    Attributes:
        row: id of a row; with a sector or a category also of the general row, or the stem of sector rows.
        start: all readings of the start.
        sector, category: whose case it is; they choose the row. None: the row that is named.
        variant: a case that the text itself names with another length, for example `fast_track`.
        on: day whose text is applied; None: the text in force on the day of the start.
        extensions, suspensions: what was recorded.
        act: all readings of the time at which the act was there; None: not done yet.
        posted: when it was posted, if it travelled by post.
        samr_roll: over which days a last day under the market rules gives way.
    """

    row: str
    start: Span
    sector: str | None = None
    category: str | None = None
    variant: str | None = None
    on: date | None = None
    extensions: tuple[Extension, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    act: Span | None = None
    posted: Span | None = None
    samr_roll: Roll = "days_off"

    def as_json(self) -> dict[str, Any]:
        """Return the question in plain values, every member written out."""
        return {
            "row": self.row,
            "start": self.start.as_json(),
            "sector": self.sector,
            "category": self.category,
            "variant": self.variant,
            "on": None if self.on is None else self.on.isoformat(),
            "extensions": [each.as_json() for each in self.extensions],
            "suspensions": [each.as_json() for each in self.suspensions],
            "act": None if self.act is None else self.act.as_json(),
            "posted": None if self.posted is None else self.posted.as_json(),
            "samr_roll": self.samr_roll,
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> DueQuestion:
        """Return the question that `as_json` wrote down; raises KeyError, TypeError or ValueError if not."""
        return cls(
            row=value["row"],
            start=Span.of_json(value["start"]),
            sector=value["sector"],
            category=value["category"],
            variant=value["variant"],
            on=_day(value["on"]),
            extensions=tuple(Extension.of_json(each) for each in value["extensions"]),
            suspensions=tuple(Suspension.of_json(each) for each in value["suspensions"]),
            act=_span(value["act"]),
            posted=_span(value["posted"]),
            samr_roll=value["samr_roll"],
        )


class NoDue(ValueError):
    """The law gives no due day for the question; `reason` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.reason = Line(zh, en)
        super().__init__(str(self.reason))


class UnknownRow(NoDue):
    """There is no such row; `near` are rows that are written alike."""

    def __init__(self, row: str, near: Sequence[str]) -> None:
        self.near = tuple(near)
        zh = f"没有期限条目“{row}”" + (f"，相近的有：{'、'.join(near)}" if near else "")
        super().__init__(zh, f"no such row {row}" + (f"; near ones: {', '.join(near)}" if near else ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of the term of one row.

    Attributes:
        row, versions: the row, and its texts that govern a possible day of the start, in their order.
        why: why this row answers.
        due: the end with its count.
        act: whether the act was in time, None while it is not done.
    """

    row: Row
    versions: tuple[Version, ...]
    why: Line
    due: Due
    act: ClockState | None


def answer(lawbook: Lawbook, question: DueQuestion) -> Due:
    """Return the end of the term of the row that governs; see `answers`."""
    return answers(lawbook, question)[0].due


def answers(lawbook: Lawbook, question: DueQuestion) -> tuple[Answer, ...]:
    """Return the answer of the row that governs, then of the general row where that runs on beside it.

    A start that lies on both sides of a change of the law is counted under both texts: the due then spans
    both, and is open at its end where for some days of the start the row did not apply.

    Raises:
        UnknownRow: no such row.
        NoDue: the row is disabled, has no number, was not in force, or is not the sector's.

    Source: catalogue of events, section 3.1 items 1, 6 and 7; procedure 0.1 and section 2.
    """
    pieces = _joined((piece, _texts(lawbook, question, piece)) for piece in _pieces(lawbook, question))
    rows = {row.id: row for _, texts in pieces for row, _ in texts}
    if not rows:
        raise _no_due(lawbook, question)
    found = []
    for row in rows.values():
        of_row = [
            (piece, next((text for each, text in texts if each is row), None)) for piece, texts in pieces
        ]
        found.append(_answer(lawbook, question, row, of_row))
    return tuple(found)


def _answer(
    lawbook: Lawbook, question: DueQuestion, row: Row, pieces: Sequence[tuple[Span, Version | None]]
) -> Answer:
    dues = [
        (
            piece,
            None
            if version is None
            else due(
                row,
                version,
                piece,
                calendar=lawbook.calendar,
                extensions=question.extensions,
                suspensions=question.suspensions,
                samr_roll=question.samr_roll,
            ),
        )
        for piece, version in pieces
    ]
    whole = joined_due(dues)
    versions = tuple(dict.fromkeys(version for _, version in pieces if version is not None))
    return Answer(
        row, versions, _why(lawbook, row, question), whole, _act_state(row, versions, whole, question)
    )


def _act_state(row: Row, versions: Sequence[Version], whole: Due, question: DueQuestion) -> ClockState | None:
    arrived = question.act or question.posted
    if arrived is None:
        return None
    found = {
        state(
            row,
            whole,
            stop=time_of_act(version.counting_rule(), arrived=arrived, posted=question.posted),
            at=midnight(date.max),
        )
        for version in versions
    }
    return found.pop() if len(found) == 1 else ClockState.unknown


def _in_case(version: Version, question: DueQuestion, row: Row) -> Version:
    """Return the text with the length of the case in question; raises NoDue where it names no such case."""
    names = [each.name for each in version.variants]
    zh, en = "、".join(names), ", ".join(names)
    if question.variant is None and version.limit is not None:
        return version
    if question.variant is None:
        raise NoDue(
            f"{row.id}本身没有期限数字，请写明情形（variant）：{zh}",
            f"{row.id} itself has no number; name the case (variant): {en}",
        )
    if question.variant not in names:
        raise NoDue(
            f"{row.id}没有“{question.variant}”这一情形" + (f"，只有：{zh}" if names else ""),
            f"{row.id} names no case {question.variant}" + (f", only {en}" if names else ""),
        )
    return version.in_case_of(question.variant)


def _pieces(lawbook: Lawbook, question: DueQuestion) -> Iterator[Span]:
    """Yield the start cut at the days on which a text of the rows in question comes or goes."""
    start = question.start
    if question.on is not None or start.is_one_day or start.first_day is None or start.last_day is None:
        yield start
        return
    changes = set()
    for row in _family(lawbook, question.row):
        for version in row.versions:
            if version.valid_from is not None:
                changes.add(version.valid_from)
            if version.valid_to is not None:
                changes.add(version.valid_to + timedelta(days=1))
    first = start.first_day
    for change in sorted(day for day in changes if start.first_day < day <= start.last_day):
        yield Span(first, change - timedelta(days=1))
        first = change
    yield Span(first, start.last_day)


def _joined(
    pieces: Iterable[tuple[Span, list[tuple[Row, Version]]]],
) -> list[tuple[Span, list[tuple[Row, Version]]]]:
    """Join neighbouring pieces in which the same texts govern."""
    joined: list[tuple[Span, list[tuple[Row, Version]]]] = []
    for piece, texts in pieces:
        if joined and joined[-1][1] == texts:
            joined[-1] = (Span(joined[-1][0].first_day, piece.last_day), texts)
        else:
            joined.append((piece, texts))
    return joined


def _family(lawbook: Lawbook, stem: str) -> list[Row]:
    rows = lawbook.clocks
    family = [row for row in rows.values() if stem in (row.id, row.replaces)]
    family = family or [row for row in rows.values() if row.id.startswith(f"{stem}_")]
    if not family:
        raise UnknownRow(stem, get_close_matches(stem, rows, n=5))
    return family


def _texts(lawbook: Lawbook, question: DueQuestion, piece: Span) -> list[tuple[Row, Version]]:
    """Return the rows that apply to a start in the piece, each with its text."""
    day = question.on or piece.last_day or piece.first_day
    named = lawbook.clocks.get(question.row)
    rows: Sequence[Row]
    if named is not None and (_asks_for_itself(question) or named.replaces is not None):
        beside = (lawbook.clocks[named.replaces or named.id],) if named.beside_general else ()
        rows = (named, *beside) if _is_of(named, question) else ()
    else:
        rows = which_rows(
            lawbook.clocks, question.row, sector=question.sector, category=question.category, on=day
        )
    texts = ((row, _text(row, day)) for row in rows)
    return [(row, _in_case(text, question, row)) for row, text in texts if text is not None]


def _text(row: Row, day: date | None) -> Version | None:
    """Return the text of the day if it runs and has a number, the newest such text where no day is known."""
    texts = row.versions if day is None else (row.version_on(day),)
    running = [text for text in texts if text is not None and text.enabled and (text.limit or text.variants)]
    return running[-1] if running else None


def _asks_for_itself(question: DueQuestion) -> bool:
    return question.sector is None and question.category is None


def _is_of(row: Row, question: DueQuestion) -> bool:
    """Whether a row that was asked for by its own name is one of the sector or the category."""
    sectors, categories = row.applies.sectors, row.applies.categories
    if _asks_for_itself(question) or not (sectors or categories):
        return True
    return question.sector in sectors or question.category in categories


def _why(lawbook: Lawbook, row: Row, question: DueQuestion) -> Line:
    if row.id == question.row and _asks_for_itself(question):
        if row.beside_general:
            return Line(
                f"按所问条目{row.id}计算，其原文未完整阅看，一般条目{row.replaces}同时适用",
                f"the row that was asked for: {row.id}; its text was not read in full, {row.replaces} "
                "runs on beside it",
            )
        return Line(f"按所问条目{row.id}计算", f"the row that was asked for: {row.id}")
    whose = " ".join(word for word in (question.sector, question.category) if word)
    special = [
        each
        for each in _family(lawbook, row.id)
        if each.replaces == row.id and _is_of(each, question) and each.applies != row.applies
    ]
    if row.replaces is None and any(each.beside_general for each in special):
        return Line(
            f"专门条目的原文未完整阅看，一般条目{row.id}同时适用",
            f"the text of the special row was not read in full: the general row {row.id} runs on beside it",
        )
    if row.replaces is None and special:
        return Line(
            f"起算时专门条目没有有效条文的，适用一般条目{row.id}",
            f"{row.id} applies where the special row had no text in force at the start",
        )
    if row.replaces is None:
        return Line(f"{whose}适用条目{row.id}", f"{row.id} applies to {whose}")
    if row.beside_general:
        return Line(
            f"{whose}有专门条目{row.id}，其原文未完整阅看，一般条目{row.replaces}同时适用",
            f"{row.id} is the row of {whose}; its text was not read in full, "
            f"{row.replaces} runs on beside it",
        )
    return Line(
        f"{whose}适用专门条目{row.id}，代替一般条目{row.replaces}",
        f"{row.id} is the row of {whose} and replaces {row.replaces}",
    )


def _no_due(lawbook: Lawbook, question: DueQuestion) -> NoDue:
    """Return why no row answers."""
    named = lawbook.clocks.get(question.row)
    if named is None:
        rows = _family(lawbook, question.row)
        ways = [f"{row.id} ({', '.join((*row.applies.sectors, *row.applies.categories))})" for row in rows]
        return NoDue(
            f"“{question.row}”没有一般条目，请写明部门或者类别：{'；'.join(ways)}",
            f"{question.row} has no general row; name a sector or category: {'; '.join(ways)}",
        )
    if not _is_of(named, question):
        return NoDue(
            f"{named.id}只适用于{'、'.join((*named.applies.sectors, *named.applies.categories))}",
            f"{named.id} is only for {', '.join((*named.applies.sectors, *named.applies.categories))}",
        )
    if all(version.limit is None and not version.variants for version in named.versions):
        return NoDue(
            f"{named.id}（{named.title_zh}）：法律没有规定具体期限",
            f"{named.id}: the law gives no number for it",
        )
    if not any(version.enabled for version in named.versions):
        return NoDue(
            f"{named.id}（{named.title_zh}）：条文仅凭记忆或者已失效，已停用，不作计算",
            f"{named.id}: known from memory only, or historical; it is disabled and nothing is counted",
        )
    days = "、".join(f"{version.valid_from}至{version.valid_to or '今'}" for version in named.versions)
    return NoDue(
        f"{named.id}在起算日没有有效的条文（有效期：{days}）",
        f"{named.id} had no text in force on the day of the start (in force: "
        + ", ".join(f"{version.valid_from} to {version.valid_to or 'now'}" for version in named.versions)
        + ")",
    )


def _span(value: Mapping[str, Any] | None) -> Span | None:
    return None if value is None else Span.of_json(value)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
