"""What a worklist says of one record and one offence: how far it reaches, by which clause, what is missing.

A stage orders the work. It is read off the judgement of the record, never instead of it: below
`reached` the judgement is "insufficient", and somebody has to find out the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from xianjie.lawbook.standards.catalogue import Version
from xianjie.lawbook.standards.evaluating import Evaluation
from xianjie.lawbook.standards.judging import ACT_DATE, Judgement, Reason
from xianjie.lawbook.standards.nodes import Node, Truth
from xianjie.lawbook.standards.values import Result
from xianjie.lawbook.words.law_words import Words
from xianjie.lawbook.words.phrases import CHINESE, phrase

_SAY = Words(CHINESE)


class Stage(IntEnum):
    """How far a record reaches towards an offence, the nearest first."""

    reached = 1
    listed_reached = 2
    bars_open = 3
    conduct_open = 4
    amount_open = 5
    partly = 6
    some_days = 7
    other_version = 8
    reading_list = 9


STAGES_ZH = {
    Stage.reached: "已达到立案追诉标准",
    Stage.listed_reached: "列举情形已达到，除外情形须由人判断",
    Stage.bars_open: "数额或情节已达到，除外情形待查",
    Stage.conduct_open: "数额或情节已达到，构成要件待查",
    Stage.amount_open: "构成要件已具备，数额或情节待查",
    Stage.partly: "案由对应，部分情形已具备，其余待查",
    Stage.some_days: "行为日期不明，仅部分可能日期达到",
    Stage.other_version: "适用版本待定，另一版本已达到或者接近",
    Stage.reading_list: "未达到任何标准，按文字列出阅读顺序",
}
STAGES_EN = {
    Stage.reached: "filing standard met",
    Stage.listed_reached: "listed limbs met, a ground of exclusion is for a person to decide",
    Stage.bars_open: "amount or circumstance met, grounds of exclusion open",
    Stage.conduct_open: "amount or circumstance met, elements of the conduct open",
    Stage.amount_open: "elements of the conduct met, amount or circumstance open",
    Stage.partly: "cause of action points here, some limbs met, the rest open",
    Stage.some_days: "day of the act not known, met on some possible days only",
    Stage.other_version: "version not settled, another version is met or near",
    Stage.reading_list: "nothing reached, offences to read about by the words of the record",
}
# As `phrases` says it, without the days: one finding stands for records of many days.
NOTES_ZH = {
    Reason.standard_text_missing: "目录缺口：该版本的文本未取得，不能据以判断。",
    Reason.no_version_in_force: "行为日及决定日均没有施行中的专门标准（已废止或者尚未收录）。",
    Reason.before_first_version: "行为日早于目录中第一个版本，不得自动适用较晚的版本。",
    Reason.repealed_without_successor: "须由人判断：该标准在决定日前已废止且没有后续标准，是否仍可适用。",
    Reason.unread_limb: "目录缺口：有一项已知存在但未取得文本。",
    Reason.provincial_amount_unknown: "目录缺口：本省数额标准未收录，查明数额处于全国幅度之内。",
}
RESULTS_ZH = {Result.met: "达到", Result.not_met: "未达到", Result.insufficient: "材料不足"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a worklist says of records that are alike in everything that one offence reads.

    Attributes:
        version: id of the version; empty where none governs or the day of the act does not say which.
        clauses: the clauses of the criteria that are met, as the instrument counts them.
        limbs: clauses and words of these limbs.
        sources: instrument and article on which the version rests.
        missing: labels of the facts that could still change the result.
        pending: what only a person can decide.
        note: why the result is what it is, beyond the facts.
        reading: offences to read about first, where nothing is reached.
    """

    stage: Stage
    offence: str = ""
    offence_zh: str = ""
    result: Result | None = None
    enumerated: Result | None = None
    version: str = ""
    clauses: tuple[str, ...] = ()
    limbs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    note: str = ""
    reading: tuple[str, ...] = ()


def stage_of(judgement: Judgement, *, pointed: bool) -> Stage | None:
    """Return how far a judgement reaches, None where it does not belong on a worklist.

    Args:
        pointed: the record's cause of action names the offence.
    """
    if judgement.result is Result.met:
        return Stage.reached
    if judgement.result is Result.not_met:
        return None
    if len(judgement.readings) > 1:
        stages = [stage_of(reading.judgement, pointed=pointed) for reading in judgement.readings]
        found = [stage for stage in stages if stage is not None]
        if Stage.reached in found:
            return Stage.some_days
        return min(found, default=None)
    own = None if judgement.trace is None else _stage(judgement.trace, pointed=pointed)
    if own is None and judgement.also is not None:
        beside = judgement.also.trace
        if beside is not None and _stage(beside, pointed=pointed) is not None:
            return Stage.other_version
    return own


def _stage(trace: Evaluation, *, pointed: bool) -> Stage | None:
    version, bits = trace.version, trace.bits
    if trace.root & 1:
        return Stage.reached
    if not trace.root & 0b10 or version.criteria is None:
        return None
    if trace.enumerated is Result.met:
        return Stage.listed_reached
    gate = 0b11 if version.gate is None else bits[version.gate.index]
    reached = bool(bits[version.criteria.index] & 1)
    if gate & 1 and reached:
        return Stage.bars_open
    if reached and (pointed or _touched(version, trace)):
        return Stage.conduct_open
    if version.gate is not None:
        return Stage.amount_open if gate & 1 else None
    some = any(bits[node.index] & 1 for node in version.criteria.walk() if not node.children)
    return Stage.partly if pointed and some else None


def _touched(version: Version, trace: Evaluation) -> bool:
    """Whether one element of the conduct is established, as in `suggesting`."""
    nodes = () if version.gate is None else version.gate.walk()
    return any(isinstance(node, Truth) and trace.bits[node.index] & 1 for node in nodes)


def finding_of(judgement: Judgement, stage: Stage) -> Finding:
    """Return what a worklist says of a judgement."""
    traces = tuple(_traces(judgement, stage))
    limbs = [limb for trace in traces for limb in _met(trace)]
    nodes = {node.id: node for trace in traces for node in trace.version.nodes}
    labels = {fact.name: fact.label_zh for version in judgement.entry.versions for fact in version.facts}
    labels[ACT_DATE] = phrase(CHINESE, "act_date")
    versions = dict.fromkeys(trace.version.id for trace in traces)
    return Finding(
        offence=judgement.offence,
        offence_zh=judgement.entry.name_zh,
        stage=stage,
        result=judgement.result,
        enumerated=judgement.enumerated,
        version=judgement.version or "",
        clauses=_unique(node.wording.clause or "" for node in limbs),
        limbs=_unique(_described(node) for node in limbs),
        sources=_unique(_SAY.source(source) for trace in traces for source in trace.version.sources),
        missing=_unique(labels.get(name, name) for name in _missing(judgement)),
        pending=_unique(_described(nodes[name]) for name in judgement.pending_human if name in nodes),
        note=_note(judgement, stage, versions),
    )


def reading_list(names: Iterable[str]) -> Finding:
    """Return what a worklist says of a record that reaches nothing: which offences to read about first."""
    return Finding(stage=Stage.reading_list, reading=tuple(names))


def _traces(judgement: Judgement, stage: Stage) -> Iterator[Evaluation]:
    """Yield the evaluations that a finding speaks of."""
    if len(judgement.readings) > 1:
        for reading in judgement.readings:
            yield from _traces(reading.judgement, stage)
    elif stage is Stage.other_version and judgement.also is not None and judgement.also.trace is not None:
        yield judgement.also.trace
    elif judgement.trace is not None:
        yield judgement.trace


def _missing(judgement: Judgement) -> tuple[str, ...]:
    beside = () if judgement.also is None else judgement.also.missing_facts
    return judgement.missing_facts or beside


def _met(trace: Evaluation) -> Iterator[Node]:
    """Yield the uppermost limbs of the criteria that are met and have a clause of their own."""
    if trace.version.criteria is not None:
        yield from _limbs(trace.version.criteria, trace)


def _limbs(node: Node, trace: Evaluation) -> Iterator[Node]:
    if not trace.bits[node.index] & 1:
        return
    if node.wording.clause is not None or not node.children:
        yield node
        return
    for child in node.children:
        yield from _limbs(child, trace)


def _described(node: Node) -> str:
    words = node.wording.zh or node.id
    return words if node.wording.clause is None else f"{node.wording.clause}：{words}"


def _note(judgement: Judgement, stage: Stage, versions: dict[str, None]) -> str:
    notes: list[str] = []
    if judgement.outcome == "attempt":
        notes.append(phrase(CHINESE, "attempt"))
    if judgement.reason is not None:
        notes.append(NOTES_ZH[judgement.reason])
    if stage is Stage.other_version:
        notes.append(f"所列条款出自{'、'.join(versions)}，仅供参考。")
    elif judgement.version is None and versions:
        notes.append(f"所列条款出自{'、'.join(versions)}。")
    if stage not in (Stage.reached, Stage.reading_list) and judgement.also is not None:
        notes.append(f"另一版本{judgement.also.version}：{RESULTS_ZH[judgement.also.result]}。")
    return "".join(notes)


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
