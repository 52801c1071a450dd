"""Numbers of the law data that their text states in other words: `numbers.yaml`.

Every other number must stand in an article that is cited for it, see `numbers_checking`. Each entry here says
how the number follows from what the text does state, so that nothing passes unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import prod

from xianjie.lawbook.checking.citing import Citation, listed_places
from xianjie.lawbook.files.law_files import LawFiles
from xianjie.lawbook.files.problems import LawProblem
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.values import Number

FILE = "numbers.yaml"


class How(StrEnum):
    """How a number follows from the text."""

    at_all = "at_all"  # the text says that something happened, and no number: at least one
    product = "product"  # the numbers that the text states, multiplied
    sum = "sum"  # added
    span = "span"  # a length of time that the text writes in another unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How the number of a condition or of a term follows from its text.

    Attributes:
        at: id of the condition (`tax_evasion@2002/pct.a`) or text of a row (`seizure_term@2012-01-01`).
        number: as the law data writes it.
        stated: the numbers that the text states; empty for `at_all`.
        also: places beside those that are cited there.
    """

    at: str
    number: Number
    how: How
    stated: tuple[Number, ...]
    also: tuple[Citation, ...]
    reason_zh: str
    reason_en: str


def read_derivations(
    files: Mapping[str, bytes],
) -> tuple[Mapping[tuple[str, Number], Derivation], list[LawProblem]]:
    """Read what the law data declares, by place and number, and every problem of it."""
    problems: list[LawProblem] = []
    reader = LawFiles(files, problems)
    found: dict[tuple[str, Number], Derivation] = {}
    record = reader.document(FILE) if FILE in files else None
    for item in record.records("derivations") if record is not None else ():
        for each in _entry(item):
            if (each.at, each.number) in found:
                item.wrong("at", f"重复：{each.at}", f"stands twice: {each.at}")
            found[each.at, each.number] = each
    if record is not None:
        record.finish()
    return found, problems


def _entry(record: Record) -> list[Derivation]:
    how = record.choice("how", How)
    number = record.number("number")
    stated = record.numbers("stated") if record.has("stated") else ()
    also = [
        place for item in (record.records("also") if record.has("also") else ()) for place in _places(item)
    ]
    if not _follows(number, how, stated):
        record.wrong("number", "与所列数字不符", "does not follow from the numbers that are stated")
    reasons = record.text("reason_zh"), record.text("reason_en")
    found = [
        Derivation(
            at=at,
            number=number,
            how=how,
            stated=stated,
            also=tuple(also),
            reason_zh=reasons[0],
            reason_en=reasons[1],
        )
        for at in record.texts("at")
    ]
    record.finish()
    return found


def _places(record: Record) -> tuple[Citation, ...]:
    found = listed_places(record.text("instrument"), record.text("article"))
    record.finish()
    return found


def _follows(number: Number, how: How, stated: tuple[Number, ...]) -> bool:
    if how is How.at_all:
        return number in (0, 1) and not stated
    parts = [Fraction(each) for each in stated]
    if how is How.product:
        return len(parts) > 1 and prod(parts) == number
    if how is How.sum:
        return len(parts) > 1 and sum(parts) == number
    return bool(parts)
