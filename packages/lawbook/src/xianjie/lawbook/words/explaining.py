"""The explanation of a judgement in plain words: one text for programs, pages and letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xianjie.lawbook.standards.catalogue import Source
from xianjie.lawbook.standards.evaluating import Evaluation
from xianjie.lawbook.standards.judging import ACT_DATE, Judgement, Reason
from xianjie.lawbook.standards.nodes import Comparison, Node, Total, Truth, UnreadLimb
from xianjie.lawbook.standards.preparing import plan_of
from xianjie.lawbook.standards.values import Interval, Result
from xianjie.lawbook.words import explaining_grounds as grounds
from xianjie.lawbook.words.phrases import CHINESE, ENGLISH, Speaker


def explain_zh(judgement: Judgement) -> str:
    """Return the explanation in Chinese, one statement on each line."""
    return "\n".join(_lines(judgement, Speaker(CHINESE)))


def explain_en(judgement: Judgement) -> str:
    """Return the same explanation in English."""
    return "\n".join(_lines(judgement, Speaker(ENGLISH)))


def _lines(judgement: Judgement, speak: Speaker) -> Iterator[str]:
    entry = judgement.entry
    yield speak.say(
        "headline",
        offence=entry.name_en if speak.language else entry.name_zh,
        article=entry.criminal_law_article,
        result=speak.say(judgement.result),
    )
    if judgement.outcome == "attempt":
        yield speak.say("attempt")
    if judgement.result is Result.insufficient and judgement.enumerated is Result.not_met:
        yield speak.say("listed_not_met")
    yield from _version(judgement, speak)
    for only in judgement.readings if len(judgement.readings) == 1 else ():
        yield speak.say("span", first=only.first_day, last=only.last_day)
    if len(judgement.readings) > 1:
        yield from _readings(judgement, speak)
    elif judgement.trace is not None:
        yield from _limbs(judgement, judgement.trace, speak)
        yield from grounds.acts(judgement, judgement.trace, speak)
        yield from grounds.penalties(judgement.trace, speak)
        yield from grounds.findings(judgement.trace, speak)
        yield from grounds.searches(judgement.trace, speak)
        yield from _amounts(judgement.trace, speak)
    yield from _open(judgement, speak)
    yield from grounds.suspicion(judgement.suspicion, speak)
    yield from grounds.relations(judgement, speak)
    if judgement.also is not None:
        pointer = judgement.reason is Reason.before_first_version
        yield speak.say("pointer" if pointer else "also")
        yield from (f"  {line}" for line in _lines(judgement.also, speak))


def _version(judgement: Judgement, speak: Speaker) -> Iterator[str]:
    words = _days(judgement, speak)
    if judgement.trace is None or judgement.version is None:
        reason = judgement.reason
        yield (
            speak.say("undetermined")
            if reason is None
            else speak.say("no_version", why=speak.say(reason, **words))
        )
        return
    version = judgement.trace.version
    if judgement.basis is not None and not judgement.readings:
        why = speak.say(judgement.basis, **words)
        yield speak.say("version", version=version.id, days=speak.days(version), why=why)
    else:
        yield speak.say("version", version=version.id, days=speak.days(version), why="").rstrip("，, ")
    cited = ("；", "; ")[speak.language].join(_cited(source, speak) for source in version.sources)
    yield speak.say("sources", sources=cited)
    if version.grade not in (None, "read"):
        yield speak.say("grade", note=speak.say(str(version.grade)))
    if version.incomplete:
        yield speak.say("grade", note=speak.say("incomplete"))


def _cited(source: Source, speak: Speaker) -> str:
    if source.known_unread is not None:
        return speak.say("unread", number=source.number)
    return grounds.cited(source.number, source.title_zh, source.article)


def _days(judgement: Judgement, speak: Speaker) -> dict[str, object]:
    return {"act": judgement.act_day or speak.say("some_day"), "decision": judgement.decision_day}


def _readings(judgement: Judgement, speak: Speaker) -> Iterator[str]:
    yield speak.say("readings")
    for reading in judgement.readings:
        part = reading.judgement
        line = speak.say(
            "reading",
            first=reading.first_day,
            last=reading.last_day,
            result=speak.say(part.result),
            version=part.version or "—",
        )
        yield f"- {line}"


def _limbs(judgement: Judgement, trace: Evaluation, speak: Speaker) -> Iterator[str]:
    """Say which limbs decide: those met for a result of met, else those that fail."""
    if judgement.result is Result.met:
        decisive = set(judgement.deciding)
        yield from _listed("conduct", trace.leaves("gate", Result.met), trace, speak)
        met = [node for node in trace.leaves("criteria", Result.met) if node.id in decisive]
        yield from _listed("met_by", met, trace, speak)
        return
    gate = trace.version.gate
    excluded = gate is not None and not trace.bits[gate.index] & 0b10
    if excluded:
        yield from _listed("gate_failed", trace.leaves("gate", Result.not_met), trace, speak)
    if trace.version.bars is not None and trace.bits[trace.version.bars.index] & 1:
        yield from _listed("barred", trace.leaves("bars", Result.met), trace, speak)
    if not excluded:
        failed = trace.leaves("criteria", Result.not_met)
        told = [node for node in failed if any(trace.values[slot] for slot in node.slots)]
        yield from _listed("failed", told, trace, speak)
        if len(told) < len(failed):
            yield speak.say("absent", count=len(failed) - len(told))


def _listed(key: str, nodes: Sequence[Node], trace: Evaluation, speak: Speaker) -> Iterator[str]:
    if nodes:
        yield speak.say(key)
        yield from (f"- {_limb(node, trace, speak)}" for node in nodes)


def _limb(node: Node, trace: Evaluation, speak: Speaker) -> str:
    said = speak.described(node)
    if not node.slots:
        return said
    between = ("；", "; ")[speak.language]
    if isinstance(node, Truth):
        value = speak.value(trace.values[node.slot], None)
        return said + between + speak.say("state", value=value) + grounds.behind(node.fact, trace, speak)
    facts = [trace.version.facts[slot] for slot in node.slots]
    found = ("、", ", ")[speak.language].join(
        [
            f"{speak.label(fact)} {speak.value(trace.values[slot], fact.measured_in)}"
            f"{grounds.behind(fact.name, trace, speak)}"
            for slot, fact in zip(node.slots, facts, strict=True)
        ]
    )
    if isinstance(node, Comparison | Total):
        unit = facts[0].measured_in if node.unit else None
        limit = speak.limit(node.op, node.limit.range(trace.province, trace.day), unit)
        return said + between + speak.say("found", value=found, limit=limit)
    return said + between + speak.say("state", value=found)


def _amounts(trace: Evaluation, speak: Speaker) -> Iterator[str]:
    """Warn of provincial amounts whose text was not read in full."""
    for parameter in trace.version.parameters:
        overlay = parameter.overlay(trace.province, trace.day)
        if overlay is not None and overlay.grade != "read":
            yield speak.say("overlay", province=overlay.province_zh, source=overlay.source)


def _open(judgement: Judgement, speak: Speaker) -> Iterator[str]:
    """Say what is missing, what a person must decide, and where the catalogue has gaps."""
    if judgement.missing_facts:
        yield speak.say("missing")
        yield from (f"- {_missing(judgement, name, speak)}" for name in judgement.missing_facts)
    if judgement.pending_human:
        leaves = _pending(judgement)
        gaps = [leaf for leaf in leaves if isinstance(leaf, UnreadLimb)]
        human = [leaf for leaf in leaves if leaf not in gaps]
        for key, group in (("human", human), ("gaps", gaps)):
            if group:
                yield speak.say(key)
                yield from (f"- {speak.described(leaf)} [{leaf.id}]" for leaf in group)
    if judgement.version is not None and judgement.reason is not None:
        yield speak.say(judgement.reason, **_days(judgement, speak))


def _pending(judgement: Judgement) -> list[Node]:
    parts = [reading.judgement for reading in judgement.readings] or [judgement]
    traces = [part.trace for part in parts if part.trace is not None]
    human = {name: found[0] for trace in traces for name, found in plan_of(trace.version).human.items()}
    return [human[name] for name in human if name in judgement.pending_human]


def _missing(judgement: Judgement, name: str, speak: Speaker) -> str:
    if name == ACT_DATE:
        return speak.say(ACT_DATE)
    parts = [judgement, *(reading.judgement for reading in judgement.readings)]
    for part in parts:
        if part.trace is None:
            continue
        for slot, fact in enumerate(part.trace.version.facts):
            if fact.name == name:
                value = part.trace.values[slot]
                known = isinstance(value, Interval)
                note = speak.say("imprecise", value=speak.value(value, fact.measured_in)) if known else ""
                return f"{speak.label(fact)}{note} [{name}]"
    return name
