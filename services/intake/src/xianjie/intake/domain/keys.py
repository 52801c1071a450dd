"""Keys of agency systems: how they look, and under which digest they are kept."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

SECRET_BYTES: Final = 32
"""Random bytes of a key: 256 bits, which nobody guesses."""


def new_key() -> str:
    """Return a new key."""
    return "xj_" + secrets.token_urlsafe(SECRET_BYTES)


def new_key_id() -> str:
    """Return the name by which an operator speaks of a key without showing it."""
    return "key_" + secrets.token_hex(8)


def key_digest(key: str) -> bytes:
    """Return the SHA-256 under which a key is kept.

    Plain SHA-256 is enough: there is nothing to guess in 256 random bits, and a slow password hash would only
    make every request slow.
    """
    return hashlib.sha256(key.encode()).digest()
