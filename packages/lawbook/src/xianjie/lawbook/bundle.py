"""The law as one value: everything below the law directory, with the digest that says which law it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xianjie.lawbook.calendars import Calendar
from xianjie.lawbook.catalogue import Standards
from xianjie.lawbook.clocks import Row, load_rows
from xianjie.lawbook.loading import load_standards
from xianjie.lawbook.rules import Rules, load_rules


@dataclass(frozen=True, eq=False, kw_only=True)
class Lawbook:
    """The whole law that the platform applies.

    Attributes:
        digest: "sha-256:<hex>" over everything below the law directory, see `digest_of`.
        standards: filing standards with facts, instruments and provincial amounts.
        clocks: the steps with their terms, by row id.
        calendar: holidays and working days.
        rules: detection rules.
    """

    digest: str
    standards: Standards
    clocks: Mapping[str, Row]
    calendar: Calendar
    rules: Rules

    @classmethod
    def load(cls, directory: Path) -> Lawbook:
        """Read the law below a directory.

        Raises:
            LawError: a file is missing or breaks the format; carries every problem of its part.
            RuleFileError: a file of the detection rules breaks the format.
            OSError: a file cannot be read.
        """
        files = read_files(directory)
        return cls(
            digest=digest_of(files),
            standards=load_standards(files),
            clocks=load_rows(directory / "clocks"),
            calendar=Calendar.load(directory / "calendars"),
            rules=load_rules(directory / "rules"),
        )

    @cached_property
    def rows_begun_by(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows whose clock an event of a type can start or open, by the type's short name."""
        found: dict[str, list[Row]] = {}
        for row in self.clocks.values():
            for name in dict.fromkeys(trigger.name for trigger in (*row.events.starts, *row.events.opens)):
                found.setdefault(name, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def families(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of one step, by the id of the general row: that row and those that replace it."""
        found: dict[str, list[Row]] = {}
        for row in self.clocks.values():
            found.setdefault(row.replaces or row.id, []).append(row)
        return {stem: tuple(rows) for stem, rows in found.items()}

    def basis_of_row(self, row_id: str) -> tuple[str, ...]:
        """Return the articles that give the limit of a row, over all its versions, newest first."""
        sources = [version.source for version in reversed(self.clocks[row_id].versions)]
        return tuple(dict.fromkeys(f"{source.instrument} {source.article}".strip() for source in sources))


def read_files(directory: Path) -> Mapping[str, bytes]:
    """Return the bytes of every file below the directory by relative path with forward slashes."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return "sha-256:<hex>" over the lines `<path> <SHA-256 of the file>` by path, each ended by LF."""
    lines = "".join(f"{path} {hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files))
    return f"sha-256:{hashlib.sha256(lines.encode()).hexdigest()}"
