"""What the count of a term says besides its numbers: its text, how well that was read, what is ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from xianjie.lawbook.files import naming
from xianjie.lawbook.procedure.counting import Counted, Length, Line
from xianjie.lawbook.procedure.dues import Bounds
from xianjie.lawbook.procedure.regimes import Regime
from xianjie.lawbook.procedure.rows import Row, Version


def basis(row: Row, version: Version) -> tuple[Line, ...]:
    """Say by which article the term runs, by which clause it is counted, and how far the text was read."""
    where = f"{version.source.instrument} {version.source.article}".strip()
    return _basis(where, row.name_of(version), version.counting_rule(), version.grade)


# Each clock of each case says the same few lines again and again.
@lru_cache(maxsize=1024)
def _basis(where: str, name: str, rule: Regime, grade: str) -> tuple[Line, ...]:
    lines = [
        Line(f"期限依据：{where}（{name}）", f"term by {where} ({name})"),
        _NO_CLAUSE.get(rule.name) or Line(f"计算依据：{rule.source}", f"counted by {rule.source}"),
    ]
    if grade != "read":
        zh, en = naming.GRADES[grade]
        lines.append(
            Line(f"条文来源：{zh}，逾期至多作为疑似提示", f"{en}: a late act is a suspicion at most")
        )
    return tuple(lines)


def ledger(ranges: Iterable[tuple[date, date]], references: Iterable[str]) -> tuple[Line, ...]:
    """Say which days the ledger of suspensions leaves out and by which records, none where it is empty."""
    days = [f"{begin}" if begin == end else f"{begin}至{end}" for begin, end in ranges]
    if not days:
        return ()
    zh = "、".join(days)
    en = ", ".join(each.replace("至", " to ") for each in days)
    named = [reference for reference in references if reference]
    records = (
        (Line(f"扣除的记录：{'、'.join(named)}", f"by the records: {', '.join(named)}"),) if named else ()
    )
    return (
        Line(
            f"中止、扣除的期间：{zh}（起止当日一并扣除，重叠的只扣一次）",
            f"left out: {en} (the first and last day too; overlapping days count once)",
        ),
        *records,
    )


def aim(length: Length, bounds: Bounds) -> list[Line]:
    """Say when the ordinary case of the text ends, which is no limit."""
    if bounds.latest is None:
        return []
    zh, en = length.text().zh, length.text().en
    return [
        Line(
            f"条文要求一般在{zh}内（{bounds.latest}前）办结，超过仅作提示",
            f"the ordinary case of the text is {en}, until {bounds.latest}; passing that is a notice only",
        )
    ]


def custody(row: Row, moved: Counted | None) -> tuple[Line, ...]:
    """Say what the custody of the person does to the last day."""
    if row.custody == "always":
        return (Line("羁押期限，届满日不顺延", "a term of custody: the last day never moves"),)
    if row.custody == "if_in_custody" and moved and moved.last != moved.unrolled:
        return (
            Line(
                f"当事人在押的，应当在{moved.unrolled}前办结；按顺延日计算逾期",
                f"with the person in custody it is due on {moved.unrolled}; late only after the later day",
            ),
        )
    return ()


def road(version: Version) -> tuple[Line, ...]:
    """Say what the counting clause says of the road and of posting."""
    return _ROAD[version.counting_rule().road]


def hour_unknown(hours: int, earliest: datetime | None, latest: datetime | None) -> Line:
    """Say between which instants a term in hours ends whose start is not known to the hour."""
    first = f"{earliest:%Y-%m-%d %H:%M}" if earliest else "?"
    last = f"{latest:%Y-%m-%d %H:%M}" if latest else "?"
    return Line(
        f"起算的钟点没有记录：开始的小时不计入，{hours}小时的期限在{first}至{last}之间届满，"
        "小时期限不因节假日顺延",
        f"the hour of the start is not known: {hours} hours end between {first} and {last}; "
        "hours never move for holidays",
    )


READING: Mapping[str, tuple[Line, ...]] = {
    "calendar": (Line("按自然日计算：", "in calendar days:"),),
    "working": (Line("按工作日计算（两种算法都届满才算逾期）：", "in working days (late only after both):"),),
}
EARLIEST = Line("起算时间的最早可能：", "earliest reading of the start:")
LATEST = Line("起算时间的最晚可能：", "latest reading of the start:")
OPEN = Line("起算时间没有记录，最晚届满日不定", "the start is not recorded: the latest due is open")
SUSPENDED = Line(
    "期限中止，恢复后重新计算", "the term is suspended and will be counted on when it is resumed"
)
IGNORED = Line(
    "本条期限没有中止、扣除的规定，所记期间不予扣除",
    "the row knows no suspension: the recorded time is not left out",
)
IGNORED_ROAD = Line(
    "计算依据没有扣除路途时间的规定，所记路途时间不予扣除",
    "the counting clause does not leave out the road: the recorded time is not left out",
)
START_UNKNOWN = Line(
    "起算时间不明，无法判断延长是否有效", "the start is not known: cannot tell whether it counts"
)
READINGS_DIFFER = Line(
    "起算或者批准时间不确定，延长是否有效取决于读法", "readings of the start or approval disagree"
)
_NO_CLAUSE = {
    "CAL": Line(
        "原文没有计算方法的规定：按自然日从宽计算", "no counting clause: calendar days in the later reading"
    ),
    "R310": Line(
        "原文没有写明自然日还是工作日：按自然日（CPL 105）和工作日（PPL 85）分别计算",
        "calendar or working days is not said: counted in both (CPL 105, PPL 85)",
    ),
}
_ROAD: Mapping[str, tuple[Line, ...]] = {
    "left_out": (
        Line("路途时间不计入；期满前交邮的不算过期", "travel time is not counted; posting in time suffices"),
    ),
    "documents": (
        Line(
            "文书送达的路途时间不计入；文书期满前交邮的视为有效",
            "travel time of served documents is not counted; posting them in time suffices",
        ),
    ),
    "silent": (),
}
