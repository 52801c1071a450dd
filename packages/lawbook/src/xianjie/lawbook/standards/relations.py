"""How entries of the catalogue stand to each other and to other texts in force.

A relation is shown with a judgement and changes no result: which of two texts is followed is for people.
Source: specification of the standards, section 3 no. 11 and 18, section 4 no. 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from xianjie.lawbook.files.records import Record

if TYPE_CHECKING:
    from xianjie.lawbook.standards.catalogue import Instrument, Offence


class Kind(StrEnum):
    """What one entry is to another."""

    prevails_over = "prevails_over"  # its special standard comes before the general one of the other
    conflicts_with = "conflicts_with"  # another text in force says otherwise
    alternative_offence = "alternative_offence"  # to be tested where the entry has no version


@dataclass(frozen=True, slots=True)
class Article:
    """A place in an instrument: its id, its number, the article, and its title where it is catalogued."""

    instrument: str
    number: str
    article: str
    title_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One relation.

    Attributes:
        offences: ids of the entries that it is about.
        other: id of the entry that they prevail over or that is tested instead; None for a conflict.
        names: the names of all of them, Chinese and English, by id.
        valid_from, valid_to: days of the act, both included; None: still.
        sources: what it rests on; for a conflict, the text that says otherwise.
    """

    id: str
    kind: Kind
    offences: tuple[str, ...]
    other: str | None
    names: Mapping[str, tuple[str, str]]
    valid_from: date
    valid_to: date | None
    sources: tuple[Article, ...]
    note_zh: str
    note_en: str

    def reaches(self, first_day: date, last_day: date) -> bool:
        """Whether some day between the two, both included, is one of its days."""
        return self.valid_from <= last_day and (self.valid_to is None or first_day <= self.valid_to)


def read_relation(
    record: Record, offences: Mapping[str, Offence], instruments: Mapping[str, Instrument]
) -> Relation:
    """Read one relation; faults are noted in the record."""
    kind = record.choice("kind", Kind)
    mine = record.texts("offences")
    other = None if kind is Kind.conflicts_with else record.text("other")
    everyone = mine if other is None else (*mine, other)
    for name in everyone:
        if name not in offences:
            record.wrong("offences", f"没有这一罪名：{name}", f"no such offence: {name}")
    named = [offences[name] for name in everyone if name in offences]
    relation = Relation(
        id=record.text("id"),
        kind=kind,
        offences=mine,
        other=other,
        names={offence.id: (offence.name_zh, offence.name_en) for offence in named},
        valid_from=record.day("valid_from"),
        valid_to=record.day_or_none("valid_to"),
        sources=tuple(read_article(item, instruments) for item in record.records("sources", least=1)),
        note_zh=record.text("note_zh"),
        note_en=record.text("note_en"),
    )
    if relation.valid_to is not None and relation.valid_to < relation.valid_from:
        record.wrong("valid_to", "早于起始日", "lies before valid_from")
    return relation


def read_article(record: Record, instruments: Mapping[str, Instrument]) -> Article:
    """Read instrument, number and article; the number must be that of the instrument."""
    name, number = record.text("instrument"), record.text("number")
    instrument = instruments.get(name)
    if instrument is None:
        record.wrong("instrument", f"没有这一文件：{name}", f"no such instrument: {name}")
    elif instrument.number != number:
        record.wrong("number", f"文号应为 {instrument.number}", f"the number is {instrument.number}")
    title = "" if instrument is None else instrument.title_zh
    article = Article(name, number, record.text("article"), title)
    record.finish()
    return article


def by_offence(relations: Mapping[str, Relation]) -> Mapping[str, tuple[Relation, ...]]:
    """Return the relations of each offence, also those in which it is the other one."""
    found: dict[str, tuple[Relation, ...]] = {}
    for relation in relations.values():
        for name in relation.names:
            if name != relation.other or relation.kind is Kind.prevails_over:
                found[name] = (*found.get(name, ()), relation)
    return found
