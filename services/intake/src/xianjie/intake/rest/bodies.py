"""Bodies of requests: what they say they are, how long they may be, and how an array falls into its items."""

from __future__ import annotations

import json
import re
from email.message import EmailMessage
from functools import lru_cache
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from xianjie.contracts.errors import Malformed, Problem
from xianjie.intake.rest.answers import problem_answer

ONE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
STREAM: Final = "application/x-ndjson"
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_DECODER: Final = json.JSONDecoder()


class MediaType(NamedTuple):
    """A content type: essence in lower case, charset if it is stated."""

    essence: str
    charset: str | None


class Declined(Exception):
    """The request is answered before its body is read; `answer` says why."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


def checked_type(request: Request) -> str:
    """Return which of the three content types the body has.

    Raises:
        Declined: another content type, another charset than UTF-8, or compressed content (415).
    """
    media = _media_type(request.headers.get("content-type", ""))
    if media.essence not in (ONE, BATCH, STREAM):
        accepted = {"accept-post": ", ".join((ONE, BATCH, STREAM))}
        raise Declined(problem_answer(415, [_unknown_type(media.essence)], headers=accepted))
    if media.charset not in (None, "utf-8", "utf8"):
        raise Declined(problem_answer(415, [_CHARSET]))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Declined(problem_answer(415, [_ENCODING], headers={"accept-encoding": "identity"}))
    return media.essence


def items_of_array(body: bytes, *, most: int) -> list[bytes]:
    """Return the bytes of each item of a JSON array, as they stand there.

    Each item is read strictly afterwards; here it is enough to know where it ends.

    Raises:
        Malformed: the body is not an array in JSON, not UTF-8, or has more than `most` items.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as wrong:
        raise Malformed(_NOT_UTF8) from wrong
    items: list[bytes] = []
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        raise Malformed(_not_array(text, at))
    at = _after_space(text, at + 1)
    closed = text[at : at + 1] == "]"
    while not closed:
        end = _end_of_value(text, at)
        items.append(text[at:end].encode())
        if len(items) > most:
            raise Malformed(_too_many(most))
        at = _after_space(text, end)
        closed = text[at : at + 1] == "]"
        if not closed and text[at : at + 1] != ",":
            raise Malformed(_not_array(text, at))
        at = at if closed else _after_space(text, at + 1)
    if _after_space(text, at + 1) != len(text):
        raise Malformed(_not_array(text, at + 1))
    return items


def overlong(limit: int) -> Problem:
    """Return the problem of an event that is longer than the limit."""
    return Problem(
        code="event.too_large",
        detail=f"单个事件超过 {limit} 字节的上限。",
        detail_en=f"The event is longer than the limit of {limit} bytes.",
        todo="请将文书内容另行上传，事件中只写摘要（digest）。",
        todo_en="Upload documents apart and name them by digest in the event.",
    )


@lru_cache(maxsize=256)
def _media_type(header: str) -> MediaType:
    message = EmailMessage()
    message["content-type"] = header.replace("\r", " ").replace("\n", " ")
    charset = message.get_param("charset")
    essence = header.partition(";")[0].strip().lower()
    return MediaType(essence, charset.lower() if isinstance(charset, str) else None)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def _end_of_value(text: str, at: int) -> int:
    try:
        return _DECODER.raw_decode(text, at)[1]
    except json.JSONDecodeError as wrong:
        raise Malformed(_not_array(text, wrong.pos)) from wrong
    except (RecursionError, ValueError) as wrong:
        # The scanner gives up on deep nesting and on numbers of thousands of digits.
        raise Malformed(_not_array(text, at)) from wrong


def _not_array(text: str, at: int) -> Problem:
    row = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return Problem(
        code="json.syntax",
        detail=f"报文不是事件的 JSON 数组（第 {row} 行第 {column} 列）。",
        detail_en=f"The body is not a JSON array of events (line {row}, column {column}).",
        todo="请检查报文格式；整批未受理，更正后重新报送。",
        todo_en="Check the format; nothing of the batch was accepted, send it again when it is corrected.",
        pointer="",
        row=row,
        column=column,
    )


def _too_many(most: int) -> Problem:
    return Problem(
        code="batch.too_many",
        detail=f"一批最多 {most} 个事件。",
        detail_en=f"A batch has at most {most} events.",
        todo="请分批报送，或使用 application/x-ndjson 流式报送。",
        todo_en="Send several batches, or a stream as application/x-ndjson.",
        pointer="",
    )


def _unknown_type(essence: str) -> Problem:
    said = essence if essence.isascii() and essence.isprintable() else "?"
    return Problem(
        code="http.content_type",
        detail=f"不支持的内容类型“{said}”。",
        detail_en=f'The content type "{said}" is not supported.',
        todo=f"请使用 {ONE}、{BATCH} 或 {STREAM}。",
        todo_en=f"Use {ONE}, {BATCH} or {STREAM}.",
    )


_CHARSET: Final = Problem(
    code="http.charset",
    detail="只接受 UTF-8 编码。",
    detail_en="Only UTF-8 is accepted.",
    todo="请将报文转换为 UTF-8 后重新报送。",
    todo_en="Send the body in UTF-8.",
)
_ENCODING: Final = Problem(
    code="http.content_encoding",
    detail="不接受压缩的报文。",
    detail_en="Compressed content is not accepted.",
    todo="请不带 Content-Encoding 重新报送。",
    todo_en="Send the body without Content-Encoding.",
)
_NOT_UTF8: Final = Problem(
    code="json.encoding",
    detail="报文不是有效的 UTF-8。",
    detail_en="The body is not valid UTF-8.",
    todo="请将报文转换为 UTF-8 后重新报送。",
    todo_en="Send the body in UTF-8.",
    pointer="",
)
