"""YAML read exactly: the closed part of the language in which the law is written.

Numbers with a decimal point become `Decimal`, never a binary float. What another reader of YAML could
take for something else (`no`, `1e5`, `010`, `12:30`) must be quoted, keys stand once, and anchors,
aliases, tags and invisible signs are refused, so that a file says the same to everybody who opens it. Sizes
are bounded, so that no file can keep the reader busy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from yaml import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    YAMLError,
)
from yaml._yaml import CParser

from xianjie.lawbook.files.problems import LawError, LawProblem

Plain: TypeAlias = "bool | int | Decimal | date | str | list[Plain] | dict[str, Plain] | None"

LARGEST_FILE = 4 * 1024 * 1024  # bytes; the largest file of the law has about two hundred thousand
DEEPEST = 40  # levels; the deepest file of the law has about fifteen
LONGEST_NUMBER = 30  # signs; the longest of the law has about ten

_NUMERIC = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_AMBIGUOUS = re.compile(
    r"(?:~|y|n|yes|no|on|off|true|false|null|<<|=|[-+]?\.(?:inf|nan)|[-+]?[0-9][0-9_,:]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?"
    r"|[-+]?\.[0-9_]+|0[xob][0-9a-f_]+|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9:]+.*)?)\Z",
    re.IGNORECASE,
)
_AMBIGUOUS_STARTS = frozenset("0123456789-+.~yYnNoOtTfF<=")
# Signs that nobody sees: controls, marks of width nothing, marks that turn the direction of writing.
_HIDDEN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


class _Refusal(Exception):
    """What is not allowed, and the way to it from the inside out."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.way: list[str] = []

    def at(self, file: str) -> LawError:
        path = "".join(reversed(self.way)).removeprefix(".")
        return LawError([LawProblem(file, path, self.zh, self.en)])


def read_yaml(text: bytes, *, file: str) -> Plain:
    """Return the one document of a YAML file.

    Args:
        text: the bytes of the file, UTF-8.
        file: its name for messages.

    Raises:
        LawError: the text is no YAML, holds more than one document, repeats a key, or uses a form that
            is not allowed here; the problem names the key path.
    """
    try:
        return _document(text)
    except _Refusal as refusal:
        raise refusal.at(file) from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: "
        message = f"{place}{getattr(error, 'problem', None) or error}"
        raise _Refusal(f"不是有效的 YAML：{message}", f"not valid YAML: {message}").at(file) from None


def _document(text: bytes) -> Plain:
    if len(text) > LARGEST_FILE:
        raise _Refusal(f"文件大于 {LARGEST_FILE} 字节", f"the file has more than {LARGEST_FILE} bytes")
    try:
        signs = text.decode()
    except UnicodeDecodeError as error:
        raise _Refusal(
            f"不是有效的 YAML：不是 UTF-8：{error}", f"not valid YAML: no UTF-8: {error}"
        ) from None
    hidden = _HIDDEN.search(signs)
    if hidden is not None:
        line = signs.count("\n", 0, hidden.start()) + 1
        raise _Refusal(
            f"不是有效的 YAML：第 {line} 行有不可见字符", f"not valid YAML: an invisible sign in line {line}"
        )
    following: Callable[[], Any] = CParser(text).get_event
    following()  # the stream begins
    if type(following()) is StreamEndEvent:
        raise _Refusal("文件为空", "the file is empty")
    value = _value(following(), following, DEEPEST)
    assert type(following()) is DocumentEndEvent
    if type(following()) is DocumentStartEvent:
        raise _Refusal("不是有效的 YAML：应只有一个文档", "not valid YAML: but found another document")
    return value


def _value(event: Any, following: Callable[[], Any], levels: int) -> Plain:
    if type(event) is ScalarEvent:
        return _scalar(event)
    _plain(event)
    if not levels:
        raise _Refusal("嵌套过深", "nested too deeply")
    return (_mapping if type(event) is MappingStartEvent else _sequence)(following, levels - 1)


def _mapping(following: Callable[[], Any], levels: int) -> Plain:
    result: dict[str, Plain] = {}
    key = ""
    try:
        while type(event := following()) is not MappingEndEvent:
            if type(event) is not ScalarEvent:
                key = ""
                _plain(event)
                raise _Refusal("键必须是文字", "a key must be text")
            key = event.value
            if event.tag or event.anchor or event.style == '"':
                _scalar(event)  # which refuses
            elif not event.style and _is_ambiguous(key):
                raise _Refusal(f"键的写法有歧义，请加引号：{key}", f"ambiguous key, put it in quotes: {key}")
            if key in result:
                raise _Refusal("键重复", "the key stands twice")
            event = following()
            result[key] = _scalar(event) if type(event) is ScalarEvent else _value(event, following, levels)
    except _Refusal as refusal:
        refusal.way.append(f".{key}" if key else "")
        raise
    return result


def _sequence(following: Callable[[], Any], levels: int) -> Plain:
    result: list[Plain] = []
    try:
        while type(event := following()) is not SequenceEndEvent:
            result.append(_value(event, following, levels))
    except _Refusal as refusal:
        refusal.way.append(f"[{len(result)}]")
        raise
    return result


@lru_cache(maxsize=4096)
def _is_ambiguous(key: str) -> bool:
    """Whether another reader could take a key for something else than text (`<<` merges, `no` is false)."""
    return not key or key in _WORDS or bool(_AMBIGUOUS.match(key))


def _plain(event: Any) -> None:
    """Refuse what lets a file say one thing by saying another."""
    if type(event) is AliasEvent or event.anchor:
        raise _Refusal("不允许使用锚点和别名", "anchors and aliases are not allowed")
    if event.tag:
        raise _Refusal(f"不允许使用标签 {event.tag}", f"tags are not allowed: {event.tag}")


def _scalar(event: Any) -> Plain:
    if event.tag or event.anchor:
        _plain(event)
    text: str = event.value
    if event.style:
        if event.style == '"' and _HIDDEN.search(text):
            raise _Refusal("有不可见字符", "an invisible sign")
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _AMBIGUOUS_STARTS and (_AMBIGUOUS.match(text) or _NUMERIC.match(text)):
        return _number_or_day(text)
    return text


def _number_or_day(text: str) -> Plain:
    if len(text) > LONGEST_NUMBER:
        raise _Refusal(f"数字超过 {LONGEST_NUMBER} 位", f"a number of more than {LONGEST_NUMBER} signs")
    if _NUMERIC.match(text):
        return Decimal(text) if "." in text else int(text)
    if _DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _Refusal(f"没有这一天：{text}", f"there is no such day: {text}") from None
    raise _Refusal(f"写法有歧义，请加引号：{text}", f"ambiguous, put it in quotes: {text}")
