"""How an event type is declared: once, on the class of its data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from pydantic import Field

from xianjie.contracts.enums import OrganKind
from xianjie.contracts.recorded import TYPE_PREFIX
from xianjie.contracts.scalars import Many, OrAbsent, OrganId, PartyId, Text
from xianjie.contracts.values import PERSONAL, Document, Occurred, Officer, Value

SCHEMA_PREFIX: Final = "urn:xianjie:schema:"

Region = Literal["administrative", "transfer", "criminal", "supervision", "reverse", "meeting", "platform"]
"""The part of the catalogue that a type belongs to."""

Subject = Literal[
    "case",
    "party",
    "organ",
    "region",
    "meeting",
    "review",
    "submission",
    "notification",
    "access",
    "lawbook",
]
"""What the attribute `subject` of an event names."""


class EventData(Value):
    """The members that the data of every event may have."""

    occurred: Occurred = Field(
        title="发生时间",
        description="when it happened in the world, with its precision; the organ's claim",
    )
    parties: OrAbsent[Many[PartyId]] = Field(
        default=None,
        title="当事人",
        description="parties concerned; absent means all parties of the case",
    )
    documents: OrAbsent[Many[Document]] = Field(
        default=None, title="文书和证据", description="documents by digest; the bytes travel apart"
    )
    officers: OrAbsent[Many[Officer]] = Field(
        default=None,
        title="承办人",
        description="officers who acted, with certificate numbers",
        json_schema_extra=PERSONAL,
    )
    by_organ: OrAbsent[OrganId] = Field(
        default=None,
        title="实施机关",
        description="the organ that acted, when another organ records it (unit without a system)",
    )
    source_words: OrAbsent[Text] = Field(
        default=None, title="原文摘录", description="wording of the record this event was made from"
    )
    note: OrAbsent[Text] = Field(default=None, title="备注", description="free text, never parsed")


DataModel = type[EventData]


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event as the catalogue declares it.

    Attributes:
        type: full type, for example `cn.xianjie.case.transferred.v1`.
        name: the type without prefix and version, `case.transferred`.
        name_zh: name in Chinese.
        name_en: name in English.
        aggregate: what the event is about, the first part of the name.
        subject: what the attribute `subject` names.
        region: part of the catalogue.
        emitters: kinds of organs that may emit it; SYS is the platform.
        data_model: model of `data`.
        source: articles that make the act an act.
    """

    type: str
    name: str
    name_zh: str
    name_en: str
    aggregate: str
    subject: Subject
    region: Region
    emitters: frozenset[OrganKind]
    data_model: DataModel
    source: str

    @property
    def dataschema(self) -> str:
        """The value of the attribute `dataschema`."""
        return SCHEMA_PREFIX + self.type


D = TypeVar("D", bound=EventData)

DECLARED: Final[list[EventType]] = []
"""Every declared type in the order of the catalogue; read it through `xianjie.contracts.catalogue`."""


def event(
    name: str,
    *,
    zh: str,
    en: str,
    region: Region,
    emitters: Iterable[OrganKind],
    source: str,
    subject: Subject = "case",
) -> Callable[[type[D]], type[D]]:
    """Declare the class below as the data of version 1 of the event type `name`.

    Args:
        name: `<aggregate>.<past participle>`.
        zh: name in Chinese.
        en: name in English.
        region: part of the catalogue.
        emitters: kinds of organs that may emit it.
        source: articles that make the act an act.
        subject: what the attribute `subject` names.
    """

    def declare(model: type[D]) -> type[D]:
        DECLARED.append(
            EventType(
                type=f"{TYPE_PREFIX}{name}.v1",
                name=name,
                name_zh=zh,
                name_en=en,
                aggregate=name.partition(".")[0],
                subject=subject,
                region=region,
                emitters=frozenset(emitters),
                data_model=model,
                source=source,
            )
        )
        return model

    return declare
