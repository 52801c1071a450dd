"""Issue and revoke the keys of agency systems."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from xianjie.chassis.database import Transaction
from xianjie.contracts.errors import NotFound, Refused
from xianjie.intake import queries
from xianjie.intake.domain import problems
from xianjie.intake.domain.keys import key_digest, new_key, new_key_id
from xianjie.intake.store import keys

OPERATOR: Final = "platform"


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key; `key` is shown once and kept nowhere."""

    id: str
    organ: str
    scopes: tuple[str, ...]
    key: str = field(repr=False)


async def issue_key(
    tx: Transaction, *, organ: str, scopes: Collection[str], issued_at: datetime
) -> IssuedKey:
    """Make a key of 256 random bits and keep its digest.

    Args:
        organ: organ id, or `platform` for the operator's own key, which cannot publish.
        scopes: of `publish`, `oversight`, `admin`.
        issued_at: reading of the clock.

    Raises:
        Refused: the organ is not registered.
    """
    if organ != OPERATOR and not await queries.is_registered(tx, organ=organ):
        raise Refused(problems.key_needs_organ(organ))
    key = new_key()
    issued = IssuedKey(new_key_id(), organ, tuple(sorted(scopes)), key)
    await keys.add(
        tx,
        key_id=issued.id,
        organ=organ,
        scopes=issued.scopes,
        digest=key_digest(key),
        issued_at=issued_at,
    )
    return issued


async def revoke_key(tx: Transaction, *, key_id: str, revoked_at: datetime) -> bytes:
    """Revoke a key for good; a second time changes nothing. Returns its digest.

    Raises:
        NotFound: there is no such key.
    """
    digest = await keys.revoke(tx, key_id=key_id, revoked_at=revoked_at)
    if digest is None:
        raise NotFound(problems.no_such("密钥", "key", key_id))
    return digest
