"""The table of cases that an official understands: states, standard, findings, next term."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from .words import RESULTS, STATES

_COLUMNS = ("案件", "行政", "移送", "刑事", "反向", "监督", "立案追诉标准", "未结线索", "下一期限")
_WIDTH = 190
_LEVELS = {"notice": "提示", "suspicion": "疑点", "breach": "明确"}


def table(cases: Sequence[Mapping[str, Any]], *, lines: int) -> str:
    """Return the table as text, Chinese, one row for each case."""
    grid = Table(title=f"真实案例 {lines} 个事件，{len(cases)} 件案卷", show_lines=False, pad_edge=False)
    for column in _COLUMNS:
        grid.add_column(column, overflow="fold")
    for case in cases:
        regions = case["regions"]
        grid.add_row(
            case["subject"].partition("/")[2],
            *(_state(regions[name]) for name in ("administrative", "transfer", "criminal", "reverse")),
            "、".join(STATES.get(state, state) for state in regions["supervision"]) or "—",
            _standard(case["judgements"]),
            _findings(case["findings"]),
            _next_due(case["clocks"]),
        )
    written = io.StringIO()
    Console(file=written, width=_WIDTH, force_terminal=False).print(grid)
    return written.getvalue().rstrip()


def _state(state: str | None) -> str:
    return "—" if state is None else STATES.get(state, state)


def _standard(judgements: Sequence[Mapping[str, Any]]) -> str:
    """Return the firmest judgement: met with its clause, else what is missing most often, else not met."""
    for result in ("met", "insufficient", "not_met"):
        found = [item for item in judgements if item["result"] == result]
        if found:
            first = max(found, key=lambda item: len(item["clauses"]))
            clauses = "、".join(first["clauses"][:2])
            return f"{RESULTS[result]}：{first['offence_zh']}{f'（{clauses}）' if clauses else ''}"
    return "—"


def _findings(findings: Sequence[Mapping[str, Any]]) -> str:
    """Return the open findings, late recordings counted together because there may be many."""
    named: dict[str, int] = {}
    for item in findings:
        words = f"{item['title_zh']}（{_LEVELS[item['level']]}）"
        named[words] = named.get(words, 0) + 1
    return "；".join(f"{words}{f'×{count}' if count > 1 else ''}" for words, count in named.items()) or "—"


def _next_due(clocks: Sequence[Mapping[str, Any]]) -> str:
    """Return the running term that ends first, by its earliest reading."""
    running = [
        (_earliest(clock["due"]), clock) for clock in clocks if clock["state"] in ("running", "warned")
    ]
    dated = sorted((day, clock["title_zh"]) for day, clock in running if day is not None)
    return f"{dated[0][0]} {dated[0][1]}" if dated else "—"


def _earliest(due: Mapping[str, Any]) -> str | None:
    value = due.get("day") or due.get("instant") or due.get("earliest") or due.get("calendar")
    if isinstance(value, Mapping):
        value = value.get("earliest")
    return None if value is None else str(value)[:16]
