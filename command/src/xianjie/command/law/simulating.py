"""`xianjie law simulate`: which answers a change of the law would turn over, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.questions.due_questions import DueQuestion
from xianjie.lawbook.questions.worked_terms import read_terms
from xianjie.lawbook.replay.judgement_questions import JudgementQuestion
from xianjie.lawbook.replay.recording import answered
from xianjie.lawbook.standards.nodes import Node
from xianjie.lawbook.standards.worked_cases import read_cases

from ..words import RESULTS
from .app import Unusable, complain, say
from .bundling import files_of, opened
from .changed_law import Change, changed, checked
from .judging import exact_json
from .replaying import read_records

NO_ANSWER = "no_answer"
# What makes a flip; every other member of an answer that differs is a change in how it is said.
_TURNING = ("version", "result", "enumerated", "outcome", "due", "provisional", "extensions", NO_ANSWER)
_OUTSIDE = ("rules/", "causes/", "cases/")  # files that no judgement and no due date reads
_LINES = 6


@dataclass(frozen=True, slots=True)
class Case:
    """A question, with the name under which people find it."""

    id: str
    title_zh: str
    question: JudgementQuestion | DueQuestion

    @property
    def about(self) -> str:
        """The offence or the row that it asks about."""
        return self.question.row if isinstance(self.question, DueQuestion) else self.question.given.offence


@dataclass(frozen=True, slots=True)
class Limb:
    """A condition that comes out otherwise, or that one of the laws does not have."""

    words: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A case whose answer differs.

    Attributes:
        members: the members of the answer that differ.
        limbs: the conditions that came out otherwise or have another limit.
        gone, new: the lines of the Chinese explanation that only one of both has.
    """

    case: Case
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    members: tuple[str, ...]
    limbs: tuple[Limb, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def flipped(self) -> bool:
        """Whether the answer itself is another one, not only what is said about it."""
        return any(name in _TURNING for name in self.members)

    def as_json(self) -> dict[str, Any]:
        """Return one line of the answer."""
        return {
            "id": self.case.id,
            "about": self.case.about,
            "flipped": self.flipped,
            "before": _head(self.before),
            "after": _head(self.after),
            "members": list(self.members),
            "limbs": [
                {"condition_zh": each.words, "before": each.before, "after": each.after}
                for each in self.limbs
            ],
            "explanation_zh": {"gone": list(self.gone), "new": list(self.new)},
        }

    def told(self) -> Iterator[str]:
        """Yield the lines for people."""
        yield f"{self.case.id} {self.case.title_zh} [{self.case.about}]".replace("  ", " ")
        for name, label in _LABELS.items():
            if name in self.members:
                before, after = (_word(each.get(name)) for each in (self.before, self.after))
                yield f"  {label}：{before} → {after}"
        for limb in self.limbs:
            yield f"  · {limb.words}：{_limb(limb.before)} → {_limb(limb.after)}"
        yield from (f"  - {line.strip()}" for line in self.gone[:_LINES])
        yield from (f"  + {line.strip()}" for line in self.new[:_LINES])


_LABELS = {
    NO_ANSWER: "无答案 / no answer",
    "result": "结论 / result",
    "enumerated": "仅按列明各项 / enumerated",
    "outcome": "形态 / outcome",
    "version": "版本 / version",
    "due": "届满 / due",
    "provisional": "暂定 / provisional",
}


_WORDS = {
    "attempt": "未遂",
    "day": "",
    "instant": "",
    "calendar": "自然日",
    "working": "工作日",
    "earliest": "最早",
    "latest": "最晚",
}


@dataclass(slots=True)
class Tally:
    """How many cases turn, and from what to what."""

    cases: int = 0
    flipped: int = 0
    otherwise: int = 0
    moves: Counter[str] = field(default_factory=Counter)

    def count(self, turn: Turn | None) -> None:
        """Count a case; None where nothing differs."""
        self.cases += 1
        if turn is None:
            return
        if not turn.flipped:
            self.otherwise += 1
            return
        self.flipped += 1
        name = next(name for name in ("result", "due", *_TURNING) if name in turn.members)
        told = name in ("result", "version", NO_ANSWER)
        self.moves[f"{turn.before.get(name)} → {turn.after.get(name)}" if told else name] += 1

    def as_json(self, before: Lawbook, after: Lawbook, change: Change) -> dict[str, Any]:
        """Return the last line of the answer."""
        return {
            "summary": {
                "cases": self.cases,
                "flipped": self.flipped,
                "told_otherwise": self.otherwise,
                "unchanged": self.cases - self.flipped - self.otherwise,
                "moves": dict(sorted(self.moves.items())),
                "law_before": before.digest,
                "law_after": after.digest,
                "replaced": list(change.replaced),
                "added": list(change.added),
                "removed": list(change.removed),
            }
        }


def simulate(
    changes: Sequence[Path], cases: Sequence[Path], *, law: Path, as_json: bool, fail_on_flip: bool
) -> int:
    """Answer every case under the law as it is and as it would be; 0, or 1 for a flip where that is asked.

    Raises:
        LawError: the changed law is broken.
        Unusable, OSError: a change or a file of cases cannot be used.
    """
    if not cases:
        raise Unusable("请用 --cases 给出案例或记录 (give worked cases or records with --cases)")
    files = files_of(law)
    change = changed(files, changes)
    before, after = opened(law), checked(change, files)
    _announce(change)
    tally = Tally()
    for case in _cases(cases, before, after):
        turn = _turn(case, before, after)
        tally.count(turn)
        if turn is None:
            continue
        if as_json:
            say(exact_json(turn.as_json()))
        elif turn.flipped:
            say("\n".join(turn.told()))
    if as_json:
        say(exact_json(tally.as_json(before, after, change)))
    else:
        _conclude(tally)
    return 1 if fail_on_flip and tally.flipped else 0


def _announce(change: Change) -> None:
    for word, paths in (
        ("替换 / replaced", change.replaced),
        ("新增 / added", change.added),
        ("移除 / removed", change.removed),
    ):
        for path in paths:
            complain(f"{word}: {path}")
    if not change.paths:
        complain("变更与现有法律数据相同，不会有差异 / the change equals the law as it is")
    elif all(path.startswith(_OUTSIDE) for path in change.paths):
        complain("所变更的文件不影响判断和期限 / no judgement and no due date reads the files that change")


def _conclude(tally: Tally) -> None:
    unchanged = tally.cases - tally.flipped - tally.otherwise
    say(
        f"{tally.cases} 件：结论改变 {tally.flipped}，仅说明改变 {tally.otherwise}，不变 {unchanged} / "
        f"{tally.cases} cases: {tally.flipped} flip, {tally.otherwise} told otherwise, {unchanged} unchanged"
    )
    for move, count in sorted(tally.moves.items()):
        say(f"  {count} × {' → '.join(_word(end) for end in move.split(' → '))}")


def _cases(files: Sequence[Path], before: Lawbook, after: Lawbook) -> Iterator[Case]:
    for file in files:
        if file.suffix in (".yaml", ".yml"):
            yield from _written(file, before, after)
        else:
            for number, record in read_records(file):
                yield Case(f"{file.name}:{number}", "", record.question)


def _written(file: Path, before: Lawbook, after: Lawbook) -> Iterator[Case]:
    """Yield worked cases, or worked terms where the first one names a row."""
    text, name = file.read_bytes(), str(file)
    document: Any = read_yaml(text, file=name)
    listed = document.get("cases") if isinstance(document, dict) else None
    if listed and isinstance(listed, list) and isinstance(listed[0], dict) and "row" in listed[0]:
        for term in read_terms(text, file=name):
            yield Case(term.id, "", term.question)
        return
    try:
        found = read_cases(text, file=name, standards=before.standards)
    except LawError:  # cases written for the change may name facts and offences that only it has
        found = read_cases(text, file=name, standards=after.standards)
    for case in found:
        yield Case(case.id, case.title_zh, JudgementQuestion(case.given))


def _turn(case: Case, before: Lawbook, after: Lawbook) -> Turn | None:
    old, new = _answer(before, case), _answer(after, case)
    if old == new:
        return None
    members = tuple(name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name))
    lines = [str(each.get("explanation_zh", "")).split("\n") for each in (old, new)]
    return Turn(
        case,
        old,
        new,
        members,
        tuple(_limbs(case, old, new, before, after)),
        tuple(line for line in lines[0] if line not in lines[1]),
        tuple(line for line in lines[1] if line not in lines[0]),
    )


def _answer(lawbook: Lawbook, case: Case) -> Mapping[str, Any]:
    try:
        record = answered(case.question, lawbook)
    except ValueError as error:
        return {NO_ANSWER: str(error)}
    found: Mapping[str, Any] = record["answer"]
    return found


def _limbs(
    case: Case, old: Mapping[str, Any], new: Mapping[str, Any], before: Lawbook, after: Lawbook
) -> Iterator[Limb]:
    """Yield the conditions of the versions applied that differ, matched by what their ids share."""
    old_lines, new_lines = _by_place(old), _by_place(new)
    nodes = {**_nodes(before, case.about), **_nodes(after, case.about)}
    for place in dict.fromkeys((*old_lines, *new_lines)):
        one, other = old_lines.get(place), new_lines.get(place)
        if one is None or other is None or any(one.get(k) != other.get(k) for k in ("result", "limit")):
            known = other or one or {}
            yield Limb(_words(nodes.get(known["node"]), place), one, other)


def _by_place(answer: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the lines of conditions that read something, by their id without the version."""
    return {
        line["node"].partition("/")[2] or line["node"]: line
        for line in answer.get("trace", ())
        if "facts" in line or "limit" in line
    }


def _nodes(lawbook: Lawbook, offence: str) -> dict[str, Node]:
    entry = lawbook.standards.offences.get(offence)
    versions = () if entry is None else entry.versions
    return {node.id: node for version in versions for node in version.nodes}


def _words(node: Node | None, place: str) -> str:
    if node is None:
        return place
    return "：".join(part for part in (node.wording.clause, node.wording.zh or place) if part)


def _head(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in _TURNING if name in answer}


def _limb(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return "无此项"
    limit = line.get("limit")
    if limit is None:
        return _word(line["result"])
    ends = list(dict.fromkeys(_plain(end) for end in limit))
    return f"{_word(line['result'])}（标准 {'–'.join(ends)}）"


def _plain(value: Any) -> str:
    return str(next(iter(value.values()))) if isinstance(value, Mapping) else str(value)


def _word(value: Any) -> str:
    if value is None or value == "None":
        return "无"
    if isinstance(value, Mapping):
        return "、".join(f"{_WORDS.get(name, name)}{_word(each)}" for name, each in value.items())
    return RESULTS.get(str(value)) or _WORDS.get(str(value), str(value))
