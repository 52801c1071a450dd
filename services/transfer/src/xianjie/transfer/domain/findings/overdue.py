"""逾期: clocks that ran out, each reported once under the rule that names it. Source: procedure, 6.4."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xianjie.lawbook.procedure.clocks import Due
from xianjie.lawbook.procedure.rules import Level

from ..clocks import Clock
from ..view import CaseView, Found, Outcome

# A clock is arithmetic; what may be wrong is an act done and not recorded.
_CONFIDENCE_OF_A_CLOCK = Decimal("0.90")
_SILENT_KINDS = frozenset({"right", "off", "bar", "no_number"})


def overdue(view: CaseView) -> Iterator[Outcome]:
    """Yield a finding for each clock that is late or whose first reading is over."""
    for clock in view.clocks:
        aimed = clock.version.aim is not None and clock.general_over
        over = clock.state in ("late", "warned") or aimed
        if over and clock.row.kind not in _SILENT_KINDS:
            finding = _finding(view, clock)
            if finding is not None:
                yield finding


def _finding(view: CaseView, clock: Clock) -> Found | None:
    """Return the finding of one clock, None where absence proves nothing or the rule is not there."""
    done = clock.stopped_by is not None
    if clock.row.kind == "late_only" and not done:
        return None
    covering = clock.row.covered_by
    definition = view.law.rules.by_id.get(covering) if covering else None
    if covering and (definition is None or not definition.enabled):
        return None
    level = clock.highest_level if clock.state == "late" else Level.notice
    if definition is not None:
        level = min(level, definition.level)
    return Found(
        rule=covering or f"od_{clock.row.id}",
        level=level,
        key=f"{clock.row.id}@{clock.started_by.text}",
        evidence=(clock.started_by, clock.stopped_by)
        if clock.stopped_by is not None
        else (clock.started_by,),
        organ=clock.bearer,
        detail_zh=f"{clock.row.title_zh}：{_words(clock.due, 'zh')}到期{'，逾期后才办理' if done else ''}。",
        detail_en=f"{clock.row.title_en}: due {_words(clock.due, 'en')}{', done after it' if done else ''}.",
        basis=definition.basis if definition is not None else clock.basis,
        confidence=definition.confidence if definition is not None else _CONFIDENCE_OF_A_CLOCK,
        title_zh=definition.title_zh if definition is not None else f"逾期：{clock.row.title_zh}",
        title_en=definition.title_en if definition is not None else f"Overdue: {clock.row.title_en}",
        open=not done or clock.row.kind == "late_only",
    )


def _words(due: Due, language: str) -> str:
    """Say when a term ends or ended: one day or instant, both readings, or bounds."""
    value = due.as_json()
    if "calendar" in value:
        calendar, working = _bound(value["calendar"]), _bound(value["working"])
        if calendar == working:
            return calendar
        return (
            f"{calendar}（自然日）、{working}（工作日）" if language == "zh" else f"{calendar} or {working}"
        )
    if "earliest" in value:
        return _bound(value)
    return str(value.get("day") or value["instant"])


def _bound(value: object) -> str:
    if isinstance(value, dict):
        return f"{value['earliest'] or '?'} / {value['latest'] or '?'}"
    return str(value)
