"""Where in an event something stands, for what was found in its canonical bytes."""

from __future__ import annotations

from typing import Any


def pointer_to(value: Any, wanted: object, pointer: str = "/data") -> str:
    """Return the JSON pointer (RFC 6901) of the first place where `wanted` stands, "" for none."""
    if value == wanted:
        return pointer
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        escaped = str(name).replace("~", "~0").replace("/", "~1")
        found = pointer_to(member, wanted, f"{pointer}/{escaped}")
        if found:
            return found
    return ""
