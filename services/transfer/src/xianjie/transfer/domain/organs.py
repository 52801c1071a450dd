"""The organs that occur in cases, as the registry described them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

_KIND_BY_PREFIX = {"ag": "AG", "ps": "PS", "pr": "PR", "ct": "CT", "jc": "JC", "gov": "GOV", "jm": "JM"}


def kind_of(organ_id: str) -> str:
    """Return the kind letter code that the identifier carries (`AG`, `PS`, ...), `OTHER` where it has none.

    Source: catalogue of events, identifiers: the prefix of an organ id never changes.
    """
    return _KIND_BY_PREFIX.get(organ_id.partition("-")[0], "OTHER")


@dataclass(frozen=True, slots=True)
class Organ:
    """One organ of the registry.

    Attributes:
        level: national, province, prefecture, county or township.
        region: six digits of GB/T 2260 at registration.
        sector: agency code of the catalogue of standards, only for enforcement agencies.
        connected_from: day from which it is connected to the shared platform; None: not connected.
    """

    id: str
    name: str
    kind: str
    level: str
    region: str
    sector: str | None = None
    parent: str | None = None
    connected_from: date | None = None

    @classmethod
    def from_event(cls, data: Mapping[str, str]) -> Organ:
        """Read the `organ` member of an `organ.changed` event."""
        since = data.get("connected_from")
        return cls(
            id=data["id"],
            name=data["name"],
            kind=data["kind"],
            level=data["level"],
            region=data["region"],
            sector=data.get("sector"),
            parent=data.get("parent"),
            connected_from=None if since is None else date.fromisoformat(since),
        )


class Organs(Mapping[str, Organ]):
    """The registry, answering also for organs that it does not know yet."""

    def __init__(self, organs: Mapping[str, Organ]) -> None:
        self._organs = dict(organs)

    def __getitem__(self, organ_id: str) -> Organ:
        return self._organs[organ_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._organs)

    def __len__(self) -> int:
        return len(self._organs)

    def sector(self, organ_id: str) -> str | None:
        """Return the agency sector, from the identifier where the registry does not know the organ."""
        if organ_id in self._organs:
            return self._organs[organ_id].sector
        parts = organ_id.split("-", 2)
        return parts[2].rstrip("0123456789-") if kind_of(organ_id) == "AG" and len(parts) > 2 else None

    def region(self, organ_id: str) -> str:
        """Return the region: as registered, else as the id says."""
        return self._organs[organ_id].region if organ_id in self._organs else organ_id.split("-")[1]

    def province(self, organ_id: str) -> str:
        """Return the province as `CN-` and the first two digits of the region."""
        return f"CN-{self.region(organ_id)[:2]}"

    def connected(self, organ_id: str, day: date) -> bool:
        """Whether the organ is connected to the shared platform on the day."""
        organ = self._organs.get(organ_id)
        return organ is not None and organ.connected_from is not None and organ.connected_from <= day


class AskedOrgans(Organs):
    """The registry as one case asks it; the case is due again when one of these entries changes.

    Attributes:
        asked: the organs that were asked about, whether the registry knows them or not.
    """

    def __init__(self, organs: Organs) -> None:
        self._organs = organs._organs  # thousands of entries, and a view for every moment of every case
        self.asked: set[str] = set()

    def sector(self, organ_id: str) -> str | None:
        """As of the registry."""
        self.asked.add(organ_id)
        return super().sector(organ_id)

    def region(self, organ_id: str) -> str:
        """As of the registry."""
        self.asked.add(organ_id)
        return super().region(organ_id)

    def connected(self, organ_id: str, day: date) -> bool:
        """As of the registry."""
        self.asked.add(organ_id)
        return super().connected(organ_id, day)
