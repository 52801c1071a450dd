"""Streams of lines over a real connection: answered while they are read, flat in memory, of any length."""

from __future__ import annotations

import asyncio

import orjson
import psutil
from tests.intake.builders import AGENCY, ORGANS, STREAM, Intake, event
from tests.serving import served

PROCESS = psutil.Process()


def line(number: int, **more: object) -> bytes:
    """Return one line of a stream."""
    return orjson.dumps(event(id=f"S-{number}", **more)) + b"\n"


def stream_head(intake: Intake, framing: str) -> str:
    """Return the head of a request."""
    return (
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
        f"Authorization: Bearer {intake.keys[AGENCY]}\r\n{framing}\r\n\r\n"
    )


def verdicts_of(body: bytes) -> list[dict[str, object]]:
    """Return the verdicts of an answer."""
    return [orjson.loads(text) for text in body.splitlines()]


async def test_each_line_gets_its_verdict_with_its_row(intake: Intake) -> None:
    body = line(1) + b"\n" + line(1) + b"{broken\n" + line(1, data={"note": "另一内容"}) + line(2).rstrip()
    answer = await intake.post(body, headers=STREAM)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    told = [(verdict["row"], verdict["verdict"]) for verdict in verdicts_of(answer.content)]
    assert told == [(1, "accepted"), (3, "repeated"), (4, "refused"), (5, "conflict"), (6, "accepted")]
    refused = verdicts_of(answer.content)[2]
    assert refused["problems"][0]["row"] == 4  # type: ignore[index]


async def test_the_chunks_of_a_stream_put_together_are_the_stream(intake_for) -> None:  # type: ignore[no-untyped-def]
    intake = await intake_for(commit_items=3)
    await intake.register(ORGANS)
    body = b"".join(line(number) + b"\r\n" * (number % 2) for number in range(10)) + b"tail"
    await intake.post(body, headers=STREAM)
    async with intake.database.read() as tx:
        rows = await tx.fetch(
            """select o.body, s.stream, s.chunk from submission s join original o on o.digest = s.original
               where s.channel = 'stream' order by s.chunk"""
        )
    assert len(rows) > 3
    assert len({row["stream"] for row in rows}) == 1
    assert b"".join(row["body"] for row in rows) == body


async def test_a_line_beyond_the_limit_is_refused_and_the_next_one_taken(intake_for) -> None:  # type: ignore[no-untyped-def]
    intake = await intake_for(event_limit_bytes=2_000, commit_bytes=4_000)
    await intake.register(ORGANS)
    body = line(1) + b'"' + b"x" * 100_000 + b'"\n' + line(2)
    told = verdicts_of((await intake.post(body, headers=STREAM)).content)
    assert [verdict["verdict"] for verdict in told] == ["accepted", "refused", "accepted"]
    assert told[1]["problems"][0]["code"] == "event.too_large"  # type: ignore[index]


async def test_an_overlong_last_line_gets_its_verdict_too(intake_for) -> None:  # type: ignore[no-untyped-def]
    intake = await intake_for(event_limit_bytes=2_000, commit_bytes=4_000)
    await intake.register(ORGANS)
    told = verdicts_of((await intake.post(line(1) + b"x" * 100_000, headers=STREAM)).content)
    assert [(verdict["row"], verdict["verdict"]) for verdict in told] == [(1, "accepted"), (2, "refused")]


async def test_an_empty_stream_is_an_empty_answer(intake: Intake) -> None:
    answer = await intake.post(b"\n\n", headers=STREAM)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_verdicts_are_written_while_the_body_is_still_being_sent(intake: Intake) -> None:
    async with served(intake.service.app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(stream_head(intake, "Transfer-Encoding: chunked").encode())
        for number in range(3):
            sent = line(number)
            writer.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\n")
            # The request is far from its end, and the verdict on this line is here already.
            await reader.readuntil(f'"id":"S-{number}"'.encode())
        writer.write(b"0\r\n\r\n")
        assert (await reader.readuntil(b"\r\n0\r\n\r\n")).endswith(b"0\r\n\r\n")
        writer.close()
        await writer.wait_closed()


async def send_all_then_read(port: int, head: str, lines: range) -> tuple[int, int]:
    """Send lines without reading anything meanwhile, as many clients do.

    Returns the number of verdicts, and the bytes of memory of this process at the highest moment.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.encode())
    peak = 0
    for begin in range(lines.start, lines.stop, 250):
        sent = b"".join(line(number) for number in range(begin, begin + 250))
        writer.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\n")
        await writer.drain()
        peak = max(peak, PROCESS.memory_info().rss)
    writer.write(b"0\r\n\r\n")
    verdicts, tail = 0, b""
    while not tail.endswith(b"\r\n0\r\n\r\n"):
        piece = await reader.read(1 << 16)
        # Carriage returns stand in the framing of HTTP only.
        verdicts += piece.count(b"\n") - piece.count(b"\r")
        tail = tail[-10:] + piece
        peak = max(peak, PROCESS.memory_info().rss)
    writer.close()
    await writer.wait_closed()
    return verdicts, peak


async def test_fifty_thousand_lines_need_no_more_memory_than_a_few(intake: Intake) -> None:
    async with served(intake.service.app) as port:
        head = stream_head(intake, "Transfer-Encoding: chunked")
        few, before = await send_all_then_read(port, head, range(2_000))
        many, peak = await send_all_then_read(port, head, range(2_000, 52_000))
    assert (few, many) == (2_000, 50_000)
    assert (await intake.counts())["event"] == len(ORGANS) + 52_000
    # The stream has 20 MB and its verdicts have more than 30 MB.
    assert peak - before < 16 << 20


async def test_fifty_megabytes_in_one_event_are_answered_before_they_are_read(intake: Intake) -> None:
    async with served(intake.service.app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = stream_head(intake, "Content-Length: 50000000").replace("x-ndjson", "cloudevents+json")
        writer.write(head.encode() + b" " * 10_000)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 413 ")
        # Whoever goes on sending is not cut off in the middle, so it can read the answer afterwards.
        for _ in range(100):
            writer.write(b" " * 100_000)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert (await intake.counts())["submission"] == 1


async def test_what_a_sender_left_unfinished_is_not_taken(intake: Intake, eventually) -> None:  # type: ignore[no-untyped-def]
    async with served(intake.service.app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(stream_head(intake, "Content-Length: 100000").encode())
        writer.write(line(1) + line(2)[:100])
        await reader.readuntil(b'"id":"S-1"')
        writer.close()
        await writer.wait_closed()
        assert (await intake.post(event(id="after"))).status_code == 201
    assert (await intake.counts())["event"] == len(ORGANS) + 2
    assert await intake.service.settled() is False  # messages wait for the relay, nothing else does
