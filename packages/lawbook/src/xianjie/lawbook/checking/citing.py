"""Citations as the law data writes them, taken apart into instrument, article and item.

Two ways of writing stand in the data: `R310 8; PSP 180(1)` in rows and rules (short names of instruments,
Arabic numerals), and `第七十一条第（四）项4、第八十一条` in standards (Chinese, where a clause names its
instrument only when it is not that of the version).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from xianjie.lawbook.procedure.regimes import Regime
from xianjie.lawbook.procedure.rows import Version as RowVersion
from xianjie.lawbook.procedure.rules import Rule
from xianjie.lawbook.standards.catalogue import Source, Standards, Version

STATUTE_PREFIX, STATUTE = "刑法", "criminal_law"
UNREAD_SUFFIX = "（未读）"

_SHORT = re.compile(r"(?:(?P<name>[A-Z][A-Z0-9]+)(?: |$))?(?P<rest>.*)", re.DOTALL)
_PARTS = re.compile(r";|,(?= [A-Z][A-Z0-9]+ )")
_NUMBERED = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+))?(?P<item>(?:\([^)]*\))*(?:-\([^)]*\))?)")
_NUMERALS = "一二三四五六七八九"
_ARTICLE = re.compile(
    rf"(?P<prefix>.*?)第(?P<number>[{_NUMERALS}十百千零〇]+)条(?P<branch>(?:之[{_NUMERALS}十]+)?)(?P<item>.*)",
    re.DOTALL,
)
_UNTIL = re.compile(rf"至第(?P<number>[{_NUMERALS}十百千零〇]+)条(?P<item>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A place in an instrument.

    Attributes:
        instrument: its id; a name that could not be resolved stands as it is written.
        article: such as `第七十一条`, or the heading of a part; empty where no article was obtained.
        item: what within the article, as the data writes it (`(2)`, `第（四）项4`); empty for all of it.
    """

    instrument: str
    article: str
    item: str = ""


def short_citations(text: str, instrument: str = "") -> tuple[Citation, ...]:
    """Return the places that a text such as `R310 8; PSP 180(1)` names, in order.

    Args:
        instrument: the one that is meant until the text names another.
    """
    found: list[Citation] = []
    for part in _PARTS.split(text):
        match = _SHORT.fullmatch(part.strip())
        assert match is not None  # the pattern fits every text
        instrument = match["name"] or instrument
        found += _of_one(instrument, match["rest"])
    return tuple(found)


def _of_one(instrument: str, text: str) -> list[Citation]:
    found: list[Citation] = []
    for token in (part.strip() for part in text.split(",")):
        match = _NUMBERED.fullmatch(token)
        if match is not None:
            last = int(match["last"] or match["first"])
            found += [
                Citation(instrument, f"第{numeral(number)}条", match["item"])
                for number in range(int(match["first"]), last + 1)
            ]
        elif found:
            # "(3)" or "last sentence" speaks of the article before it.
            sign = "" if token.startswith("(") else ", "
            found.append(replace(found[-1], item=token) if not sign else _with(found.pop(), sign + token))
        else:
            found.append(Citation(instrument, "", token))
    return found


def _with(citation: Citation, more: str) -> Citation:
    return replace(citation, item=(citation.item + more).removeprefix(", "))


def row_places(version: RowVersion) -> tuple[Citation, ...]:
    """Return the places that give the limit of a text of a row."""
    source = version.source
    return short_citations(source.article, source.instrument) or (Citation(source.instrument, ""),)


def counting_places(rule: Regime) -> tuple[Citation, ...]:
    """Return the places of a counting clause; none where the source of the term has no such clause."""
    return tuple(place for place in short_citations(rule.source) if place.instrument)


def rule_places(rule: Rule) -> tuple[Citation, ...]:
    """Return the places that a detection rule rests on."""
    return tuple(place for text in rule.basis for place in short_citations(text))


@dataclass(frozen=True, slots=True)
class ChineseCitation:
    """A place as a standard writes it; `prefix` names the instrument where the clause does."""

    prefix: str
    article: str
    item: str


def chinese_citations(text: str) -> tuple[ChineseCitation, ...]:
    """Return the places that a text such as `刑法第二百二十五条、第一条第（二）项` names, in order."""
    found: list[ChineseCitation] = []
    for piece in text.split("、"):
        match = _ARTICLE.fullmatch(piece)
        if match is not None:
            found += _articles(match)
        elif found:
            found[-1] = replace(found[-1], item=f"{found[-1].item}、{piece}")
        else:
            found.append(ChineseCitation(piece, "", ""))
    return tuple(found)


def _articles(match: re.Match[str]) -> Iterator[ChineseCitation]:
    until = _UNTIL.fullmatch(match["item"])
    if until is None:
        yield ChineseCitation(match["prefix"], f"第{match['number']}条{match['branch']}", match["item"])
        return
    first, last = numeral_value(match["number"]), numeral_value(until["number"])
    for number in range(first, last + 1):
        item = until["item"] if number == last else ""
        yield ChineseCitation(match["prefix"], f"第{numeral(number)}条", item)


def places(text: str, version: Version, standards: Standards) -> tuple[Citation, ...]:
    """Return the places that a clause of a version names, each with the id of its instrument.

    An instrument that the clause does not name is the source of the version that lists the article, else the
    first source that is not the statute. A clause without an article speaks of the article of that source,
    where it has only one. A clause of an instrument that was not read has its id and no article.
    """
    found = []
    for cited in chinese_citations(text):
        unread = _unread(cited, standards)
        if unread is not None:
            found.append(Citation(unread, ""))
            continue
        instrument = _instrument(cited, version, standards)
        if cited.article:
            found.append(Citation(instrument, cited.article, cited.item))
            continue
        own = {place.article for place in version_places(version) if place.instrument == instrument}
        article = own.pop() if len(own) == 1 else ""
        found.append(Citation(instrument, article, cited.prefix.removeprefix(article)))
    return tuple(found)


def version_places(version: Version) -> tuple[Citation, ...]:
    """Return the places that the sources of a version list."""
    return tuple(place for source in version.sources for place in source_places(source))


def source_places(source: Source) -> tuple[Citation, ...]:
    """Return the places of a source of a version; empty for one that was not read."""
    if source.instrument is None or source.article is None:
        return ()
    return listed_places(source.instrument, source.article)


def listed_places(instrument: str, articles: str) -> tuple[Citation, ...]:
    """Return the places that a list of Chinese articles names; a part without one by its words."""
    cited = chinese_citations(articles)
    return tuple(Citation(instrument, each.article or each.prefix, each.item) for each in cited)


def _unread(cited: ChineseCitation, standards: Standards) -> str | None:
    if not cited.prefix.endswith(UNREAD_SUFFIX):
        return None
    number = cited.prefix.removesuffix(UNREAD_SUFFIX)
    return next((text.id for text in standards.known_unread.values() if text.number == number), None)


def _instrument(cited: ChineseCitation, version: Version, standards: Standards) -> str:
    named = _named(cited.prefix, version, standards) if cited.prefix else None
    if named is not None:
        return named
    sources = [source for source in version.sources if source.instrument is not None]
    listing = [
        source for source in sources if any(place.article == cited.article for place in source_places(source))
    ]
    candidates = [*listing, *(s for s in sources if s.instrument != STATUTE), *sources]
    return str(candidates[0].instrument) if candidates else cited.prefix


def _named(prefix: str, version: Version, standards: Standards) -> str | None:
    """Return the instrument that a clause names by number, by a part of its title, or as the statute."""
    if prefix == STATUTE_PREFIX:
        return STATUTE
    own = [source.instrument for source in version.sources if source.instrument is not None]
    for name in (*own, *standards.instruments):
        instrument = standards.instruments[name]
        if prefix in (instrument.number, instrument.title_zh):
            return name
    return next((name for name in own if prefix in standards.instruments[name].title_zh), None)


def numeral_value(text: str) -> int:
    """Return the number that Chinese numerals up to the thousands write."""
    total, digit = 0, 0
    for sign in text:
        if sign in _NUMERALS:
            digit = _NUMERALS.index(sign) + 1
        elif sign in _SIZES:
            total += (digit or 1) * _SIZES[sign]
            digit = 0
    return total + digit


def numeral(number: int) -> str:
    """Return a number from 1 to 9999 in Chinese numerals, as articles are numbered."""
    text, zero = "", False
    for sign, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, size)
        if digit:
            bare = sign == "十" and digit == 1 and not text
            text += ("零" if zero else "") + ("" if bare else _NUMERALS[digit - 1]) + sign
        zero = bool(text) and not digit and number > 0
    return text


_SIZES = {"十": 10, "百": 100, "千": 1000}
