"""Facts that wait until the registry can tell who supervises an organ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from xianjie.chassis.database import Transaction
from xianjie.contracts.recorded import Ref
from xianjie.notification.domain.due import Words
from xianjie.notification.domain.facts import Fact, FactKind
from xianjie.notification.domain.messages import Unrouted

_ROUTING_LOCK = 0x6E74665F  # "ntf_"; advisory locks are shared by the database, this number by nobody else


async def lock(tx: Transaction) -> None:
    """Let one transaction at a time bring organs or keep unrouted facts, until it ends.

    Without it, one transaction could keep a fact because it does not see an organ yet, while another brings
    that organ and does not see the fact yet.
    """
    await tx.execute("select pg_advisory_xact_lock($1)", _ROUTING_LOCK)


async def keep(tx: Transaction, unrouted: Iterable[Unrouted], *, since: datetime) -> None:
    """Keep facts until their supervisors are known; one that is kept already gets new waits_for."""
    rows = [
        {
            "rule": each.rule,
            "fact_source": each.fact.ref.source,
            "fact_id": each.fact.ref.id,
            "fact": _fact_to_json(each.fact),
            "waits_for": each.waits_for,
            "since": since,
        }
        for each in unrouted
    ]
    await tx.execute(
        """
        insert into unrouted (rule, fact_source, fact_id, fact, waits_for, since)
        select rule, fact_source, fact_id, fact, waits_for, since
        from jsonb_populate_recordset(null::unrouted, $1)
        on conflict (rule, fact_source, fact_id) do update set waits_for = excluded.waits_for
        """,
        rows,
    )


async def waiting_for(tx: Transaction, keys: Iterable[str]) -> list[tuple[str, Fact]]:
    """Return rule and fact of everything that waits for one of these arrivals, oldest first."""
    rows = await tx.fetch(
        """
        select rule, fact from unrouted where waits_for && $1::text[]
        order by since, fact_source, fact_id, rule
        """,
        list(keys),
    )
    return [(row["rule"], _fact_from_json(row["fact"])) for row in rows]


async def release(tx: Transaction, routed: Collection[tuple[str, Ref]]) -> None:
    """Drop facts that have been routed, by rule and event."""
    await tx.execute(
        """
        delete from unrouted using unnest($1::text[], $2::text[], $3::text[]) as done(rule, source, id)
        where unrouted.rule = done.rule and fact_source = done.source and fact_id = done.id
        """,
        [rule for rule, _ in routed],
        [ref.source for _, ref in routed],
        [ref.id for _, ref in routed],
    )


def _fact_to_json(fact: Fact) -> Mapping[str, Any]:
    return {
        "kind": fact.kind,
        "ref": list(fact.ref),
        "subject": fact.subject,
        "concerned": fact.concerned,
        "at": fact.at,
        "traits": fact.traits,
        "words": {placeholder: list(words) for placeholder, words in fact.words.items()},
        "organs": fact.organs,
    }


def _fact_from_json(kept: Mapping[str, Any]) -> Fact:
    return Fact(
        kind=FactKind(kept["kind"]),
        ref=Ref(*kept["ref"]),
        subject=kept["subject"],
        concerned=kept["concerned"],
        at=datetime.fromisoformat(kept["at"]),
        traits=kept["traits"],
        words={placeholder: Words(*words) for placeholder, words in kept["words"].items()},
        organs=kept["organs"],
    )
