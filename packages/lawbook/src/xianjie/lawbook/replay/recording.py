"""Records of answers: what was asked, what was said, and by which law, so that it can be said again.

A record is one JSON object on one line:

    {"answer": {..}, "digest": "sha-256:..", "given": {..}, "kind": "judgement" | "due", "law": "sha-256:.."}

`law` is the digest of the whole law (see `bundle`), `given` everything that the answer depends on besides it,
`answer` everything that was said, and `digest` is taken over the canonical bytes of the other members
(sorted keys, no spaces, UTF-8, no float; RFC 8785). With the same law the answer is the same, bit for bit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.dues import Due
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import DueQuestion, answer
from xianjie.lawbook.replay.judgement_questions import JudgementQuestion, act_text, judged
from xianjie.lawbook.replay.recorded_values import canonical, day_text, plain, said
from xianjie.lawbook.standards.cumulation import Weighed
from xianjie.lawbook.standards.evaluating import Evaluation, JudgementInput, TraceLine
from xianjie.lawbook.standards.judging import Judgement
from xianjie.lawbook.standards.relations import Relation
from xianjie.lawbook.words.explaining import explain_en, explain_zh

JUDGEMENT = "judgement"
DUE = "due"
_MEMBERS = {"kind", "law", "given", "answer", "digest"}


class RecordError(ValueError):
    """A line is no record of an answer; the message says why, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{zh} ({en})")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read.

    Attributes:
        kind: judgement or due.
        law: digest of the law by which the answer was given.
        question: what was asked.
        members: the whole record as JSON values.
    """

    kind: str
    law: str
    question: JudgementQuestion | DueQuestion
    members: Mapping[str, Any]

    @property
    def about(self) -> str:
        """What it is about: the id of the offence or of the row."""
        return self.question.row if isinstance(self.question, DueQuestion) else self.question.given.offence


@dataclass(frozen=True, slots=True)
class Difference:
    """The first member in which two records differ; a value is None where the member is missing."""

    path: str
    recorded: Any
    now: Any


def judgement_record(
    given: JudgementInput, judgement: Judgement, *, law: str, question: JudgementQuestion | None = None
) -> dict[str, Any]:
    """Return the record of a judgement.

    Args:
        given: what it was given on.
        judgement: the answer, as `judge` or `judge_over_days` gave it and nobody has changed it since.
        law: digest of the law.
        question: what was asked; None: it is taken from the judgement, which knows its possible days.

    Raises:
        ValueError: a value has no canonical form.
    """
    asked = question or JudgementQuestion.behind(given, judgement)
    return _sealed(JUDGEMENT, law, asked.as_json(), _judgement_answer(judgement))


def due_record(question: DueQuestion, due: Due, *, law: str) -> dict[str, Any]:
    """Return the record of the end of a term.

    Args:
        question: what was asked. Whoever counted with a text of their own choice names its day in `on`.
        due: the answer to it.
        law: digest of the law.
    """
    return _sealed(DUE, law, _due_given(question), _due_answer(due))


def line_of(record: Mapping[str, Any]) -> bytes:
    """Return a record as a line of a file, ended by LF."""
    return canonical(record) + b"\n"


def read_record(line: bytes | str) -> Record:
    """Return the record on a line; whether its answer and its digest are right, only `replayed` tells.

    Raises:
        RecordError: it is no JSON, a member is missing or unknown, a number is no whole number, or `given`
            holds what this release cannot read.
    """
    try:
        members = json.loads(line, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"不是记录：{error}", f"no record: {error}") from None
    if not isinstance(members, dict) or set(members) != _MEMBERS or members["kind"] not in _KINDS:
        listed = ", ".join(sorted(_MEMBERS))
        raise RecordError(
            f"记录应有成员：{listed}，kind 为 judgement 或 due",
            f"a record has the members {listed}, its kind is judgement or due",
        )
    read, written = _KINDS[members["kind"]]
    try:
        question = read(members["given"])
        faithful = canonical(written(question)) == canonical(members["given"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"missing {error}" if isinstance(error, KeyError) else str(error)
        raise RecordError(f"given 不能读取：{what}", f"given cannot be read: {what}") from None
    if not faithful:
        raise RecordError("given 有本版本不认识的内容", "given holds what this release does not know")
    return Record(members["kind"], members["law"], question, members)


def replayed(record: Record, lawbook: Lawbook) -> dict[str, Any]:
    """Return the record of the same question, answered anew by a law; with the law that it names, the same.

    Raises:
        ValueError: as `answered`.
    """
    return answered(record.question, lawbook)


def answered(question: JudgementQuestion | DueQuestion, lawbook: Lawbook) -> dict[str, Any]:
    """Return the record of the answer that a law gives to a question.

    Raises:
        ValueError: this law has no answer, because the offence, the row or a fact is not in it
            (`UnknownOffenceError`, `NoDue`, `FactError`).
    """
    if isinstance(question, DueQuestion):
        return due_record(question, answer(lawbook, question), law=lawbook.digest)
    judgement = judged(lawbook.standards, question)
    return judgement_record(question.given, judgement, law=lawbook.digest, question=question)


def first_difference(recorded: Any, now: Any, path: str = "") -> Difference | None:
    """Return the first member, in the order of the canonical form, that differs; None when none does."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        for name in sorted(recorded.keys() | now.keys()):
            below = f"{path}.{name}" if path else name
            if name not in recorded or name not in now:
                return Difference(below, recorded.get(name), now.get(name))
            found = first_difference(recorded[name], now[name], below)
            if found is not None:
                return found
        return None
    if isinstance(recorded, list) and isinstance(now, list):
        for place, (one, other) in enumerate(zip(recorded, now, strict=False)):
            found = first_difference(one, other, f"{path}[{place}]")
            if found is not None:
                return found
        if len(recorded) == len(now):
            return None
        place = min(len(recorded), len(now))
        rest = [items[place] if place < len(items) else None for items in (recorded, now)]
        return Difference(f"{path}[{place}]", *rest)
    same = type(recorded) is type(now) and recorded == now
    return None if same else Difference(path, recorded, now)


def _sealed(kind: str, law: str, given: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    members = {"kind": kind, "law": law, "given": given, "answer": told}
    return members | {"digest": f"sha-256:{hashlib.sha256(canonical(members)).hexdigest()}"}


def _judgement_answer(judgement: Judgement) -> dict[str, Any]:
    return _told(judgement) | {
        "explanation_zh": explain_zh(judgement),
        "explanation_en": explain_en(judgement),
    }


def _told(judgement: Judgement) -> dict[str, Any]:
    """Return what a judgement says; the first ten members are always there."""
    always = {
        "offence": judgement.offence,
        "version": judgement.version,
        "result": judgement.result.value,
        "enumerated": judgement.enumerated.value,
        "deciding": list(judgement.deciding),
        "outcome": judgement.outcome,
        "aggregated": {name: plain(value) for name, value in judgement.aggregated.items()},
        "missing_facts": list(judgement.missing_facts),
        "pending_human": list(judgement.pending_human),
        "reason": None if judgement.reason is None else judgement.reason.value,
    }
    return always | said(
        {
            "act_day": day_text(judgement.act_day),
            "decision_day": judgement.decision_day.isoformat(),
            "basis": None if judgement.basis is None else judgement.basis.value,
            "also": None if judgement.also is None else _told(judgement.also),
            "trace": _trace(judgement.trace),
            "acts_counted": _acts(judgement.acts_counted),
            "acts_left_out": _acts(judgement.acts_left_out),
            "readings": [
                {
                    "first_day": reading.first_day.isoformat(),
                    "last_day": reading.last_day.isoformat(),
                    "judgement": _told(reading.judgement),
                }
                for reading in judgement.readings
            ],
            "relations": [_relation(relation) for relation in judgement.relations],
            "suspicion": judgement.suspicion
            and {"class": judgement.suspicion.bar.id, "open_facts": list(judgement.suspicion.open_facts)},
        }
    )


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "id": relation.id,
        "kind": relation.kind.value,
        "offences": list(relation.offences),
        "other": relation.other,
        "sources": [f"{source.number} {source.article}" for source in relation.sources],
        "note_zh": relation.note_zh,
        "note_en": relation.note_en,
    }


def _trace(trace: Evaluation | None) -> list[dict[str, Any]]:
    return [] if trace is None else [_trace_line(line) for line in trace]


def _trace_line(line: TraceLine) -> dict[str, Any]:
    return {
        "part": line.part,
        "depth": line.depth,
        "node": line.node.id,
        "result": line.result.value,
        "enumerated": line.enumerated.value,
    } | said(
        {
            "facts": {name: plain(value) for name, value in line.facts.items()},
            "limit": None if line.limit is None else [plain(end) for end in line.limit],
        }
    )


def _acts(acts: Iterable[Weighed]) -> list[dict[str, Any]]:
    return [
        {
            "act": act_text(weighed.act),
            "counted": weighed.counted.value,
            "reason_zh": weighed.reason_zh,
            "reason_en": weighed.reason_en,
        }
        for weighed in acts
    ]


def _due_given(question: DueQuestion) -> dict[str, Any]:
    return said(question.as_json())


def _due_question(written: Mapping[str, Any]) -> DueQuestion:
    return DueQuestion.of_json({**_NOTHING_ASKED, **written})


def _due_answer(due: Due) -> dict[str, Any]:
    return {
        "kind": due.kind,
        "due": due.as_json(),
        "provisional": due.provisional,
        "explanation_zh": "\n".join(line.zh for line in due.lines),
        "explanation_en": "\n".join(line.en for line in due.lines),
    } | said(
        {
            "on_or_before": day_text(due.on_or_before),
            "extensions": [
                {
                    "reference": judged.extension.reference,
                    "counts": judged.counts,
                    "reason_zh": judged.reason.zh,
                    "reason_en": judged.reason.en,
                    "grade": judged.grade,
                }
                for judged in due.extensions
            ],
        }
    )


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is no whole number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands twice")
    return members


# A record leaves out what a question does not say, so that it stays readable when questions can say more.
_NOTHING_ASKED = DueQuestion(row="", start=Span(None, None)).as_json()
_KINDS: Mapping[str, Any] = {
    JUDGEMENT: (JudgementQuestion.of_json, JudgementQuestion.as_json),
    DUE: (_due_question, _due_given),
}
