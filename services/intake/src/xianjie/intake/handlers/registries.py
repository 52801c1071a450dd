"""The registry as writers see it: read once for each revision, not once for each batch."""

from __future__ import annotations

from xianjie.chassis.database import Transaction
from xianjie.intake.domain.registry import Registry
from xianjie.intake.store import organs


class Registries:
    """Keeps the registry of the newest revision; whoever holds the lock of the head asks for it."""

    def __init__(self) -> None:
        """Start without any registry."""
        self._newest = Registry(revision=-1)

    async def of(self, tx: Transaction, revision: int) -> Registry:
        """Return the registry of the revision that the locked head names."""
        if self._newest.revision != revision:
            self._newest = Registry.of(revision, await organs.versions(tx))
        return self._newest
