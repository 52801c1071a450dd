"""Doubtful content: accepted at once, so that clocks run from the first arrival, and marked for a person.

Facts are never refused because they are unlawful or unlikely; see "Principles" of the catalogue of events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xianjie.contracts.recorded import Ref
from xianjie.intake.domain.arrivals import Item
from xianjie.intake.domain.pointers import pointer_to
from xianjie.intake.domain.registry import Registry
from xianjie.intake.domain.verdicts import Doubt
from xianjie.lawbook.procedure.times import Span


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much is let pass without a word.

    Attributes:
        late_after: time between the latest reading of the act and its recording; a local target, not law.
        clock_skew: how far a source's clock may run ahead of the platform's.
    """

    late_after: timedelta
    clock_skew: timedelta


def doubts_of(
    item: Item,
    *,
    registry: Registry,
    is_known: Callable[[Ref], bool],
    recorded_at: datetime,
    tolerance: Tolerance,
) -> tuple[Doubt, ...]:
    """Return everything doubtful about a valid event, in a fixed order."""
    assert item.event is not None
    event = item.event
    return (
        *_organs(item, registry),
        *_references(item, is_known),
        *_times(event, recorded_at, tolerance),
        *_bounds(event["data"]["occurred"], "/data/occurred"),
        *_conduct(event["data"].get("conduct")),
    )


def _organs(item: Item, registry: Registry) -> Iterator[Doubt]:
    assert item.event is not None
    for organ in dict.fromkeys(item.organs()):
        if organ not in registry.versions:
            yield _unknown_organ(organ, registry, pointer_to(item.event["data"], organ))
    # The part before the stroke is the organ that opened the case; other subjects have none.
    opener, stroke, _ = item.event["subject"].partition("/")
    if stroke and opener not in registry.versions:
        yield _unknown_organ(opener, registry, "/subject")


def _unknown_organ(organ: str, registry: Registry, pointer: str) -> Doubt:
    region = organ.split("-")[1]
    if region in registry.regions:
        return Doubt(
            "doubt.organ_unknown",
            f"机关 {organ} 未登记，其所在地区 {region} 已有登记机关，请核对编号。",
            f"The organ {organ} is not registered although its region {region} is; check the id.",
            pointer,
        )
    return Doubt(
        "doubt.region_unknown",
        f"机关 {organ} 所在地区 {region} 尚无登记机关。",
        f"No organ of the region {region} is registered, so {organ} could not be checked.",
        pointer,
    )


def _references(item: Item, is_known: Callable[[Ref], bool]) -> Iterator[Doubt]:
    assert item.event is not None
    for ref in dict.fromkeys(item.references()):
        if not is_known(ref):
            yield Doubt(
                "doubt.reference_unknown",
                f"所引用的事件 {ref.text} 尚未收到；收到后自动生效。",
                f"The event {ref.text} has not arrived yet; this one takes effect when it has.",
                pointer_to(item.event["data"], {"source": ref.source, "id": ref.id}),
            )


def _times(event: Mapping[str, Any], recorded_at: datetime, tolerance: Tolerance) -> Iterator[Doubt]:
    released_at = datetime.fromisoformat(event["time"])
    occurred = Span.of_occurred(event["data"]["occurred"])
    if released_at > recorded_at + tolerance.clock_skew:
        yield Doubt(
            "doubt.released_in_future",
            "发送时间晚于平台收到的时间，请检查报送系统的时钟。",
            "The source released the record after the platform received it; check the clock of the system.",
            "/time",
        )
    if _after(occurred, Span.of_instant(released_at)):
        yield Doubt(
            "doubt.occurred_after_release",
            "行为发生时间晚于记录的发送时间。",
            "The act is said to have happened after the record of it was released.",
            "/data/occurred",
        )
    if occurred.latest is not None and recorded_at - occurred.latest > tolerance.late_after:
        days = (recorded_at - occurred.latest).days
        yield Doubt(
            "doubt.recorded_late",
            f"行为发生 {days} 日后才报送。",
            f"Recorded {days} days after it happened.",
            "/data/occurred",
        )


def _bounds(occurred: Mapping[str, Any], pointer: str) -> Iterator[Doubt]:
    """Find bounds that leave no reading; civil dates in ISO form compare as texts."""
    not_before, not_after = occurred.get("not_before"), occurred.get("not_after")
    if not_before is None and not_after is None:
        return
    stated = Span.of_occurred({name: occurred[name] for name in ("precision", "value") if name in occurred})
    first, last = _text(stated.first_day), _text(stated.last_day)
    empty = (
        (not_before and not_after and not_before > not_after)
        or (not_before and last and not_before > last)
        or (not_after and first and not_after < first)
    )
    if empty:
        yield Doubt(
            "doubt.bounds_contradict",
            "发生时间与其上下限（not_before、not_after）相互矛盾。",
            "The time of the act and its bounds (not_before, not_after) contradict each other.",
            pointer,
        )


def _conduct(conduct: Mapping[str, Any] | None) -> Iterator[Doubt]:
    if conduct is None:
        return
    spans = {name: Span.of_occurred(conduct[name]) for name in ("began", "ended") if name in conduct}
    for name in spans:
        yield from _bounds(conduct[name], f"/data/conduct/{name}")
    began, ended = spans.get("began"), spans.get("ended")
    if began and ended and _after(began, ended):
        yield Doubt(
            "doubt.conduct_ends_before_it_begins",
            "违法行为的终了时间早于开始时间。",
            "The conduct is said to have ended before it began.",
            "/data/conduct",
        )


def _after(span: Span, other: Span) -> bool:
    """Whether no reading of `span` can lie before or at `other`."""
    if span.instant and other.instant:
        return span.instant > other.instant
    return bool(span.first_day and other.last_day and span.first_day > other.last_day)


def _text(day: object) -> str | None:
    return None if day is None else str(day)
