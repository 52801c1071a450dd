"""Words of the problems that intake itself states; those of the form of an event come from the contract."""

from __future__ import annotations

from typing import Any

from xianjie.contracts.errors import Problem
from xianjie.contracts.recorded import Ref


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return the members of a problem that are set, in texts that PostgreSQL can keep."""
    names = ("code", "detail", "detail_en", "todo", "todo_en", "pointer", "row", "column")
    members = {name: getattr(problem, name) for name in names}
    return {
        name: _readable(value) if isinstance(value, str) else value
        for name, value in members.items()
        if value is not None
    }


def _readable(text: str) -> str:
    """Return the text without NUL and halves of surrogate pairs, which a refused event may hold."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()


def organ_not_registered(organ: str) -> Problem:
    """The organ of the key has no entry in the registry."""
    return Problem(
        code="organ.not_registered",
        detail=f"机关 {organ} 尚未在平台登记，不能报送。",
        detail_en=f"The organ {organ} is not registered with the platform and cannot submit.",
        todo="请联系平台管理员登记机关后重新报送。",
        todo_en="Ask the operator of the platform to register the organ, then send again.",
        pointer="/source",
    )


def source_of_platform(source: str) -> Problem:
    """Only the platform itself speaks under a platform source, and not through this door."""
    return Problem(
        code="source.platform",
        detail=f"来源 {source} 属于平台自身，不能由外部报送。",
        detail_en=f"The source {source} belongs to the platform itself and cannot be used by a sender.",
        todo="请使用本机关的来源标识 urn:xianjie:organ:<机关编号>。",
        todo_en="Use the source of your own organ, urn:xianjie:organ:<organ id>.",
        pointer="/source",
    )


def source_not_of_key(source: str, organ: str) -> Problem:
    """The key belongs to another organ than the source names."""
    return Problem(
        code="source.not_of_key",
        detail=f"密钥属于机关 {organ}，不能以 {source} 的名义报送。",
        detail_en=f"The key belongs to the organ {organ} and cannot speak as {source}.",
        todo="请使用该来源机关自己的密钥；代他机关登记时，来源写本机关，实施机关写入 data.by_organ。",
        todo_en="Use the key of that organ; to record an act of another organ, speak as your own organ and "
        "name the other one in data.by_organ.",
        pointer="/source",
    )


def type_of_platform(name: str) -> Problem:
    """The type is one of the platform's own decisions."""
    return Problem(
        code="type.platform_only",
        detail=f"事件类型 {name} 只能由平台产生。",
        detail_en=f"Events of type {name} are made by the platform only.",
        todo="请报送机关自身行为对应的事件类型。",
        todo_en="Send the type that stands for the act of your own organ.",
        pointer="/type",
    )


def kind_may_not_emit(
    *, name: str, name_zh: str, organ: str, allowed: str, source: str, pointer: str
) -> Problem:
    """The law names other organs for this act."""
    return Problem(
        code="type.not_of_organ",
        detail=f"机关 {organ} 不是“{name_zh}”的法定主体（可为：{allowed}；依据：{source}）。",
        detail_en=f"The organ {organ} is not one that the law names for {name} (it may be: {allowed}; "
        f"source: {source}).",
        todo="请核对事件类型；行为由其他机关作出时，请在 data.by_organ 写明实施机关。",
        todo_en="Check the type; if another organ acted, name it in data.by_organ.",
        pointer=pointer,
    )


def not_superior(organ: str, addressee: str) -> Problem:
    """An agency or police organ supervises only below itself (note of `supervision.issued`)."""
    return Problem(
        code="organ.not_superior",
        detail=f"机关 {organ} 不是 {addressee} 的上级机关，不能向其发出监督文书。",
        detail_en=f"The organ {organ} is not the vertical superior of {addressee} and cannot supervise it.",
        todo="请核对 data.to_organ；同级或其他系统机关的问题请通过检察院、联席会议或政府处理。",
        todo_en="Check data.to_organ; towards other organs turn to the procuratorate, the joint meeting or "
        "the government.",
        pointer="/data/to_organ",
    )


def kind_not_of_id(organ: str, kind: str, pointer: str) -> Problem:
    """The first part of an organ id tells its kind; the two must agree."""
    return Problem(
        code="organ.kind_not_of_id",
        detail=f"机关编号 {organ} 的前缀与机关种类 {kind} 不符。",
        detail_en=f"The prefix of the organ id {organ} does not stand for the kind {kind}.",
        todo="请核对机关编号和种类。",
        todo_en="Check id and kind of the organ.",
        pointer=pointer,
    )


def event_of_other_source(ref: Ref) -> Problem:
    """A correction or withdrawal names an event of somebody else."""
    return Problem(
        code="record.other_source",
        detail=f"只能更正或撤回本机关自己的事件，{ref.source} 的事件 {ref.id} 属于其他来源。",
        detail_en=f"An organ corrects or withdraws its own events only; {ref.id} is of {ref.source}.",
        todo="请由原报送机关更正；对他机关记录有异议时，请报送 evidence.recorded 并写明 inconsistent_with。",
        todo_en="The organ that sent it has to correct it; to contradict a record of another organ send "
        "evidence.recorded with inconsistent_with.",
        pointer="/data/event/source",
    )


def other_content(ref: Ref, conflict_id: str) -> Problem:
    """The same source and id were used for two contents."""
    return Problem(
        code="event.conflict",
        detail=f"编号 {ref.id} 已用于内容不同的事件；两份均已留存，待人工裁定（冲突 {conflict_id}）。",
        detail_en=f"The id {ref.id} already stands for other content; both are kept and a person decides "
        f"(conflict {conflict_id}).",
        todo="事件不可覆盖：内容有误请用新编号报送 record.corrected；确为另一事件请换用新编号。",
        todo_en="Events are never replaced: send record.corrected under a new id, or, if this is another "
        "event, send it under its own id.",
        pointer="/id",
    )


def not_yours(what: str, what_en: str) -> Problem:
    """The caller asks for something that another organ sent."""
    return Problem(
        code="access.other_organ",
        detail=f"该{what}属于其他机关，当前密钥无权查阅或处理。",
        detail_en=f"This {what_en} belongs to another organ; the key may not read or decide it.",
        todo="请使用该机关的密钥，或由具有监督（oversight）权限的机关办理。",
        todo_en="Use a key of that organ, or one with the scope oversight.",
    )


def no_such(what: str, what_en: str, name: str) -> Problem:
    """There is nothing under this name, or nothing that the caller may know of."""
    return Problem(
        code="resource.unknown",
        detail=f"没有编号为 {_readable(name)} 的{what}。",
        detail_en=f"There is no {what_en} {_readable(name)}.",
        todo="请核对编号。",
        todo_en="Check the number.",
    )


def already_decided(conflict_id: str) -> Problem:
    """A person decided otherwise before."""
    return Problem(
        code="conflict.decided",
        detail=f"冲突 {conflict_id} 已作出其他裁定，裁定不可更改。",
        detail_en=f"The conflict {conflict_id} was already decided otherwise; a decision is not changed.",
        todo="如裁定有误，请由来源机关报送 record.corrected 更正。",
        todo_en="If the decision was wrong, the source corrects the record with record.corrected.",
    )


def key_needs_organ(organ: str) -> Problem:
    """Keys are issued to registered organs only."""
    return Problem(
        code="organ.not_registered",
        detail=f"机关 {organ} 尚未在平台登记，不能发放密钥。",
        detail_en=f"The organ {organ} is not registered; no key can be issued to it.",
        todo="请先通过 PUT /v1/organs 登记机关。",
        todo_en="Register the organ with PUT /v1/organs first.",
        pointer="/organ",
    )
