"""The pages about the law for people: `python -m xianjie.command.law.pages write|check`.

Every text follows from the law data and from which tests there are; nothing depends on day or machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xianjie.lawbook.bundle import Lawbook, read_files

from ..documents import differing
from ..places import LAW, ROOT
from .markdown import Shelf
from .matrix import as_json, matrix
from .pages_index import index_page
from .pages_of_articles import instrument_pages, matrix_page
from .pages_of_entries import clock_page, offence_page, rule_page
from .pages_of_lists import calendars_page, counting_page, gaps_page, parameters_page, sector_pages
from .tested import exercises, worked_terms

FOLDER = ROOT / "docs" / "law"
MATRIX = "matrix.ndjson"


def pages(law: Lawbook, files: Mapping[str, bytes], root: Path) -> Mapping[str, str]:
    """Return the text of every page by its path below the folder of the pages.

    Args:
        files: the files of the law, see `bundle.read_files`.
        root: the repository, whose tests the matrix names.

    Raises:
        LawError: a file of worked cases breaks its format.
        OSError: a test cannot be read.
    """
    shelf = shelved(law)
    runs = exercises(law.standards, files)
    terms = worked_terms(files)
    entries = matrix(law, runs, terms, root)
    texts = {
        "README.md": index_page(law, shelf),
        "parameters.md": parameters_page(law, shelf),
        "calendars.md": calendars_page(law),
        "counting.md": counting_page(law, shelf),
        "gaps.md": gaps_page(law, shelf),
        "matrix.md": matrix_page(law, entries, shelf),
        MATRIX: as_json(entries),
    }
    for offence in law.standards.offences.values():
        texts[f"offences/{offence.id}.md"] = offence_page(law, offence, runs, shelf)
    for row in law.clocks.values():
        texts[f"clocks/{row.id}.md"] = clock_page(law, row, terms, shelf)
    for rule in law.rules.by_id.values():
        texts[f"rules/{rule.id}.md"] = rule_page(law, rule, shelf)
    texts |= instrument_pages(law, entries, shelf)
    texts |= sector_pages(law, shelf)
    return texts


def shelved(law: Lawbook) -> Shelf:
    """Return where every entry of the law has its page.

    Raises:
        ValueError: two entries of different kinds have the same id.
    """
    found: dict[str, str] = {}
    for name, page in _places(law):
        if name in found:
            raise ValueError(f"{name}: two entries have this id, see {found[name]} and {page}")
        found[name] = page
    return Shelf(found)


def _places(law: Lawbook) -> Iterator[tuple[str, str]]:
    yield from ((name, f"offences/{name}.md") for name in law.standards.offences)
    yield from ((name, f"clocks/{name}.md") for name in law.clocks)
    yield from ((name, f"rules/{name}.md") for name in law.rules.by_id)
    yield from ((name, f"instruments/{name}.md") for name in law.standards.instruments)
    yield from ((name, f"instruments/{name}.md") for name in law.standards.known_unread)
    yield from ((name, "parameters.md") for name in law.standards.parameters)


def left_over(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """Return the files of the folder that are no page any more."""
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(set(there) - wanted.keys())


def main(arguments: Sequence[str], *, law: Path = LAW, folder: Path = FOLDER, root: Path = ROOT) -> int:
    """Write what differs and remove what is no page any more, or say so; 1 where `check` found something."""
    if list(arguments) not in (["write"], ["check"]):
        sys.stderr.write("usage: python -m xianjie.command.law.pages write|check\n")
        return 2
    wanted = pages(Lawbook.load(law), read_files(law), root)
    differs, gone = differing(folder, wanted), left_over(folder, wanted)
    sys.stdout.writelines(f"{name}\n" for name in (*differs, *gone))
    if list(arguments) == ["check"]:
        return int(bool(differs or gone))
    for name in differs:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(wanted[name], encoding="utf-8")
    for name in gone:
        (folder / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
