"""`xianjie law screen`: which records reach which standard, by which clause, and what is missing."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from os import cpu_count
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.screening.batches import Refusal
from xianjie.lawbook.screening.columns import HeaderFault, Layout, Role, read_header
from xianjie.lawbook.screening.findings import STAGES_EN, STAGES_ZH, Stage
from xianjie.lawbook.screening.pointing import Pointing, by_causes
from xianjie.lawbook.screening.reading_list import Candidates
from xianjie.lawbook.screening.screener import DisagreementError, Screened, Screener, Tally
from xianjie.lawbook.screening.worklist import REFUSAL_TITLES, Worklist, refusals

from .app import Unusable, complain
from .penalty_chunks import Chunk, PenaltyFile
from .penalty_files import opened
from .worklist_files import FOR_PROGRAMS, CsvFile, CsvStream, NdjsonStream, TableFile, table_file

_SHOWN = 50  # refused cells that are shown where no file for them was named
_OFFENCES_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line; `on` as it was written."""

    file: Path
    out: Path | None
    errors: Path | None
    on: str | None
    explain: bool
    reading_list: bool
    as_json: bool
    law: Path


def screen(asked: Asked) -> int:
    """Screen a file; return 0, or 1 when rows were refused.

    Raises:
        Unusable: the file, a column or the day cannot be used.
        OSError, LawError: a file cannot be read or written.
    """
    day = _day(asked.on)
    named = [path.resolve() for path in (asked.file, asked.out, asked.errors) if path is not None]
    if len(set(named)) < len(named):
        raise Unusable(
            "输入、--out、--errors 应是不同的文件 / input, --out and --errors must be different files"
        )
    if asked.as_json and asked.out is not None:
        raise Unusable(
            "--json 写到标准输出，不能与 --out 同用 / --json writes to standard output, not to a file"
        )
    source = opened(asked.file)
    book = Lawbook.load(asked.law)
    try:
        layout = read_header(source.headers, book.standards.facts)
    except HeaderFault as fault:
        raise Unusable(f"{asked.file}：\n{fault}") from None
    _check(layout, asked, day)
    for remark in (*source.remarks, *_unknown(layout)):
        complain(remark)
    candidates = Candidates.of(book.standards, book.causes.by_id.values()) if asked.reading_list else None
    screener = Screener(
        book.standards,
        layout,
        default_day=day,
        pointing=Pointing(by_causes(book.causes, book.standards.offences.values())),
        candidates=candidates,
    )
    worklist = Worklist(
        layout,
        book.standards,
        law=book.digest,
        explain=asked.explain,
        reading=asked.reading_list,
        coded=asked.as_json if asked.out is None else asked.out.suffix.lower() in FOR_PROGRAMS,
    )
    try:
        tally = _written(source, screener, worklist, asked)
    except DisagreementError as error:
        raise Unusable(str(error)) from None
    _summarise(tally, book, day)
    return 1 if tally.refused else 0


def _day(said: str | None) -> date | None:
    try:
        return None if said is None else date.fromisoformat(said)
    except ValueError:
        raise Unusable(f"--on 应为日期，如 2026-05-16，而不是“{said}” / --on must be a day") from None


def _check(layout: Layout, asked: Asked, day: date | None) -> None:
    if layout.of(Role.decision_day) is None and day is None:
        raise Unusable(
            "没有“决定日期”列；请补上该列，或者用 --on 指定以哪一日为准 / "
            "no column of the day of decision; add it, or say with --on which day counts"
        )
    if not layout.facts and not asked.reading_list:
        raise Unusable(
            "没有一列是已知的事实，无从对照标准；表头请用事实的中文名称或代码 / "
            "no column is a known fact; use the names of facts as headers"
        )
    if asked.reading_list and layout.of(Role.text) is None:
        raise Unusable("--reading-list 需要“违法事实”列 / --reading-list needs a column of text")


def _unknown(layout: Layout) -> Iterator[str]:
    for column in layout.kept:
        near = layout.close.get(column.header)
        hint = "" if near is None else f"；是否指“{near}” / perhaps this fact is meant"
        yield f"第{column.place + 1}列“{column.header}”未用于对照，原样保留 / not used, only kept{hint}"


def _written(source: PenaltyFile, screener: Screener, worklist: Worklist, asked: Asked) -> Tally:
    tally = Tally()
    shown = 0
    with ExitStack() as stack:
        out = stack.enter_context(_out(asked, worklist))
        errors = _errors(asked)
        if errors is not None:
            stack.enter_context(errors)
        progress = stack.enter_context(_progress())
        task = progress.add_task("对照 / screening", total=source.total)
        for chunk, screened in _side_by_side(source.chunks, screener):
            out.write(worklist.table(screened))
            if errors is not None:
                errors.write(refusals(screened.refusals))
            else:
                shown = _show(screened.refusals, shown)
            tally.add(screened.tally)
            progress.advance(task, chunk.size)
    if errors is None and shown > _SHOWN:
        left = shown - _SHOWN
        complain(f"另有 {left} 处问题未列出，请用 --errors 写入文件 / {left} more, write them with --errors")
    return tally


def _side_by_side(chunks: Iterator[Chunk], screener: Screener) -> Iterator[tuple[Chunk, Screened]]:
    """Screen chunks on all processors and yield them in their order; few are in memory at any time."""
    workers = cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[Chunk, Future[Screened]]] = deque()
        try:
            for chunk in chunks:
                waiting.append((chunk, pool.submit(_screened, chunk, screener)))
                if len(waiting) > workers:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def _screened(chunk: Chunk, screener: Screener) -> Screened:
    raw, refused = chunk.take()
    screened = screener.screen(raw)
    screened.tally.records += len(refused)
    screened.tally.refused += len(refused)
    return Screened(screened.lines, (*refused, *screened.refusals), screened.tally)


def _out(asked: Asked, worklist: Worklist) -> TableFile:
    if asked.out is not None:
        return table_file(asked.out, worklist.columns, worklist.titles)
    if asked.as_json:
        return NdjsonStream(sys.stdout.buffer)
    return CsvStream(sys.stdout.buffer, worklist.columns, worklist.titles)


def _errors(asked: Asked) -> TableFile | None:
    path = asked.errors
    if path is None and asked.out is not None:
        path = asked.out.with_name(f"{asked.out.name}.errors.csv")
    return None if path is None else CsvFile(path, tuple(REFUSAL_TITLES), REFUSAL_TITLES)


def _show(refused: tuple[Refusal, ...], shown: int) -> int:
    for each in refused[: max(0, _SHOWN - shown)]:
        column = f"“{each.column}”列" if each.column else ""
        complain(f"第{each.row}行{column}：{each.zh} / {each.en}")
    return shown + len(refused)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _summarise(tally: Tally, book: Lawbook, day: date | None) -> None:
    console = Console(stderr=True)
    console.print(_counts(tally, book, day))
    offences = sorted(tally.offences.items(), key=lambda item: (-item[1][0], item[0]))
    reached = [(offence, counts) for offence, counts in offences if counts[0]]
    if not reached:
        return
    table = Table(title="达到立案追诉标准的记录 / records that meet a standard", title_justify="left")
    table.add_column("罪名 / offence", overflow="fold")
    for title in ("达到 / met", "未达到 / not met", "材料不足 / insufficient"):
        table.add_column(title, justify="right")
    for offence, counts in reached[:_OFFENCES_SHOWN]:
        name = book.standards.offences[offence].name_zh
        table.add_row(f"{name} {offence}", *(f"{count:,}" for count in counts))
    console.print(table)
    if len(reached) > _OFFENCES_SHOWN:
        left = len(reached) - _OFFENCES_SHOWN
        console.print(f"另有 {left} 个罪名，见工作清单 / {left} more offences, see the worklist")


def _counts(tally: Tally, book: Lawbook, day: date | None) -> Table:
    table = Table(title="对照结果 / result", title_justify="left", show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    table.add_row("记录 / records", f"{tally.records:,}")
    table.add_row("拒绝的行 / rows refused", f"{tally.refused:,}")
    table.add_row("列入工作清单的记录 / records on the worklist", f"{tally.reached:,}")
    for stage in Stage:
        if stage in tally.stages:
            table.add_row(f"  {STAGES_ZH[stage]} / {STAGES_EN[stage]}", f"{tally.stages[stage]:,}")
    if tally.silent:
        table.add_row("案由未对应任何罪名的记录 / cause of action names no offence", f"{tally.silent:,}")
    if tally.apart:
        table.add_row("数值特殊、逐件判断的记录 / records judged one by one", f"{tally.apart:,}")
    table.add_row("罪名 / offences", f"{len(book.standards.offences):,}")
    asked = (
        "各记录的决定日期 / that of each record"
        if day is None
        else f"缺决定日期的以 {day} 为准 / where none is given"
    )
    table.add_row("决定日期 / day of decision", asked)
    table.add_row("法律数据 / law", book.digest)
    return table
