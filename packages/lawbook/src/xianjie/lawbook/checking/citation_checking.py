"""Whether what the law data cites is there: the instrument, its article on record, in force at the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from xianjie.lawbook.checking.cited import Cited, Citing, cited_places
from xianjie.lawbook.checking.citing import Citation
from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.files.problems import LawProblem
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.standards.catalogue import Instrument, Standards


def problems_of_citations(law: Citing) -> Iterator[LawProblem]:
    """Yield every citation that leads nowhere, and every record of an article that nobody cites."""
    standards = law.standards
    wanted: set[tuple[str, str]] = set()
    for cited in dict.fromkeys(cited_places(law)):
        place = cited.place
        wanted.add((place.instrument, place.article))
        if place.instrument in standards.known_unread:
            continue
        instrument = standards.instruments.get(place.instrument)
        if instrument is None:
            yield _problem(
                cited, f"没有这一文件：{place.instrument}", f"no such instrument: {place.instrument}"
            )
            continue
        if must_be_recorded(cited, instrument) and place.article not in instrument.articles:
            yield _problem(
                cited,
                f"{instrument.id} {place.article}：该条未登记摘要，请运行 law check --texts … --write",
                f"{instrument.id} {place.article}: no digest on record, run law check --texts … --write",
            )
        if not instrument.overlaps(cited.first or date.min, cited.last or date.max):
            yield _problem(
                cited, f"{instrument.id} 不在同一时期施行", f"{instrument.id} is never in force with it"
            )
    yield from _seen_by_nobody(standards, wanted)
    yield from _rows(standards, law.clocks)


def must_be_recorded(cited: Cited, instrument: Instrument) -> bool:
    """Whether the article must be on record: its text was read, and what cites it is not from memory."""
    return instrument.text_digest is not None and bool(cited.place.article) and not cited.from_memory


def _seen_by_nobody(standards: Standards, wanted: set[tuple[str, str]]) -> Iterator[LawProblem]:
    for instrument in standards.instruments.values():
        for name in instrument.articles:
            if (instrument.id, name) not in wanted:
                yield LawProblem(
                    f"instruments/{instrument.id}.yaml",
                    f"articles.{name}",
                    "没有任何数据引用这一条",
                    "nothing cites this article",
                )


def _rows(standards: Standards, clocks: Mapping[str, Row]) -> Iterator[LawProblem]:
    """A text of a row began with its instrument, and was seen no better than it."""
    for row in clocks.values():
        for index, text in enumerate(row.versions):
            instrument = standards.instruments.get(text.source.instrument)
            if instrument is None:
                continue
            file, path = f"clocks/{row.id}.yaml", f"versions[{index}].source"
            begins = instrument.effective_from
            if text.enabled and begins is not None and text.valid_from and text.valid_from < begins:
                yield LawProblem(
                    file, path, f"{instrument.id} 施行较晚", f"{instrument.id} was not yet in force"
                )
            if text.enabled and text.grade == Grade.read and instrument.grade != Grade.read:
                yield LawProblem(
                    file,
                    path,
                    f"{instrument.id} 未读过原文，等级不得为 read",
                    f"{instrument.id} was not read, so the grade cannot be read",
                )


def _problem(cited: Cited, zh: str, en: str) -> LawProblem:
    return LawProblem(cited.file, cited.path, zh, en)


def recorded_numbers(standards: Standards, places: tuple[Citation, ...]) -> tuple[frozenset[Fraction], bool]:
    """Return the numbers of the articles on record among the places, and whether one of them has none."""
    numbers: set[Fraction] = set()
    unread = not places
    for place in places:
        instrument = standards.instruments.get(place.instrument)
        article = None if instrument is None else instrument.articles.get(place.article)
        if article is None:
            unread = True
        else:
            numbers.update(map(Fraction, article.numbers))
    return frozenset(numbers), unread
