"""From the file of one offence to its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.catalogue import (
    Cumulation,
    Fact,
    Instrument,
    Offence,
    Scope,
    Sector,
    Source,
    UnreadInstrument,
    Version,
)
from xianjie.lawbook.standards.node_reading import NodeReader
from xianjie.lawbook.standards.parameters import Parameter


class _Kind(StrEnum):
    threshold = "threshold"
    conduct = "conduct"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What an offence file may refer to, by id."""

    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    instruments: Mapping[str, Instrument]
    known_unread: Mapping[str, UnreadInstrument]
    sectors: Mapping[str, Sector]


def read_offence(record: Record, words: Vocabulary) -> Offence:
    """Read an offence file; faults are noted in the record."""
    name = record.name("id")
    versions = []
    for item in record.records("versions", least=1):
        identity = item.identifier("id")
        if not identity.startswith(f"{name}@"):
            item.wrong("id", f"应以 {name}@ 开头", f"must begin with {name}@")
        versions.append(_version(item, identity, offence=name, words=words))
        item.finish()
    sectors = record.texts("agencies")
    for sector in sectors:
        if sector not in words.sectors:
            record.wrong("agencies", f"没有这一领域：{sector}", f"no such sector: {sector}")
    offence = Offence(
        id=name,
        name_zh=record.text("name_zh"),
        name_en=record.text("name_en"),
        criminal_law_article=record.text("criminal_law_article"),
        kind=record.choice("kind", _Kind).value,
        sectors=sectors,
        versions=tuple(sorted(versions, key=lambda version: version.effective_from)),
    )
    record.finish()
    return offence


def _version(record: Record, identity: str, *, offence: str, words: Vocabulary) -> Version:
    missing = record.text_or_none("status") is not None
    if missing and record.raw("status") != "standard_text_missing":
        record.wrong("status", "只允许 standard_text_missing", "only standard_text_missing is known")
    if missing and any(record.has(key) for key in ("gate", "criteria", "bars", "grade")):
        record.wrong(
            "status", "无文本的版本不得有等级和条件", "without text there is no grade and no condition"
        )
    if not missing and not record.has("criteria"):
        record.wrong("criteria", "缺少追诉条件", "the criteria are missing")
    nodes = NodeReader(identity, words.facts, words.parameters, words.known_unread)
    trees = {
        key: nodes.tree(record.below(key), stem=key) if record.has(key) else None
        for key in ("gate", "criteria", "bars")
    }
    return Version(
        id=identity,
        offence=offence,
        effective_from=record.day("effective_from"),
        effective_to=record.day_or_none("effective_to"),
        text_missing=missing,
        grade=None if missing else record.choice("grade", Grade).value,
        checked_by=record.text("checked_by", empty=True),
        verified=record.flag("verified"),
        text_seen=record.text("text_seen"),
        incomplete=record.flag("incomplete"),
        gap_before=record.text_or_none("gap_before"),
        sources=tuple(_source(item, words) for item in record.records("sources", least=1)),
        cumulation=_cumulation(record.below("cumulation"), words) if record.has("cumulation") else None,
        measurement=record.text_or_none("measurement"),
        note=record.text_or_none("note"),
        gate=trees["gate"],
        criteria=trees["criteria"],
        bars=trees["bars"],
        facts=nodes.fact_order(),
        nodes=nodes.ordered(),
    )


def _source(record: Record, words: Vocabulary) -> Source:
    """Read what a version rests on; the number stands in the file for the reader and must be right."""
    if record.has("instrument"):
        source = _read_source(record, words)
    else:
        unread = record.text("known_unread")
        text = words.known_unread.get(unread)
        if text is None:
            record.wrong(
                "known_unread", f"没有这一未读文件：{unread}", f"no such unread instrument: {unread}"
            )
        source = Source(
            instrument=None,
            title_zh="" if text is None else text.title_zh,
            number="" if text is None else text.number,
            article=None,
            applies_from=None,
            known_unread=unread,
        )
    record.finish()
    return source


def _read_source(record: Record, words: Vocabulary) -> Source:
    name = record.text("instrument")
    number = record.text("number")
    instrument = words.instruments.get(name)
    if instrument is None:
        record.wrong("instrument", f"没有这一文件：{name}", f"no such instrument: {name}")
    elif instrument.number != number:
        record.wrong("number", f"文号应为 {instrument.number}", f"the number is {instrument.number}")
    return Source(
        instrument=name,
        title_zh="" if instrument is None else instrument.title_zh,
        number=number,
        article=record.text("article"),
        applies_from=record.day_or_none("applies_from"),
        known_unread=None,
    )


def _cumulation(record: Record, words: Vocabulary) -> Cumulation:
    names = record.texts("facts")
    for name in names:
        fact = words.facts.get(name)
        if fact is None:
            record.wrong("facts", f"没有这一事实：{name}", f"no such fact: {name}")
        elif not fact.numeric:
            record.wrong("facts", f"只有数量可以累计：{name}", f"only numbers add up: {name}")
    rule = Cumulation(
        clause=record.text("clause"),
        scope=record.choice("scope", Scope),
        window_months=record.whole("window_months", least=0),
        facts=frozenset(names),
    )
    record.finish()
    return rule
