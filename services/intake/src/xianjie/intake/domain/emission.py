"""Who may say what: an organ may emit only what the law lets it emit.

Source: `emitters` and notes of the catalogue of events; principle "only the organ that the law names may
emit". An organ without a system is recorded by another one: then the organ that acted (`by_organ`) must be
one that the law names, and the record counts as hearsay until that organ confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from xianjie.contracts.catalogue import EVENT_TYPES, EventType
from xianjie.contracts.errors import Problem
from xianjie.contracts.recorded import ORGAN_PREFIX, Ref
from xianjie.intake.domain import problems
from xianjie.intake.domain.registry import LEVELS, Organ, Registry, kind_by_id
from xianjie.intake.domain.verdicts import Doubt

PLATFORM: Final = "SYS"
_SUPERVISION: Final = "cn.xianjie.supervision.issued.v1"
_ORGAN_CHANGED: Final = "cn.xianjie.organ.changed.v1"
_RECORDS: Final = frozenset({"cn.xianjie.record.corrected.v1", "cn.xianjie.record.withdrawn.v1"})
_SUPERIOR_ONLY: Final = frozenset({"AG", "PS"})


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether the speaker may say it: refused with problems, or admitted with doubts."""

    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def speaks_for_itself(event: Mapping[str, Any], *, organ: str) -> Problem | None:
    """Return the problem when the source is not the organ of the key."""
    source = event["source"]
    if source == ORGAN_PREFIX + organ:
        return None
    if not source.startswith(ORGAN_PREFIX):
        return problems.source_of_platform(source)
    return problems.source_not_of_key(source, organ)


def admit(event: Mapping[str, Any], *, registry: Registry, day: date) -> Admission:
    """Decide whether the organ of the source may emit the event.

    Args:
        event: a valid event whose source is the organ of the key.
        registry: of the moment of recording.
        day: civil day of recording in Asia/Shanghai.
    """
    organ_id = event["source"].removeprefix(ORGAN_PREFIX)
    speaker = registry.at(organ_id, day)
    if speaker is None:
        return Admission((problems.organ_not_registered(organ_id),))
    declared = EVENT_TYPES[event["type"]]
    if declared.emitters == {PLATFORM}:
        return Admission((problems.type_of_platform(event["type"]),))
    admission = _acting(event["data"], declared=declared, speaker=speaker, registry=registry, day=day)
    if not admission.problems and event["type"] == _SUPERVISION and speaker.kind in _SUPERIOR_ONLY:
        over = _superior(event["data"]["to_organ"], speaker=speaker, registry=registry, day=day)
        admission = Admission(over.problems, admission.doubts + over.doubts)
    if not admission.problems and event["type"] in _RECORDS:
        named = Ref(event["data"]["event"]["source"], event["data"]["event"]["id"])
        if named.source != event["source"]:
            return Admission((problems.event_of_other_source(named),))
    if not admission.problems and event["type"] == _ORGAN_CHANGED:
        said = event["data"]["organ"]
        if kind_by_id(said["id"]) != said["kind"]:
            return Admission((problems.kind_not_of_id(said["id"], said["kind"], "/data/organ/kind"),))
    return admission


def _acting(
    data: Mapping[str, Any], *, declared: EventType, speaker: Organ, registry: Registry, day: date
) -> Admission:
    """Check the kind of the organ that acted; that of the speaker where the actor's kind is not known."""
    actor_id = data.get("by_organ", speaker.id)
    actor = registry.at(actor_id, day)
    kind = (actor.kind if actor else kind_by_id(actor_id)) or speaker.kind
    if kind not in declared.emitters:
        return Admission(
            (
                problems.kind_may_not_emit(
                    name=declared.name,
                    name_zh=declared.name_zh,
                    organ=actor_id,
                    allowed="、".join(sorted(declared.emitters - {PLATFORM})),
                    source=declared.source,
                    pointer="/type" if actor_id == speaker.id else "/data/by_organ",
                ),
            )
        )
    doubts = []
    if actor_id != speaker.id:
        doubts.append(_hearsay(actor_id))
    if speaker.valid_to is not None and speaker.valid_to <= day:
        doubts.append(_ended(speaker))
    return Admission(doubts=tuple(doubts))


def _superior(addressee_id: str, *, speaker: Organ, registry: Registry, day: date) -> Admission:
    """Check that an agency or police organ stands above the addressee in its own system.

    Where the registry does not know the superiors of the addressee, an organ of the same kind and a higher
    level is believed, with a doubt.
    """
    addressee = registry.at(addressee_id, day)
    if addressee is not None and addressee.parent is not None:
        known = speaker.id in registry.superiors(addressee, day)
        return Admission(() if known else (problems.not_superior(speaker.id, addressee_id),))
    if addressee is None:
        higher = kind_by_id(addressee_id) == speaker.kind and addressee_id != speaker.id
    else:
        above = LEVELS.index(speaker.level) < LEVELS.index(addressee.level)
        higher = addressee.kind == speaker.kind and above
    if not higher:
        return Admission((problems.not_superior(speaker.id, addressee_id),))
    return Admission(doubts=(_superior_unproven(speaker.id, addressee_id),))


def _hearsay(actor: str) -> Doubt:
    return Doubt(
        "doubt.hearsay",
        f"本记录由他机关代 {actor} 登记，在该机关确认前按传来记录对待。",
        f"Recorded by another organ for {actor}; it counts as hearsay until that organ confirms it.",
        "/data/by_organ",
    )


def _ended(speaker: Organ) -> Doubt:
    return Doubt(
        "doubt.organ_ended",
        f"登记显示机关 {speaker.id} 自 {speaker.valid_to} 起已不存在。",
        f"According to the registry the organ {speaker.id} no longer exists from {speaker.valid_to}.",
        "/source",
    )


def _superior_unproven(organ: str, addressee: str) -> Doubt:
    return Doubt(
        "doubt.superior_unproven",
        f"登记未载明 {addressee} 的上级机关，无法核实 {organ} 为其上级。",
        f"The registry does not say who is above {addressee}, so it is not proved that {organ} is.",
        "/data/to_organ",
    )
