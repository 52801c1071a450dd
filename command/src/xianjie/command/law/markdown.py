"""Descriptions of the law as Markdown: headings, nested lists, tables, and links between pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xianjie.lawbook.words.describing import Item, Section

GENERATED = "<!-- 本页由法律数据生成，请勿手改 / generated from the law data, do not edit -->"

_DEEPEST = 6  # levels of headings that Markdown knows
_SPECIAL = re.compile(r"([\\*<\[\]|`])")


def escaped(text: str) -> str:
    """Return a text in which nothing is taken as markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where each entry of the law has its page, by id; paths are below the folder of the pages."""

    pages: Mapping[str, str]

    def link(self, key: str | None, text: str, *, page: str) -> str:
        """Return the text as a relative link from a page to the page of an entry, plain where it has none."""
        target = self.pages.get(key) if key else None
        if target is None or target == page:
            return escaped(text)
        return linked(text, target, page=page)


def linked(text: str, target: str, *, page: str) -> str:
    """Return the text as a relative link from one page to another."""
    return f"[{escaped(text)}]({posixpath.relpath(target, posixpath.dirname(page) or '.')})"


def written(section: Section, *, page: str, shelf: Shelf, level: int = 1) -> Iterator[str]:
    """Yield the lines of a section."""
    yield f"{'#' * min(level, _DEEPEST)} {escaped(section.title)}"
    yield ""
    for item in section.items:
        yield from listed(item, page=page, shelf=shelf)
    if section.items:
        yield ""
    for below in section.sections:
        yield from written(below, page=page, shelf=shelf, level=level + 1)


def listed(item: Item, *, page: str, shelf: Shelf, depth: int = 0) -> Iterator[str]:
    """Yield the lines of a statement with its parts as a list."""
    # A blank after the closing stars: beside Chinese characters they would not close.
    marks = "".join(f"**【{mark}】** " for mark in item.marks)
    text = shelf.link(item.id, item.text, page=page)
    name = item.id.partition("/")[2] if item.id and item.id not in shelf.pages else ""
    yield f"{'  ' * depth}- {marks}{text}" + (f" `{name}`" if name else "")
    for part in item.items:
        yield from listed(part, page=page, shelf=shelf, depth=depth + 1)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; cells are Markdown already."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def page_text(lines: Iterable[str]) -> str:
    """Return the text of a page: the note that it is generated, then the lines."""
    return "\n".join([GENERATED, "", *lines]).rstrip("\n") + "\n"
