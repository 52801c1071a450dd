"""The explanation of a judgement in plain words: one text for programs, pages and letters."""

from __future__ import annotations

from collections.abc import Iterator

from xianjie.lawbook.catalogue import Fact, Source, Version
from xianjie.lawbook.evaluating import Evaluation, TraceLine
from xianjie.lawbook.judging import ACT_DATE, Judgement, Reason
from xianjie.lawbook.nodes import Comparison, Discretionary, Total, Truth, UnreadLimb
from xianjie.lawbook.phrases import CHINESE, ENGLISH, Speaker
from xianjie.lawbook.values import Interval, Result

STATUTE = "主席令"


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
        yield from _acts(judgement, judgement.trace.version, speak)
        yield from _amounts(judgement.trace, speak)
    yield from _open(judgement, speak)
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
    # All statutes carry the same kind of number, so a statute is cited by its title.
    name = source.title_zh if source.number == STATUTE else source.number
    return f"{name}{source.article}"


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
    facts = {fact.name: fact for fact in trace.version.facts}
    if judgement.result is Result.met:
        decisive = set(judgement.deciding)
        met = [line for line in trace.leaves("criteria", Result.met) if line.node.id in decisive]
        yield from _listed("conduct", list(trace.leaves("gate", Result.met)), facts, speak)
        yield from _listed("met_by", met, facts, speak)
        return
    gate = trace.version.gate
    excluded = gate is not None and not trace.bits[gate.index] & 0b10
    if excluded:
        yield from _listed("gate_failed", list(trace.leaves("gate", Result.not_met)), facts, speak)
    if trace.version.bars is not None and trace.bits[trace.version.bars.index] & 1:
        yield from _listed("barred", list(trace.leaves("bars", Result.met)), facts, speak)
    if not excluded:
        failed = list(trace.leaves("criteria", Result.not_met))
        told = [line for line in failed if any(line.facts.values())]
        yield from _listed("failed", told, facts, speak)
        if len(told) < len(failed):
            yield speak.say("absent", count=len(failed) - len(told))


def _listed(key: str, lines: list[TraceLine], facts: dict[str, Fact], speak: Speaker) -> Iterator[str]:
    if lines:
        yield speak.say(key)
        yield from (f"- {_limb(line, facts, speak)}" for line in lines)


def _limb(line: TraceLine, facts: dict[str, Fact], speak: Speaker) -> str:
    said = speak.described(line.node)
    node = line.node
    values = [
        f"{speak.label(facts[name])} {speak.value(value, facts[name].measured_in)}"
        for name, value in line.facts.items()
    ]
    between = ("；", "; ")[speak.language]
    found = ("、", ", ")[speak.language].join(values)
    if isinstance(node, Comparison | Total) and line.limit is not None:
        unit = facts[next(iter(line.facts))].measured_in if node.unit else None
        said += between + speak.say("found", value=found, limit=speak.limit(node.op, line.limit, unit))
    elif isinstance(node, Truth):
        said += between + speak.say("state", value=speak.value(line.facts[node.fact], None))
    elif values:
        said += between + speak.say("state", value=found)
    return said


def _acts(judgement: Judgement, version: Version, speak: Speaker) -> Iterator[str]:
    if not judgement.aggregated or version.cumulation is None:
        return
    facts = {fact.name: fact for fact in version.facts}
    yield speak.say("summed", clause=version.cumulation.clause)
    for name, value in judgement.aggregated.items():
        yield f"- {speak.label(facts[name])} {speak.value(value, facts[name].measured_in)}"
    for act in (*judgement.acts_counted, *judgement.acts_left_out):
        key = {Result.met: "counted", Result.not_met: "left_out", Result.insufficient: "maybe"}[act.counted]
        day = act.act.day.isoformat() if act.act.day else speak.say("some_day")
        yield f"- {speak.say(key, day=day, reason=act.reason_en if speak.language else act.reason_zh)}"


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
    pending = set(judgement.pending_human)
    traces = (
        [judgement.trace] if not judgement.readings else [part.judgement.trace for part in judgement.readings]
    )
    leaves = {
        node.id: node
        for trace in traces
        if trace is not None
        for node in trace.version.nodes
        if node.id in pending
    }
    human = [
        leaf
        for leaf in leaves.values()
        if isinstance(leaf, Discretionary) and not isinstance(leaf, UnreadLimb)
    ]
    gaps = [leaf for leaf in leaves.values() if isinstance(leaf, UnreadLimb)]
    for key, group in (("human", human), ("gaps", gaps)):
        if group:
            yield speak.say(key)
            yield from (f"- {speak.described(leaf)} [{leaf.id}]" for leaf in group)
    if judgement.version is not None and judgement.reason is not None:
        yield speak.say(judgement.reason, **_days(judgement, speak))


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
