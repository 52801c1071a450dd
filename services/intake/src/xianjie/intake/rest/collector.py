"""Group commit: requests that are at the door together share one transaction.

There is no timer. The first request starts a transaction at once; whoever comes while it runs is taken
together into the next one. Each is answered after the commit that holds its events.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from xianjie.chassis.database import Database, Transaction
from xianjie.contracts.errors import Problem, Unavailable, XianjieError
from xianjie.intake.domain.arrivals import Arrival
from xianjie.intake.domain.verdicts import Verdict

log = structlog.get_logger("xianjie.intake.collector")

#: Judges and keeps arrivals in the given transaction.
Accept = Callable[[Transaction, Sequence[Arrival]], Awaitable[list[list[Verdict]]]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    answer: asyncio.Future[list[Verdict]]


class Collector:
    """Carries arrivals into transactions, one transaction at a time."""

    def __init__(
        self, database: Database, accept: Accept, *, items: int, size: int, waiting_limit: int
    ) -> None:
        """Describe the collector.

        Args:
            items: events after which a transaction takes no further arrival.
            size: bytes after which it takes no further one.
            waiting_limit: arrivals that may wait.
        """
        self._database = database
        self._accept = accept
        self._items = items
        self._size = size
        self._waiting_limit = waiting_limit
        self._waiting: deque[_Waiting] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, arrival: Arrival) -> list[Verdict]:
        """Return the verdicts of the arrival once they are durable.

        A caller that goes away does not stop the transaction that its arrival is part of.

        Raises:
            Unavailable: the database cannot write, or too many wait; nothing was acknowledged.
        """
        if len(self._waiting) >= self._waiting_limit:
            raise Unavailable(_CROWDED, retry_after_seconds=1)
        answer: asyncio.Future[list[Verdict]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(arrival, answer))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all(), name="intake collector")
        return await answer

    @property
    def idle(self) -> bool:
        """Whether nobody waits and no transaction is open."""
        return not self._waiting and (self._writer is None or self._writer.done())

    async def _write_all(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                await self._write(group)
            except Exception as failure:
                await self._after_failure(group, failure)

    def _next_group(self) -> list[_Waiting]:
        group = [self._waiting.popleft()]
        items, size = len(group[0].arrival.items), len(group[0].arrival.original)
        while self._waiting:
            following = self._waiting[0].arrival
            items += len(following.items)
            size += len(following.original)
            if items > self._items or size > self._size:
                break
            group.append(self._waiting.popleft())
        return group

    async def _write(self, group: Sequence[_Waiting]) -> None:
        async with self._database.transaction() as tx:
            verdicts = await self._accept(tx, [waiting.arrival for waiting in group])
        for waiting, answer in zip(group, verdicts, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(answer)

    async def _after_failure(self, group: Sequence[_Waiting], failure: Exception) -> None:
        """Tell those who wait; what is no failure of the database is tried alone first.

        So a defect that one event uncovers is answered to its sender and to nobody else.
        """
        if len(group) == 1 or isinstance(failure, XianjieError):
            for waiting in group:
                if not waiting.answer.done():
                    waiting.answer.set_exception(failure)
            return
        log.error("collector.group_failed", arrivals=len(group), error=type(failure).__name__)
        for waiting in group:
            try:
                await self._write([waiting])
            except Exception as alone:
                await self._after_failure([waiting], alone)


_CROWDED = Problem(
    code="intake.crowded",
    detail="等待受理的报送过多，本次报送未受理。",
    detail_en="Too many submissions are waiting; this one was not taken.",
    todo="请稍后以相同内容重新报送。",
    todo_en="Send the same submission again later.",
)
