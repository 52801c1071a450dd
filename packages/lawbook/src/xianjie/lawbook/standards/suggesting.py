"""Offences that the recorded facts point to although nobody named them.

The elements of the conduct (the gate of a version) decide, in a version that governs a possible day of the
act. A suggestion is a reason to judge, never a judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from functools import lru_cache

from xianjie.lawbook.standards.catalogue import Standards, Version
from xianjie.lawbook.standards.nodes import Reading, Truth
from xianjie.lawbook.standards.values import UNKNOWN, FactValue


class Strength(IntEnum):
    """How far the facts reach towards an offence."""

    touched = 1
    gate_met = 2


def suggested(
    standards: Standards, facts: Mapping[str, FactValue], *, first_day: date | None, last_day: date
) -> Mapping[str, Strength]:
    """Return the offences that the facts point to.

    `gate_met`: the elements of the conduct are all there (for a standard without a gate: its limbs are met).
    `touched`: some of them are there and none is excluded.

    Args:
        facts: by name, money in yuan.
        first_day, last_day: first and last possible day of the act; None: no first day is known.
    """
    by_fact = _versions_by_conduct(standards)
    candidates = {version.id: version for name in facts for version in by_fact.get(name, ())}
    found: dict[str, Strength] = {}
    for version in candidates.values():
        if _may_govern(version, first_day, last_day):
            strength = _strength(version, facts, last_day)
            if strength is not None:
                found[version.offence] = max(strength, found.get(version.offence, Strength.touched))
    return found


def _may_govern(version: Version, first_day: date | None, last_day: date) -> bool:
    ended = version.effective_to is not None and first_day is not None and version.effective_to < first_day
    return version.effective_from <= last_day and not ended


def _strength(version: Version, facts: Mapping[str, FactValue], day: date) -> Strength | None:
    conduct = version.gate or version.criteria
    if conduct is None:
        return None
    values = [facts.get(fact.name, UNKNOWN) for fact in version.facts]
    bits = [0] * len(version.nodes)
    root = conduct.evaluate(Reading(values=values, findings={}, province=None, day=day, bits=bits))
    if root & 1:
        return Strength.gate_met
    touched = any(isinstance(node, Truth) and bits[node.index] & 1 for node in conduct.walk())
    return Strength.touched if touched and root & 0b10 and version.gate is not None else None


@lru_cache(maxsize=4)
def _versions_by_conduct(standards: Standards) -> Mapping[str, tuple[Version, ...]]:
    """Return the versions whose conduct a boolean fact belongs to, by its name; once for a catalogue."""
    found: dict[str, list[Version]] = {}
    for offence in standards.offences.values():
        for version in offence.versions:
            conduct = version.gate or version.criteria
            if conduct is None:
                continue
            names = {node.fact for node in conduct.walk() if isinstance(node, Truth)}
            for name in names:
                found.setdefault(name, []).append(version)
    return {name: tuple(versions) for name, versions in found.items()}
