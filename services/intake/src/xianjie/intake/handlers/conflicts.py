"""A person decides which of two contents under one name is right."""

from __future__ import annotations

from datetime import datetime

from xianjie.chassis.database import Transaction
from xianjie.chassis.web import Principal
from xianjie.contracts.errors import Conflicting, Forbidden, NotFound
from xianjie.contracts.recorded import ORGAN_PREFIX
from xianjie.intake.domain import problems
from xianjie.intake.store import conflicts
from xianjie.intake.store.conflicts import ConflictRow

DECIDING_SCOPES = frozenset({"oversight", "admin"})


async def decide_conflict(
    tx: Transaction,
    *,
    conflict_id: str,
    choice: str,
    reasons: str,
    person: str,
    principal: Principal,
    now: datetime,
) -> ConflictRow:
    """Record a decision, once; the same decision again is answered with the first one.

    Nothing else is written: the platform does not speak for an organ. The accepted event stays in force; if
    the second content is the right one, its source has to send `record.corrected`.

    Raises:
        NotFound: there is no such conflict.
        Forbidden: the caller is neither the source nor has it the scope oversight or admin.
        Conflicting: it was decided otherwise before.
    """
    found = await conflicts.locked(tx, conflict_id)
    if found is None:
        raise NotFound(problems.no_such("冲突", "conflict", conflict_id))
    if found.source != ORGAN_PREFIX + principal.organ and not DECIDING_SCOPES & principal.scopes:
        raise Forbidden(problems.not_yours("冲突", "conflict"))
    if found.state == "decided":
        if found.choice != choice:
            raise Conflicting(problems.already_decided(conflict_id))
        return found
    await conflicts.decide(
        tx,
        conflict_id=conflict_id,
        choice=choice,
        reasons=reasons,
        decided_by=person,
        decided_organ=principal.organ,
        decided_at=now,
    )
    decided = await conflicts.one(tx, conflict_id)
    assert decided is not None
    return decided
