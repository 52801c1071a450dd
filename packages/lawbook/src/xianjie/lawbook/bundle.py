"""The law as one value: everything below the law directory, with the digest that says which law it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.procedure.calendars import Calendar
from xianjie.lawbook.procedure.causes import Causes, load_causes
from xianjie.lawbook.procedure.clocks import Row
from xianjie.lawbook.procedure.regions import Regions, load_regions
from xianjie.lawbook.procedure.rows import read_row
from xianjie.lawbook.procedure.rules import Rules, load_rules
from xianjie.lawbook.standards.catalogue import Standards
from xianjie.lawbook.standards.loading import load_standards

CLOCKS, CALENDARS = "clocks/", "calendars/"
FOR_READERS = re.compile(r"README(?:\.zh-CN)?\.md\Z")


@dataclass(frozen=True, eq=False, kw_only=True)
class Lawbook:
    """The whole law that the platform applies.

    Attributes:
        digest: "sha-256:<hex>" over everything below the law directory, see `digest_of`.
        standards: filing standards with facts, instruments and provincial amounts.
        clocks: the steps with their terms, by row id.
        calendar: holidays and working days.
        rules: detection rules, and the local targets that apply where no region has its own.
        causes: administrative causes of action and the offences that they may lead to.
        regions: local targets that regions have set.
    """

    digest: str
    standards: Standards
    clocks: Mapping[str, Row]
    calendar: Calendar
    rules: Rules
    causes: Causes
    regions: Regions

    @classmethod
    def load(cls, directory: Path) -> Lawbook:
        """Read the law below a directory.

        Raises:
            LawError: a file is missing or breaks the format; carries every problem of its part.
            OSError: a file cannot be read.
        """
        return cls.of(read_files(directory))

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Lawbook:
        """Return the law that some files say.

        Args:
            files: their bytes by path below the law directory, see `read_files`.

        Raises:
            LawError: a file is missing or breaks the format; carries every problem of its part.
        """
        standards = load_standards(files)
        rules = load_rules(files)
        return cls(
            digest=digest_of(files),
            standards=standards,
            clocks=_rows(files),
            calendar=calendar_of(files),
            rules=rules,
            causes=load_causes(files, standards),
            regions=load_regions(files, rules.targets),
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


def _rows(files: Mapping[str, bytes]) -> Mapping[str, Row]:
    rows: dict[str, Row] = {}
    problems: list[LawProblem] = []
    for path in sorted(files):
        if path.startswith(CLOCKS) and path.endswith(".yaml"):
            try:
                row = read_row(files[path], file=path)
            except LawError as error:
                problems.extend(error.problems)
            else:
                if f"{CLOCKS}{row.id}.yaml" != path:
                    problems.append(
                        LawProblem(path, "id", "应与文件名相同", "must equal the name of the file")
                    )
                rows[row.id] = row
    if problems:
        raise LawError(problems)
    return MappingProxyType(rows)


def calendar_of(files: Mapping[str, bytes]) -> Calendar:
    """Return the calendar that the files of a law say; raises LawError carrying every problem."""
    return Calendar.from_documents(
        {
            path.removeprefix(CALENDARS): read_yaml(files[path], file=path)
            for path in sorted(files)
            if path.startswith(CALENDARS) and path.endswith(".yaml")
        }
    )


def read_files(directory: Path) -> Mapping[str, bytes]:
    """Return the bytes of every file below the directory by relative path with forward slashes.

    What only explains the directory to its readers (`README…md`) is no law and is left out.
    """
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not FOR_READERS.match(path.name)
    }


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return "sha-256:<hex>" over the lines `<path> <SHA-256 of the file>` by path, each ended by LF."""
    lines = "".join(f"{path} {hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files))
    return f"sha-256:{hashlib.sha256(lines.encode()).hexdigest()}"
