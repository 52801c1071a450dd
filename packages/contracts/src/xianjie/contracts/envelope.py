"""The envelope of an event: CloudEvents 1.0 in JSON, read strictly and written plainly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import orjson
from pydantic import Field, ValidationError

from xianjie.contracts import enums, forms
from xianjie.contracts.catalogue import EVENT_TYPES, ORGAN_KINDS, EventType
from xianjie.contracts.declaration import Subject
from xianjie.contracts.errors import Malformed, Problem
from xianjie.contracts.forms import Form
from xianjie.contracts.problems import closest, translated, worded
from xianjie.contracts.reading import MOST_PROBLEMS, check_json, read_json
from xianjie.contracts.recorded import PLATFORM_PREFIX
from xianjie.contracts.scalars import (
    CausationId,
    CorrelationId,
    EventId,
    Instant,
    OrAbsent,
    PartitionKey,
    Sequence,
    Signature,
    Source,
    TraceParent,
    TraceState,
)
from xianjie.contracts.values import Value
from xianjie.contracts.wording import FORM, OF_EVENT, OF_JSON

SET_BY_PLATFORM: Final = "recordedat"
"""The attribute that intake sets; an incoming event must not have it."""

SUBJECT_FORMS: Final[dict[Subject, Form]] = {
    "case": forms.CASE_ID,
    "meeting": forms.CASE_ID,
    "review": forms.CASE_ID,
    "party": forms.PARTY_ID,
    "organ": forms.ORGAN_ID,
    "region": forms.REGION_CODE,
    "submission": forms.PLATFORM_ID,
    "notification": forms.PLATFORM_ID,
    "access": forms.PLATFORM_ID,
    "lawbook": forms.PLATFORM_ID,
}
"""Form of the attribute `subject` by what the type says that it names."""


class Envelope(Value):
    """The attributes of an event, without what its data must be."""

    specversion: Literal["1.0"] = Field(title="规范版本")
    id: EventId = Field(
        title="事件编号",
        description="unique within source; the same pair with other content is a conflict, never an update",
    )
    source: Source = Field(title="来源", description="the organ that speaks, or a service of the platform")
    type: str = Field(title="事件类型", description="a type of the catalogue")
    subject: str = Field(title="主体", description="case id, or the id that the type names")
    time: Instant = Field(
        title="发布时间", description="when the source released the record; not the time of the act"
    )
    datacontenttype: Literal["application/json"] = Field(title="数据格式")
    dataschema: str = Field(title="数据模式", description="urn:xianjie:schema:<type>")
    data: dict[str, Any] = Field(title="数据", description="common fields and the fields of the type")
    correlationid: OrAbsent[CorrelationId] = Field(
        default=None, title="关联编号", description="one submission or request and all that follows from it"
    )
    causationid: OrAbsent[CausationId] = Field(
        default=None, title="起因事件", description="event that led to a decision of the platform"
    )
    partitionkey: OrAbsent[PartitionKey] = Field(
        default=None, title="分区键", description="key of order on the bus"
    )
    sequence: OrAbsent[Sequence] = Field(
        default=None, title="顺序号", description="counter of the source; a gap shows a lost event"
    )
    handling: OrAbsent[enums.Handling] = Field(
        default=None, title="知悉范围", description="who may see it; absent means linkage"
    )
    jws: OrAbsent[Signature] = Field(
        default=None,
        title="签名",
        description="detached signature over the canonical bytes of the event without this attribute",
    )
    traceparent: OrAbsent[TraceParent] = Field(default=None, title="追踪上下文")
    tracestate: OrAbsent[TraceState] = Field(default=None, title="追踪状态")


def read_event(raw: bytes | dict[str, Any]) -> dict[str, Any]:
    """Return one event after everything that the catalogue says about it was checked.

    Args:
        raw: one event in JSON (structured mode), or one item of a batch that is already parsed.

    Returns:
        The event as plain JSON values, exactly as the source wrote it; a parsed item itself.

    Raises:
        Malformed: with every problem that was found, each with its place.
    """
    if isinstance(raw, bytes):
        event = read_json(raw)
    else:
        event = raw
        check_json(event)
    if not isinstance(event, dict):
        raise Malformed(worded(OF_JSON["not_object"], ""))
    problems = list(_problems(event))
    if problems:
        hidden = len(problems) - MOST_PROBLEMS
        if hidden > 0:
            problems[MOST_PROBLEMS:] = [worded(OF_EVENT["more"], None, count=hidden)]
        raise Malformed(problems[0], tuple(problems[1:]))
    return event


def to_json(event: dict[str, Any]) -> bytes:
    """Return the event as compact UTF-8 JSON, members in the order they have.

    Raises:
        TypeError: something in it is not a JSON value, or an integer lies beyond 2^53 - 1.
    """
    return orjson.dumps(event, option=orjson.OPT_STRICT_INTEGER)


def _problems(event: dict[str, Any]) -> Iterator[Problem]:
    if SET_BY_PLATFORM in event:
        yield worded(OF_EVENT["reserved"], f"/{SET_BY_PLATFORM}", field=SET_BY_PLATFORM)
    yield from _against(Envelope, event, under=(), event=event)
    type_, data = event.get("type"), event.get("data")
    if not isinstance(type_, str):
        return
    entry = EVENT_TYPES.get(type_)
    if entry is None:
        yield worded(OF_EVENT["type"], "/type", **closest(type_, EVENT_TYPES))
        return
    yield from _belonging(event, entry)
    if isinstance(data, dict):
        yield from _against(entry.data_model, data, under=("data",), event=event)


def _against(model: type[Value], value: Any, *, under: tuple[str, ...], event: Any) -> Iterator[Problem]:
    try:
        model.model_validate(value)
    except ValidationError as failure:
        for error in failure.errors(include_url=False):
            if error["loc"] != (SET_BY_PLATFORM,) or under:
                yield translated(error, model=model, under=under, event=event)


def _belonging(event: dict[str, Any], entry: EventType) -> Iterator[Problem]:
    """What the type demands of the attributes; attributes of the wrong type were told before."""
    schema, subject, source = event.get("dataschema"), event.get("subject"), event.get("source")
    if isinstance(schema, str) and schema != entry.dataschema:
        yield worded(OF_EVENT["dataschema"], "/dataschema", expected=entry.dataschema)
    form = SUBJECT_FORMS[entry.subject]
    if isinstance(subject, str) and not form.accepts(subject):
        said = {"form": form.name, "zh": form.zh, "en": form.en, "example": form.example}
        yield worded(FORM, "/subject", field="subject", where="“主体”（subject）", **said)
    if isinstance(source, str) and forms.SOURCE.accepts(source):
        yield from _speaking(source, entry)


def _speaking(source: str, entry: EventType) -> Iterator[Problem]:
    """Whether the platform, or any organ at all, may say this.

    Which kind an organ is says the registry; its id says only what it was when it was registered.
    """
    from_platform = source.startswith(PLATFORM_PREFIX)
    if ("SYS" in entry.emitters) if from_platform else (entry.emitters != {"SYS"}):
        return
    allowed = [ORGAN_KINDS[kind] for kind in ORGAN_KINDS if kind in entry.emitters]
    yield worded(
        OF_EVENT["emitter"],
        "/source",
        name=f"“{entry.name_zh}”",
        name_en=entry.name,
        speaker="平台" if from_platform else "机关",
        speaker_en="the platform" if from_platform else "an organ",
        allowed="、".join(kind.zh for kind in allowed),
        allowed_en=", ".join(kind.en for kind in allowed),
    )
