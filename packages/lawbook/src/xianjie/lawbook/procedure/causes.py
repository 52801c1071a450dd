"""Administrative causes of action and the offences that conduct of that kind may also be.

An entry never says that something is a crime: it names candidates whose standards are to be tested. It speaks
only on days on which one of its bases is in force, so it is silent before its first one. A basis written from
memory ships disabled: what only such bases support may order a list of what to read, and raises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.files.law_files import LawFiles
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.catalogue import Instrument, Offence, Sector, Standards

FOLDER = "causes/"
MIXED = "mixed"
UNREACHED = "offences_without_cause"
_ID = re.compile(r"CA-[0-9]{3,4}\Z")


@dataclass(frozen=True, slots=True)
class Basis:
    """An article on which a cause rests.

    Attributes:
        valid_from, valid_to: days on which its instrument is in force, both included; None: not known.
        grade: read: its opening words were compared with the text; memory: title, article and days are from
            memory.
        enabled: whether it can support a finding; never where it is from memory.
    """

    instrument: str
    article: str
    valid_from: date | None
    valid_to: date | None
    grade: str
    enabled: bool

    def governs(self, day: date) -> bool:
        """Whether it is known to be in force on the day."""
        return (
            self.valid_from is not None
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Cause:
    """A cause of action of administrative penalties.

    Attributes:
        aliases_zh: other names under which such conduct stands in penalty decisions.
        offences: ids of the candidates, the nearest first.
    """

    id: str
    sector: str
    name_zh: str
    aliases_zh: tuple[str, ...]
    bases: tuple[Basis, ...]
    offences: tuple[str, ...]
    note: str | None

    @cached_property
    def grade(self) -> str:
        """How well its bases were seen: the grade that they share, or `mixed`."""
        grades = {basis.grade for basis in self.bases}
        return grades.pop() if len(grades) == 1 else MIXED

    @property
    def enabled(self) -> bool:
        """Whether it can support a finding on some day."""
        return any(basis.enabled for basis in self.bases)


def offences_of(cause: Cause, day: date) -> tuple[str, ...]:
    """Return the candidates on whose standards a rule may look, for conduct of that day.

    Empty where no basis that was read is in force on the day.
    """
    return cause.offences if any(basis.enabled and basis.governs(day) for basis in cause.bases) else ()


def reading_of(cause: Cause, day: date) -> tuple[str, ...]:
    """Return the candidates that may order a reading list, also on bases from memory; raises nothing."""
    return cause.offences if any(basis.governs(day) for basis in cause.bases) else ()


@dataclass(frozen=True, eq=False)
class Causes:
    """The whole table.

    Attributes:
        by_id: every cause by its id.
        unreached: offences that no cause leads to because they arise beside another or in supervision.
    """

    by_id: Mapping[str, Cause]
    unreached: tuple[str, ...]

    @cached_property
    def by_sector(self) -> Mapping[str, tuple[Cause, ...]]:
        """The causes of each sector, in their order."""
        found: dict[str, list[Cause]] = {}
        for cause in self.by_id.values():
            found.setdefault(cause.sector, []).append(cause)
        return MappingProxyType({sector: tuple(causes) for sector, causes in found.items()})

    @cached_property
    def by_offence(self) -> Mapping[str, tuple[Cause, ...]]:
        """The causes that lead to each offence."""
        found: dict[str, list[Cause]] = {}
        for cause in self.by_id.values():
            for offence in cause.offences:
                found.setdefault(offence, []).append(cause)
        return MappingProxyType({offence: tuple(causes) for offence, causes in found.items()})


def read_causes(files: Mapping[str, bytes], standards: Standards) -> tuple[Causes, list[LawProblem]]:
    """Read the whole table from the files of a law by path, and every problem found in it."""
    problems: list[LawProblem] = []
    reader = LawFiles(files, problems)
    found: dict[str, Cause] = {}
    for record in reader.folder(FOLDER):
        for cause in _of_sector(
            record,
            offences=standards.offences,
            instruments=standards.instruments,
            sectors=standards.sectors,
        ):
            if cause.id in found:
                record.wrong("causes", f"编号重复：{cause.id}", f"the id stands twice: {cause.id}")
            found[cause.id] = cause
    catalogue = reader.document("catalogue.yaml")
    unreached: tuple[str, ...] = ()
    if catalogue is not None and catalogue.has(UNREACHED):
        unreached = catalogue.below(UNREACHED).texts("offences")
        for name in unreached:
            if name not in standards.offences:
                catalogue.wrong(UNREACHED, f"没有这一罪名：{name}", f"no such offence: {name}")
    return Causes(MappingProxyType(found), unreached), problems


def load_causes(files: Mapping[str, bytes], standards: Standards) -> Causes:
    """Return the table of causes; raises LawError carrying every problem."""
    causes, problems = read_causes(files, standards)
    if problems:
        raise LawError(problems)
    return causes


def _of_sector(
    record: Record,
    *,
    offences: Mapping[str, Offence],
    instruments: Mapping[str, Instrument],
    sectors: Mapping[str, Sector],
) -> list[Cause]:
    """Read the causes of one sector; faults are noted in the record."""
    sector = record.text("sector")
    if sector not in sectors:
        record.wrong("sector", f"没有这一领域：{sector}", f"no such sector: {sector}")
    if f"{FOLDER}{sector}.yaml" != record.file:
        record.wrong("sector", "应与文件名相同", "must equal the name of the file")
    causes = []
    for item in record.records("causes", least=1):
        named = item.texts("offences")
        if not named:
            item.wrong("offences", "应至少有一个罪名", "must name an offence")
        for name in named:
            if name not in offences:
                item.wrong("offences", f"没有这一罪名：{name}", f"no such offence: {name}")
        identity = item.text("id")
        if not _ID.match(identity):
            item.wrong("id", "案由编号应为 CA-三位数字", "the id must be CA-000")
        causes.append(
            Cause(
                id=identity,
                sector=sector,
                name_zh=item.text("name_zh"),
                aliases_zh=item.texts("aliases_zh"),
                bases=tuple(_basis(basis, instruments) for basis in item.records("bases", least=1)),
                offences=named,
                note=item.text_or_none("note"),
            )
        )
        item.finish()
    record.finish()
    return causes


def _basis(record: Record, instruments: Mapping[str, Instrument]) -> Basis:
    name = record.text("instrument")
    instrument = instruments.get(name)
    if instrument is None:
        record.wrong("instrument", f"没有这一文件：{name}", f"no such instrument: {name}")
    basis = Basis(
        instrument=name,
        article=record.text("article"),
        valid_from=None if instrument is None else instrument.effective_from,
        valid_to=None if instrument is None else instrument.effective_to,
        grade=record.choice("grade", Grade).value,
        enabled=record.flag("enabled"),
    )
    if basis.enabled and basis.grade == Grade.memory:
        record.wrong("enabled", "凭记忆的依据不得启用", "a basis from memory must not be enabled")
    if basis.enabled and instrument is not None and instrument.effective_from is None:
        record.wrong("enabled", "施行日不明的依据不得启用", "enabled, but its first day is not known")
    record.finish()
    return basis
