"""What people said: who recorded a fact, searched for it, valued it or found on a node, and on what ground.

Statements explain a judgement and never change one: the values that they stand behind are in the facts, the
findings and the statements of search themselves.
Source: specification of the standards, section 4 no. 11 to 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

EVERYTHING = "*"  # the name under which a statement stands that nothing else exists


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement about one fact or node.

    Attributes:
        author: the organ or person, as recorded.
        at: when it was made; None when not recorded.
        reasons: why it was found so, or how it was searched for.
        method: how an amount was measured or valued (标价, 实际销售均价, 市场中间价, 鉴定).
        evidence: what it rests on, as recorded.
    """

    author: str = ""
    at: datetime | None = None
    reasons: str = ""
    method: str = ""
    evidence: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the members that say something, as plain values."""
        members = {
            "author": self.author,
            "at": None if self.at is None else self.at.isoformat(),
            "reasons": self.reasons,
            "method": self.method,
            "evidence": list(self.evidence),
        }
        return {name: value for name, value in members.items() if value}

    @classmethod
    def of_json(cls, written: Mapping[str, Any]) -> Statement:
        """Return what `as_json` wrote; raises TypeError or ValueError for anything else."""
        members = dict(written)
        if "at" in members:
            members["at"] = datetime.fromisoformat(members["at"])
        if "evidence" in members:
            members["evidence"] = tuple(members["evidence"])
        return cls(**members)
