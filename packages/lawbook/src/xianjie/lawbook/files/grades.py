"""How well a text was seen before something was written down from it."""

from __future__ import annotations

from enum import StrEnum


class Grade(StrEnum):
    """How well a text was seen before it was written down; what is from memory ships disabled."""

    read = "read"
    excerpt = "excerpt"
    secondary = "secondary"
    memory = "memory"
