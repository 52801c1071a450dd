"""Detection rules as data: what each finding means, its level, its basis and why it may be wrong.

The conditions themselves are pure predicates in the service that holds the cases; here stands everything
about them that a lawyer may want to read or change. Source: specification of the procedure, section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from pathlib import Path
from typing import Any

import yaml

from xianjie.lawbook.counting import Unit


class Level(IntEnum):
    """How firm a finding is; the order is the order of weight."""

    notice = 0
    suspicion = 1
    breach = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One detection rule.

    Attributes:
        kind: `clock` when a clock that is late is the finding, else `predicate`.
        level: the highest level that the rule may reach.
        responsible: role of the organ that it concerns, or `source`: the organ that recorded.
        parameters: local targets that the condition uses.
        confidence: 0 to 1, how often the condition is expected to hold up in a review.
        condition_zh, counter_zh: what was observed, and why it may be wrong, in plain Chinese.
    """

    id: str
    title_zh: str
    title_en: str
    group: str
    kind: str
    level: Level
    responsible: str
    basis: tuple[str, ...]
    parameters: tuple[str, ...]
    confidence: Decimal
    condition_zh: str
    condition_en: str
    counter_zh: str
    counter_en: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """A local service target; never a statutory term. `unit` is working_day, day or month."""

    id: str
    value: int
    unit: Unit
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All detection rules and the local targets that they use."""

    by_id: Mapping[str, Rule]
    targets: Mapping[str, LocalTarget]


class RuleFileError(ValueError):
    """A file of rules does not have the form that the loader knows; the message says where."""


_TEXTS = ("id", "title_zh", "title_en", "group", "kind", "responsible", "condition_zh", "condition_en")
_MEMBERS = {*_TEXTS, "counter_zh", "counter_en", "level", "basis", "parameters", "confidence", "enabled"}
_KINDS = {"clock", "predicate"}
_ROLES = {"enforcement_agency", "public_security_organ", "procuratorate", "court", "source"}
_UNITS = {"working_day", "day", "month"}


def load_rules(directory: Path) -> Rules:
    """Read `<directory>/parameters.yaml` and one file for each rule.

    Raises:
        RuleFileError: a member is missing, unknown or has a value outside the closed format.
    """
    targets = _targets(directory / "parameters.yaml")
    rules = {}
    for path in sorted(directory.glob("*.yaml")):
        if path.name != "parameters.yaml":
            rule = _rule(path, targets)
            rules[rule.id] = rule
    return Rules(by_id=rules, targets=targets)


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise RuleFileError(f"{path.name}: {error}") from error


def _rule(path: Path, targets: Mapping[str, LocalTarget]) -> Rule:
    raw = _read(path)
    if not isinstance(raw, dict):
        raise RuleFileError(f"{path.name}: must be a mapping of members")
    _require(not set(raw) - _MEMBERS, path, f"unknown member {sorted(set(raw) - _MEMBERS)}")
    missing = sorted(_MEMBERS - {"parameters"} - set(raw))
    _require(not missing, path, f"member missing: {missing}")
    for name in (*_TEXTS, "counter_zh", "counter_en"):
        _require(isinstance(raw[name], str) and bool(raw[name].strip()), path, f"{name}: must be a text")
    _require(raw["id"] == path.stem, path, f"id: must equal the file name, is {raw['id']}")
    _require(raw["kind"] in _KINDS, path, f"kind: must be one of {sorted(_KINDS)}")
    _require(raw["responsible"] in _ROLES, path, f"responsible: must be one of {sorted(_ROLES)}")
    _require(raw["level"] in Level.__members__, path, f"level: must be one of {list(Level.__members__)}")
    _require(isinstance(raw["enabled"], bool), path, "enabled: must be true or false")
    _require(_texts(raw["basis"]) and bool(raw["basis"]), path, "basis: must list at least one citation")
    parameters = raw.get("parameters", [])
    _require(_texts(parameters), path, "parameters: must be a list of names")
    unknown = [name for name in parameters if name not in targets]
    _require(not unknown, path, f"parameters: not in parameters.yaml: {unknown}")
    return Rule(
        **{name: raw[name] for name in (*_TEXTS, "counter_zh", "counter_en", "enabled")},
        level=Level[raw["level"]],
        basis=tuple(raw["basis"]),
        parameters=tuple(parameters),
        confidence=_share(raw["confidence"], path),
    )


def _targets(path: Path) -> dict[str, LocalTarget]:
    raw = _read(path)
    _require(
        isinstance(raw, dict) and isinstance(raw.get("parameters"), list), path, "parameters: must be a list"
    )
    targets = {}
    members = {"id", "value", "unit", "title_zh", "title_en"}
    for number, item in enumerate(raw["parameters"]):
        where = f"parameters[{number}]"
        _require(
            isinstance(item, dict) and set(item) == members,
            path,
            f"{where}: members must be {sorted(members)}",
        )
        _require(
            type(item["value"]) is int and item["value"] > 0,
            path,
            f"{where}.value: must be a positive integer",
        )
        _require(item["unit"] in _UNITS, path, f"{where}.unit: must be one of {sorted(_UNITS)}")
        targets[item["id"]] = LocalTarget(**item)
    return targets


def _share(value: object, path: Path) -> Decimal:
    try:
        share = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        share = None
    if share is None or not 0 <= share <= 1:
        raise RuleFileError(f'{path.name}: confidence: must be a quoted decimal between "0" and "1"')
    return share


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _require(holds: bool, path: Path, problem: str) -> None:
    if not holds:
        raise RuleFileError(f"{path.name}: {problem}")
