"""Which records are alike for one offence: every condition that reads a column has the same result."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xianjie.lawbook.screening.applying import Near, Plan
from xianjie.lawbook.screening.evaluation import Evaluator, numbered
from xianjie.lawbook.screening.formulas import Formula, Formulas, Kind, Threshold

_STATES_IN_WORD = 40  # 3^40 fits 64 bits

Key = tuple[object, ...]


def alike(
    plan: Plan, rows: Evaluator, near: Near, places: pl.Series, pointed: pl.Series | None, *, by_day: bool
) -> dict[Key, list[int]]:
    """Return the records that one judgement speaks for, by what they have in common (first `pointed`).

    Args:
        places: the records to divide.
        pointed: for each of them whether its cause of action names the offence.
        by_day: the day of the act is known; otherwise the days that come into question count as well.
    """
    atoms = dict.fromkeys(atom for version in near.versions for atom in version.atoms)
    named = pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(places))
    columns: list[pl.Series] = [named if pointed is None else pointed]
    if by_day:
        columns.extend(_word(rows, list(atoms), places))
    else:
        columns.append(_tried(plan, rows.records.decision[places]))
        if any(_placed(atom) for atom in atoms) and rows.records.province is not None:
            columns.append(rows.records.province[places])
        columns.extend(_word(rows, _without_places(atoms), places))
    grouped: dict[Key, list[int]] = {}
    for place, *key in zip(places.to_list(), *(column.to_list() for column in columns), strict=True):
        grouped.setdefault(tuple(key), []).append(place)
    return grouped


def _word(rows: Evaluator, atoms: list[Formula], places: pl.Series) -> Iterator[pl.Series]:
    """Yield the states of many conditions as few whole numbers, three states for each condition."""
    for start in range(0, len(atoms), _STATES_IN_WORD):
        word = pl.Series([0], dtype=pl.UInt64).new_from_index(0, len(places))
        for atom in atoms[start : start + _STATES_IN_WORD]:
            word = word * 3 + numbered(rows.column(atom)[places], pl.UInt64, met=1, unknown=2)
        yield word


def _tried(plan: Plan, decisions: pl.Series) -> pl.Series:
    """Return how many days of the act come into question; it also says what the decision could apply."""
    count = pl.Series([0], dtype=pl.UInt32).new_from_index(0, len(decisions))
    for day in plan.tried:
        count = count + (decisions >= day).cast(pl.UInt32)
    return count


def _placed(atom: Formula) -> bool:
    return atom.kind is Kind.reaches and bool(atom.detail.placed)


def _without_places(atoms: dict[Formula, None]) -> list[Formula]:
    """Return the conditions with each amount that some province or the nation has set on its own.

    Over several days of the act a provincial limit has several values; how a record stands to each of them,
    with its province, says everything.
    """
    table = Formulas()
    found: dict[Formula, None] = {}
    for atom in atoms:
        if not _placed(atom):
            found[atom] = None
            continue
        limit: Threshold = atom.detail
        numbers = {limit.least, limit.most}
        numbers |= {number for placed in limit.placed for number in (placed.least, placed.most)}
        for number in sorted(numbers):
            found[table.kept(Kind.reaches, Threshold(limit.terms, number, number))] = None
    return list(found)
