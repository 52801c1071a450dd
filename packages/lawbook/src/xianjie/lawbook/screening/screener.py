"""All records of a file against all offences, batch by batch.

Results come from columns. What a worklist says of a record comes from the judgement of single cases: of all
records that are alike in everything an offence reads, the first is judged with `judging.judge` and speaks
for the others. If that judgement ever differed from the columns, the run would end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import polars as pl

from xianjie.lawbook.screening.applying import Applied, Near, Plan, Results
from xianjie.lawbook.screening.batches import ROW, Apart, BatchReader, Group, Refusal, value_of
from xianjie.lawbook.screening.columns import Layout, Role
from xianjie.lawbook.screening.compiling import Compiler
from xianjie.lawbook.screening.evaluation import Evaluator, is_open
from xianjie.lawbook.screening.findings import Finding, Stage, finding_of, reading_list, stage_of
from xianjie.lawbook.screening.formulas import Formulas, Kind
from xianjie.lawbook.screening.patterns import alike
from xianjie.lawbook.screening.pointing import Pointing
from xianjie.lawbook.screening.reading_list import Candidates
from xianjie.lawbook.screening.scales import safe_bounds
from xianjie.lawbook.standards.catalogue import Standards
from xianjie.lawbook.standards.evaluating import JudgementInput
from xianjie.lawbook.standards.judging import Judgement, judge
from xianjie.lawbook.standards.values import FactValue, Result

_REMEMBERED = 20_000  # findings kept between batches
_RESULTS = {True: Result.met, False: Result.not_met, None: Result.insufficient}


class DisagreementError(RuntimeError):
    """Columns and the judgement of a single case gave different results: a defect of this program."""


@dataclass(slots=True)
class Tally:
    """What was counted, over all batches that were added.

    Attributes:
        offences: met, not met and insufficient, by id of the offence, over all records judged.
        stages: lines of the worklist, by stage.
        reached: records with at least one line of the worklist.
        silent: records whose cause of action names no offence.
    """

    records: int = 0
    refused: int = 0
    apart: int = 0
    reached: int = 0
    silent: int = 0
    offences: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    stages: dict[Stage, int] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Add what was counted in another batch."""
        self.records += other.records
        self.refused += other.refused
        self.apart += other.apart
        self.reached += other.reached
        self.silent += other.silent
        for offence, counts in other.offences.items():
            known = self.offences.get(offence, (0, 0, 0))
            self.offences[offence] = (known[0] + counts[0], known[1] + counts[1], known[2] + counts[2])
        for stage, count in other.stages.items():
            self.stages[stage] = self.stages.get(stage, 0) + count


@dataclass(slots=True)
class Lines:
    """The lines of one group of records, column by column.

    Attributes:
        places: of the records in `carried`; a record has a line for each offence that it reaches.
        findings: what is said, one for each line.
        pointed: whether the cause of action names the offence.
        carried: see `batches.Group`.
        given: a record as the judgement of single cases takes it, by offence and place.
    """

    carried: pl.DataFrame
    given: Callable[[str, int], JudgementInput]
    places: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pointed: list[bool] = field(default_factory=list)

    def add(self, places: list[int], finding: Finding, *, pointed: bool) -> None:
        """Add the same line for several records."""
        self.places.extend(places)
        self.findings.extend([finding] * len(places))
        self.pointed.extend([pointed] * len(places))


@dataclass(frozen=True, slots=True)
class Screened:
    """One batch, screened."""

    lines: tuple[Lines, ...]
    refusals: tuple[Refusal, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class _Around:
    """One offence applied to one group of records."""

    plan: Plan
    group: Group
    rows: Evaluator
    results: Results
    pointed: pl.Series | None


class Screener:
    """Screens the batches of one file; may be used by several threads at once."""

    def __init__(
        self,
        standards: Standards,
        layout: Layout,
        *,
        default_day: date | None,
        pointing: Pointing,
        candidates: Candidates | None = None,
    ) -> None:
        compiler = Compiler(Formulas(), layout.fact_names)
        self._standards = standards
        self._plans = tuple(Plan.of(offence, compiler) for offence in standards.offences.values())
        thresholds = {
            atom.detail.terms
            for plan in self._plans
            for version in plan.versions
            for atom in version.atoms
            if atom.kind is Kind.reaches
        }
        self._reader = BatchReader(layout, safe_bounds(thresholds), default_day)
        self._facts = {
            plan.offence.id: tuple(
                fact
                for fact in dict.fromkeys(fact for v in plan.versions for fact in v.version.facts)
                if fact.name in layout.fact_names
            )
            for plan in self._plans
        }
        self._pointing = pointing
        self._candidates = candidates
        self._said: dict[tuple[object, ...], Finding | None] = {}

    def screen(self, raw: pl.DataFrame) -> Screened:
        """Screen one batch; see `BatchReader.read` for its form."""
        batch = self._reader.read(raw)
        tally = Tally(records=raw.height, refused=batch.refused, apart=len(batch.apart))
        lines = [self._group(group, tally) for group in batch.groups]
        lines.extend(self._apart(apart, tally) for apart in batch.apart)
        for part in lines:
            tally.reached += len(set(part.places))
            if self._candidates is not None:
                _add_reading_list(part, self._candidates)
            for stage, count in Counter(finding.stage for finding in part.findings).items():
                tally.stages[stage] = tally.stages.get(stage, 0) + count
        return Screened(tuple(lines), batch.refusals, tally)

    def results(self, raw: pl.DataFrame) -> Iterator[tuple[Group, Mapping[str, Results]]]:
        """Yield the results of every record that fits columns and every offence, without a worklist."""
        for group in self._reader.read(raw).groups:
            rows, days = Evaluator(group.records), dict[date, Evaluator]()
            found: dict[str, Results] = {}
            for plan in self._plans:
                found[plan.offence.id] = _applied(plan, group, rows, days, None).results
                _forget(rows, days)
            yield group, found

    def _group(self, group: Group, tally: Tally) -> Lines:
        rows, days = Evaluator(group.records), dict[date, Evaluator]()
        pointed = self._pointing.places(group)
        tally.silent += self._pointing.silent(group)
        lines = Lines(group.carried, partial(self._given, group=group))
        for plan in self._plans:
            offence = plan.offence.id
            applied = _applied(plan, group, rows, days, pointed.get(offence))
            met, unknown = int(applied.results.full.sum()), applied.results.full.null_count()
            _count(tally, offence, met, group.records.height - met - unknown, unknown)
            for near in applied.near:
                around = _Around(plan, group, rows, applied.results, pointed.get(offence))
                self._near(around, near, lines)
            _forget(rows, days)
        return lines

    def _near(self, around: _Around, near: Near, lines: Lines) -> None:
        """Add the lines for records near an offence; alike ones are judged once."""
        plan, pointed = around.plan, around.pointed
        places = near.places.filter(is_open(around.results.full[near.places]))
        if not len(places):
            return
        named = None if pointed is None else places.is_in(pointed.implode())
        by_day = around.group.by_day
        for key, found in alike(plan, around.rows, near, places, named, by_day=by_day).items():
            said = (plan.offence.id, near.choice, key)
            if said in self._said:
                finding = self._said[said]
            else:
                finding = self._remembered(said, self._finding(around, found[0], pointed=bool(key[0])))
            if finding is not None:
                lines.add(found, finding, pointed=bool(key[0]))

    def _remembered(self, said: tuple[object, ...], finding: Finding | None) -> Finding | None:
        if len(self._said) >= _REMEMBERED:
            self._said = {}
        self._said[said] = finding
        return finding

    def _finding(self, around: _Around, place: int, *, pointed: bool) -> Finding | None:
        offence, results = around.plan.offence.id, around.results
        judgement = judge(self._standards, self._given(offence, place, group=around.group))
        found = (_RESULTS[results.full[place]], _RESULTS[results.enumerated[place]])
        if found != (judgement.result, judgement.enumerated):
            row = around.group.carried[ROW][place]
            single = (judgement.result, judgement.enumerated)
            raise DisagreementError(
                f"第{row}行、{offence}：批量结论{found}与单件判断{single}不一致，请报告 / results differ"
            )
        return _said_of(judgement, pointed)

    def _given(self, offence: str, place: int, *, group: Group) -> JudgementInput:
        """Return a record as the judgement of single cases takes it."""
        records = group.records
        facts: dict[str, FactValue] = {}
        for fact in self._facts[offence]:
            cell = records.facts[fact.name][place]
            if cell is not None:
                facts[fact.name] = value_of(fact, cell)
        act = records.act[place] if isinstance(records.act, pl.Series) else records.act
        return JudgementInput(
            offence=offence,
            act_day=act,
            decision_day=records.decision[place],
            facts=facts,
            province=None if records.province is None else records.province[place],
        )

    def _apart(self, apart: Apart, tally: Tally) -> Lines:
        """Judge a record whose numbers do not fit columns, offence by offence."""
        pointed = self._pointing.offences(
            apart.carried[Role.cause][0], apart.act if apart.act is not None else apart.decision
        )
        lines = Lines(apart.carried, partial(_given_apart, apart=apart))
        for offence in self._standards.offences:
            judgement = judge(self._standards, _given_apart(offence, 0, apart=apart))
            outcomes = (Result.met, Result.not_met, Result.insufficient)
            _count(tally, offence, *(int(judgement.result is outcome) for outcome in outcomes))
            finding = _said_of(judgement, offence in pointed)
            if finding is not None:
                lines.add([0], finding, pointed=offence in pointed)
        return lines


def _given_apart(offence: str, _place: int, *, apart: Apart) -> JudgementInput:
    return JudgementInput(
        offence=offence,
        act_day=apart.act,
        decision_day=apart.decision,
        facts=apart.facts,
        province=apart.province,
    )


def _applied(
    plan: Plan, group: Group, rows: Evaluator, days: dict[date, Evaluator], pointed: pl.Series | None
) -> Applied:
    return plan.applied(rows, pointed) if group.by_day else plan.applied_over_days(rows, days, pointed)


def _forget(rows: Evaluator, days: Mapping[date, Evaluator]) -> None:
    for each in (rows, *days.values()):
        each.forget()


def _count(tally: Tally, offence: str, met: int, not_met: int, insufficient: int) -> None:
    known = tally.offences.get(offence, (0, 0, 0))
    tally.offences[offence] = (known[0] + met, known[1] + not_met, known[2] + insufficient)


def _said_of(judgement: Judgement, pointed: bool) -> Finding | None:
    stage = stage_of(judgement, pointed=pointed)
    return None if stage is None else finding_of(judgement, stage)


def _add_reading_list(lines: Lines, candidates: Candidates) -> None:
    """Add a line for every record that reaches nothing and whose text shares words with the catalogue."""
    texts = lines.carried[Role.text]
    done = set(lines.places)
    for place, text in enumerate(texts):
        if text and place not in done:
            found = candidates.for_text(text)
            if found:
                lines.add([place], reading_list(candidate.name_zh for candidate in found), pointed=False)
