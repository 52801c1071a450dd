"""SQL of the keys of agency systems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xianjie.chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key that is not revoked, with the kind of its organ where the registry knows it."""

    id: str
    organ: str
    scopes: frozenset[str]
    kind: str | None


_ADD = "insert into api_key (id, organ, scopes, digest, issued_at) values ($1, $2, $3, $4, $5)"

_REVOKE = """
update api_key set revoked_at = coalesce(revoked_at, $2) where id = $1 returning digest
"""

_FIND = """
select k.id, k.organ, k.scopes,
       (select o.kind from organ_version o where o.id = k.organ
        order by (o.valid_from <= $2) desc, o.valid_from desc limit 1) as kind
from api_key k
where k.digest = $1 and k.revoked_at is null
"""


async def add(
    tx: Transaction, *, key_id: str, organ: str, scopes: Sequence[str], digest: bytes, issued_at: datetime
) -> None:
    """Keep the digest of a new key."""
    await tx.execute(_ADD, key_id, organ, list(scopes), digest, issued_at)


async def revoke(tx: Transaction, *, key_id: str, revoked_at: datetime) -> bytes | None:
    """Mark a key as revoked, once, and return its digest; None if there is no such key."""
    digest: bytes | None = await tx.fetchval(_REVOKE, key_id, revoked_at)
    return digest


async def find(tx: Transaction, *, digest: bytes, day: date) -> KeyRow | None:
    """Return the key with this digest unless it is unknown or revoked."""
    row = await tx.fetchrow(_FIND, digest, day)
    return None if row is None else KeyRow(row["id"], row["organ"], frozenset(row["scopes"]), row["kind"])
