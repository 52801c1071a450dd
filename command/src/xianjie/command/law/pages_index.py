"""The index of the pages: how to read them, what the grades mean, and every page."""

from __future__ import annotations

from collections.abc import Iterator

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.files import naming
from xianjie.lawbook.files.naming import named
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.words.phrases import CHINESE

from .markdown import Shelf, escaped, page_text, table

_UNCHECKED = "尚未核对"


def index_page(law: Lawbook, shelf: Shelf) -> str:
    """Return the index: how to read, what the grades mean, and every page. Only here stands the digest."""
    return page_text(
        [
            "# 法律数据",
            "",
            "平台所说的一切，都以这里列出的标准、期限和规则为依据。每一页由 `law/` 下的一个数据文件生成，"
            "文字是数据编写者自己的表述，不是法律文件的原文；适用时以正式文本为准。",
            "",
            f"- 法律数据的摘要：`{law.digest}`（每一结论和期限都写明它所依据的摘要）",
            f"- 立法和司法解释查阅至：{law.standards.horizon}",
            "- [如何修改法律数据](../changing-the-law.zh-CN.md)（[English](../changing-the-law.md)）",
            "- [条文与测试对照](matrix.md)",
            "- [各省数额](parameters.md)",
            "- [期限的计算方法](counting.md)",
            "- [节假日安排](calendars.md)",
            "- [已知的缺口](gaps.md)",
            "",
            *_how_to_read(),
            *_sectors(law, shelf),
            *_offences(law, shelf),
            *_clocks(law, shelf),
            *_rules(law, shelf),
            *_instruments(law, shelf),
        ]
    )


def _how_to_read() -> Iterator[str]:
    yield from ("## 怎样读", "")
    yield "- “以上”“以下”含本数，“不满”“超过”不含本数（刑法第九十九条）。"
    yield "- 条件逐级缩进；每一组先说明各项是须全部具备，还是具备任一项即可。"
    yield "- 方括号〔〕内是平台比较的事实和界限。"
    yield "- **【须由人判断】** 兜底条款和裁量条款：平台不作结论，由人认定后记录。"
    yield "- **【目录缺口】** 已知存在而文本未读的内容：平台不作结论，取得文本的人可以记录认定。"
    yield "- **【停用】** 该文本不据以计时。"
    yield "- 条件后的代码是它在数据文件中的编号。编者注为数据编写者的说明，多为英文。"
    yield ""
    yield from ("### 等级", "")
    yield from table(
        ("等级", "含义"),
        ((f"`{code}`", named(naming.GRADES, code, CHINESE)) for code in naming.GRADES),
    )
    yield f"“核对”一栏写明与正式文本核对过的人；空白显示为“{_UNCHECKED}”。"
    yield ""


def _sectors(law: Lawbook, shelf: Shelf) -> Iterator[str]:
    yield from ("## 领域", "")
    for sector in law.standards.sectors.values():
        yield f"- [{escaped(sector.name_zh)}](sectors/{sector.code}.md)"
    yield ""


def _offences(law: Lawbook, shelf: Shelf) -> Iterator[str]:
    offences = law.standards.offences.values()
    yield from (f"## 罪名（{len(offences)}）", "")
    yield from table(
        ("罪名", "刑法条文", "版本", "现行版本施行", "等级"),
        (
            (
                shelf.link(offence.id, offence.name_zh, page="README.md"),
                escaped(offence.criminal_law_article),
                str(len(offence.versions)),
                str(offence.versions[-1].effective_from),
                offence.versions[-1].grade or "**文本缺失**",
            )
            for offence in offences
        ),
    )


def _clocks(law: Lawbook, shelf: Shelf) -> Iterator[str]:
    yield from (f"## 期限（{len(law.clocks)}）", "")
    yield from table(
        ("期限", "义务机关", "期限长度", "依据", "等级"),
        (_clock(row, shelf) for row in law.clocks.values()),
    )


def _clock(row: Row, shelf: Shelf) -> tuple[str, ...]:
    version = row.versions[-1]
    length = "无数字" if version.limit is None else _length(version.limit.value, version.limit.unit)
    bearers = "、".join(named(naming.BEARERS, each, CHINESE) for each in row.bearer)
    grade = version.grade if version.enabled else f"**停用** {version.grade}"
    cited = escaped(f"{version.source.instrument} {version.source.article}".strip())
    return shelf.link(row.id, row.title_zh, page="README.md"), bearers, length, cited, grade


def _length(value: int, unit: str) -> str:
    names = {"hour": "小时", "day": "日", "working_day": "个工作日", "month": "个月", "half_month": "个半月"}
    return f"{value}{names[unit]}"


def _rules(law: Lawbook, shelf: Shelf) -> Iterator[str]:
    yield from (f"## 发现规则（{len(law.rules.by_id)}）", "")
    yield from table(
        ("规则", "分组", "最高级别", "依据"),
        (
            (
                shelf.link(rule.id, rule.title_zh, page="README.md"),
                named(naming.RULE_GROUPS, rule.group, CHINESE),
                named(naming.LEVELS, rule.level.name, CHINESE),
                escaped("、".join(rule.basis)),
            )
            for rule in law.rules.by_id.values()
        ),
    )


def _instruments(law: Lawbook, shelf: Shelf) -> Iterator[str]:
    known = law.standards.instruments.values()
    yield from (f"## 文件（{len(known)}）", "")
    yield from table(
        ("文件", "文号", "施行", "等级"),
        (
            (
                shelf.link(text.id, text.title_zh, page="README.md"),
                escaped(text.number) or "未取得",
                str(text.effective_from or "未取得"),
                text.grade,
            )
            for text in known
        ),
    )
