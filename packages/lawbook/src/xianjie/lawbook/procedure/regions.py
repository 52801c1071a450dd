"""Local service targets that a region has set for itself: `regions/<code>.yaml`.

They are the region's own management, never statutory terms. Where a region says nothing the region above it
decides, and last the targets of `rules/parameters.yaml`. No file ships, because no source gives one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from xianjie.lawbook.files.law_files import LawFiles
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.procedure.rules import LocalTarget, TargetUnit

FOLDER = "regions/"
_CODE = re.compile(r"[1-9][0-9]{5}\Z")


@dataclass(frozen=True, slots=True)
class RegionalTarget:
    """What one region has set.

    Attributes:
        valid_from, valid_to: days from which the target runs that it reaches, both included; to None: still.
        source: who decided it, by which paper.
    """

    target: LocalTarget
    valid_from: date
    valid_to: date | None
    source: str

    def governs(self, day: date) -> bool:
        """Whether it reaches a target that runs from the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, eq=False)
class Regions:
    """What regions have set, by their six-digit code.

    Attributes:
        national: the targets that apply where no region has its own, by id.
    """

    national: Mapping[str, LocalTarget]
    by_code: Mapping[str, tuple[RegionalTarget, ...]]

    def targets_for(self, region: str | None, day: date) -> Mapping[str, LocalTarget]:
        """Return the local targets of a region for what begins on a day, by id.

        Args:
            region: six-digit code of a county, a city or a province; None or an unknown one has the national
                targets.
        """
        if not self.by_code:
            return self.national
        found = dict(self.national)
        for code in reversed(tuple(upwards(region))):
            for each in self.by_code.get(code, ()):
                if each.governs(day):
                    found[each.target.id] = each.target
        return MappingProxyType(found)


def upwards(region: str | None) -> Iterator[str]:
    """Yield the code of a region, of its city and of its province, each once; nothing for no such code."""
    if region is not None and _CODE.match(region):
        yield from dict.fromkeys((region, f"{region[:4]}00", f"{region[:2]}0000"))


def read_regions(
    files: Mapping[str, bytes], national: Mapping[str, LocalTarget]
) -> tuple[Regions, list[LawProblem]]:
    """Read every `regions/<code>.yaml`, and every problem found there."""
    problems: list[LawProblem] = []
    found = {}
    for record in LawFiles(files, problems).folder(FOLDER):
        code = record.text("region")
        if not _CODE.match(code):
            record.wrong("region", "应为六位行政区划代码", "must be a region code of six digits")
        if f"{FOLDER}{code}.yaml" != record.file:
            record.wrong("region", "应与文件名相同", "must equal the name of the file")
        record.text("name_zh")
        found[code] = tuple(_targets(record, national))
        record.finish()
    return Regions(national, MappingProxyType(found)), problems


def load_regions(files: Mapping[str, bytes], national: Mapping[str, LocalTarget]) -> Regions:
    """Return what regions have set; raises LawError carrying every problem."""
    regions, problems = read_regions(files, national)
    if problems:
        raise LawError(problems)
    return regions


def _targets(record: Record, national: Mapping[str, LocalTarget]) -> Iterator[RegionalTarget]:
    seen: list[RegionalTarget] = []
    for item in record.records("targets", least=1):
        name = item.text("id")
        known = national.get(name)
        if known is None:
            item.wrong("id", f"没有这一本地期限：{name}", f"no such local target: {name}")
        found = RegionalTarget(
            target=LocalTarget(
                id=name,
                value=item.whole("value", least=1),
                unit=item.choice("unit", TargetUnit).value,
                title_zh="" if known is None else known.title_zh,
                title_en="" if known is None else known.title_en,
            ),
            valid_from=item.day("valid_from"),
            valid_to=item.day_or_none("valid_to"),
            source=item.text("source"),
        )
        if found.valid_to is not None and found.valid_to < found.valid_from:
            item.wrong("valid_to", "早于起始日", "lies before valid_from")
        if any(_compete(found, other) for other in seen):
            item.wrong("valid_from", "同一天有两个期限", "two targets on the same days")
        item.finish()
        seen.append(found)
        yield found


def _compete(one: RegionalTarget, other: RegionalTarget) -> bool:
    return (
        one.target.id == other.target.id
        and one.valid_from <= (other.valid_to or date.max)
        and other.valid_from <= (one.valid_to or date.max)
    )
