"""The pages about the law: written anew they are those that stand here, and what they say can be followed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from posixpath import normpath
from time import process_time

import pytest

from xianjie.command.documents import differing
from xianjie.command.law.pages import FOLDER, left_over, main, pages, shelved
from xianjie.lawbook.bundle import Lawbook, read_files
from xianjie.lawbook.standards.nodes import Discretionary, UnreadLimb

ROOT = FOLDER.parents[1]
LAW = ROOT / "law"
MOST_SECONDS = 5
LINK = re.compile(r"(?<!\\)\]\(([^)\s#]+)\)")


@pytest.fixture(scope="module")
def law() -> Lawbook:
    return Lawbook.load(LAW)


@pytest.fixture(scope="module")
def texts(law: Lawbook) -> Mapping[str, str]:
    return pages(law, read_files(LAW), ROOT)


def test_the_pages_are_as_the_law_writes_them(texts: Mapping[str, str]) -> None:
    wrong = [*differing(FOLDER, texts), *left_over(FOLDER, texts)]
    assert wrong == [], "write them anew: make documents"


def test_all_pages_are_written_within_seconds(law: Lawbook) -> None:
    begun = process_time()
    pages(law, read_files(LAW), ROOT)
    assert process_time() - begun < MOST_SECONDS


def test_every_offence_clock_rule_instrument_and_sector_has_its_page(
    law: Lawbook, texts: Mapping[str, str]
) -> None:
    wanted = {*shelved(law).pages.values()}
    wanted |= {f"sectors/{code}.md" for code in law.standards.sectors}
    assert wanted <= texts.keys()
    assert len([name for name in texts if name.startswith("offences/")]) == len(law.standards.offences)
    assert len([name for name in texts if name.startswith("clocks/")]) == len(law.clocks)
    assert len([name for name in texts if name.startswith("rules/")]) == len(law.rules.by_id)


def test_every_link_leads_to_a_page_or_a_document(texts: Mapping[str, str]) -> None:
    targets = [
        (name, normpath(PurePosixPath("docs/law", name).parent / link))
        for name, text in texts.items()
        for link in LINK.findall(text)
        if "://" not in link
    ]
    own = {f"docs/law/{name}" for name in texts}
    assert len(targets) > len(texts)
    assert [pair for pair in targets if pair[1] not in own and not (ROOT / pair[1]).is_file()] == []


def test_no_page_but_the_index_changes_with_the_digest(law: Lawbook, texts: Mapping[str, str]) -> None:
    digest = law.digest.partition(":")[2]
    assert [name for name, text in texts.items() if digest in text] == ["README.md"]


def test_an_offence_shows_every_version_and_condition_with_its_source(
    law: Lawbook, texts: Mapping[str, str]
) -> None:
    for offence in law.standards.offences.values():
        text = texts[f"offences/{offence.id}.md"]
        for version in offence.versions:
            assert version.id in text and str(version.effective_from) in text
            for source in version.sources:
                assert source.number in text
            for node in version.nodes:
                assert f"`{node.id.partition('/')[2]}`" in text


def test_what_a_person_decides_and_what_was_not_read_is_marked(
    law: Lawbook, texts: Mapping[str, str]
) -> None:
    for offence in law.standards.offences.values():
        text = texts[f"offences/{offence.id}.md"]
        nodes = [node for version in offence.versions for node in version.nodes]
        unread = sum(isinstance(node, UnreadLimb) for node in nodes)
        human = sum(isinstance(node, Discretionary) for node in nodes) - unread
        assert text.count("【须由人判断】") == human
        assert text.count("文本未读：") == unread <= text.count("【目录缺口】")
        assert text.count("核对：尚未核对") == sum(not version.checked_by for version in offence.versions)


def test_a_text_that_is_off_or_was_not_read_is_marked(law: Lawbook, texts: Mapping[str, str]) -> None:
    marks = {"excerpt": "【依据摘录】", "secondary": "【第三方资料】", "memory": "【凭记忆】"}
    for row in law.clocks.values():
        text = texts[f"clocks/{row.id}.md"]
        assert text.count("【停用】") == sum(not version.enabled for version in row.versions)
        for grade, mark in marks.items():
            graded = sum(version.grade == grade for version in row.versions)
            graded += sum(rule.grade == grade for version in row.versions for rule in version.extensions)
            assert text.count(mark) == graded


def test_numbers_stand_as_people_write_them(texts: Mapping[str, str]) -> None:
    text = texts["offences/counterfeit_patent.md"]
    assert "违法所得数额：10万元以上（含本数）" in text and "100000" not in text and "100,000" not in text
    assert "80毫克/100毫升以上（含本数）" in texts["offences/drunk_driving.md"]
    assert "本省标准以上（含本数）；全国幅度5000元至2万元" in texts["offences/refusing_wages.md"]


def test_no_page_leaves_a_value_of_the_program_standing(texts: Mapping[str, str]) -> None:
    leaked = re.compile(r"\bNone\b|Decimal\(|Fraction\(|<[A-Z]\w+\.|\{\w*\}|datetime\.")
    shown = [(name, leaked.findall(text)) for name, text in texts.items() if name.endswith(".md")]
    assert [pair for pair in shown if pair[1]] == []


def test_pages_are_written_checked_and_cleared_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], texts: Mapping[str, str]
) -> None:
    folder = tmp_path / "law"
    (folder / "offences").mkdir(parents=True)
    (folder / "offences" / "repealed.md").write_text("an offence that is no more", encoding="utf-8")
    assert main(["check"], folder=folder) == 1
    assert "offences/repealed.md" in capsys.readouterr().out
    assert main(["write"], folder=folder) == 0
    assert left_over(folder, texts) == [] and differing(folder, texts) == []
    capsys.readouterr()
    assert main(["check"], folder=folder) == 0
    assert capsys.readouterr().out == ""
    assert main(["print"], folder=folder) == 2
