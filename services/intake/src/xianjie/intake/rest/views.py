"""Shapes of what is asked and answered, as the OpenAPI document describes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xianjie.contracts import forms

OrganId = Annotated[str, StringConstraints(pattern=forms.ORGAN_ID.pattern)]
Digest = Annotated[str, StringConstraints(pattern=forms.DIGEST.pattern)]
Region = Annotated[str, StringConstraints(pattern=forms.REGION_CODE.pattern)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*\S[^\x00]*$")]
Kind = Literal["AG", "PS", "PR", "CT", "JC", "GOV", "JM"]
Level = Literal["national", "province", "prefecture", "county", "township"]
Scope = Literal["publish", "oversight", "admin"]


class View(BaseModel):
    """A value that does not change; unknown members are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProblemView(View):
    """One thing that is wrong."""

    code: str = Field(description="stable dotted name", examples=["event.value.type"])
    detail: str = Field(description="what is wrong, in Chinese")
    detail_en: str = Field(description="what is wrong, in English")
    todo: str = Field(description="what to do, in Chinese")
    todo_en: str = Field(description="what to do, in English")
    pointer: str | None = Field(None, description="JSON pointer (RFC 6901) into the event")
    row: int | None = Field(None, description="line of the text or the stream, from 1")
    column: int | str | None = Field(None, description="place in the line, from 1")


class ProblemDocument(BaseModel):
    """Problem document (RFC 9457): the first problem, and all of them under `errors`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(examples=["urn:xianjie:problem:event.value.type"])
    title: str
    status: int
    code: str
    detail: str
    detail_en: str
    todo: str
    todo_en: str
    pointer: str | None = None
    row: int | None = None
    column: int | str | None = None
    errors: list[dict[str, Any]] = []


class WarningView(View):
    """Something doubtful about an accepted event."""

    code: str = Field(examples=["doubt.recorded_late"])
    zh: str
    en: str
    pointer: str


class ReceiptView(View):
    """Receipt (回执) of an accepted event."""

    source: str = Field(examples=["urn:xianjie:organ:ag-120103-market_regulation"])
    id: str = Field(examples=["2026-000001"])
    type: str = Field(examples=["cn.xianjie.case.transferred.v1"])
    subject: str = Field(examples=["ag-120103-market_regulation/2026-001"])
    digest: Digest = Field(description="SHA-256 of the canonical bytes (RFC 8785) of the event")
    position: int = Field(ge=1, description="place in the order of acceptance, without gaps")
    recordedat: str = Field(
        description="when the platform accepted it", json_schema_extra={"format": "date-time"}
    )
    original: str = Field(description="path of the bytes in which it arrived")
    warnings: list[WarningView]


class ConflictLink(View):
    """Where a person decides a conflict."""

    id: str
    decision: str


class VerdictView(View):
    """Verdict on one item of a batch or one line of a stream."""

    verdict: Literal["accepted", "repeated", "conflict", "refused", "unavailable"] = Field(
        description="`unavailable`: last line of a stream, what follows the last verdict was not taken"
    )
    row: int | None = Field(None, description="line of the stream, from 1")
    receipt: ReceiptView | None = Field(None, description="for a conflict: of the first version")
    conflict: ConflictLink | None = None
    problems: list[ProblemView] | None = None


class ConflictVersion(View):
    """One of the two contents."""

    digest: Digest
    event: dict[str, Any] = Field(description="the event itself")
    original: str = Field(description="path of the bytes in which it arrived")
    arrived_at: datetime


class DecisionView(View):
    """What a person decided."""

    choice: Literal["first", "second"]
    reasons: str
    person: str
    organ: str
    decided_at: datetime


class ConflictView(View):
    """Two contents under one source and id (内容冲突), side by side."""

    id: str
    source: str
    event_id: str
    state: Literal["open", "decided"]
    first: ConflictVersion
    second: ConflictVersion
    decision: DecisionView | None
    meaning_zh: str = Field(description="what the state means for the case, in Chinese")
    meaning_en: str = Field(description="the same in English")


class ConflictPage(View):
    """Conflicts in the order of their ids."""

    conflicts: list[ConflictView]
    next: str | None = Field(description="cursor of the next page")


class DecisionRequest(View):
    """A decision, with the person who takes it and why; no event is written for the source."""

    choice: Literal["first", "second"]
    reasons: Words
    person: Annotated[Words, Field(max_length=200, description="name or staff number of the person")]


class RefusalView(View):
    """A refused item (待更正): what was wrong and where its bytes are."""

    submission: int
    item: int
    organ: str
    source: str | None
    event_id: str | None
    problems: list[ProblemView]
    arrived_at: datetime
    original: str


class RefusalPage(View):
    """Refusals, the newest first."""

    refusals: list[RefusalView]
    next: str | None


class SourceView(View):
    """Health of a source: counts since the beginning, and when it was last heard of."""

    source: str
    accepted: int
    repeated: int
    conflicting: int
    refused: int
    last_arrived_at: datetime
    last_released_at: datetime | None
    last_position: int | None


class SourcePage(View):
    """Sources by name."""

    sources: list[SourceView]
    next: str | None


class OrganView(View):
    """One version of an organ."""

    id: OrganId
    name: Annotated[Words, Field(max_length=200)]
    named: bool = Field(True, description="false: the name is a description, the source publishes none")
    kind: Kind
    level: Level
    region: Region
    sector: Annotated[str, StringConstraints(pattern=forms.AGENCY_CODE.pattern)] | None = None
    parent: OrganId | None = None
    connected_from: date | None = None
    valid_from: date | None = Field(
        None, description="first day of this version; absent: the day it is registered"
    )
    valid_to: date | None = Field(None, description="first day on which the organ no longer exists")
    successors: Annotated[list[OrganId], Field(max_length=100)] = []


class OrgansRequest(View):
    """Organs to register; what is known already changes nothing."""

    organs: Annotated[list[OrganView], Field(min_length=1, max_length=10_000)]


class RegisteredView(View):
    """What became of one organ."""

    id: str
    valid_from: date
    change: str | None = Field(description="word of `organ.changed`; null: nothing changed")
    position: int | None = Field(description="of the event that tells the other services")


class RegisteredPage(View):
    """Results in the order of the request."""

    organs: list[RegisteredView]


class OrganPage(View):
    """Versions by id and first day."""

    organs: list[OrganView]
    next: str | None


class KeyRequest(View):
    """For whom a key is issued."""

    organ: OrganId
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)] = ["publish"]


class KeyView(View):
    """A new key. It is shown this once and kept nowhere."""

    id: str
    organ: str
    scopes: list[Scope]
    key: str
