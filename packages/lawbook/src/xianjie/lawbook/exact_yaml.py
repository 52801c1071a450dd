"""YAML read exactly: the closed part of the language in which the law is written.

Numbers with a decimal point become `Decimal`, never a binary float. What another reader of YAML could
take for something else (`no`, `1e5`, `010`, `12:30`) must be quoted, keys stand once, and anchors,
aliases and tags are refused, so that a file says the same to everybody who opens it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from yaml import MappingNode, Node, ScalarNode, SequenceNode, YAMLError
from yaml._yaml import CParser

from xianjie.lawbook.problems import LawError, LawProblem

Plain: TypeAlias = "bool | int | Decimal | date | str | list[Plain] | dict[str, Plain] | None"

_NUMERIC = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_AMBIGUOUS = re.compile(
    r"(?:~|y|n|yes|no|on|off|true|false|null|<<|=|[-+]?\.(?:inf|nan)|[-+]?[0-9][0-9_,:]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?"
    r"|[-+]?\.[0-9_]+|0[xob][0-9a-f_]+|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9:]+.*)?)\Z",
    re.IGNORECASE,
)


class _Untagged(CParser):
    """A parser that leaves the meaning of scalars to this module (and saves the time of guessing it)."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Nothing to do: no meaning depends on the path."""

    def ascend_resolver(self) -> None:
        """Nothing to do: no meaning depends on the path."""


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
        root = _Untagged(text).get_single_node()
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: "
        message = f"{place}{getattr(error, 'problem', None) or error}"
        raise _refused(file, "", f"不是有效的 YAML：{message}", f"not valid YAML: {message}") from None
    if root is None:
        raise _refused(file, "", "文件为空", "the file is empty")
    try:
        return _value(root, file, "", set())
    except RecursionError:
        raise _refused(file, "", "嵌套过深", "nested too deeply") from None


def _value(node: Node, file: str, path: str, seen: set[int]) -> Plain:
    if node.tag:
        raise _refused(file, path, f"不允许使用标签 {node.tag}", f"tags are not allowed: {node.tag}")
    if id(node) in seen:
        raise _refused(file, path, "不允许使用锚点和别名", "anchors and aliases are not allowed")
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        return _scalar(node, file, path)
    if isinstance(node, SequenceNode):
        return [_value(item, file, f"{path}[{i}]", seen) for i, item in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    result: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if not isinstance(key, str):
            raise _refused(file, path, "键必须是文字", "a key must be text")
        below = f"{path}.{key}" if path else key
        if key in result:
            raise _refused(file, below, "键重复", "the key stands twice")
        result[key] = _value(value_node, file, below, seen)
    return result


def _scalar(node: ScalarNode, file: str, path: str) -> Plain:
    text: str = node.value
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789-+.~yYnNoOtTfF<=" and (_AMBIGUOUS.match(text) or _NUMERIC.match(text)):
        if _NUMERIC.match(text):
            return Decimal(text) if "." in text else int(text)
        if _DAY.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise _refused(file, path, f"没有这一天：{text}", f"there is no such day: {text}") from None
        raise _refused(file, path, f"写法有歧义，请加引号：{text}", f"ambiguous, put it in quotes: {text}")
    return text


def _refused(file: str, path: str, zh: str, en: str) -> LawError:
    return LawError([LawProblem(file, path, zh, en)])
