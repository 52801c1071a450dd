"""One million penalty records against every filing standard, as the command does it, from CSV and Parquet.

Measured is the whole command in a process of its own, from its start to the worklist on disk: wall time and
the greatest memory that the process ever held. A sample of the same file is judged case by case beside it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.screening.batches import ROW, value_of
from xianjie.lawbook.screening.columns import read_header
from xianjie.lawbook.screening.pointing import Pointing
from xianjie.lawbook.screening.screener import Screener
from xianjie.lawbook.standards.judging import JudgementInput, judge
from xianjie.lawbook.standards.values import Result

from .penalties import SEED, records, written
from .table import Row, show

LAW = Path(__file__).resolve().parents[1] / "law"
RECORDS = 1_000_000
ROUNDS = 3
SECONDS = 10.0
MEGABYTES = 1000.0
SAMPLE = 500
_RESULTS = {True: Result.met, False: Result.not_met, None: Result.insufficient}


async def run() -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="xianjie-screen-") as place:
        directory = Path(place)
        csv, parquet = written(RECORDS, directory)
        sizes = ", ".join(f"{path.suffix[1:]} {path.stat().st_size / 1e6:,.0f} MB" for path in (csv, parquet))
        rows: list[Row] = []
        for path in (csv, parquet):
            measured = [_measured(path, directory / "worklist.csv") for _ in range(ROUNDS)]
            rows.extend(_rows(path, measured))
        worklist = (directory / "worklist.csv").stat().st_size
        compared, wrong = _sampled(parquet)
    width = len(next(records(1)).columns)
    notes = (
        f"{RECORDS:,} records, {width} columns ({sizes}); worklist as CSV {worklist / 1e6:,.0f} MB",
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} (anything beside the run slows it)",
        f"{SAMPLE} of these records judged one by one: {compared:,} results compared, {wrong} different",
    )
    show("screen", rows, notes=notes)


def _rows(path: Path, measured: Sequence[tuple[float, float, float]]) -> list[Row]:
    what = path.suffix[1:]
    seconds, processor, megabytes = zip(*measured, strict=True)
    return [
        Row(what=f"{what}: wall time", unit="s", ours=seconds, limit=[SECONDS] * ROUNDS, against="limit",
            goal="<= 10 s"),
        Row(what=f"{what}: processor time", unit="s", ours=processor),
        Row(what=f"{what}: peak memory", unit="MB", ours=megabytes, limit=[MEGABYTES] * ROUNDS,
            against="limit", goal="<= 1 GB"),
    ]  # fmt: skip


def _measured(path: Path, out: Path) -> tuple[float, float, float]:
    """Run the command on a file; return its wall time and processor time in seconds, its peak in MB."""
    start = "from xianjie.command.main import main; main()"
    program = [sys.executable, "-c", start, "law", "screen", str(path), "--out", str(out)]
    silent = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
    began = perf_counter()
    process = os.posix_spawn(sys.executable, program, os.environ, file_actions=[silent])
    _, status, usage = os.wait4(process, 0)
    seconds = perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"the command ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def _sampled(parquet: Path) -> tuple[int, int]:
    """Compare a sample of the file with the judgement of single cases, over all offences."""
    standards = Lawbook.load(LAW).standards
    chosen = sorted(Random(SEED).sample(range(RECORDS), SAMPLE))
    raw = pl.read_parquet(parquet)[chosen]
    layout = read_header(raw.columns, standards.facts)
    raw.columns = [str(place) for place in range(raw.width)]
    screener = Screener(standards, layout, default_day=None, pointing=Pointing(lambda _: ()))
    compared = wrong = 0
    for group, results in screener.results(raw.with_columns(pl.int_range(SAMPLE).alias(ROW))):
        records = group.records
        for place in range(records.height):
            given = {name: column[place] for name, column in records.facts.items()}
            facts = {
                name: value_of(standards.facts[name], cell)
                for name, cell in given.items()
                if cell is not None
            }
            act: date | None = group.carried["act_day"][place]
            for offence, found in results.items():
                asked = JudgementInput(
                    offence=offence,
                    act_day=act,
                    decision_day=records.decision[place],
                    facts=facts,
                    province=None if records.province is None else records.province[place],
                )
                judgement = judge(standards, asked)
                said = (_RESULTS[found.full[place]], _RESULTS[found.enumerated[place]])
                compared += 1
                wrong += said != (judgement.result, judgement.enumerated)
    return compared, wrong
