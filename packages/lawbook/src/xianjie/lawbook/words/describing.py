"""What an offence says, told for people: one outline for the terminal and for the generated pages.

The shape of every description:

* `Section(title, items, sections)`: a heading, statements under it, and sections below it;
* `Item(text, items, marks, id)`: one statement; its `items` are the parts that it consists of, one level
  deeper; `marks` are short warnings (须由人判断, 目录缺口) that a reader must not overlook; `id` is the id of
  the node, case or version that it speaks of.

`outline(section)` gives the lines of a section as plain text, two blanks for each level. The functions are
`describe_offence`, `describe_version` and `condition` here, `describe_clock` and `describe_rule` in
`describing_procedure`. `language` is CHINESE or ENGLISH of `phrases`. Nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xianjie.lawbook.files import naming
from xianjie.lawbook.files.naming import named
from xianjie.lawbook.standards.catalogue import Cumulation, Fact, Offence, Standards, Version
from xianjie.lawbook.standards.nodes import (
    Group,
    Node,
)
from xianjie.lawbook.standards.parameters import Parameter
from xianjie.lawbook.words.law_words import Words
from xianjie.lawbook.words.phrases import CHINESE


@dataclass(frozen=True, slots=True)
class Item:
    """One statement with the parts that it consists of, see the module."""

    text: str
    items: tuple[Item, ...] = ()
    marks: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with statements and with the sections below it, see the module."""

    title: str
    items: tuple[Item, ...] = ()
    sections: tuple[Section, ...] = ()


def outline(section: Section, depth: int = 0) -> Iterator[str]:
    """Yield the lines of a section as plain text, two blanks for each level."""
    yield "  " * depth + section.title
    for item in section.items:
        yield from _item_lines(item, depth + 1)
    for below in section.sections:
        yield from outline(below, depth + 1)


def _item_lines(item: Item, depth: int) -> Iterator[str]:
    marks = "".join(f"【{mark}】" for mark in item.marks)
    yield f"{'  ' * depth}- {marks}{item.text}"
    for part in item.items:
        yield from _item_lines(part, depth + 1)


def describe_offence(standards: Standards, offence: Offence, language: int = CHINESE) -> Section:
    """Return what an offence says: who meets it, and every version with its conditions, newest first."""
    say = Words(language)
    sectors = [standards.sectors[code] for code in offence.sectors]
    items = [
        Item(say("article", offence.criminal_law_article)),
        Item(say("kind", named(naming.OFFENCE_KINDS, offence.kind, language))),
        Item(say("sectors", say.joined(s.name_en if language else s.name_zh for s in sectors))),
    ]
    items += [
        Item(
            say("known_unread", unread.title_zh, unread.number, unread.effective_from),
            marks=(say("gap"),),
            id=unread.id,
        )
        for unread in standards.known_unread.values()
        if offence.id in unread.affects
    ]
    items += [Item(say.related(each, offence)) for each in standards.relations.get(offence.id, ())]
    bar = standards.suspicion_bars.get(offence.id)
    if bar is not None:
        items.append(Item(say.suspicion(bar, standards), id=bar.source.instrument))
    return Section(
        offence.name_en if language else offence.name_zh,
        tuple(items),
        tuple(describe_version(standards, version, language) for version in reversed(offence.versions)),
    )


def describe_version(standards: Standards, version: Version, language: int = CHINESE) -> Section:
    """Return what one version says: validity, sources, how the text was seen, and its conditions."""
    say = Words(language)
    facts = {fact.name: fact for fact in version.facts}
    items = [
        Item(say("sources"), tuple(Item(say.source(each), id=each.instrument) for each in version.sources)),
        *_standing(version, say),
        *(Item(say(key, text)) for key, text in _editors(version)),
    ]
    trees = (("gate", version.gate), ("criteria", version.criteria), ("bars", version.bars))
    sections = [
        Section(say(name), (condition(tree, facts, language),)) for name, tree in trees if tree is not None
    ]
    if version.cumulation is not None:
        sections.append(_adding_up(version.cumulation, facts, say))
    if version.parameters:
        amounts = tuple(describe_amount(standards, each, language) for each in version.parameters)
        sections.append(Section(say("amounts"), amounts))
    days = say.days(version.effective_from, version.effective_to)
    return Section(say("version", version.id, days), tuple(items), tuple(sections))


def _standing(version: Version, say: Words) -> Iterator[Item]:
    """Say how well the text was seen and by whom it was checked."""
    if version.text_missing:
        yield Item(say("text_missing"), marks=(say("gap"),))
    else:
        grade = str(version.grade)
        seen = named(naming.TEXTS_SEEN, version.text_seen, say.language)
        marks = () if grade == "read" else (say("unchecked"),)
        yield Item(say("grade", named(naming.GRADES, grade, say.language), seen), marks=marks)
    yield Item(say("checked_by", version.checked_by or say("nobody")))
    if version.incomplete:
        yield Item(say("incomplete"), marks=(say("gap"),))


def _editors(version: Version) -> Iterator[tuple[str, str]]:
    for key, text in (
        ("gap_before", version.gap_before),
        ("measurement", version.measurement),
        ("note", version.note),
    ):
        if text is not None:
            yield key, text


def condition(node: Node, facts: dict[str, Fact], language: int = CHINESE) -> Item:
    """Return a condition with its parts: clause, wording, limit in words, and what a person must decide.

    Args:
        facts: the facts of the version by name.
    """
    say = Words(language)
    wording = say.wording(node)
    if isinstance(node, Group) and _repeats(node, wording, say):
        wording = ""  # the parts that follow say it all
    clause = node.wording.clause or ""
    said = say("clause", clause, wording) if clause and wording else clause or wording
    detail = say.detail(node, facts)
    if isinstance(node, Group):
        text = f"{said}{say('parts', detail)}" if said else detail
    else:
        text = said + (say("recorded", detail) if detail else "")
    parts = tuple(condition(part, facts, language) for part in node.children)
    return Item(text, parts, tuple(say.marks(node, facts)), node.id)


def _repeats(node: Node, wording: str, say: Words) -> bool:
    return all(say.wording(part) in wording for part in node.walk() if not part.children)


def _adding_up(rule: Cumulation, facts: dict[str, Fact], say: Words) -> Section:
    counted = sorted(rule.facts)
    window = say("window", rule.window_months) if rule.window_months else say("no_window")
    return Section(
        say("cumulation"),
        (
            Item(say("cumulated", rule.clause, named(naming.SCOPES, rule.scope.value, say.language))),
            Item(window),
            Item(say("summed", say.joined(say.label(facts[name]) for name in counted))),
        ),
    )


def describe_amount(standards: Standards, parameter: Parameter, language: int = CHINESE) -> Item:
    """Return an amount that provinces set: the national range, and what each province has set."""
    say = Words(language)
    unit = standards.units.get(parameter.unit)
    overlays = tuple(Item(say.overlay(overlay, unit), id=overlay.province) for overlay in parameter.overlays)
    low, high = say.amount(parameter.min, unit), say.amount(parameter.max, unit)
    cited = say.cited(standards, parameter.source)
    text = say("amount_range", parameter.id, low, high, parameter.set_by, cited)
    return Item(text, overlays or (Item(say("no_overlay")),), id=parameter.id)
