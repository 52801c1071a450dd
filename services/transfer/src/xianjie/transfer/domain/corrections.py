"""Which records stand, and with which data, after the corrections and withdrawals known.

Source: catalogue of events, section 1: nothing is deleted; `record.corrected` and `record.withdrawn`
name an earlier event of the same source, which stays visible. A correction may itself be corrected or
withdrawn. One that is not whole data of the type of what it corrects changes nothing and is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeGuard

from pydantic import ValidationError

from xianjie.contracts.catalogue import EVENT_TYPES, EventType
from xianjie.contracts.recorded import RecordedEvent, Ref

CORRECTED, WITHDRAWN = "record.corrected", "record.withdrawn"


def as_ref(value: object) -> Ref | None:
    """Read an `event_ref` value; None for anything else."""
    if isinstance(value, dict) and value.keys() == {"source", "id"}:
        return Ref(value["source"], value["id"])
    return None


class Records:
    """The records of a case as their sources want them read.

    Attributes:
        voided: records that a standing withdrawal takes back.
        unfit: standing corrections whose replacement is no data of the type; they change nothing.
    """

    def __init__(self, known: Mapping[Ref, RecordedEvent]) -> None:
        """Read `known`, which must be in order of arrival: the last standing correction counts."""
        self._known = known
        withdrawals = dict(_targets(known, WITHDRAWN))
        self.voided = _voided(withdrawals)
        self._corrections: dict[Ref, list[Ref]] = defaultdict(list)
        for by, target in _targets(known, CORRECTED):
            if by not in self.voided and target in known:
                self._corrections[target].append(by)
        self._data: dict[Ref, Mapping[str, Any]] = {}
        self.unfit = frozenset(
            by
            for target, corrections in self._corrections.items()
            for by in corrections
            if not _is_whole(self.data(by).get("replacement"), known[target].name)
        )

    def corrections(self, ref: Ref) -> tuple[Ref, ...]:
        """The standing corrections of a record that have an effect, the oldest first."""
        return tuple(by for by in self._corrections.get(ref, ()) if by not in self.unfit)

    def data(self, ref: Ref) -> Mapping[str, Any]:
        """The data of a record after its corrections."""
        if ref not in self._corrections:
            return self._known[ref].data
        if ref not in self._data:
            for record in reversed(self._way_up(ref)):
                self._data[record] = self._replaced(record)
        return self._data[ref]

    def _way_up(self, ref: Ref) -> list[Ref]:
        """The record, its corrections, the corrections of those: each before what corrects it."""
        way = [ref]
        for record in way:  # grows while it is walked
            way += [by for by in self._corrections.get(record, ()) if by not in way]
        return way

    def _replaced(self, ref: Ref) -> Mapping[str, Any]:
        record = self._known[ref]
        for by in reversed(self._corrections.get(ref, ())):
            replacement: object = self._data.get(by, self._known[by].data).get("replacement")
            if _is_whole(replacement, record.name):
                return replacement
        return record.data


def _targets(known: Mapping[Ref, RecordedEvent], name: str) -> list[tuple[Ref, Ref]]:
    """Records of the type with what each names, of its own source."""
    return [
        (ref, target)
        for ref, event in known.items()
        if event.name == name
        and (target := as_ref(event.data.get("event"))) is not None
        and target.source == ref.source
        and target != ref
    ]


def _voided(withdrawals: dict[Ref, Ref]) -> frozenset[Ref]:
    """The records withdrawn by a withdrawal that is not itself withdrawn.

    A withdrawal is decided once all that name it are. Withdrawals that name each other in a ring can
    never be: the one that arrived last holds.
    """
    undecided = Counter(withdrawals.values())
    remaining = dict.fromkeys(reversed(withdrawals))
    decidable = [by for by in remaining if not undecided[by]]
    voided: set[Ref] = set()
    while remaining:
        by = decidable.pop() if decidable else next(iter(remaining))
        del remaining[by]
        target = withdrawals[by]
        if by not in voided:
            voided.add(target)
        undecided[target] -= 1
        if target in remaining and not undecided[target]:
            decidable.append(target)
    return frozenset(voided)


@cache
def _types() -> Mapping[str, EventType]:
    return {entry.name: entry for entry in EVENT_TYPES.values()}


def _is_whole(replacement: object, name: str) -> TypeGuard[Mapping[str, Any]]:
    entry = _types().get(name)
    if entry is None:
        return False
    try:
        entry.data_model.model_validate(replacement)
    except ValidationError:
        return False
    return True
