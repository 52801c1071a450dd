"""What the service does: takes in events, wakes cases whose moment has come. The only writer.

Each function is one transaction of the caller: events, folded state, decisions and outgoing messages are
committed together or not at all. A batch costs the same number of round trips whatever its size.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from xianjie.chassis import outbox
from xianjie.chassis.bus import Delivery
from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Transaction
from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.contracts.errors import Problem, Unavailable
from xianjie.contracts.recorded import RecordedEvent, Ref
from xianjie.lawbook.bundle import Lawbook

from .decisions import activation, as_events
from .domain.organs import Organs
from .domain.progress import Progress, advance
from .domain.standing import Standing
from .store import answers, cases, laws
from .store.laws import LawInUse

log = structlog.get_logger("xianjie.transfer")

CASE_EVENTS = frozenset(kind.name for kind in EVENT_TYPES.values() if kind.subject == "case")


@dataclass(frozen=True, slots=True)
class Bench:
    """What every evaluation needs beside the case: the law and the clock of the platform.

    Attributes:
        activation: the event that put the law into use, see `put_law_in_use`.
    """

    law: Lawbook
    clock: Clock
    activation: Ref | None = None


async def put_law_in_use(tx: Transaction, *, law: Lawbook, clock: Clock) -> Ref:
    """Put the law into use unless it is; return the event that says so.

    Every case that was evaluated under another law is due from that instant on; the timer takes them in
    batches. All of it is one transaction: after a crash before its commit the next start does it, after a
    crash in the middle of the batches the rest is still due. Nobody evaluates by the former law afterwards.
    """
    held = await laws.load_in_use(tx)
    if held is None or held.digest != law.digest:
        await laws.hold_evaluations(tx)
        held = await laws.load_in_use(tx)
    if held is not None and held.digest == law.digest:
        return activation(held.digest, held.since).ref
    put = LawInUse(law.digest, clock.now())
    due = await laws.put_in_use(tx, put)
    event = activation(put.digest, put.since)
    await answers.add_decisions(tx, [event.row])
    await outbox.put(tx, [event.message])
    log.info("law.in_use", digest=put.digest, before=held and held.digest, cases_due=due)
    return event.ref


def handle(bench: Bench) -> Callable[[Transaction, Sequence[Delivery]], Awaitable[None]]:
    """Return what the consumer does with a batch."""

    async def take(tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        await take_in(tx, deliveries, bench=bench)

    return take


async def take_in(tx: Transaction, deliveries: Sequence[Delivery], *, bench: Bench) -> None:
    """Keep the events of a batch and move each of their cases up to its own last record."""
    events = [RecordedEvent.from_json(delivery.message.body) for delivery in deliveries]
    told = [event for event in events if event.name == "organ.changed"]
    if told:
        changed = await cases.put_organs(
            tx, [event.data["organ"] for event in told], [event.recorded_at for event in told]
        )
        await laws.wake_cases_of(tx, changed, at=max(event.recorded_at for event in told))
    mine = [
        (event, delivery.message.body)
        for event, delivery in zip(events, deliveries, strict=True)
        if event.name in CASE_EVENTS
    ]
    if not mine:
        return
    await cases.add_events(tx, [event for event, _ in mine], [body for _, body in mine])
    merges = {event.subject: event.data["into"] for event, _ in mine if event.name == "case.merged"}
    if merges:
        await cases.put_merges(tx, merges)
    files = await cases.lock_cases(tx, sorted({event.subject for event, _ in mine}))
    await _evaluate(tx, files, upto=None, bench=bench)


async def wake(tx: Transaction, *, upto: datetime, limit: int, bench: Bench) -> int:
    """Fire the terms that passed up to an instant, oldest first; return how many cases were looked at."""
    files = await cases.lock_due(tx, upto=upto, limit=limit)
    if files:
        await _evaluate(tx, files, upto=upto, bench=bench)
    return len(files)


async def _evaluate(
    tx: Transaction, files: Sequence[cases.CaseFile], *, upto: datetime | None, bench: Bench
) -> None:
    """Move the cases forward to one instant, or each to its own last record.

    A case that shares its batch with later records of other cases is not moved up to those: its own next
    record may still be on the way, and a term must not run out before it is there.
    """
    organs = await cases.load_organs(tx)
    events = await cases.load_events(tx, [file.subject for file in files])
    progresses = [
        progress
        for file in files
        if (progress := _advance(file, events[file.subject], upto=upto, bench=bench, organs=organs))
        is not None
    ]
    await _write(tx, progresses, bench=bench)


def _advance(
    file: cases.CaseFile,
    events: Sequence[RecordedEvent],
    *,
    upto: datetime | None,
    bench: Bench,
    organs: Organs,
) -> Progress | None:
    return advance(
        file.subject,
        events,
        standing=Standing.from_json(file.standing),
        after=file.evaluated_until,
        wake_at=file.wake_at,
        upto=max(event.recorded_at for event in events) if upto is None else upto,
        law=bench.law,
        organs=organs,
        law_change=bench.activation if file.law_digest != bench.law.digest else None,
    )


async def _write(tx: Transaction, progresses: Sequence[Progress], *, bench: Bench) -> None:
    """Write state, answers, decisions and outgoing messages of the cases that moved."""
    if not progresses:
        return
    snapshots = [progress.snapshot for progress in progresses]
    subjects = [snapshot.subject for snapshot in snapshots]
    in_use = await cases.put_states(
        tx, [_state(progress) for progress in progresses], law_digest=bench.law.digest
    )
    if in_use not in (None, bench.law.digest):
        raise _superseded(in_use)
    await answers.replace_clocks(tx, subjects, [clock.as_json() for s in snapshots for clock in s.clocks])
    await answers.replace_judgements(
        tx,
        subjects,
        [{"subject": s.subject, **judgement.as_json()} for s in snapshots for judgement in s.judgements],
    )
    await _write_findings(tx, progresses)
    decided = sorted(
        (decision for progress in progresses for decision in progress.decisions),
        key=lambda decision: decision.planned,
    )
    events = as_events(decided, fired_at=bench.clock.fired_at)
    await answers.add_decisions(tx, [event.row for event in events])
    await outbox.put(tx, [event.message for event in events])


def _state(progress: Progress) -> cases.CaseState:
    snapshot = progress.snapshot
    return cases.CaseState(
        subject=snapshot.subject,
        agency=snapshot.agency,
        regions=snapshot.regions.as_json(),
        standing=progress.standing.as_json(),
        state_digest=snapshot.digest,
        evaluated_until=progress.evaluated_until,
        wake_at=progress.wake_at,
        organs=snapshot.organs_asked,
    )


async def _write_findings(tx: Transaction, progresses: Sequence[Progress]) -> None:
    """Write what was seen on the way, then mark what had ended by its end."""
    rows = []
    closed = {}
    for progress in progresses:
        subject = progress.snapshot.subject
        for key, seen in progress.findings.items():
            said = progress.standing.findings[key]
            view = {**seen.found.as_json(subject), "level": said["level"], "open": said["open"]}
            rows.append(answers.FindingRow(key, subject, view, seen.first_seen, seen.last_seen))
        for decision in progress.decisions:
            if decision.name == "finding.closed" and not progress.standing.findings[decision.about]["open"]:
                closed[decision.about] = decision.planned
    await answers.put_findings(tx, rows)
    await answers.close_findings(tx, closed)


def _superseded(in_use: str | None) -> Unavailable:
    return Unavailable(
        Problem(
            code="law.superseded",
            detail=f"平台已启用另一版法律数据 {in_use}，本进程不再作判断。",
            detail_en=f"Another law is in use, {in_use}; this process judges no more.",
            todo="请以现行法律数据重新启动本进程。",
            todo_en="Start this process again with the law in use.",
        )
    )
