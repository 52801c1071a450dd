"""From the files of the law to the catalogue of standards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from xianjie.lawbook.catalogue import (
    Fact,
    FactType,
    HistoryWindow,
    Instrument,
    Offence,
    Sector,
    Standards,
    Unit,
    UnreadInstrument,
)
from xianjie.lawbook.exact_yaml import read_yaml
from xianjie.lawbook.offence_reading import Grade, Vocabulary, read_offence
from xianjie.lawbook.parameters import Overlay, Parameter
from xianjie.lawbook.problems import LawError, LawProblem
from xianjie.lawbook.records import Record

T = TypeVar("T")


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
    reader = _Reader(files, problems)
    units = reader.listed("units.yaml", "units", "code", _unit)
    facts = reader.listed("facts.yaml", "facts", "name", lambda record: _fact(record, units))
    parameters = reader.listed("parameters.yaml", "parameters", "id", _parameter)
    unread = reader.listed("known_unread.yaml", "known_unread", "id", _unread)
    instruments = reader.listed("instruments.yaml", "instruments", "id", _instrument)
    sectors = reader.listed("sectors.yaml", "sectors", "code", _sector)
    words = Vocabulary(facts, parameters, instruments, unread, sectors)
    offences: dict[str, Offence] = {}
    for path in sorted(files):
        if path.startswith("standards/") and path.endswith(".yaml"):
            record = reader.document(path)
            if record is not None:
                offence = read_offence(record, words)
                if f"standards/{offence.id}.yaml" != path:
                    record.wrong("id", "应与文件名相同", "must equal the name of the file")
                offences[offence.id] = offence
    if not offences:
        problems.append(LawProblem("standards", "", "没有任何标准文件", "there is no file of a standard"))
    standards = Standards(
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


class _Reader:
    def __init__(self, files: Mapping[str, bytes], problems: list[LawProblem]) -> None:
        self.files = files
        self.problems = problems

    def document(self, path: str) -> Record | None:
        if path not in self.files:
            self.problems.append(LawProblem(path, "", "缺少文件", "the file is missing"))
            return None
        try:
            value = read_yaml(self.files[path], file=path)
        except LawError as error:
            self.problems.extend(error.problems)
            return None
        return Record(value, file=path, path="", problems=self.problems)

    def listed(self, path: str, key: str, id_key: str, read: Callable[[Record], T]) -> dict[str, T]:
        """Read a file that is one list of records with unique ids."""
        found: dict[str, T] = {}
        record = self.document(path)
        if record is None:
            return found
        for item in record.records(key, least=1):
            value = read(item)
            item.finish()
            name = getattr(value, id_key)
            if name in found:
                item.wrong(id_key, f"编号重复：{name}", f"the id stands twice: {name}")
            found[name] = value
        record.finish()
        return found


def _horizon(reader: _Reader) -> date:
    record = reader.document("catalogue.yaml")
    return (
        date.min
        if record is None
        else record.below("knowledge_horizon").day("legislation_and_interpretations")
    )


def _unit(record: Record) -> Unit:
    return Unit(record.text("code"), record.text("name_zh"), record.text("name_en"))


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
        name=record.text("name"),
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


def _parameter(record: Record) -> Parameter:
    parameter = Parameter(
        id=record.text("id"),
        unit=record.text("unit"),
        min=record.number("min", above=0),
        max=record.number("max", above=0),
        set_by=record.text("set_by"),
        source=record.text("source"),
        overlays=tuple(_overlay(item) for item in record.records("overlays")),
    )
    if parameter.min > parameter.max:
        record.wrong("min", "下限大于上限", "min is above max")
    return parameter


def _overlay(record: Record) -> Overlay:
    overlay = Overlay(
        province=record.text("province"),
        province_zh=record.text("province_zh"),
        value=record.number("value", above=0),
        effective_from=record.day_or_none("effective_from"),
        effective_to=record.day_or_none("effective_to"),
        source=record.text("source"),
        grade=record.choice("grade", Grade).value,
        checked_by=record.text("checked_by", empty=True),
        note=record.text_or_none("note"),
    )
    record.flag("verified")
    record.text("text_seen")
    record.finish()
    return overlay


def _unread(record: Record) -> UnreadInstrument:
    return UnreadInstrument(
        id=record.text("id"),
        title_zh=record.text("title_zh"),
        number=record.text("number"),
        effective_from=record.day("effective_from"),
        effective_to=record.day_or_none("effective_to"),
        affects=record.texts("affects"),
        note=record.text("note"),
    )


def _instrument(record: Record) -> Instrument:
    return Instrument(
        id=record.text("id"),
        title_zh=record.text("title_zh"),
        number=record.text("number"),
        issuer=record.text("issuer"),
        effective_from=record.day("effective_from"),
        effective_to=record.day_or_none("effective_to"),
        text_read=record.text("text_read"),
        text_digest=record.text_or_none("text_digest"),
        note=record.text_or_none("note"),
    )


def _sector(record: Record) -> Sector:
    return Sector(record.text("code"), record.text("name_zh"), record.text("name_en"))
