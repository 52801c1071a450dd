"""Reads the rules of notification from YAML and names everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xianjie.notification.domain.due import Words
from xianjie.notification.domain.facts import CONDITIONS, PLACEHOLDERS, FactKind
from xianjie.notification.domain.rules import Role, Rule, Urgency

Text = Annotated[str, Field(min_length=1, max_length=1000)]


class RulesInvalid(ValueError):
    """The rules cannot be used; every fault says file, line and what is wrong.

    Attributes:
        faults: one sentence for each fault, in the order of files and lines.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _AnswerWithin(_Closed):
    hours: Annotated[int, Field(ge=1, le=24 * 90)]
    statutory: Literal[False]


class _Entry(_Closed):
    """One rule as it stands in a file."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    fact: Annotated[FactKind, Field(strict=False)]
    when: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    to: Annotated[list[Annotated[Role, Field(strict=False)]], Field(min_length=1)]
    urgency: Annotated[Urgency, Field(strict=False)]
    answer_within: _AnswerWithin | None = None
    title_zh: Text
    title_en: Text
    body_zh: Text
    body_en: Text

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what the types cannot say, each with its place in the entry."""
        known = CONDITIONS[self.fact]
        for trait, values in self.when.items():
            if trait not in known:
                yield (
                    ("when", trait),
                    f"{self.fact} has no such condition; it has: {', '.join(sorted(known)) or 'none'}",
                )
                continue
            for index, value in enumerate(values):
                if value not in known[trait]:
                    yield (
                        ("when", trait, index),
                        f"{value!r} never occurs; there are: {', '.join(sorted(known[trait]))}",
                    )
        if self.fact is FactKind.MESSAGE_UNANSWERED and self.answer_within:
            yield ("answer_within",), "an escalation asks for no answer of its own, or it would never end"
        for member in ("title_zh", "title_en", "body_zh", "body_en"):
            yield from (((member,), text) for text in _template_faults(getattr(self, member), fact=self.fact))

    def rule(self) -> Rule:
        """Return the rule in the words of the domain."""
        return Rule(
            id=self.id,
            fact=self.fact,
            when={trait: frozenset(values) for trait, values in self.when.items()},
            to=tuple(dict.fromkeys(self.to)),
            urgency=self.urgency,
            answer_within=timedelta(hours=self.answer_within.hours) if self.answer_within else None,
            title=Words(self.title_zh, self.title_en),
            body=Words(self.body_zh, self.body_en),
        )


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """Read every `*.yaml` of the folder.

    Args:
        folder: files in the order of their names, each a list of rules.

    Raises:
        RulesInvalid: naming every fault of every file.
    """
    faults: list[str] = []
    rules: dict[str, Rule] = {}
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise RulesInvalid([f"{folder}: no file *.yaml"])
    for path in paths:
        for rule, place in _read(path, faults):
            if rule.id in rules:
                faults.append(f"{place}: id: {rule.id!r} is the id of an earlier rule")
            rules.setdefault(rule.id, rule)
    if faults:
        raise RulesInvalid(faults)
    return tuple(rules.values())


def _read(path: Path, faults: list[str]) -> Iterator[tuple[Rule, str]]:
    """Yield the rules of one file that are whole, with file and line; add what is wrong to `faults`."""
    try:
        text = path.read_text(encoding="utf-8")
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        entries = loader.construct_document(root) if root else None
    except UnicodeDecodeError:
        faults.append(f"{path.name}: not UTF-8")
        return
    except yaml.reader.ReaderError as error:
        faults.append(f"{path.name}:{text[: error.position].count(chr(10)) + 1}: not YAML: {error.reason}")
        return
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(f"{path.name}:{line}: not YAML: {error.problem}")
        return
    if root is None or not isinstance(entries, list) or not entries:
        faults.append(f"{path.name}:1: a list of rules is expected")
        return
    faults.extend(f"{path.name}:{line}: {key}: stands twice" for key, line in _repeated_keys(root))
    for index, entry in enumerate(entries):
        found = [
            f"{path.name}:{_line(root, (index, *at))}: {'.'.join(map(str, at)) or 'rule'}: {what}"
            for at, what in _entry_faults(entry)
        ]
        faults.extend(found)
        if not found:
            yield _Entry.model_validate(entry).rule(), f"{path.name}:{_line(root, (index,))}"


def _entry_faults(entry: Any) -> list[tuple[tuple[str | int, ...], str]]:
    try:
        return list(_Entry.model_validate(entry).faults())
    except ValidationError as error:
        return [(each["loc"], each["msg"]) for each in error.errors(include_url=False)]


def _template_faults(text: str, *, fact: FactKind) -> Iterator[str]:
    """Yield what is wrong with the placeholders: only whole names from the closed list are filled in."""
    known = PLACEHOLDERS[fact]
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        yield f"braces do not match: {error}"
        return
    for _, name, form, conversion in parts:
        if name is not None and (name not in known or form or conversion):
            shown = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            yield f"{{{shown}}} is not known for {fact}; it has: {', '.join(sorted(known))}"


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _line(root: yaml.Node, place: tuple[str | int, ...]) -> int:
    """Return the line, from 1, of the deepest node that exists on the way to the place."""
    node = root
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == step), node)
    return int(node.start_mark.line) + 1
