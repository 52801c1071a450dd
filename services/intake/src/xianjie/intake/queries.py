"""What intake tells; nothing here writes or decides.

An organ sees what it sent; the scopes oversight and admin see everything.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Database, Transaction
from xianjie.chassis.web import Principal
from xianjie.contracts.errors import Forbidden, NotFound
from xianjie.contracts.recorded import ORGAN_PREFIX, Ref
from xianjie.intake.domain import problems
from xianjie.intake.domain.health import SourceHealth
from xianjie.intake.domain.keys import key_digest
from xianjie.intake.domain.registry import Organ, kind_by_id
from xianjie.intake.domain.verdicts import Receipt
from xianjie.intake.store import conflicts, events, kept, keys, organs
from xianjie.intake.store.conflicts import ConflictRow
from xianjie.intake.store.kept import RefusalRow
from xianjie.lawbook.procedure.times import civil_day

SEES_ALL: Final = frozenset({"oversight", "admin"})


@dataclass(frozen=True, slots=True)
class KeyHolder(Principal):
    """A principal with the key it used."""

    key_id: str = ""


class Keys:
    """Knows the keys that were used lately, so that a request does not cost a look into the database.

    Only digests stay in memory. A key revoked here is forgotten at once; one revoked by another process is
    honoured until its entry is `lifetime` old.
    """

    def __init__(self, database: Database, clock: Clock, *, lifetime: timedelta, size: int) -> None:
        """Remember at most `size` keys."""
        self._database = database
        self._clock = clock
        self._lifetime = lifetime
        self._size = size
        self._seen: OrderedDict[bytes, tuple[KeyHolder, datetime]] = OrderedDict()

    async def find_key(self, key: str) -> KeyHolder | None:
        """Return who holds the key, None if it is unknown or revoked.

        Raises:
            Unavailable: the key is not known here and the database does not answer.
        """
        digest = key_digest(key)
        now = self._clock.now()
        entry = self._seen.get(digest)
        if entry is not None and now - entry[1] < self._lifetime:
            return entry[0]
        async with self._database.read() as tx:
            row = await keys.find(tx, digest=digest, day=civil_day(now))
        if row is None:
            self._seen.pop(digest, None)
            return None
        kind = row.kind or kind_by_id(row.organ) or "SYS"
        holder = KeyHolder(organ=row.organ, kind=kind, scopes=row.scopes, key_id=row.id)
        self._seen[digest] = (holder, now)
        self._seen.move_to_end(digest)
        while len(self._seen) > self._size:
            self._seen.popitem(last=False)
        return holder

    def forget(self, digest: bytes) -> None:
        """Stop honouring a key; its next use asks the database."""
        self._seen.pop(digest, None)


def own_organ(principal: Principal) -> str | None:
    """Return the organ to which the caller's view is limited, None when it sees everything."""
    return None if SEES_ALL & principal.scopes else principal.organ


async def receipt(tx: Transaction, *, ref: Ref, principal: Principal) -> Receipt:
    """Return the receipt of an event.

    Raises:
        Forbidden: another organ sent it.
        NotFound: it was not accepted.
    """
    organ = own_organ(principal)
    if organ is not None and ref.source != ORGAN_PREFIX + organ:
        raise Forbidden(problems.not_yours("回执", "receipt"))
    found = await events.known_receipts(tx, [ref])
    if ref not in found:
        raise NotFound(problems.no_such("已受理事件", "accepted event", ref.text))
    return found[ref]


async def original(tx: Transaction, *, digest: str, principal: Principal) -> bytes:
    """Return bytes as they arrived.

    Raises:
        NotFound: nobody, or only another organ, sent them.
    """
    body = await kept.original(tx, digest=digest, organ=own_organ(principal))
    if body is None:
        raise NotFound(problems.no_such("原始报文", "original", digest))
    return body


async def open_conflicts(
    tx: Transaction, *, after: str, state: str | None, principal: Principal, limit: int
) -> Sequence[ConflictRow]:
    """Return conflicts by id."""
    organ = own_organ(principal)
    source = None if organ is None else ORGAN_PREFIX + organ
    return await conflicts.page(tx, after=after, state=state, source=source, limit=limit)


async def refusals(
    tx: Transaction, *, before: tuple[int, int], principal: Principal, limit: int
) -> Sequence[RefusalRow]:
    """Return what has to be corrected and sent again, the newest first."""
    return await kept.refusals(tx, before=before, organ=own_organ(principal), limit=limit)


async def sources(tx: Transaction, *, after: str, principal: Principal, limit: int) -> Sequence[SourceHealth]:
    """Return the health of sources by name."""
    organ = own_organ(principal)
    source = None if organ is None else ORGAN_PREFIX + organ
    return await kept.sources(tx, after=after, source=source, limit=limit)


async def registered(
    tx: Transaction, *, after: tuple[str, date], region: str | None, kind: str | None, limit: int
) -> Sequence[Organ]:
    """Return versions of organs; the registry is open to every key."""
    return await organs.page(tx, after=after, region=region, kind=kind, limit=limit)


async def is_registered(tx: Transaction, *, organ: str) -> bool:
    """Whether the registry has the organ."""
    return await organs.exists(tx, organ)
