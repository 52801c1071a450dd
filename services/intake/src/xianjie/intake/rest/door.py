"""The door at which events arrive: one event, an array, or a stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from xianjie.chassis.clock import Clock
from xianjie.chassis.web import TooLarge, read_body
from xianjie.contracts.canonical import digest
from xianjie.contracts.errors import Malformed, Problem
from xianjie.intake.domain.arrivals import Arrival, Item, examine, unreadable
from xianjie.intake.queries import KeyHolder
from xianjie.intake.rest.allowance import Allowance
from xianjie.intake.rest.answers import Rendering, problem_answer
from xianjie.intake.rest.bodies import BATCH, ONE, Declined, checked_type, items_of_array, overlong
from xianjie.intake.rest.collector import Collector
from xianjie.intake.rest.duplex import DuplexResponse
from xianjie.intake.rest.lines import Lines
from xianjie.intake.rest.stream import EventStream
from xianjie.intake.settings import IntakeSettings


@dataclass(frozen=True, slots=True)
class Door:
    """Takes bodies in, answers with verdicts.

    Attributes:
        allowance: of each key; None: no limit.
    """

    settings: IntakeSettings
    collector: Collector
    clock: Clock
    rendering: Rendering
    allowance: Allowance | None

    async def take(self, request: Request, holder: KeyHolder) -> Response:
        """Answer a request to `POST /v1/events`.

        Raises:
            TooLarge: one event or an array is longer than the limit; it is not read to its end.
            Unavailable: the database cannot write; nothing was acknowledged.
        """
        try:
            self._within_allowance(holder)
            essence = checked_type(request)
            if essence == ONE:
                return await self._one(request, holder)
            if essence == BATCH:
                return await self._batch(request, holder)
        except Declined as declined:
            return declined.answer
        return await self._stream(request, holder)

    def _within_allowance(self, holder: KeyHolder) -> None:
        if self.allowance is None:
            return
        wait = self.allowance.take(holder.key_id, now=self.clock.now())
        if wait is not None:
            seconds = str(-(-wait // _SECOND))
            raise Declined(problem_answer(429, [_TOO_OFTEN], headers={"retry-after": seconds}))

    async def _one(self, request: Request, holder: KeyHolder) -> Response:
        limit = self.settings.event_limit_bytes
        try:
            body = await read_body(request, limit_bytes=limit)
        except TooLarge:
            raise TooLarge(overlong(limit)) from None
        arrival = self._arrival(holder, original=body, channel="api", items=[examine(body)])
        [verdict] = await self.collector.submit(arrival)
        return self.rendering.one(verdict)

    async def _batch(self, request: Request, holder: KeyHolder) -> Response:
        body = await read_body(request, limit_bytes=self.settings.batch_limit_bytes)
        try:
            texts = items_of_array(body, most=self.settings.batch_limit_items)
        except Malformed as broken:
            # What cannot be taken apart is refused and kept as a whole.
            whole = unreadable(body, *broken.problems)
            arrival = self._arrival(holder, original=body, channel="batch", items=[whole])
            return self.rendering.one((await self.collector.submit(arrival))[0])
        items = [self._item(text) for text in texts]
        arrival = self._arrival(holder, original=body, channel="batch", items=items)
        return self.rendering.many(await self.collector.submit(arrival))

    def _item(self, text: bytes) -> Item:
        limit = self.settings.event_limit_bytes
        return examine(text) if len(text) <= limit else unreadable(text, overlong(limit))

    async def _stream(self, request: Request, holder: KeyHolder) -> Response:
        settings = self.settings

        def arrive(**said: Any) -> Arrival:
            return self._arrival(holder, channel="stream", **said)

        stream = EventStream(
            request.receive,
            Lines(
                most_lines=settings.commit_items,
                most_bytes=settings.commit_bytes,
                line_limit=settings.event_limit_bytes,
            ),
            arrive=arrive,
            submit=self.collector.submit,
            render=self.rendering.line,
            too_large=overlong(settings.event_limit_bytes),
            idle_seconds=settings.commit_idle_seconds,
        )
        verdicts = stream.verdicts()
        # Until the first chunk is durable nothing is answered, so a failure can still be a status.
        first = await anext(verdicts, b"")
        return DuplexResponse(first=first, rest=verdicts, media_type="application/x-ndjson")

    def _arrival(
        self, holder: KeyHolder, *, original: bytes, channel: str, items: Sequence[Item], **place: Any
    ) -> Arrival:
        return Arrival(
            original=original,
            original_digest=digest(original),
            channel=channel,
            organ=holder.organ,
            key_id=holder.key_id,
            arrived_at=self.clock.now(),
            items=tuple(items),
            **place,
        )


_SECOND = timedelta(seconds=1)
_TOO_OFTEN = Problem(
    code="http.too_many_requests",
    detail="该密钥的请求过于频繁。",
    detail_en="This key sends requests too often.",
    todo="请按 Retry-After 等待后重试；大量数据请用批量或流式报送。",
    todo_en="Wait as Retry-After says; send many events as a batch or a stream.",
)
