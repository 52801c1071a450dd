"""The catalogue: every event type, by its full name, and the kinds of organs that may speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from xianjie.contracts import events as _events  # noqa: F401  (its modules declare the types)
from xianjie.contracts.declaration import DECLARED, EventData, EventType
from xianjie.contracts.enums import OrganKind

__all__ = ["EVENT_TYPES", "ORGAN_KINDS", "EventData", "EventType", "KindOfOrgan"]


@dataclass(frozen=True, slots=True)
class KindOfOrgan:
    """A kind of organ.

    Attributes:
        zh: name in Chinese.
        en: name in English.
        id_prefix: what its ids begin with when it is registered; None for the platform, which has none.
    """

    zh: str
    en: str
    id_prefix: str | None


EVENT_TYPES: Final[Mapping[str, EventType]] = MappingProxyType({entry.type: entry for entry in DECLARED})
"""Every event type by its full type."""

ORGAN_KINDS: Final[Mapping[OrganKind, KindOfOrgan]] = MappingProxyType(
    {
        "AG": KindOfOrgan("行政执法机关", "enforcement agency", "ag"),
        "PS": KindOfOrgan("公安机关", "public security organ", "ps"),
        "PR": KindOfOrgan("人民检察院", "procuratorate", "pr"),
        "CT": KindOfOrgan("人民法院", "court", "ct"),
        "JC": KindOfOrgan("监察机关", "supervision organ", "jc"),
        "GOV": KindOfOrgan("人民政府、上级机关", "government or superior organ", "gov"),
        "JM": KindOfOrgan("联席会议办公室", "joint-meeting coordinator", "jm"),
        "SYS": KindOfOrgan("平台", "the platform itself", None),
    }
)
"""Kinds of organs by their short name."""
