"""Folding every case again from its events and comparing with what is kept. Read-only.

A difference means that code or law changed since the case was last evaluated, or that a row was changed by
hand; either way somebody has to look.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from xianjie.chassis.database import Database
from xianjie.lawbook.bundle import Lawbook

from .domain.snapshot import take
from .store import cases, lists

PAGE = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """One case folded again: the digest that is kept, and the one that its events give."""

    subject: str
    kept: str
    folded: str

    @property
    def equal(self) -> bool:
        """Whether the case stands as its events say."""
        return self.kept == self.folded


async def rebuild(database: Database, *, law: Lawbook) -> AsyncIterator[Compared]:
    """Yield every case with both digests, page by page in constant memory."""
    after = ""
    async with database.read() as tx:
        organs = await cases.load_organs(tx)
    while True:
        async with database.read() as tx:
            page = await lists.load_subjects(tx, after=after, limit=PAGE)
            events = await cases.load_events(tx, [subject for subject, _, _ in page])
        if not page:
            return
        for subject, kept, evaluated_until in page:
            snapshot = take(subject, events[subject], at=evaluated_until, law=law, organs=organs)
            yield Compared(subject, kept, snapshot.digest)
        after = page[-1][0]
