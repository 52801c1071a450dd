"""Which version governs each record, and what follows for every offence: `judging.judge` by columns.

The days on which the choice of version can change cut the calendar into spans. Within one span of the act
and one of the decision the choice is the same for all records, so it is made once, by the functions that
the judgement of single cases uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from itertools import pairwise
from operator import or_

import polars as pl

from xianjie.lawbook.screening.compiling import Compiled, Compiler, turning_days
from xianjie.lawbook.screening.evaluation import Evaluator, Mask, both, chosen, either, numbered
from xianjie.lawbook.screening.formulas import Formula
from xianjie.lawbook.standards.catalogue import Offence
from xianjie.lawbook.standards.nodes import Comparison, Total
from xianjie.lawbook.standards.versions import Basis, governing


@dataclass(frozen=True, slots=True)
class Results:
    """The full and the enumerated result of one offence for every record: true is met, null insufficient."""

    full: pl.Series
    enumerated: pl.Series


@dataclass(frozen=True, slots=True)
class Choice:
    """What the days say about the version, as in `versions.ruled`; all of it, so that equal ones are alike.

    Attributes:
        basis: why this version; None where all versions count because the day of the act is not known.
        governs: the version to which the day of the act points.
        at_decision: the version in force at the decision.
    """

    basis: Basis | None
    governs: Compiled | None
    at_decision: Compiled | None

    @property
    def before_first(self) -> bool:
        """Whether the later version counts, and only where it is not met."""
        return self.basis is Basis.before_first and self.at_decision is not None

    @property
    def applied(self) -> Compiled | None:
        """The version that is applied first; None where none governs."""
        if self.before_first:
            return self.at_decision
        return self.governs if self.at_decision is not None or self.basis is Basis.act_day else None

    @property
    def compared(self) -> Compiled | None:
        """The version that prevails over the applied one where it is more favourable."""
        return None if self.at_decision in (self.applied, None) or self.applied is None else self.at_decision

    @property
    def read(self) -> tuple[Compiled, ...]:
        """The versions that are read."""
        return tuple(version for version in (self.applied, self.compared) if version is not None)


@dataclass(frozen=True, slots=True)
class Near:
    """Records that may belong on a worklist.

    Attributes:
        choice: what their days say about the version; None where the day of the act is not known.
        versions: those that decide what a worklist says.
    """

    choice: Choice | None
    versions: tuple[Compiled, ...]
    places: pl.Series


@dataclass(frozen=True, slots=True)
class Applied:
    """One offence applied to all records."""

    results: Results
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days without a change of version; `until` is excluded, None is open."""

    since: date | None
    until: date | None

    @property
    def day(self) -> date:
        """Some day of it."""
        if self.since is not None:
            return self.since
        return date.max if self.until is None else self.until - timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Plan:
    """One offence over the columns of a file.

    Attributes:
        spans: between the days on which the version changes, ascending.
        tried: the days of the act that are tried where it is not known, see `judging.judge_over_days`.
    """

    offence: Offence
    versions: tuple[Compiled, ...]
    spans: tuple[Span, ...]
    tried: tuple[date, ...]

    @classmethod
    def of(cls, offence: Offence, compiler: Compiler) -> Plan:
        """Compile all versions of an offence."""
        days = {version.effective_from for version in offence.versions}
        days |= {
            version.effective_to + timedelta(days=1)
            for version in offence.versions
            if version.effective_to is not None
        }
        edges: list[date | None] = [None, *sorted(days), None]
        first = offence.versions[0].effective_from
        amounts = {
            day
            for version in offence.versions
            for node in version.nodes
            if isinstance(node, Comparison | Total)
            for day in turning_days(node.limit)
        }
        return cls(
            offence,
            tuple(compiler.compiled(version) for version in offence.versions),
            tuple(Span(since, until) for since, until in pairwise(edges)),
            (first, *sorted(day for day in days | amounts if day > first)),
        )

    @cached_property
    def is_open(self) -> bool:
        """Whether no column of the file says anything about the offence."""
        return all(
            version.full.detail is None and version.full.is_known and version.full is version.enumerated
            for version in self.versions
        )

    @cached_property
    def pairs(self) -> tuple[tuple[Span, Span, Choice], ...]:
        """The version for every span of the act and every span of the later of decision and act."""
        return tuple(
            (act, latest, self._choice(act.day, latest.day))
            for place, act in enumerate(self.spans)
            for latest in self.spans[place:]
        )

    def _choice(self, act_day: date, latest_day: date) -> Choice:
        compiled = {version.version.id: version for version in self.versions}
        basis, governs = governing(self.offence, act_day)
        later = self.offence.version_on(latest_day)
        return Choice(
            basis,
            None if governs is None else compiled[governs.id],
            None if later is None else compiled[later.id],
        )

    def applied(self, rows: Evaluator, pointed: pl.Series | None = None) -> Applied:
        """Apply the versions where the day of the act is known, or is one day for all.

        Args:
            pointed: places of the records whose cause of action names the offence.
        """
        full = enumerated = rows.unknown
        near: list[Near] = []
        if self.is_open:
            return Applied(Results(full, enumerated), ())
        for choice, there in self.choices(rows):
            results = _of_choice(choice, rows)
            full = chosen(there, results.full, full)
            enumerated = chosen(there, results.enumerated, enumerated)
            places = _near(choice, there, rows, pointed)
            if len(places):
                near.append(Near(choice, choice.read, places))
        return Applied(Results(full, enumerated), tuple(near))

    def applied_over_days(
        self, rows: Evaluator, days: dict[date, Evaluator], pointed: pl.Series | None = None
    ) -> Applied:
        """Apply the versions where the day of the act is not known: the result on which all days agree.

        Args:
            days: evaluators for one day of the act, made on demand and kept for the next offence.
            pointed: as for `applied`.
        """
        full = enumerated = rows.unknown
        decision = rows.records.decision
        near: list[pl.Series] = []
        if self.is_open:
            return Applied(Results(full, enumerated), ())
        for place, day in enumerate(self.tried):
            asked = decision >= day
            if not asked.any():
                break
            if day not in days:
                days[day] = rows.on(day)
            on_day = self.applied(days[day], pointed)
            near.extend(found.places for found in on_day.near)
            results = on_day.results
            if place:
                results = Results(
                    _agreed(full, results.full, rows.unknown),
                    _agreed(enumerated, results.enumerated, rows.unknown),
                )
            full = chosen(asked, results.full, full)
            enumerated = chosen(asked, results.enumerated, enumerated)
        places = (Near(None, self.versions, pl.concat(near).unique()),) if near else ()
        return Applied(Results(full, enumerated), places)

    def choices(self, rows: Evaluator) -> Iterator[tuple[Choice, Mask]]:
        """Yield every choice of versions with the rows for which it is made."""
        grouped: dict[Choice, Mask] = {}
        for act, latest, choice in self.pairs:
            there = both(
                rows.act_between(act.since, act.until), rows.latest_between(latest.since, latest.until)
            )
            grouped[choice] = either(grouped.get(choice, False), there)
        for choice, there in grouped.items():
            if there is True or (isinstance(there, pl.Series) and there.any()):
                yield choice, there


def _of_choice(choice: Choice, rows: Evaluator) -> Results:
    if choice.applied is None:
        return Results(rows.unknown, rows.unknown)
    first = Results(rows.column(choice.applied.full), rows.column(choice.applied.enumerated))
    if choice.before_first:
        # "And unknown" keeps what is not met and leaves everything else unknown.
        return Results(first.full & rows.unknown, first.enumerated.zip_with(~first.full, rows.unknown))
    if (
        choice.compared is None
        or choice.compared.version.text_missing
        or choice.compared.says(choice.applied)
    ):
        return first
    second = Results(rows.column(choice.compared.full), rows.column(choice.compared.enumerated))
    milder = _weight(second) < _weight(first)
    return Results(
        second.full.zip_with(milder, first.full), second.enumerated.zip_with(milder, first.enumerated)
    )


def _weight(results: Results) -> pl.Series:
    """Return what `versions.more_favourable` compares: not met before insufficient before met, full first."""
    full = numbered(results.full, pl.Int8, met=6, unknown=3)
    return full + numbered(results.enumerated, pl.Int8, met=2, unknown=1)


def _agreed(one: pl.Series, other: pl.Series, unknown: pl.Series) -> pl.Series:
    """Return the value of both where they are the same, otherwise unknown."""
    return (one & other) | ((one | other) & unknown)


def _near(choice: Choice, there: Mask, rows: Evaluator, pointed: pl.Series | None) -> pl.Series:
    """Return the places of the rows that a worklist can need, see `compiling.Compiled.reached`."""
    reached = [version.reached for version in choice.read if not version.reached.is_known]
    found = rows.places[:0] if not reached else rows.places.filter(_where(reached, there, rows))
    named = [version.reached_if_pointed for version in choice.read if not version.reached_if_pointed.is_known]
    if pointed is None or not named:
        return found
    by_cause = pointed.filter(_where(named, there, rows)[pointed])
    return pl.concat([found, by_cause]).unique() if len(by_cause) else found


def _where(formulas: list[Formula], there: Mask, rows: Evaluator) -> pl.Series:
    """Return the rows of a mask in which one of the formulas is true."""
    columns = [rows.column(formula) for formula in formulas]
    found = reduce(or_, columns)
    return found if isinstance(there, bool) else found & there
