"""What rests on every article: one page for each instrument, and the matrix over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.files import naming
from xianjie.lawbook.files.naming import named
from xianjie.lawbook.words.phrases import CHINESE

from .markdown import Shelf, escaped, linked, page_text, table
from .matrix import Entry, Rest

KINDS = {
    "version": "版本",
    "condition": "条件",
    "cumulation": "累计",
    "amount": "数额幅度",
    "relation": "标准之间的关系",
    "suspicion": "合理嫌疑",
    "clock": "期限",
    "counting": "计算方法",
    "rule": "发现规则",
    "cause": "案由",
    "calendar": "节假日",
}
_NO_ARTICLE = "（条文序号未取得）"
_NOT_OBTAINED = "未取得"


def instrument_pages(law: Lawbook, entries: Iterable[Entry], shelf: Shelf) -> Mapping[str, str]:
    """Return the page of every instrument, read or known and not read, by its path."""
    found = {name: list(some) for name, some in groupby(entries, lambda entry: entry.place.instrument)}
    texts = {}
    for name, text in law.standards.instruments.items():
        head = [
            f"- 文号：{escaped(text.number) or _NOT_OBTAINED}",
            f"- 制定机关：{escaped(text.issuer) or _NOT_OBTAINED}",
            f"- 施行：{_days(text.effective_from, text.effective_to)}",
            f"- 等级：{named(naming.GRADES, text.grade, CHINESE)}；"
            f"所见：{named(naming.TEXTS_SEEN, text.text_read, CHINESE)}",
            *([f"- 所见文本的摘要：`{text.text_digest}`"] if text.text_digest else []),
            *([f"- 已逐条登记数额的条文：{'、'.join(map(escaped, text.articles))}"] if text.articles else []),
            *([f"- 编者注：{escaped(text.note)}"] if text.note else []),
        ]
        texts[f"instruments/{name}.md"] = _page(name, text.title_zh, head, found.get(name, []))
    for name, unread in law.standards.known_unread.items():
        page = f"instruments/{name}.md"
        affected = [law.standards.offences[each] for each in unread.affects]
        links = "、".join(shelf.link(each.id, each.name_zh, page=page) for each in affected)
        head = [
            "- **【目录缺口】** 已知存在，文本未读",
            f"- 文号：{escaped(unread.number)}",
            f"- 施行：{_days(unread.effective_from, unread.effective_to)}",
            f"- 可能影响：{links}",
            f"- 编者注：{escaped(unread.note)}",
        ]
        texts[page] = _page(name, unread.title_zh, head, found.get(name, []))
    return texts


def _days(first: date | None, last: date | None) -> str:
    if first is None:
        return _NOT_OBTAINED
    return f"{first}起" if last is None else f"{first}至{last}"


def _page(name: str, title: str, head: Sequence[str], entries: Sequence[Entry]) -> str:
    page = f"instruments/{name}.md"
    lines = [f"# {escaped(title)}", "", f"- 编号：`{name}`", *head, "", "## 依据各条的内容", ""]
    if not entries:
        lines += ["法律数据没有引用该文件的条文。", ""]
    for article, some in groupby(entries, lambda entry: entry.place.article):
        lines += [f"### {escaped(article or _NO_ARTICLE)}", ""]
        lines += table(("款、项", "依据它的内容", "测试"), _rows(some, page))
    return page_text([*lines, "---", "", "[目录](../README.md) · [条文与测试对照](../matrix.md)"])


def _rows(entries: Iterable[Entry], page: str) -> Iterator[tuple[str, str, str]]:
    for entry in entries:
        for owner, some in groupby(entry.rests, lambda rest: (rest.kind, rest.page, _owner(rest))):
            kind, told, name = owner
            rests = list(some)
            parts = [rest.id.partition("/")[2] for rest in rests]
            inner = "：" + "、".join(f"`{part}`" for part in parts) if any(parts) else ""
            link = linked(name, told, page=page)
            yield escaped(entry.place.item) or "—", f"{KINDS[kind]} {link}{inner}", _tests(rests)


def _owner(rest: Rest) -> str:
    return rest.id.partition("/")[0]


def _tests(rests: Sequence[Rest]) -> str:
    """Say which test functions exercise what rests there, and with how many cases each."""
    counted = Counter(
        test.partition("::")[2].partition("[")[0]
        for test in dict.fromkeys(test for rest in rests for test in rest.tests)
    )
    return "、".join(f"`{name}` {count}" for name, count in counted.items()) or "**无测试**"


def matrix_page(law: Lawbook, entries: Sequence[Entry], shelf: Shelf) -> str:
    """Return the matrix: one line for each article, with what rests on it, its tests and its pages."""
    lines = [
        "# 条文与测试对照",
        "",
        "法律数据引用的每一条文：什么内容以它为依据，由哪些测试证明，在哪一页说明。逐款逐项的对照见各文件的页面；",
        "供程序读取的全文（每行一个 JSON，含 pytest 测试编号）见 [matrix.ndjson](matrix.ndjson)。",
        "缺少依据、测试或者页面的，测试命令不通过。",
        "",
    ]
    rests = {(rest.kind, rest.id): rest for entry in entries for rest in entry.rests}
    tests = {test for rest in rests.values() for test in rest.tests}
    articles = {(entry.place.instrument, entry.place.article) for entry in entries}
    kinds = Counter(kind for kind, _ in rests)
    lines += [f"- 文件：{len({name for name, _ in articles})}，条文：{len(articles)}，款、项：{len(entries)}"]
    lines += [
        "- 依据条文的内容：" + "，".join(f"{KINDS[kind]} {kinds[kind]}" for kind in KINDS if kinds[kind])
    ]
    lines += [f"- 测试：{len(tests)}", ""]
    for name, some in groupby(entries, lambda entry: entry.place.instrument):
        lines += [f"## {shelf.link(name, _title(law, name), page='matrix.md')}", ""]
        lines += table(("条文", "依据它的内容", "测试", "页面"), _articles(some))
    return page_text(lines)


def _title(law: Lawbook, name: str) -> str:
    text = law.standards.instruments.get(name) or law.standards.known_unread.get(name)
    return name if text is None else text.title_zh + (f"（{text.number}）" if text.number else "")


def _articles(entries: Iterable[Entry]) -> Iterator[tuple[str, str, str, str]]:
    for article, some in groupby(entries, lambda entry: entry.place.article):
        rests = list(dict.fromkeys(rest for entry in some for rest in entry.rests))
        kinds = Counter(rest.kind for rest in rests)
        content = "、".join(f"{KINDS[kind]} {kinds[kind]}" for kind in KINDS if kinds[kind])
        tests = {test for rest in rests for test in rest.tests}
        shown = sorted({rest.page for rest in rests})
        links = "、".join(f"[{page.rpartition('/')[2].removesuffix('.md')}]({page})" for page in shown)
        yield escaped(article or _NO_ARTICLE), content, str(len(tests)), links
