"""Amounts that national law leaves to a province: the range, and what provinces have set.

Source: each parameter names the article that gives the range. Where no provincial amount is on record
the range itself decides what it can: at or above its top every province is covered, below its bottom none.
A province may only fill the range. An amount above it is refused; one below it contradicts national law, must
say so under `conflict_zh`, is shown with that mark and never decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.values import Number

FOLDER = "overlays/"
_PROVINCE = re.compile(r"CN-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class Overlay:
    """The amount that one province has set.

    Attributes:
        province: ISO 3166-2 code.
        value: the amount in the unit of the parameter.
        effective_from, effective_to: days of the act that it reaches, both included; None is open.
        grade: how well its text was seen (read, excerpt, secondary, memory).
        checked_by: the person who compared it with the official text; empty until somebody has.
        conflict_zh: why it contradicts national law, None where it does not; with it, it never decides.
    """

    province: str
    province_zh: str
    value: Number
    effective_from: date | None
    effective_to: date | None
    source: str
    grade: str
    checked_by: str
    note: str | None
    conflict_zh: str | None = None

    def reaches(self, day: date) -> bool:
        """Whether it governs an act of this day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    """A range that provinces fill in.

    Attributes:
        unit: CNY (yuan) or the unit of the fact.
        min, max: ends of the national range, both included.
        set_by: the organs that may set the amount.
        source: instrument and articles that give the range.
    """

    id: str
    unit: str
    min: Number
    max: Number
    set_by: str
    source: str
    overlays: tuple[Overlay, ...]

    def overlay(self, province: str | None, day: date) -> Overlay | None:
        """Return the amount on record for an act in the province on the day, the latest first.

        One that contradicts national law is left out: the range decides there.
        """
        found = None
        for overlay in self.overlays:
            if overlay.province == province and overlay.conflict_zh is None and overlay.reaches(day):
                begins = overlay.effective_from or date.min
                if found is None or begins >= (found.effective_from or date.min):
                    found = overlay
        return found


def read_parameter(record: Record) -> Parameter:
    """Read one range; faults are noted in the record."""
    parameter = Parameter(
        id=record.name("id"),
        unit=record.text("unit"),
        min=record.number("min", above=0),
        max=record.number("max", above=0),
        set_by=record.text("set_by"),
        source=record.text("source"),
        overlays=(),
    )
    if parameter.min > parameter.max:
        record.wrong("min", "下限大于上限", "min is above max")
    return parameter


def read_overlays(record: Record, parameters: Mapping[str, Parameter]) -> dict[str, tuple[Overlay, ...]]:
    """Read what one province has set, by the id of the range; faults are noted in the record."""
    found: dict[str, tuple[Overlay, ...]] = {}
    province, name = record.text("province"), record.text("province_zh")
    if not _PROVINCE.match(province):
        record.wrong("province", "省份代码应为 CN-两位数字", "the province must be CN-00")
    if f"{FOLDER}{province}.yaml" != record.file:
        record.wrong("province", "应与文件名相同", "must equal the name of the file")
    for item in record.records("overlays", least=1):
        parameter = parameters.get(item.text("parameter"))
        overlay = _overlay(item, province, name, parameter)
        if parameter is None:
            item.wrong("parameter", "没有这一数额幅度", f"no such parameter: {item.raw('parameter')}")
            continue
        others = found.get(parameter.id, ())
        if any(_compete(overlay, other) for other in others):
            item.wrong("effective_from", "同一天有两个数额", "two amounts on the same days")
        found[parameter.id] = (*others, overlay)
    record.finish()
    return found


def with_overlays(parameter: Parameter, overlays: tuple[Overlay, ...]) -> Parameter:
    """Return the range with what provinces have set."""
    return replace(parameter, overlays=overlays)


def _overlay(record: Record, province: str, name: str, parameter: Parameter | None) -> Overlay:
    overlay = Overlay(
        province=province,
        province_zh=name,
        value=record.number("value", above=0),
        effective_from=record.day_or_none("effective_from"),
        effective_to=record.day_or_none("effective_to"),
        source=record.text("source"),
        grade=record.choice("grade", Grade).value,
        checked_by=record.text("checked_by", empty=True),
        note=record.text_or_none("note"),
        conflict_zh=record.text_or_none("conflict_zh"),
    )
    if overlay.effective_from and overlay.effective_to and overlay.effective_to < overlay.effective_from:
        record.wrong("effective_to", "施行终止日早于施行日", "ends before it begins")
    if parameter is not None and overlay.value > parameter.max:
        record.wrong("value", "高于全国幅度", "outside the national range: above its top")
    below = parameter is not None and overlay.value < parameter.min
    if below and overlay.conflict_zh is None:
        record.wrong(
            "value",
            "低于全国幅度的，应在 conflict_zh 说明，且不作为判断依据",
            "outside the national range: below its bottom, which conflict_zh must explain",
        )
    if overlay.conflict_zh is not None and not below:
        record.wrong("conflict_zh", "与全国幅度没有冲突", "nothing contradicts the national range")
    record.flag("verified")
    record.text("text_seen")
    record.finish()
    return overlay


def _compete(one: Overlay, other: Overlay) -> bool:
    """Whether two amounts stand for the same days; a later one that only ends an open one does not."""
    first, second = sorted((one, other), key=lambda overlay: overlay.effective_from or date.min)
    begins, later = first.effective_from or date.min, second.effective_from or date.min
    return later == begins or (first.effective_to is not None and later <= first.effective_to)
