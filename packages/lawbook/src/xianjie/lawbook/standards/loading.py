"""From the files of the law to the catalogue of standards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.files.law_files import LawFiles
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.catalogue import (
    Fact,
    FactType,
    HistoryWindow,
    Offence,
    Sector,
    Standards,
    Unit,
    UnreadInstrument,
)
from xianjie.lawbook.standards.instruments import FOLDER as INSTRUMENTS
from xianjie.lawbook.standards.instruments import read_instrument
from xianjie.lawbook.standards.offence_reading import Vocabulary, read_offence
from xianjie.lawbook.standards.parameters import FOLDER as OVERLAYS
from xianjie.lawbook.standards.parameters import (
    Overlay,
    Parameter,
    read_overlays,
    read_parameter,
    with_overlays,
)
from xianjie.lawbook.standards.relations import by_offence, read_relation
from xianjie.lawbook.standards.suspicion import read_bar


class _Counts(StrEnum):
    admin_penalty = "admin_penalty"
    criminal_penalty = "criminal_penalty"


def read_standards(files: Mapping[str, bytes]) -> tuple[Standards, list[LawProblem]]:
    """Read the catalogue of standards.

    Args:
        files: bytes of the files by path below the law directory (`standards/theft.yaml`, `facts.yaml`).

    Returns:
        The catalogue, and every problem found; with problems the catalogue must not be used to judge.
    """
    problems: list[LawProblem] = []
    reader = LawFiles(files, problems)
    units = reader.listed("units.yaml", "units", "code", _unit)
    facts = reader.listed("facts.yaml", "facts", "name", lambda record: _fact(record, units))
    parameters = _parameters(reader)
    unread = reader.listed("known_unread.yaml", "known_unread", "id", _unread)
    instruments = {text.id: text for text in map(read_instrument, reader.folder(INSTRUMENTS))}
    sectors = reader.listed("sectors.yaml", "sectors", "code", _sector)
    words = Vocabulary(facts, parameters, instruments, unread, sectors)
    offences: dict[str, Offence] = {}
    for record in reader.folder("standards/"):
        offence = read_offence(record, words)
        if f"standards/{offence.id}.yaml" != record.file:
            record.wrong("id", "应与文件名相同", "must equal the name of the file")
        offences[offence.id] = offence
    if not offences:
        problems.append(LawProblem("standards", "", "没有任何标准文件", "there is no file of a standard"))
    relations = reader.optional(
        "relations.yaml", "relations", lambda record: read_relation(record, offences, instruments)
    )
    bars = reader.optional(
        "reasonable_suspicion.yaml",
        "bars",
        lambda record: read_bar(record, offences, instruments, list(Grade)),
    )
    standards = Standards(
        relations=MappingProxyType(by_offence(relations)),
        suspicion_bars=MappingProxyType({name: bar for bar in bars.values() for name in bar.offences}),
        offences=MappingProxyType(offences),
        facts=MappingProxyType(facts),
        instruments=MappingProxyType(instruments),
        parameters=MappingProxyType(parameters),
        sectors=MappingProxyType(sectors),
        units=MappingProxyType(units),
        known_unread=MappingProxyType(unread),
        horizon=_horizon(reader),
    )
    return standards, problems


def load_standards(files: Mapping[str, bytes]) -> Standards:
    """Return the catalogue of standards of the given files.

    Raises:
        LawError: any file is missing or breaks the format.
    """
    standards, problems = read_standards(files)
    if problems:
        raise LawError(problems)
    return standards


def _horizon(reader: LawFiles) -> date:
    record = reader.document("catalogue.yaml")
    return (
        date.min
        if record is None
        else record.below("knowledge_horizon").day("legislation_and_interpretations")
    )


def _unit(record: Record) -> Unit:
    return Unit(record.name("code"), record.text("name_zh"), record.text("name_en"))


def _fact(record: Record, units: Mapping[str, Unit]) -> Fact:
    kind = record.choice("type", FactType)
    history = None
    if record.has("derived_from") and record.text("derived_from") != "history":
        record.wrong("derived_from", "只允许 history", "only history is known")
    if record.has("derived_from") or record.has("history"):
        below = record.below("history")
        years = None if below.raw("window_years") is None else below.whole("window_years", least=1)
        history = HistoryWindow(below.choice("counts", _Counts).value, years)
        below.finish()
        if kind not in (FactType.integer, FactType.boolean):
            record.wrong(
                "history", "只有次数和是否可由前科推出", "only counts and truths derive from history"
            )
    numeric = kind in (FactType.integer, FactType.decimal, FactType.money)
    unit = record.text("unit") if numeric else None
    if unit is not None and unit not in units:
        record.wrong("unit", f"没有这一单位：{unit}", f"no such unit: {unit}")
    return Fact(
        name=record.name("name"),
        type=kind,
        label_zh=record.text("label_zh"),
        label_en=record.text("label_en"),
        definition=record.text("definition"),
        unit=unit,
        values=record.texts("values") if kind is FactType.enum else (),
        judgement=record.flag("judgement"),
        history=history,
        measured_in=None if unit is None else units.get(unit),
    )


def _parameters(reader: LawFiles) -> dict[str, Parameter]:
    """Read the ranges, and into them what provinces have set."""
    ranges = reader.listed("parameters.yaml", "parameters", "id", read_parameter)
    found: dict[str, tuple[Overlay, ...]] = {}
    for record in reader.folder(OVERLAYS):
        for name, overlays in read_overlays(record, ranges).items():
            found[name] = (*found.get(name, ()), *overlays)
    return {name: with_overlays(each, found.get(name, ())) for name, each in ranges.items()}


def _unread(record: Record) -> UnreadInstrument:
    return UnreadInstrument(
        id=record.name("id"),
        title_zh=record.text("title_zh"),
        number=record.text("number"),
        effective_from=record.day("effective_from"),
        effective_to=record.day_or_none("effective_to"),
        affects=record.texts("affects"),
        note=record.text("note"),
    )


def _sector(record: Record) -> Sector:
    return Sector(record.name("code"), record.text("name_zh"), record.text("name_en"))
