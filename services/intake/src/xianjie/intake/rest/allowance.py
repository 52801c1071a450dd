"""How much one key may send: a token bucket for each key, in the time of the platform's clock."""

from __future__ import annotations

from datetime import datetime, timedelta


class Allowance:
    """Token buckets in the form of the generic cell rate algorithm: one instant for each key in use.

    The instant says when the bucket will be full again; a request moves it on by the time one token takes.
    Buckets that are full need no memory.
    """

    def __init__(self, *, per_second: int, burst: int, size: int = 10_000) -> None:
        """Allow `burst` requests at once and `per_second` in the long run; sweep beyond `size` keys."""
        self._token = timedelta(seconds=1) / per_second
        self._depth = self._token * burst
        self._full_at: dict[str, datetime] = {}
        self._size = size

    def take(self, key: str, *, now: datetime) -> timedelta | None:
        """Take one token and return None, or return how long to wait when there is none."""
        full_at = max(self._full_at.get(key, now), now) + self._token
        wait = full_at - now - self._depth
        if wait > timedelta():
            return wait
        if len(self._full_at) >= self._size:
            self._full_at = {name: at for name, at in self._full_at.items() if at > now}
        self._full_at[key] = full_at
        return None
