"""Which offences the causes of action of a batch name, and in which records.

A cause of action narrows a worklist; it is never a result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import polars as pl

from xianjie.lawbook.procedure.causes import Cause, Causes
from xianjie.lawbook.screening.batches import Group
from xianjie.lawbook.screening.cells import plain
from xianjie.lawbook.screening.columns import Role
from xianjie.lawbook.standards.catalogue import Offence

# The offences that a cause of action names, each with the first and the last day on which it does.
Named: TypeAlias = Callable[[str], Iterable[tuple[str, date | None, date | None]]]

_VARIANT = re.compile(r"（[^）]*）\Z")  # 非法经营罪（烟草专卖品）: which standard of the offence
_REMEMBERED = 100_000  # different causes of action kept between batches
_LEAST_CONTAINED = 4  # characters of a name that may be found inside a longer text
_OFFENCE, _SINCE, _UNTIL, _PLACE, _DAY = "offence", "since", "until", "place", "day"
_COLUMNS = {Role.cause: pl.String, _OFFENCE: pl.String, _SINCE: pl.Date, _UNTIL: pl.Date}


def by_causes(causes: Causes, offences: Iterable[Offence]) -> Named:
    """Return how the table of causes names offences; an offence's own name names it too.

    A text names a cause when it is one of its names, or else contains one; the word 案 at the end does not
    count. Bases from memory count too: a worklist is a list of what to look at (see `causes.reading_of`).
    """
    by_name: dict[str, list[tuple[str, date | None, date | None]]] = {}
    for cause in causes.by_id.values():
        for name in dict.fromkeys(_folded(name) for name in (cause.name_zh, *cause.aliases_zh)):
            by_name.setdefault(name, []).extend(_spans(cause))
    for offence in offences:
        name = _folded(_VARIANT.sub("", offence.name_zh)).removesuffix("罪")
        by_name.setdefault(name, []).append((offence.id, None, None))
    long = [name for name in by_name if len(name) >= _LEAST_CONTAINED]

    def named(text: str) -> list[tuple[str, date | None, date | None]]:
        said = _folded(text)
        found = by_name.get(said)
        if found is None:
            found = [span for name in long if name in said for span in by_name[name]]
        return list(dict.fromkeys(found))

    return named


def _spans(cause: Cause) -> Iterator[tuple[str, date | None, date | None]]:
    for basis in cause.bases:
        if basis.valid_from is not None:
            yield from ((offence, basis.valid_from, basis.valid_to) for offence in cause.offences)


def _folded(text: str) -> str:
    return re.sub(r"[\s“”\"'‘’、，,。;；:：()]", "", plain(text)).removesuffix("案")


def nothing_named(_cause: str) -> tuple[tuple[str, date | None, date | None], ...]:
    """Name no offence for any cause of action."""
    return ()


@dataclass(slots=True)
class Pointing:
    """Looks up causes of action; the day that counts is that of the act, or of the decision without one."""

    named: Named
    _known: dict[str, tuple[tuple[str, date | None, date | None], ...]] = field(default_factory=dict)

    def offences(self, cause: str | None, day: date) -> frozenset[str]:
        """Return the ids of the offences that a cause of action names on a day."""
        return frozenset(
            offence
            for offence, since, until in (() if cause is None else self._of(cause))
            if (since is None or since <= day) and (until is None or day <= until)
        )

    def places(self, group: Group) -> Mapping[str, pl.Series]:
        """Return the places of the records whose cause of action names an offence, by its id."""
        causes = group.carried[Role.cause]
        named = [
            (cause, offence, since, until)
            for cause in causes.unique().drop_nulls()
            for offence, since, until in self._of(cause)
        ]
        if not named:
            return {}
        days = group.carried[Role.act_day].zip_with(
            group.carried[Role.act_day].is_not_null(), group.carried[Role.decision_day]
        )
        places = pl.int_range(len(causes), dtype=pl.UInt32, eager=True)
        records = pl.DataFrame([causes, days.alias(_DAY), places.alias(_PLACE)])
        table = pl.DataFrame(named, schema=_COLUMNS, orient="row")
        begun = pl.col(_SINCE).is_null() | (pl.col(_SINCE) <= pl.col(_DAY))
        lasting = pl.col(_UNTIL).is_null() | (pl.col(_DAY) <= pl.col(_UNTIL))
        found = records.join(table, on=Role.cause).filter(begun & lasting).unique([_OFFENCE, _PLACE])
        return {str(key[0]): part[_PLACE] for key, part in found.partition_by(_OFFENCE, as_dict=True).items()}

    def silent(self, group: Group) -> int:
        """Return how many records have a cause of action that names no offence on any day."""
        causes = group.carried[Role.cause]
        unknown = [cause for cause in causes.unique().drop_nulls() if not self._of(cause)]
        return int(causes.is_in(unknown).sum()) if unknown else 0

    def _of(self, cause: str) -> tuple[tuple[str, date | None, date | None], ...]:
        known = self._known.get(cause)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[cause] = tuple(self.named(cause))
        return known
