"""Which organ supervises which: derived from kind, level and region code of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

RANKS: Final = {"national": 0, "province": 1, "prefecture": 2, "county": 3, "township": 4}
"""Level of an organ to its distance from the top. Below the county there is no procuratorate."""

OVERSEERS: Final = ("PR", "JM")
"""Kinds of organ that supervise by region."""

# Procedure 5.3: PRR 551-565 give the procuratorate powers over agencies, police and courts, and the higher
# procuratorate over the lower (PRR 564(2)); none over supervision organs, governments or joint meetings.
# Procedure 5.2 and 5.4: the joint meeting sees flagged cases of agencies and overdue counts of the police,
# nothing that is internal to procuratorate and court.
_UNDER_PROCURATORATE: Final = frozenset({"AG", "PS", "CT", "PR"})
_UNDER_JOINT_MEETING: Final = frozenset({"AG", "PS"})
_GONE: Final = frozenset({"merged", "split", "abolished"})


@dataclass(frozen=True, slots=True)
class Organ:
    """One organ as the registry describes it from a day on.

    Attributes:
        id: organ id; opaque and never reused.
        name: official name, an institution and never a person.
        kind: AG, PS, PR, CT, JC, GOV or JM.
        level: national, province, prefecture, county or township.
        region: six digits of GB/T 2260.
        parent: superior organ, None where the registry names none.
        change: what happened on that day; merged, split and abolished end the organ.
        successors: organs that took over, empty where none did.
        valid_from: civil date in Asia/Shanghai from which this description holds.
    """

    id: str
    name: str
    kind: str
    level: str
    region: str
    parent: str | None
    change: str
    successors: tuple[str, ...]
    valid_from: date

    @property
    def exists(self) -> bool:
        """Whether the organ can still act."""
        return self.change not in _GONE


def ladder(region: str) -> tuple[str, ...]:
    """Return the region and those around it: itself, its prefecture, its province, each once.

    Args:
        region: six digits of GB/T 2260.
    """
    return tuple(dict.fromkeys((region, region[:4] + "00", region[:2] + "0000")))


@dataclass(frozen=True, slots=True)
class Registry:
    """The organs that matter for one batch.

    Attributes:
        organs: id to the description in force, for every organ asked about that is known.
        overseers: procuratorates and joint-meeting offices of the regions of those organs.
    """

    organs: Mapping[str, Organ] = field(default_factory=dict)
    overseers: tuple[Organ, ...] = ()

    def name(self, organ_id: str) -> str:
        """Return the name, or the id as long as the registry has not named the organ."""
        organ = self.organs.get(organ_id)
        return organ.name if organ else organ_id

    def heirs(self, organ_id: str) -> tuple[str, ...]:
        """Return who receives what is meant for the organ: itself, or its successors once it has ended.

        An organ that nobody has registered, or that ended without successors, keeps its own inbox.
        """
        return tuple(dict.fromkeys(self._heirs(organ_id, frozenset())))

    def _heirs(self, organ_id: str, seen: frozenset[str]) -> Iterator[str]:
        organ = self.organs.get(organ_id)
        if organ is None or organ.exists or not organ.successors or organ_id in seen:
            yield organ_id
            return
        for successor in organ.successors:
            yield from self._heirs(successor, seen | {organ_id})

    def supervisors(self, organ_id: str) -> tuple[str, ...]:
        """Return who supervises the organ, nobody twice; empty as long as that cannot be told.

        The nearest procuratorate and the nearest joint-meeting office; where there is neither, the superior.
        """
        organ = self.organs.get(organ_id)
        if organ is None:
            return ()
        found = tuple(filter(None, (self._procuratorate(organ), self._joint_meeting(organ))))
        if found:
            return found
        return (organ.parent,) if organ.parent else ()

    def _procuratorate(self, organ: Organ) -> str | None:
        if organ.kind not in _UNDER_PROCURATORATE:
            return None
        if organ.kind != "PR":
            return _nearest(organ, (each for each in self.overseers if each.kind == "PR"))
        if organ.parent:
            return organ.parent
        rank = RANKS[organ.level]
        higher = (each for each in self.overseers if each.kind == "PR" and RANKS[each.level] < rank)
        return _nearest(organ, higher)

    def _joint_meeting(self, organ: Organ) -> str | None:
        if organ.kind not in _UNDER_JOINT_MEETING:
            return None
        return _nearest(organ, (each for each in self.overseers if each.kind == "JM"))


def _nearest(organ: Organ, candidates: Iterable[Organ]) -> str | None:
    """Return the overseer on the lowest rung of the ladder, of the organ's own level or the next above.

    Away from the organ's own region only a higher level counts: a county's procuratorate that carries the
    region code of its prefecture (a development zone) has no power over the prefecture's other counties.
    """
    rungs = {region: height for height, region in enumerate(ladder(organ.region))}
    own = min(RANKS[organ.level], RANKS["county"])
    able = []
    for each in candidates:
        rung = rungs.get(each.region)
        if rung is None or not each.exists or each.id == organ.id:
            continue
        above = own - RANKS[each.level]
        if above > 0 or (above == 0 and rung == 0):
            able.append((rung, above, each.id))
    return min(able)[2] if able else None
