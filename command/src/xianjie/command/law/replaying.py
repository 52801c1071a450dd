"""`xianjie law replay`: recorded answers given again by the law that they name, compared bit for bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from xianjie.lawbook.bundle import Lawbook, digest_of
from xianjie.lawbook.replay.recording import (
    Difference,
    Record,
    RecordError,
    first_difference,
    line_of,
    read_record,
    replayed,
)

from .app import Unusable, complain, say
from .bundling import files_of
from .judging import exact_json

_LONGEST = 300  # characters of a differing value that a person is shown


class Outcome(StrEnum):
    """What came of one record."""

    equal = "equal"
    differs = "differs"
    needs_law = "needs_law"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A record that was answered again.

    Attributes:
        line: number of the line in the file, from 1.
        difference: the first member that differs; None where none does.
        problem: why the law that the record names gives no answer at all now.
    """

    line: int
    record: Record
    outcome: Outcome
    difference: Difference | None = None
    problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return one line of the answer."""
        found: dict[str, Any] = {
            "line": self.line,
            "kind": self.record.kind,
            "about": self.record.about,
            "law": self.record.law,
            "digest": self.record.members["digest"],
            "outcome": self.outcome.value,
        }
        if self.difference is not None:
            found |= {
                "member": self.difference.path,
                "recorded": self.difference.recorded,
                "now": self.difference.now,
            }
        return found if self.problem is None else found | {"problem": self.problem}

    def told(self) -> str:
        """Return one line for people."""
        about = f"第 {self.line} 行 {self.record.about}"
        if self.outcome is Outcome.needs_law:
            return f"{about}：未重算，需要法律数据 / not replayed: needs law {self.record.law}"
        if self.problem is not None:
            return f"{about}：不能得出答案 / no answer: {self.problem}"
        assert self.difference is not None
        return (
            f"{about}：不一致，首个不同的成员 / differs, first in {self.difference.path}\n"
            f"  记录 / recorded: {_shortened(self.difference.recorded)}\n"
            f"  重算 / now:      {_shortened(self.difference.now)}"
        )


class Laws:
    """The laws at hand by digest; each is read once, when a record first asks for it."""

    def __init__(self, places: Sequence[Path]) -> None:
        self._files = {digest_of(files): files for files in map(files_of, places)}
        self._read: dict[str, Lawbook] = {}

    def get(self, digest: str) -> Lawbook | None:
        """Return the law of the digest; None when it is not at hand."""
        if digest not in self._files:
            return None
        if digest not in self._read:
            self._read[digest] = Lawbook.of(self._files[digest])
        return self._read[digest]


def read_records(file: Path) -> Iterator[tuple[int, Record]]:
    """Yield the records of a file with the numbers of their lines; empty lines are passed over.

    Raises:
        Unusable: a line is no record; the message names the line.
        OSError: the file cannot be read.
    """
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield number, read_record(line)
                except RecordError as error:
                    raise Unusable(f"{file}: 第 {number} 行 / line {number}: {error}") from None


def replay(file: Path, *, laws: Sequence[Path], as_json: bool) -> int:
    """Answer every record again; 1 where one differs, or its law is not at hand."""
    at_hand = Laws(laws)
    counts = dict.fromkeys(Outcome, 0)
    needed: dict[str, None] = {}
    for number, record in read_records(file):
        found = _again(number, record, at_hand)
        counts[found.outcome] += 1
        if found.outcome is Outcome.needs_law:
            needed.setdefault(record.law)
        if as_json:
            say(exact_json(found.as_json()))
        elif found.outcome is not Outcome.equal:
            say(found.told())
    equal, differs, without = counts.values()
    complain(
        f"{equal + differs + without} 条记录：一致 {equal}，不一致 {differs}，缺法律数据 {without} / "
        f"{equal + differs + without} records: {equal} equal, {differs} differ, {without} need another law"
    )
    for digest in needed:
        complain(f"缺法律数据，请用 --law 给出 / give this law with --law: {digest}")
    return 1 if differs or without else 0


def _again(number: int, record: Record, laws: Laws) -> Replayed:
    lawbook = laws.get(record.law)
    if lawbook is None:
        return Replayed(number, record, Outcome.needs_law)
    try:
        again = replayed(record, lawbook)
    except ValueError as error:
        return Replayed(number, record, Outcome.differs, problem=str(error))
    if line_of(again) == line_of(record.members):
        return Replayed(number, record, Outcome.equal)
    # The digest differs whenever anything does, so it is named only when nothing else is.
    undigested = [{k: v for k, v in members.items() if k != "digest"} for members in (record.members, again)]
    difference = first_difference(undigested[0], undigested[1]) or first_difference(record.members, again)
    return Replayed(number, record, Outcome.differs, difference)


def _shortened(value: Any) -> str:
    text = exact_json(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
