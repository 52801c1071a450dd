"""The lists: amounts of the provinces, calendars, what is missing, and what each sector meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.files import naming
from xianjie.lawbook.files.naming import named
from xianjie.lawbook.procedure.calendars import Calendar
from xianjie.lawbook.procedure.causes import Basis
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.procedure.rows import Version as RowVersion
from xianjie.lawbook.standards.catalogue import Offence, Sector, Version
from xianjie.lawbook.standards.nodes import UnreadLimb
from xianjie.lawbook.words.describing import describe_amount
from xianjie.lawbook.words.describing_procedure import NOTHING, describe_counting
from xianjie.lawbook.words.law_words import Words
from xianjie.lawbook.words.phrases import CHINESE

from .markdown import Shelf, escaped, listed, page_text, table

_MARKS = {"memory": "凭记忆", "excerpt": "依据摘录", "secondary": "第三方资料"}
_WEEKDAYS = "一二三四五六日"


def sector_pages(law: Lawbook, shelf: Shelf) -> Mapping[str, str]:
    """Return one page for each sector: its offences, its own clocks and its administrative causes."""
    return {
        f"sectors/{sector.code}.md": _sector(law, sector, shelf) for sector in law.standards.sectors.values()
    }


def _sector(law: Lawbook, sector: Sector, shelf: Shelf) -> str:
    page = f"sectors/{sector.code}.md"
    offences = [each for each in law.standards.offences.values() if sector.code in each.sectors]
    rows = [row for row in law.clocks.values() if sector.code in row.applies.sectors]
    lines = [f"# {escaped(sector.name_zh)}", "", f"## 可能涉及的罪名（{len(offences)}）", ""]
    lines += [f"- {shelf.link(each.id, each.name_zh, page=page)}" for each in offences] or ["没有。"]
    lines += ["", f"## 本领域专有的期限（{len(rows)}）", ""]
    lines += [f"- {shelf.link(row.id, row.title_zh, page=page)}" for row in rows] or ["没有，适用一般期限。"]
    lines += ["", *_causes(law, sector, shelf, page)]
    return page_text([*lines, "---", "", "[目录](../README.md)"])


def _causes(law: Lawbook, sector: Sector, shelf: Shelf, page: str) -> Iterator[str]:
    """Yield the causes of action of a sector; a basis from memory is marked: nothing is raised on it."""
    causes = law.causes.by_sector.get(sector.code, ())
    yield from (f"## 行政案由与可能涉嫌的罪名（{len(causes)}）", "")
    yield "罪名只是须对照标准审查的候选，不是结论。依据标有“凭记忆”的，平台不据以提示，只用于排列阅读顺序。"
    yield ""
    if causes:
        yield from table(
            ("编号", "案由", "又称", "依据", "对照审查的罪名"),
            (
                (
                    cause.id,
                    escaped(cause.name_zh),
                    escaped("、".join(cause.aliases_zh)) or "—",
                    "；".join(_basis(law, basis, shelf, page) for basis in cause.bases),
                    "、".join(
                        shelf.link(name, law.standards.offences[name].name_zh, page=page)
                        for name in cause.offences
                    ),
                )
                for cause in causes
            ),
        )


def _basis(law: Lawbook, basis: Basis, shelf: Shelf, page: str) -> str:
    title = law.standards.instruments[basis.instrument].title_zh
    link = shelf.link(basis.instrument, f"《{title}》{basis.article}", page=page)
    return link if basis.grade == "read" else f"{link}（{_MARKS[basis.grade]}）"


def parameters_page(law: Lawbook, shelf: Shelf) -> str:
    """Return the amounts that national law leaves to provinces: by amount, and by province."""
    standards, page = law.standards, "parameters.md"
    lines = [
        "# 各省确定的数额",
        "",
        "国家规定只给出幅度，由各省确定数额。本省数额尚未收录的，达到幅度上限的一律达到，低于幅度下限的一律未达到，"
        "之间的平台不作结论。",
        "",
        "## 按数额",
        "",
    ]
    for parameter in standards.parameters.values():
        lines += listed(describe_amount(standards, parameter), page=page, shelf=shelf)
        using = [each for each in standards.offences.values() if parameter in _amounts(each)]
        links = "、".join(shelf.link(each.id, each.name_zh, page=page) for each in using)
        lines += [f"  - 用于：{links or '尚无标准使用'}"]
    lines += ["", "## 按省", ""]
    overlays = [
        (each, parameter) for parameter in standards.parameters.values() for each in parameter.overlays
    ]
    overlays.sort(key=lambda pair: (pair[0].province, pair[1].id, pair[0].effective_from or date.min))
    say = Words(CHINESE)
    for province, some in groupby(overlays, lambda pair: (pair[0].province, pair[0].province_zh)):
        lines += [f"### {province[1]}（{province[0]}）", ""]
        for overlay, parameter in some:
            told = say.overlay(overlay, standards.units.get(parameter.unit))
            lines.append(f"- `{parameter.id}` {escaped(told)}")
        lines.append("")
    return page_text([*lines, "---", "", "[目录](README.md)"])


def _amounts(offence: Offence) -> list[object]:
    return [parameter for version in offence.versions for parameter in version.parameters]


def counting_page(law: Lawbook, shelf: Shelf) -> str:
    """Return how terms are counted: each counting rule with its clause and the terms that it counts."""
    lines = ["# 期限的计算方法", "", "各文件按自己的条款计算；没有条款的，从宽计算。", ""]
    page = "counting.md"
    texts = [(row, text) for row in law.clocks.values() for text in row.versions if text.regime != NOTHING]
    texts.sort(key=lambda pair: (pair[1].regime, pair[1].counting_rule().source, pair[0].id))
    for (code, source), some in groupby(
        texts, key=lambda pair: (pair[1].regime, pair[1].counting_rule().source)
    ):
        group = list(some)
        lines += [f"## {code}（{escaped(source)}）", ""]
        lines += listed(
            describe_counting(group[0][1], instruments=law.standards.instruments), page=page, shelf=shelf
        )
        rows = dict.fromkeys(row.id for row, _ in group)
        links = "、".join(shelf.link(name, law.clocks[name].title_zh, page=page) for name in rows)
        lines += [f"- 适用于：{links}", ""]
    return page_text([*lines, "---", "", "[目录](README.md)"])


def calendars_page(law: Lawbook) -> str:
    """Return the days off and the make-up days of every year with a notice, newest first."""
    calendar = law.calendar
    lines = [
        "# 节假日安排",
        "",
        "依据国务院办公厅各年的通知。没有通知的年份只按周末计算，据此得出的届满日标明“暂定”。",
        "",
    ]
    for year in sorted(calendar.years, reverse=True):
        lines += [f"## {year}", ""]
        notices = calendar.notices.get(year, ())
        lines += [f"- 通知：{'、'.join(map(_notice, notices))}"]
        days = _days(year)
        for name, some in _holidays(calendar, days):
            lines.append(f"- {escaped(name)}：{'、'.join(_spans(some))}")
        made_up = [f"{day}（周{_WEEKDAYS[day.weekday()]}）" for day in days if calendar.is_make_up(day)]
        lines += [f"- 调休上班：{'、'.join(made_up) or '无'}", ""]
    return page_text([*lines, "---", "", "[目录](README.md)"])


def _notice(name: str) -> str:
    return f"<{name}>" if name.startswith("http") else escaped(name)


def _days(year: int) -> list[date]:
    # A notice also names days at the end of the year before.
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def _holidays(calendar: Calendar, days: Iterable[date]) -> Iterator[tuple[str, list[date]]]:
    """Yield each holiday with its days, in the order of its first day."""
    found: dict[str, list[date]] = {}
    for day in days:
        reason = calendar.why_off(day)
        if reason is not None and calendar.is_named_holiday(day):
            found.setdefault(reason.zh, []).append(day)
    yield from found.items()


def _spans(days: Sequence[date]) -> Iterator[str]:
    """Yield days that follow each other as one span."""
    begin = days[0]
    for day, after in zip(days, [*days[1:], None], strict=True):
        if after is None or (after - day).days > 1:
            yield str(day) if begin == day else f"{begin}至{day}"
            begin = after or day


def gaps_page(law: Lawbook, shelf: Shelf) -> str:
    """Return what the law data itself says is missing, unread, disabled or not compared."""
    standards, page = law.standards, "gaps.md"
    versions = [(each, version) for each in standards.offences.values() for version in each.versions]
    texts = [(row, text) for row in law.clocks.values() for text in row.versions]

    def offence(each: Offence, version: Version, more: str = "") -> str:
        return f"{shelf.link(each.id, each.name_zh, page=page)} `{version.id}`{more}"

    def clock(row: Row, text: RowVersion) -> str:
        since = text.valid_from or "施行日未取得"
        source = escaped(f"{text.source.instrument} {text.source.article}".strip())
        return f"{shelf.link(row.id, row.title_zh, page=page)}（{since}，{source}）"

    limbs = [
        offence(each, version, f"：{escaped(node.wording.zh or '')}（{_linked(node, shelf, page)}）")
        for each, version in versions
        for node in version.nodes
        if isinstance(node, UnreadLimb)
    ]
    unread = [
        f"{shelf.link(text.id, text.title_zh, page=page)}（{escaped(text.number)}，{text.effective_from}起）"
        for text in standards.known_unread.values()
    ]
    unset = [f"`{each.id}`" for each in standards.parameters.values() if not each.overlays]
    sections: list[tuple[str, list[str]]] = [
        ("已知而未读的文件", unread),
        ("版本已知、文本缺失", [offence(each, v) for each, v in versions if v.text_missing]),
        ("条款已知、文本未读", limbs),
        (
            "版本之间没有标准施行的空档",
            [offence(e, v, f"：{escaped(v.gap_before)}") for e, v in versions if v.gap_before],
        ),
        (
            "依据摘录或者第三方资料的版本",
            [offence(e, v, f"（{_grade(v.grade)}）") for e, v in versions if v.grade not in (None, "read")],
        ),
        ("停用的期限文本（凭记忆或者施行日未取得）", [clock(*each) for each in texts if not each[1].enabled]),
        (
            "依据摘录或者第三方资料的期限文本",
            [clock(row, t) + f"：{_grade(t.grade)}" for row, t in texts if t.enabled and t.grade != "read"],
        ),
        ("有义务而无期限数字", [clock(*each) for each in texts if each[1].enabled and each[1].limit is None]),
        (
            "停用的发现规则",
            [
                shelf.link(rule.id, rule.title_zh, page=page)
                for rule in law.rules.by_id.values()
                if not rule.enabled
            ],
        ),
        ("没有收录任何省数额的幅度", unset),
    ]
    memory = [
        f"{cause.id} {escaped(cause.name_zh)}（[{cause.sector}](sectors/{cause.sector}.md)）"
        for cause in law.causes.by_id.values()
        if not cause.enabled
    ]
    unreached = [
        shelf.link(name, law.standards.offences[name].name_zh, page=page) for name in law.causes.unreached
    ]
    sections += [
        ("依据全部凭记忆的案由（不据以提示）", memory),
        ("没有案由可以到达的罪名", unreached),
    ]
    unchecked = sum(1 for _, version in versions if not version.checked_by)
    lines = [
        "# 已知的缺口",
        "",
        "平台不猜测缺失的内容：下列各项所涉的结论会写明缺口，不会默默略过。",
        "",
        f"- 尚未与正式文本核对的标准版本：{unchecked}/{len(versions)}",
        f"- 尚未与正式文本核对的期限文本：{sum(1 for _, t in texts if not t.checked_by)}/{len(texts)}",
        f"- 节假日通知收录年份：{min(law.calendar.years)}至{max(law.calendar.years)}；其后的年份暂按周末计算",
        "",
    ]
    for title, some in sections:
        lines += [f"## {title}（{len(some)}）", "", *(f"- {each}" for each in some or ["没有。"]), ""]
    return page_text([*lines, "---", "", "[目录](README.md)"])


def _linked(limb: UnreadLimb, shelf: Shelf, page: str) -> str:
    return shelf.link(limb.known_unread, limb.known_unread, page=page)


def _grade(grade: str | None) -> str:
    return named(naming.GRADES, grade or "", CHINESE)
