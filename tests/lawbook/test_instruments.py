"""Every instrument has a file of its own, says how well it was seen, and stands for one text."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.lawbook.standards_law import files, standards
from tests.lawbook.whole_law import checked, whole

from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.procedure.rows import load_rows
from xianjie.lawbook.standards.loading import load_standards

LAW = Path(__file__).resolve().parents[2] / "law"


def test_every_instrument_has_one_file_that_bears_its_name() -> None:
    names = {path[12:-5] for path in files() if path.startswith("instruments/")}
    assert names == set(standards().instruments) and len(names) >= 298
    assert len({name.lower() for name in names}) == len(names)  # also where a file system ignores case


def test_an_instrument_that_was_read_has_the_digest_of_its_text() -> None:
    for text in standards().instruments.values():
        assert text.text_digest is not None or not text.articles, text.id
        if text.grade == "memory":
            assert text.text_digest is None and not text.articles and text.note, text.id


def test_a_first_day_is_missing_only_with_a_reason_and_never_in_a_text_that_was_read() -> None:
    undated = {text.id for text in standards().instruments.values() if text.effective_from is None}
    assert undated == {"SPP23", "MPS16", "MPS15", "SIX12", "GJH06", "FD15", "CYBER17"}
    assert all(standards().instruments[name].note for name in undated)
    assert not any(standards().instruments[name].text_digest for name in undated)


def test_no_word_of_a_text_is_on_record_but_names_of_articles_and_numbers() -> None:
    for text in standards().instruments.values():
        for name, article in text.articles.items():
            assert len(name) < 20 and (article.heading is None or len(article.heading) < 10)
            assert re.fullmatch(r"sha-256:[0-9a-f]{64}", article.digest)


def test_an_instrument_overlaps_the_days_on_which_it_is_in_force() -> None:
    text = standards().instruments["std2_2010"]
    assert text.effective_from is not None and text.effective_to is not None
    assert text.overlaps(text.effective_to, text.effective_to)
    assert not text.overlaps(text.effective_to.replace(year=2023), text.effective_to.replace(year=2024))


def test_every_text_that_the_procedure_names_is_an_instrument(reference: Path) -> None:
    lines = (reference / "domain" / "procedure.md").read_text(encoding="utf-8").splitlines()
    begin = next(place for place, line in enumerate(lines) if line.startswith("### 0.2"))
    table = [line for line in lines[begin : begin + 45] if line.startswith("| ")][1:]
    names = {name for line in table for name in re.findall(r"[A-Z]{2,}[0-9]*", line.split("|")[1])}
    names -= {"READ"}
    assert len(names) > 35
    assert names <= standards().instruments.keys()


def test_every_statute_of_the_table_of_causes_is_an_instrument_with_its_days(reference: Path) -> None:
    theirs = yaml.safe_load((reference / "domain" / "causes.yaml").read_bytes())["statutes"]
    ours = {text.short_zh: text for text in standards().instruments.values() if text.short_zh}
    assert len(theirs) == len(ours) == 186
    for statute in theirs:
        text = ours[statute["code"]]
        assert str(text.effective_from) == statute["effective_from"], text.id
        assert (text.effective_to and str(text.effective_to)) == statute["effective_to"], text.id
        assert text.grade == statute["grade"], text.id


def test_every_digest_is_that_of_a_text_that_was_read(reference: Path) -> None:
    known = {
        f"sha-256:{sha256(path.read_bytes()).hexdigest()}"
        for path in (reference / "law").iterdir()
        if path.is_file()
    }
    for text in standards().instruments.values():
        assert text.text_digest is None or text.text_digest in known, text.id


def test_every_short_name_of_a_row_is_an_instrument() -> None:
    for row in load_rows(LAW / "clocks").values():
        for text in row.versions:
            assert text.source.instrument in standards().instruments, row.id


@pytest.mark.parametrize("number", [None, "3号"])
def test_a_number_that_was_not_obtained_is_null_in_the_file_and_empty_in_memory(number: Any) -> None:
    law = whole()
    law["instruments/old_act.yaml"]["number"] = number
    found = checked(law).law
    assert found is not None and found.standards.instruments["old_act"].number == (number or "")


@pytest.mark.parametrize("missing", ["number", "issuer", "effective_from", "grade", "text_read", "title_zh"])
def test_a_member_that_is_left_out_is_no_null(missing: str) -> None:
    law = dict(files())
    law["instruments/R310.yaml"] = b"\n".join(
        line for line in law["instruments/R310.yaml"].splitlines() if not line.startswith(missing.encode())
    )
    with pytest.raises(LawError) as refused:
        load_standards(law)
    assert {(problem.file, problem.path) for problem in refused.value.problems} >= {
        ("instruments/R310.yaml", missing)
    }
