"""What an explanation says beyond the standard: who said what, what was counted, what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xianjie.lawbook.procedure.times import CHINA
from xianjie.lawbook.standards.catalogue import Fact
from xianjie.lawbook.standards.evaluating import Evaluation
from xianjie.lawbook.standards.history import weigh
from xianjie.lawbook.standards.judging import Judgement
from xianjie.lawbook.standards.nodes import Discretionary
from xianjie.lawbook.standards.relations import Article, Kind
from xianjie.lawbook.standards.statements import EVERYTHING, Statement
from xianjie.lawbook.standards.suspicion import Suspicion
from xianjie.lawbook.standards.values import UNKNOWN, Result
from xianjie.lawbook.words.phrases import Speaker

STATUTE = "主席令"
_COUNTED = {Result.met: "counted", Result.not_met: "left_out", Result.insufficient: "maybe"}


def acts(judgement: Judgement, trace: Evaluation, speak: Speaker) -> Iterator[str]:
    """Say what several acts came to, and of each whether it was counted and why."""
    if trace.amassed is None:
        return
    rule = trace.version.cumulation
    yield speak.say("acts_apart") if rule is None else speak.say("summed", clause=rule.clause)
    facts = {fact.name: fact for fact in trace.version.facts} if judgement.aggregated else {}
    for name, value in judgement.aggregated.items():
        yield f"- {speak.label(facts[name])} {speak.value(value, facts[name].measured_in)}"
    for act in (*judgement.acts_counted, *judgement.acts_left_out):
        yield _weighed(act.counted, act.act.day, act.reason_en if speak.language else act.reason_zh, speak)


def penalties(trace: Evaluation, speak: Speaker) -> Iterator[str]:
    """Say how counts followed from earlier penalties, and of each penalty whether it counts and why."""
    if not trace.given.history:
        return
    amassed = {} if trace.amassed is None else trace.amassed.sums
    told = False
    for slot, fact in enumerate(trace.version.facts):
        if fact.history is None or fact.name in amassed:
            continue
        if not told:
            yield speak.say("penalties", act=trace.day)
            told = True
        yield f"- {speak.label(fact)} {speak.value(trace.values[slot], fact.measured_in)} [{fact.name}]"
        for penalty in trace.given.history:
            counted = weigh(penalty, fact.history, act_day=trace.day)
            reason = counted.reason_en if speak.language else counted.reason_zh
            yield f"  {_weighed(counted.counted, penalty.effective_day, reason, speak)}"


def _weighed(counted: Result, day: date | None, reason: str, speak: Speaker) -> str:
    when = speak.say("some_day") if day is None else day.isoformat()
    return f"- {speak.say(_COUNTED[counted], day=when, reason=reason)}"


def findings(trace: Evaluation, speak: Speaker) -> Iterator[str]:
    """Say what persons found, and which findings stand aside because facts decide there."""
    given = trace.given
    if not given.findings:
        return
    aimed = [node for node in trace.version.nodes if node.id in given.findings]
    used = [node for node in aimed if isinstance(node, Discretionary)]
    aside = [node for node in aimed if not isinstance(node, Discretionary)]
    for key, nodes in (("findings", used), ("findings_aside", aside)):
        if nodes:
            yield speak.say(key)
        for node in nodes:
            by = _by(given.statements.get(node.id), speak)
            said = speak.say("found_true" if given.findings[node.id] else "found_false", by=by)
            yield f"- {speak.described(node)}{('；', '; ')[speak.language]}{said} [{node.id}]"


def searches(trace: Evaluation, speak: Speaker) -> Iterator[str]:
    """Say which facts count as absent because somebody looked for them, and who did."""
    given = trace.given
    if given.searched:
        groups: dict[Statement | None, list[Fact]] = {}
        for fact in trace.version.facts:
            if fact.name in given.searched and _is_absent(fact, trace):
                groups.setdefault(given.statements.get(fact.name), []).append(fact)
        if groups:
            yield speak.say("searched")
        for statement, facts in groups.items():
            labels = ("、", ", ")[speak.language].join(speak.label(fact) for fact in facts)
            yield f"- {labels}{_by(statement, speak)}"
    if given.closed_world:
        yield speak.say("all_searched", by=_by(given.statements.get(EVERYTHING), speak))


def _is_absent(fact: Fact, trace: Evaluation) -> bool:
    """Whether nothing but a search says what the fact is."""
    given = trace.given
    amassed = {} if trace.amassed is None else trace.amassed.values
    from_history = fact.history is not None and bool(given.history)
    return (
        fact.name not in given.facts
        and fact.name not in amassed
        and not from_history
        and fact.absent is not UNKNOWN
    )


def behind(name: str, trace: Evaluation, speak: Speaker) -> str:
    """Return by what method and on what evidence a fact was recorded, in brackets; empty if nobody said."""
    statement = trace.given.statements.get(name)
    return "" if statement is None or name not in trace.given.facts else _by(statement, speak)


def _by(statement: Statement | None, speak: Speaker) -> str:
    said = [] if statement is None else _said(statement, speak)
    text = ("，", ", ")[speak.language].join(said or [speak.say("nobody")])
    return f" ({text})" if speak.language else f"（{text}）"


def _said(statement: Statement, speak: Speaker) -> list[str]:
    said = [statement.author] if statement.author else []
    if statement.at is not None:
        moment = statement.at.astimezone(CHINA) if statement.at.tzinfo else statement.at
        said.append(f"{moment:%Y-%m-%d %H:%M}")
    if statement.method:
        said.append(speak.say("method", method=statement.method))
    if statement.reasons:
        said.append(speak.say("ground", reasons=statement.reasons))
    if statement.evidence:
        listed = ("、", ", ")[speak.language].join(statement.evidence)
        said.append(speak.say("evidence", evidence=listed))
    return said


def relations(judgement: Judgement, speak: Speaker) -> Iterator[str]:
    """Say how the standard stands to others; an alternative only where no version is left to use."""
    for relation in judgement.relations:
        is_other = relation.other == judgement.offence
        if relation.kind is Kind.alternative_offence and judgement.version is not None:
            continue
        names = [
            relation.names[name][speak.language]
            for name in (relation.offences if is_other else (relation.other,))
            if name is not None
        ]
        yield speak.say(
            "yields" if is_other else relation.kind,
            others=("、", ", ")[speak.language].join(names),
            source=("；", "; ")[speak.language].join(_cited(source) for source in relation.sources),
            note=relation.note_en if speak.language else relation.note_zh,
        )


def _cited(source: Article) -> str:
    return cited(source.number, source.title_zh, source.article)


def cited(number: str, title_zh: str, article: str | None) -> str:
    """Return an article as it is cited; all statutes carry one kind of number, so they go by their title."""
    return f"{title_zh if number == STATUTE else number}{article or ''}"


def suspicion(notice: Suspicion | None, speak: Speaker) -> Iterator[str]:
    """Say that a transfer on reasonable suspicion can be considered, where it can."""
    if notice is not None:
        yield speak.say("suspicion", source=_cited(notice.bar.source))
        if notice.bar.grade != "read":
            yield speak.say("grade", note=speak.say(notice.bar.grade))
