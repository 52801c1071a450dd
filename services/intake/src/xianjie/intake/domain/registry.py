"""The registry of organs: who exists, since when, and what kind of organ it is.

Effective-dated and insert-only, so that a count of past years still knows the organs of those years.
Source: ids and value type `organ` of the catalogue of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from xianjie.contracts.catalogue import ORGAN_KINDS

LEVELS: Final = ("national", "province", "prefecture", "county", "township")
"""Levels of administration, the highest first."""

_KIND_OF_PREFIX: Final = {kind.id_prefix: name for name, kind in ORGAN_KINDS.items() if kind.id_prefix}


@dataclass(frozen=True, slots=True)
class Organ:
    """One version of an organ.

    Attributes:
        id: never changes and is never used again.
        valid_from: first civil day of this version.
        valid_to: first day on which the organ no longer exists; None: open.
        name: official name, or a description where `named` is false.
        kind: AG, PS, PR, CT, JC, GOV or JM.
        level: one of `LEVELS`.
        region: GB/T 2260 code.
        sector: agency code of the standards; None where it has none.
        parent: id of the vertical superior, where the registrar knows it.
        connected_from: day from which it is connected to the shared platform; None: not connected.
        successors: organs that go on with its tasks after a merger, split or abolition.
    """

    id: str
    valid_from: date
    name: str
    kind: str
    level: str
    region: str
    named: bool = True
    sector: str | None = None
    parent: str | None = None
    connected_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def as_event_value(self) -> dict[str, Any]:
        """Return the value type `organ` of the catalogue; absent members are left out."""
        value: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "level": self.level,
            "region": self.region,
        }
        if self.sector is not None:
            value["sector"] = self.sector
        if self.parent is not None:
            value["parent"] = self.parent
        if self.connected_from is not None:
            value["connected_from"] = self.connected_from.isoformat()
        return value


@dataclass(frozen=True, slots=True)
class Registry:
    """All versions in force of one revision of the registry.

    Attributes:
        revision: counter of loads; equal revisions hold equal content.
        versions: of each organ, by `valid_from`, the earliest first.
        regions: codes of every region that has an organ.
    """

    revision: int
    versions: Mapping[str, tuple[Organ, ...]] = field(default_factory=dict)
    regions: frozenset[str] = frozenset()

    @classmethod
    def of(cls, revision: int, organs: Sequence[Organ]) -> Registry:
        """Put versions, in any order, together."""
        versions: dict[str, tuple[Organ, ...]] = {}
        for organ in sorted(organs, key=lambda organ: (organ.id, organ.valid_from)):
            versions[organ.id] = (*versions.get(organ.id, ()), organ)
        return cls(revision, versions, frozenset(organ.region for organ in organs))

    def at(self, organ_id: str, day: date) -> Organ | None:
        """Return the version in force on `day`, the first one for an earlier day, None if unregistered."""
        versions = self.versions.get(organ_id, ())
        begun = [version for version in versions if version.valid_from <= day]
        return begun[-1] if begun else next(iter(versions), None)

    def superiors(self, organ: Organ, day: date) -> Iterator[str]:
        """Yield the ids of the vertical superiors, the nearest first, as far as the registry knows them."""
        seen = {organ.id}
        parent = organ.parent
        while parent is not None and parent not in seen:
            yield parent
            seen.add(parent)
            above = self.at(parent, day)
            parent = above.parent if above else None


def kind_by_id(organ_id: str) -> str | None:
    """Return the kind that the prefix of an organ id tells, None for `other`."""
    return _KIND_OF_PREFIX.get(organ_id.partition("-")[0])


def change_word(before: Organ | None, after: Organ) -> str:
    """Return the word of the enum `organ_change` for a registration.

    The enum has no word for a change of level, sector, superior or connection alone; such a version is
    announced as `created`, which the catalogue titles 机关登记与变更 (registered or changed).
    """
    if before is None:
        return "created"
    if after.valid_to is not None and before.valid_to is None:
        return "merged" if len(after.successors) == 1 else "split" if after.successors else "abolished"
    if before.region != after.region:
        return "region_changed"
    return "renamed" if before.name != after.name else "created"
