"""Amounts that national law leaves to a province: the range, and what provinces have set.

Source: each parameter names the article that gives the range. Where no provincial amount is on record
the range itself decides what it can: at or above its top every province is covered, below its bottom none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xianjie.lawbook.values import Number


@dataclass(frozen=True, slots=True)
class Overlay:
    """The amount that one province has set.

    Attributes:
        province: ISO 3166-2 code.
        value: the amount in the unit of the parameter.
        effective_from, effective_to: days of the act that it reaches, both included; None is open.
        grade: how well its text was seen (read, excerpt, secondary, memory).
        checked_by: the person who compared it with the official text; empty until somebody has.
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
        """Return the amount on record for an act in the province on the day, the latest first."""
        found = None
        for overlay in self.overlays:
            if overlay.province == province and overlay.reaches(day):
                begins = overlay.effective_from or date.min
                if found is None or begins >= (found.effective_from or date.min):
                    found = overlay
        return found
