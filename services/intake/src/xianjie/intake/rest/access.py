"""Who is at the door, and what the key allows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from xianjie.chassis.web import Principal, bearer
from xianjie.intake.queries import Keys

#: Yields a `KeyHolder`, which is what `Keys` finds.
Holder = Callable[[Request], Awaitable[Principal]]


@dataclass(frozen=True, slots=True)
class Access:
    """Dependencies that yield the holder of a key, one for each right.

    Attributes:
        reader: any key.
        publisher: a key with the scope `publish`.
        admin: a key with the scope `admin`.
    """

    reader: Holder
    publisher: Holder
    admin: Holder


def access(keys: Keys) -> Access:
    """Return the dependencies of one service."""
    return Access(
        reader=bearer(keys.find_key),
        publisher=bearer(keys.find_key, scope="publish"),
        admin=bearer(keys.find_key, scope="admin"),
    )
