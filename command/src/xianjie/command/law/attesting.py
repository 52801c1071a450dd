"""The texts of instruments beside the law data: does every cited article say what is on record of it.

The file of an instrument is found by its digest, so the law data names no file. Only digests and numbers are
written into the law data, never a word of a text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from xianjie.lawbook.checking.attested import articles_of, digest_of_text, numbers_in
from xianjie.lawbook.checking.citation_checking import must_be_recorded
from xianjie.lawbook.checking.cited import Citing, cited_places
from xianjie.lawbook.files.problems import LawProblem
from xianjie.lawbook.standards.catalogue import AttestedArticle, Instrument

from .app import Unusable

_BEGIN = "articles:\n"


def differences(law: Citing, texts: Path) -> tuple[LawProblem, ...]:
    """Return where the record of an article and its text differ, and what is not there.

    Args:
        texts: directory with the files of the texts, under any names.

    Raises:
        Unusable: it is no directory.
        OSError: a file cannot be read.
    """
    found: list[LawProblem] = []
    for instrument, wanted in _wanted(law, texts, found):
        for name in sorted(instrument.articles.keys() | wanted.keys()):
            before, now = instrument.articles.get(name), wanted.get(name)
            if now is None:
                continue  # that nobody cites it, or that it is not found, is a problem of its own
            if before is None:
                found.append(_problem(instrument, name, "尚未登记", "is not on record"))
            elif before.digest != now.digest:
                found.append(
                    _problem(instrument, name, "与原文不符：摘要不同", "another text: the digests differ")
                )
            elif before.numbers != now.numbers:
                found.append(
                    _problem(
                        instrument, name, "与原文不符：数字不同", "the numbers are not those of the text"
                    )
                )
    return tuple(sorted(found))


def record(law: Citing, texts: Path, directory: Path) -> tuple[int, tuple[LawProblem, ...]]:
    """Write digest and numbers of every cited article into the files of the instruments.

    Returns:
        How many articles are on record now, and what could not be found. What could not be found stays as it
        is on record.

    Raises:
        Unusable, OSError: as `differences`; a file cannot be written.
    """
    problems: list[LawProblem] = []
    count = 0
    for instrument, found in _wanted(law, texts, problems):
        lost = {
            problem.path.removeprefix("articles.")
            for problem in problems
            if problem.file == _file(instrument)
        }
        kept = {name: article for name, article in instrument.articles.items() if name in lost}
        wanted = {**found, **kept}
        path = directory / "instruments" / f"{instrument.id}.yaml"
        before = path.read_text(encoding="utf-8")
        head = before.partition(f"\n{_BEGIN}")[0].rstrip("\n") + "\n"
        lines = "".join(f"  {name}: {_written(article)}\n" for name, article in wanted.items())
        after = head + (_BEGIN + lines if wanted else "")
        if after != before:
            draft = path.with_name(path.name + ".new")
            draft.write_text(after, encoding="utf-8")
            draft.replace(path)
        count += len(wanted)
    return count, tuple(sorted(problems))


def _written(article: AttestedArticle) -> str:
    heading = "" if article.heading is None else f"heading: {article.heading}, "
    numbers = ", ".join(map(str, article.numbers))
    return f"{{{heading}digest: {article.digest}, numbers: [{numbers}]}}"


def _wanted(
    law: Citing, texts: Path, problems: list[LawProblem]
) -> Iterator[tuple[Instrument, Mapping[str, AttestedArticle]]]:
    """Yield every instrument whose text is there, with what its cited articles say, in their order."""
    files = _by_digest(texts)
    cited: dict[str, dict[str, None]] = {}
    for each in cited_places(law):
        instrument = law.standards.instruments.get(each.place.instrument)
        if instrument is not None and must_be_recorded(each, instrument):
            cited.setdefault(instrument.id, {})[each.place.article] = None
    for instrument in law.standards.instruments.values():
        names = cited.get(instrument.id, {})
        if instrument.text_digest is None:
            continue
        file = files.get(instrument.text_digest)
        if file is None:
            problems.append(
                _problem(instrument, "", "目录中没有这份文本", "the text is not in the directory")
            )
            continue
        yield instrument, _attested(instrument, names, file, problems)


def _attested(
    instrument: Instrument, names: Mapping[str, None], file: Path, problems: list[LawProblem]
) -> Mapping[str, AttestedArticle]:
    try:
        articles = articles_of(file.read_text(encoding="utf-8"), instrument.text_part)
    except ValueError as error:
        problems.append(_problem(instrument, "", f"读不出条文：{error}", f"no article can be read: {error}"))
        return {}
    found = {}
    order = {name: place for place, name in enumerate(articles)}
    headings = {
        name: None if (before := instrument.articles.get(name)) is None else before.heading for name in names
    }
    for name in sorted(names, key=lambda name: (order.get(headings[name] or name, 0), name)):
        text = articles.get(headings[name] or name)
        if text is None:
            problems.append(_problem(instrument, name, "文本中没有这一条", "the text has no such article"))
        else:
            found[name] = AttestedArticle(digest_of_text(text), numbers_in(text), headings[name])
    return found


def _by_digest(texts: Path) -> Mapping[str, Path]:
    if not texts.is_dir():
        raise Unusable(f"{texts}: 不是目录 (is no directory)")
    return {
        f"sha-256:{hashlib.sha256(path.read_bytes()).hexdigest()}": path
        for path in sorted(texts.iterdir())
        if path.is_file()
    }


def _problem(instrument: Instrument, article: str, zh: str, en: str) -> LawProblem:
    path = f"articles.{article}" if article else "text_digest"
    return LawProblem(_file(instrument), path, zh, en)


def _file(instrument: Instrument) -> str:
    return f"instruments/{instrument.id}.yaml"
