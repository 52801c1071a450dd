"""Reading a mapping of a law file member by member; every fault is noted with its place.

Reading goes on after a fault with a harmless stand-in, so that one run names all faults. Whoever reads
must look at the list of problems before using the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from xianjie.lawbook.files.problems import LawProblem

E = TypeVar("E", bound=StrEnum)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_]+(?:[@/.][A-Za-z0-9_]+)*\Z")


class Record:
    """One mapping of a file, the members read so far, and where to note what is wrong."""

    def __init__(self, value: Any, *, file: str, path: str, problems: list[LawProblem]) -> None:
        self.file = file
        self.path = path
        self.problems = problems
        self._used: set[str] = set()
        self._members: dict[str, Any] = {}
        if isinstance(value, dict):
            self._members = value
        else:
            self.wrong("", "应为键值表", "must be a mapping")

    def wrong(self, key: str, zh: str, en: str) -> None:
        """Note a fault at the member (empty: at the record itself)."""
        place = f"{self.path}.{key}" if self.path and key else self.path or key
        self.problems.append(LawProblem(self.file, place, zh, en))

    def has(self, key: str) -> bool:
        """Whether the member stands there."""
        return key in self._members

    def names(self) -> tuple[str, ...]:
        """Return the names of all members, in their order."""
        return tuple(self._members)

    def raw(self, key: str) -> Any:
        """Return the member as it stands, None when it is missing."""
        self._used.add(key)
        return self._members.get(key)

    def finish(self) -> None:
        """Note every member that nobody asked for: the language is closed."""
        for key in self._members:
            if key not in self._used:
                self.wrong(key, "未知的键", "unknown key")

    def text(self, key: str, *, empty: bool = False) -> str:
        """Return a text that must stand there."""
        value = self.raw(key)
        if isinstance(value, str) and (empty or value.strip()):
            return value
        self.wrong(key, "应为非空文字", "must be a text that is not empty")
        return ""

    def text_or_none(self, key: str) -> str | None:
        """Return a text that may be missing."""
        return self.text(key) if self.has(key) else None

    def text_or_null(self, key: str) -> str:
        """Return a text that must stand there, empty where the file says null: it was not obtained."""
        if self.has(key) and self.raw(key) is None:
            return ""
        return self.text(key)

    def name(self, key: str) -> str:
        """Return a name of this law: Latin letters, digits and underscores, as it can be a file name too."""
        value = self.text(key)
        if value and not _NAME.match(value):
            self.wrong(key, "只能用拉丁字母、数字和下划线", "must be Latin letters, digits and underscores")
        return value

    def identifier(self, key: str) -> str:
        """Return an id such as `tax_evasion@2002/pct.a`: names joined by @, / and points."""
        value = self.text(key)
        if value and not _IDENTIFIER.match(value):
            self.wrong(
                key,
                "只能用拉丁字母、数字、下划线，以 @、/、. 相连",
                "must be Latin letters, digits and underscores, joined by @, / and points",
            )
        return value

    def day(self, key: str) -> date:
        """Return a civil day that must stand there."""
        value = self.raw(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value) if len(value) == len("2026-01-01") else value
            except ValueError:
                value = None
        if type(value) is date:
            return value
        self.wrong(key, "应为日期（年-月-日）", "must be a day (YYYY-MM-DD)")
        return date.min

    def day_or_none(self, key: str) -> date | None:
        """Return a day that may be missing or null."""
        return None if self.raw(key) is None else self.day(key)

    def day_or_null(self, key: str) -> date | None:
        """Return a day that must stand there, or null: it was not obtained."""
        return None if self.has(key) and self.raw(key) is None else self.day(key)

    def flag(self, key: str) -> bool:
        """Return a truth value; false when it is missing."""
        value = self.raw(key) if self.has(key) else False
        if isinstance(value, bool):
            return value
        self.wrong(key, "应为 true 或 false", "must be true or false")
        return False

    def number(self, key: str, *, above: int | None = None) -> int | Decimal:
        """Return an exact number; with `above` it must be greater."""
        value = self.raw(key)
        if type(value) is int or (type(value) is Decimal and value.is_finite()):
            if above is None or value > above:
                return value
            self.wrong(key, f"应大于 {above}", f"must be above {above}")
        else:
            self.wrong(key, "应为精确数字", "must be an exact number")
        return 1

    def numbers(self, key: str) -> tuple[int | Decimal, ...]:
        """Return a list of exact numbers."""
        value = self.raw(key)
        if isinstance(value, list) and all(type(item) in (int, Decimal) for item in value):
            return tuple(value)
        self.wrong(key, "应为精确数字的列表", "must be a list of exact numbers")
        return ()

    def whole(self, key: str, *, least: int) -> int:
        """Return a whole number of at least `least`."""
        value = self.raw(key)
        if type(value) is int and value >= least:
            return value
        self.wrong(key, f"应为不小于 {least} 的整数", f"must be a whole number of at least {least}")
        return least

    def choice(self, key: str, kind: type[E]) -> E:
        """Return one of the words of a closed list."""
        return self.one_of(key, kind)

    def one_of(self, key: str, allowed: Iterable[E]) -> E:
        """Return one of the given words of a closed list."""
        words = list(allowed)
        value = self.raw(key)
        for word in words:
            if value == word.value:
                return word
        listed = ", ".join(word.value for word in words)
        self.wrong(key, f"应为以下之一：{listed}", f"must be one of: {listed}")
        return words[0]

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts that must stand there."""
        value = self.raw(key)
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            if len(set(value)) < len(value):
                self.wrong(key, "列表中有重复项", "an item stands twice")
            return tuple(value)
        self.wrong(key, "应为文字列表", "must be a list of texts")
        return ()

    def below(self, key: str) -> Record:
        """Return the mapping that stands under the member."""
        return Record(self.raw(key), file=self.file, path=self._at(key), problems=self.problems)

    def records(self, key: str, *, least: int = 0) -> list[Record]:
        """Return the mappings of a list that must stand there."""
        value = self.raw(key)
        if not isinstance(value, list) or len(value) < least:
            self.wrong(key, f"应为至少 {least} 项的列表", f"must be a list of at least {least}")
            return []
        return [
            Record(item, file=self.file, path=f"{self._at(key)}[{i}]", problems=self.problems)
            for i, item in enumerate(value)
        ]

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
