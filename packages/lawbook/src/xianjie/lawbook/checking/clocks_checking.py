"""Whether the clock data say what they may say: schema, days in force, evidence grades, cross references."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.procedure.regimes import REGIMES
from xianjie.lawbook.procedure.rows import ExtensionRule, Row, Version, read_row

_WORKING = frozenset({"WD", "PPLWD"})
_MONTHS = frozenset({"CPLM", "CAL"})
_ONE_DAY = timedelta(days=1)


def problems_of_clocks(
    files: Mapping[str, bytes], *, event_types: Collection[str] | None = None
) -> list[LawProblem]:
    """Return what is wrong with the rows, each with file and key path; empty when nothing is.

    Args:
        files: content of every file by its name below `clocks/`.
        event_types: every type of the catalogue of events; None leaves that check out.
    """
    rows: dict[str, Row] = {}
    problems: list[LawProblem] = []
    for name, text in sorted(files.items()):
        try:
            rows[name] = read_row(text, file=f"clocks/{name}")
        except LawError as error:
            problems.extend(error.problems)
    ids = {row.id for row in rows.values()}
    for name, row in rows.items():
        problems.extend(
            LawProblem(f"clocks/{name}", path, zh, en)
            for path, zh, en in (
                *_identity(name, row, ids),
                *_triggers(row, event_types),
                *_periods(row),
                *_versions(row),
            )
        )
    return problems


Fault = tuple[str, str, str]


def _identity(name: str, row: Row, ids: Collection[str]) -> Iterable[Fault]:
    if name != f"{row.id}.yaml":
        yield "id", "编号与文件名不符", f"{row.id} does not belong in this file"
    if row.replaces is None:
        if row.beside_general:
            yield "beside_general", "没有被替代的条目", "there is no general row beside it"
        return
    if row.replaces not in ids or row.replaces == row.id:
        yield "replaces", f"没有这一条：{row.replaces}", f"there is no other row {row.replaces}"
    if any(each.enabled for each in row.versions) and not (row.applies.sectors or row.applies.categories):
        yield (
            "applies",
            "替代一般条目的条目应当写明部门或者案件类别",
            "a row that replaces needs sectors or categories",
        )


def _triggers(row: Row, event_types: Collection[str] | None) -> Iterable[Fault]:
    for relation, triggers in row.events:
        for index, trigger in enumerate(triggers):
            path = f"events.{relation}[{index}]"
            if event_types is not None and trigger.type not in event_types:
                yield f"{path}.type", f"没有这种事件：{trigger.type}", f"no such event type: {trigger.type}"
            if (trigger.by is None) != (not trigger.when):
                yield path, "by和when应当一起写", "by and when belong together"
            if trigger.falls_away and relation != "stops":
                yield f"{path}.falls_away", "只有终结事件可以写", "only a stop can fall away"


def _periods(row: Row) -> Iterable[Fault]:
    for index, version in enumerate(row.versions):
        if version.valid_from and version.valid_to and version.valid_to < version.valid_from:
            yield f"versions[{index}].valid_to", "失效早于生效", "ends before it begins"
    for index, (earlier, later) in enumerate(pairwise(row.versions), start=1):
        if not later.valid_from or not earlier.valid_from or later.valid_from <= earlier.valid_from:
            yield (
                f"versions[{index}].valid_from",
                "版本应按生效日排列",
                "versions stand in the order of their days",
            )
        elif (earlier.valid_to or date.max) >= later.valid_from:
            yield f"versions[{index}].valid_from", "与前一版本的有效期重叠", "overlaps the version before it"
        elif (
            earlier.valid_to is not None and later.valid_from - earlier.valid_to > _ONE_DAY and not later.note
        ):
            yield (
                f"versions[{index}].valid_from",
                "与前一版本之间有空档，应在note说明",
                "an unexplained gap after the version before it: say why under note",
            )


def _versions(row: Row) -> Iterable[Fault]:
    for index, version in enumerate(row.versions):
        path = f"versions[{index}]"
        if version.enabled and version.grade == "memory":
            yield f"{path}.enabled", "凭记忆的条文不得启用", "a text from memory must not be enabled"
        if version.enabled and version.valid_from is None:
            yield f"{path}.valid_from", "启用的条文应有生效日", "an enabled text needs its first day"
        if row.kind == "no_number" and version.limit is not None:
            yield f"{path}.limit", "无期限的条目不得写期限", "a row without a number has no limit"
        yield from _limit(path, version)
        for number, rule in enumerate(version.extensions):
            yield from _extension(f"{path}.extensions[{number}]", rule)


def _limit(path: str, version: Version) -> Iterable[Fault]:
    regime, limit = version.regime, version.limit
    if regime not in REGIMES and regime != "NONE":
        yield f"{path}.regime", f"没有这种计算规则：{regime}", f"no such counting rule: {regime}"
    if limit is None:
        return
    if regime == "NONE":
        yield f"{path}.regime", "有期限的条文应写计算规则", "a limit needs a counting rule"
    if (limit.unit == "hour") != (regime == "H24"):
        yield f"{path}.limit.unit", "小时期限只用H24计算", "hours go with H24 and nothing else"
    if limit.unit == "working_day" and regime not in _WORKING:
        yield f"{path}.limit.unit", "工作日期限只用WD、PPLWD计算", "working days go with WD and PPLWD"
    if limit.unit in {"month", "half_month"} and regime not in _MONTHS:
        yield f"{path}.limit.unit", "按月的期限只用CPLM、CAL计算", "months go with CPLM and CAL"


def _extension(path: str, rule: ExtensionRule) -> Iterable[Fault]:
    amounts = [rule.by_days, rule.by_months, rule.to_days, rule.stated_term or None]
    if sum(amount is not None for amount in amounts) != 1:
        yield path, "应有且仅有一种延长方式", "needs exactly one of by_days, by_months, to_days, stated_term"
