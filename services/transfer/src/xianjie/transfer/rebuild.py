"""Folding every case again from its events and comparing with what is kept. Read-only.

Each case is folded by the law by which its kept state was computed, at the moment of that evaluation: so it
is proved that the state follows from the events and that law alone. Which law was in use when, and what was
decided under former ones, is not computed again: that stands in `law_in_use`, in the decisions and in the
log, and each former judgement replays by its own record.

A difference means that the program changed since the case was last evaluated, that the registry of organs
changed and the case is still due, or that a row was changed by hand; either way somebody has to look.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from xianjie.chassis.database import Database

from .domain.snapshot import take
from .store import cases, lists
from .store.bundles import KeptLaws

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


async def rebuild(database: Database, *, laws: KeptLaws) -> AsyncIterator[Compared]:
    """Yield every case with both digests, page by page in constant memory.

    Raises:
        Unavailable: the law of a case is neither the present one nor kept.
    """
    after = ""
    async with database.read() as tx:
        organs = await cases.load_organs(tx)
    while True:
        async with database.read() as tx:
            page = await lists.load_kept(tx, after=after, limit=PAGE)
            events = await cases.load_events(tx, [kept.subject for kept in page])
        if not page:
            return
        for kept in page:
            law = laws.get(kept.law_digest)
            snapshot = take(
                kept.subject, events[kept.subject], at=kept.evaluated_until, law=law, organs=organs
            )
            yield Compared(kept.subject, kept.state_digest, snapshot.digest)
        after = page[-1].subject
