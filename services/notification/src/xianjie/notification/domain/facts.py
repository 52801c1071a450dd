"""The facts that rules speak of, each made from one event of the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from xianjie.contracts.recorded import ORGAN_PREFIX, RecordedEvent, Ref
from xianjie.notification.domain.due import Words, due_in_words, moment_in_words

LEVELS: Final = {
    "notice": Words("提示", "notice"),
    "suspicion": Words("疑点", "suspicion"),
    "breach": Words("明确", "breach"),
}
RUNGS: Final = {
    "50_percent": Words("已过半", "50 %"),
    "80_percent": Words("已过百分之八十", "80 %"),
    "last_24h": Words("不足二十四小时", "less than 24 hours"),
    "last_4h": Words("不足四小时", "less than 4 hours"),
    "due_calendar": Words("自然日已满", "calendar days over"),
}


_OVERDUE: Final = "od_"  # procedure 6.4: od_<row> is the finding that the row is overdue


class FactKind(StrEnum):
    """What a rule can be about."""

    FINDING_RAISED = "finding.raised"
    CLOCK_STARTED = "clock.started"
    CLOCK_WARNED = "clock.warned"
    CLOCK_EXPIRED = "clock.expired"
    MESSAGE_UNANSWERED = "message.unanswered"


CONDITIONS: Final[Mapping[FactKind, Mapping[str, frozenset[str]]]] = {
    FactKind.FINDING_RAISED: {"level": frozenset(LEVELS)},
    FactKind.CLOCK_STARTED: {
        "opened_by": frozenset({"another_organ", "bearer", "platform"}),
        "revision": frozenset({"first", "later"}),
    },
    FactKind.CLOCK_WARNED: {"rung": frozenset(RUNGS)},
    FactKind.CLOCK_EXPIRED: {},
    FactKind.MESSAGE_UNANSWERED: {"urgency": frozenset({"routine", "prompt", "urgent"})},
}
"""What a rule may ask of a fact, and the answers that exist."""

PLACEHOLDERS: Final[Mapping[FactKind, frozenset[str]]] = {
    FactKind.FINDING_RAISED: frozenset({"subject", "organ", "rule", "level", "evidence"}),
    FactKind.CLOCK_STARTED: frozenset({"subject", "organ", "row", "due", "opener"}),
    FactKind.CLOCK_WARNED: frozenset({"subject", "organ", "row", "due", "rung"}),
    FactKind.CLOCK_EXPIRED: frozenset({"subject", "organ", "row", "due"}),
    FactKind.MESSAGE_UNANSWERED: frozenset({"subject", "organ", "title", "answer_by"}),
}
"""What the texts of a rule may name. No fact carries the name of a person."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What the service remembers of a running clock, to speak of it when it warns or expires.

    Attributes:
        id: clock id.
        row: row of the procedure.
        bearer: organ that must act.
        subject: case id.
        due: value of type `due` of the catalogue.
        revision: 0 first, one more for each recalculation.
    """

    id: str
    row: str
    bearer: str
    subject: str
    due: Mapping[str, Any]
    revision: int

    @classmethod
    def started(cls, event: RecordedEvent) -> Clock:
        """Read `clock.started`."""
        data = event.data
        return cls(data["clock"], data["row"], data["bearer"], event.subject, data["due"], data["revision"])


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened and that somebody may have to be told.

    Attributes:
        kind: what happened.
        ref: the event that says so.
        subject: case id.
        concerned: the organ responsible, the bearer of the clock, or the organ that stayed silent.
        at: the instant at which the platform recorded it.
        traits: answers to the conditions of rules, by the names in CONDITIONS.
        words: placeholder to words, apart from the names of organs.
        organs: placeholder to organ id; the name is looked up when the text is made.
    """

    kind: FactKind
    ref: Ref
    subject: str
    concerned: str
    at: datetime
    traits: Mapping[str, str]
    words: Mapping[str, Words]
    organs: Mapping[str, str]


def finding_raised(event: RecordedEvent, *, titles: Mapping[str, Words]) -> Fact:
    """Make the fact of `finding.raised`.

    Args:
        event: the event.
        titles: rule or row id to its title in law/; the id stands in for a title that is missing.
    """
    data = event.data
    count = str(len(data["evidence"]))
    words = {
        "rule": _title(data["rule"], titles),
        "level": LEVELS[data["level"]],
        "evidence": Words(count, count),
    }
    return _fact(
        FactKind.FINDING_RAISED, event, data["responsible"], traits={"level": data["level"]}, words=words
    )


def clock_started(event: RecordedEvent, *, titles: Mapping[str, Words]) -> Fact:
    """Make the fact of `clock.started`; see `finding_raised` for the arguments."""
    clock = Clock.started(event)
    source: str = event.data["started_by"]["source"]
    opener = source.removeprefix(ORGAN_PREFIX) if source.startswith(ORGAN_PREFIX) else None
    by_organ = "bearer" if opener == clock.bearer else "another_organ"
    return _fact(
        FactKind.CLOCK_STARTED,
        event,
        clock.bearer,
        traits={
            "opened_by": by_organ if opener else "platform",
            "revision": "later" if clock.revision else "first",
        },
        words={"row": _title(clock.row, titles), "due": due_in_words(clock.due)}
        | ({} if opener else {"opener": Words("本平台", "the platform")}),
        organs={"opener": opener} if opener else {},
    )


def clock_warned(event: RecordedEvent, clock: Clock, *, titles: Mapping[str, Words]) -> Fact:
    """Make the fact of `clock.warned` about this clock; see `finding_raised` for the rest."""
    rung = event.data["rung"]
    words = {
        "row": _title(clock.row, titles),
        "due": due_in_words(clock.due),
        "rung": RUNGS.get(rung, Words(rung, rung)),
    }
    return _fact(FactKind.CLOCK_WARNED, event, clock.bearer, traits={"rung": rung}, words=words)


def clock_expired(event: RecordedEvent, clock: Clock, *, titles: Mapping[str, Words]) -> Fact:
    """Make the fact of `clock.expired` about this clock; see `finding_raised` for the rest."""
    words = {"row": _title(clock.row, titles), "due": due_in_words(event.data["due_passed"])}
    return _fact(FactKind.CLOCK_EXPIRED, event, clock.bearer, traits={}, words=words)


def message_unanswered(
    *, ref: Ref, subject: str, recipient: str, urgency: str, title: Words, must_answer_by: datetime
) -> Fact:
    """Make the fact that a message was not acknowledged in time.

    Args:
        ref: the event `notification.settled` with state expired.
        subject: case id.
        recipient: the organ that stayed silent.
        urgency: routine, prompt or urgent, of the message.
        title: title of the message.
        must_answer_by: the local service target that passed; the moment of the fact.
    """
    return Fact(
        kind=FactKind.MESSAGE_UNANSWERED,
        ref=ref,
        subject=subject,
        concerned=recipient,
        at=must_answer_by,
        traits={"urgency": urgency},
        words={
            "subject": Words(subject, subject),
            "title": title,
            "answer_by": moment_in_words(must_answer_by),
        },
        organs={"organ": recipient},
    )


def _title(id_: str, titles: Mapping[str, Words]) -> Words:
    row = titles.get(id_.removeprefix(_OVERDUE))
    if id_ not in titles and row is not None:
        return Words(f"逾期：{row.zh}", f"Overdue: {row.en}")
    return titles.get(id_, Words(id_, id_))


def _fact(
    kind: FactKind,
    event: RecordedEvent,
    concerned: str,
    *,
    traits: Mapping[str, str],
    words: Mapping[str, Words],
    organs: Mapping[str, str] | None = None,
) -> Fact:
    return Fact(
        kind=kind,
        ref=event.ref,
        subject=event.subject,
        concerned=concerned,
        at=event.recorded_at,
        traits=traits,
        words={"subject": Words(event.subject, event.subject), **words},
        organs={"organ": concerned, **(organs or {})},
    )
