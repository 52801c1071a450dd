"""Where a reader stopped, as text that callers keep but do not read."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import NamedTuple

import orjson

from xianjie.contracts.errors import Malformed, Problem

_MAX_XID = 2**64 - 1
_MAX_SEQ = 2**63 - 1


class PageCursor(NamedTuple):
    """End of a page of messages ordered by (created_at, id)."""

    created_at: datetime
    id: str

    def text(self) -> str:
        """Return the cursor as callers see it."""
        return _encode(["page", self.created_at, self.id])

    @classmethod
    def read(cls, text: str) -> PageCursor:
        """Read a cursor that `text` made.

        Raises:
            Malformed: it was not.
        """
        match _decode(text):
            case ["page", str(created_at), str(id_)]:
                try:
                    moment = datetime.fromisoformat(created_at)
                except ValueError as cause:
                    raise _malformed() from cause
                if moment.tzinfo is None:
                    raise _malformed()
                return cls(moment, id_)
            case _:
                raise _malformed()


class FeedCursor(NamedTuple):
    """Place in the feed of an organ: transaction and number of the last message seen."""

    tx: int
    seq: int

    def text(self) -> str:
        """Return the cursor as callers see it."""
        return _encode(["feed", str(self.tx), self.seq])

    @classmethod
    def read(cls, text: str | None) -> FeedCursor:
        """Read a cursor that `text` made; None is the beginning.

        Raises:
            Malformed: it was not made by `text`.
        """
        if text is None:
            return cls(0, 0)
        match _decode(text):
            case ["feed", str(tx), int(seq)] if tx.isascii() and tx.isdecimal() and len(tx) <= 20:
                cursor = cls(int(tx), seq)
                if cursor.tx <= _MAX_XID and 0 <= seq <= _MAX_SEQ:
                    return cursor
        raise _malformed()


def _encode(parts: list[object]) -> str:
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _decode(text: str) -> object:
    try:
        return orjson.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except ValueError as cause:
        raise _malformed() from cause


def _malformed() -> Malformed:
    return Malformed(
        Problem(
            code="cursor.malformed",
            detail="游标不是由本接口给出的。",
            detail_en="The cursor was not given out by this interface.",
            todo="请原样使用上一次回答中的 cursor；不带 cursor 则从头开始。",
            todo_en="Use the cursor of the previous answer unchanged, or none to start at the beginning.",
        )
    )
