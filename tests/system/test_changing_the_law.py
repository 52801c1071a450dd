"""A lawyer changes the law data as `docs/changing-the-law.md` says; all follows, and no program changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from xianjie.command.law import pages
from xianjie.lawbook.bundle import Lawbook, read_files
from xianjie.lawbook.checking.law_checking import check_law
from xianjie.lawbook.procedure.clocks import due
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.standards.judging import Judgement, JudgementInput, judge
from xianjie.lawbook.standards.values import Result
from xianjie.lawbook.words.explaining import explain_zh

COPIED = ("law", "tests")
LINKED = ("cases", "pyproject.toml")
OFFENCE, PAGE = "refusing_wages", "offences/refusing_wages.md"
INSTRUMENT = "instruments/wage_2013.yaml"
STANDARD, CASES = "standards/refusing_wages.yaml", "cases/standards/human_resources.yaml"


class Desk:
    """A copy of the law data, with its tests and pages, on which somebody works with a text editor."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.law = place / "law"

    def replace(self, path: str, old: str, new: str, *, times: int = 1) -> None:
        text = (self.law / path).read_text(encoding="utf-8")
        assert text.count(old) == times, f"{path} holds {old!r} {text.count(old)} times"
        (self.law / path).write_text(text.replace(old, new), encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        (self.law / path).parent.mkdir(parents=True, exist_ok=True)
        (self.law / path).write_text(text, encoding="utf-8")

    def problems(self) -> list[str]:
        return [str(problem) for problem in check_law(read_files(self.law)).problems]

    def loaded(self) -> Lawbook:
        return Lawbook.load(self.law)

    def judged(self, act: str, *, decided: str = "", province: str | None = None, **facts: Any) -> Judgement:
        conduct = {"evading_or_refusing_wages": True, "ordered_to_pay_and_not_paid": True}
        day = date.fromisoformat(act)
        given = JudgementInput(
            offence=OFFENCE,
            act_day=day,
            decision_day=date.fromisoformat(decided) if decided else day,
            facts={**conduct, **facts},
            province=province,
            closed_world=True,
        )
        return judge(self.loaded().standards, given)

    def page(self, name: str) -> str:
        """The page as `make documents` writes it."""
        folder = self.place / "docs" / "law"
        folder.mkdir(parents=True, exist_ok=True)
        assert pages.main(["write"], law=self.law, folder=folder, root=self.place) == 0
        return (folder / name).read_text(encoding="utf-8")

    def tests(self, *names: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy: the same programs, the changed law."""
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *names]
        return subprocess.run(command, cwd=self.place, capture_output=True, text=True, check=False)

    def programs(self) -> Mapping[str, str]:
        return {
            path.relative_to(self.place).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in self.place.rglob("*.py")
        }


@pytest.fixture
def desk(tmp_path: Path, root: Path) -> Iterator[Desk]:
    for name in COPIED:
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in LINKED:
        (tmp_path / name).symlink_to(root / name)
    found = Desk(tmp_path)
    before = found.programs()
    assert before
    yield found
    assert found.programs() == before, "a program changed"


def ten_becomes_twelve(desk: Desk) -> None:
    """What the document tells to do when a number was written down wrongly."""
    desk.replace(STANDARD, "人数达到10名", "人数达到12名", times=2)
    desk.replace(
        STANDARD, "unpaid workers at least 10 workers", "unpaid workers at least 12 workers", times=2
    )
    desk.replace(STANDARD, "value: 10\n", "value: 12\n")
    # The numbers of the article are on record, so the new one has to be among them.
    assert any("12" in problem and "SC-" not in problem for problem in desk.problems())
    desk.replace(INSTRUMENT, "numbers: [1, 3, 10, 5000,", "numbers: [1, 3, 12, 5000,")


def test_a_changed_threshold_is_judged_told_and_tested_at_once(desk: Desk) -> None:
    ten, twelve = ({"unpaid_workers": each, "total_wage_arrears": 100_000} for each in (10, 12))
    digest = desk.loaded().digest
    assert desk.judged("2023-12-01", **ten).result is Result.met
    ten_becomes_twelve(desk)
    turned = desk.problems()
    assert turned and all("SC-086" in each for each in turned)  # the worked case that stood on the old number
    desk.replace(CASES, "unpaid_workers: 10\n", "unpaid_workers: 12\n")
    assert desk.problems() == []
    assert desk.loaded().digest != digest
    assert desk.judged("2023-12-01", **ten).result is Result.not_met
    met = desk.judged("2023-12-01", **twelve)
    assert met.result is Result.met and "12人以上（含本数）" in explain_zh(met)
    assert "被拖欠报酬的劳动者人数：12人以上（含本数）" in desk.page(PAGE)
    generated = ("tests/lawbook/test_thresholds.py", "tests/lawbook/test_every_condition.py", "-k", OFFENCE)
    for names in (generated, ("tests/lawbook/test_standards_cases.py", "-k", "SC-086")):
        ran = desk.tests(*names)
        assert ran.returncode == 0, ran.stdout


def test_a_number_that_is_changed_in_one_place_only_is_noticed(desk: Desk) -> None:
    """The limit that is a share of another one has to follow it."""
    origin = next(
        node
        for offence in desk.loaded().standards.offences.values()
        for version in offence.versions
        for node in version.nodes
        if node.wording.derived_from is not None
    )
    path = f"standards/{origin.id.partition('@')[0]}.yaml"
    text = (desk.law / path).read_text(encoding="utf-8")
    begin = text.index(f"id: {origin.id}\n")
    value = text.index("value: ", begin) + len("value: ")
    desk.write(path, text[:value] + "1" + text[value:])
    assert any(origin.id in problem for problem in desk.problems())


OLD_VERSION = "effective_from: 2013-01-23\n    effective_to: null\n"


NEW_INSTRUMENT = "id: wage_2030\nnumber: 法释〔2030〕0号（试验数据）\neffective_from: 2030-01-01\n"


def new_version(desk: Desk) -> None:
    """Close the version of 2013 and copy it as one of 2030, of another text, with twenty workers."""
    instrument = (
        (desk.law / INSTRUMENT).read_text(encoding="utf-8").replace("[1, 3, 10, 5000,", "[1, 3, 20, 5000,")
    )
    kept = "".join(
        line
        for line in instrument.splitlines(keepends=True)
        if not line.startswith(("id:", "number:", "effective_from:"))
    )
    desk.write("instruments/wage_2030.yaml", NEW_INSTRUMENT + kept)
    text = (desk.law / STANDARD).read_text(encoding="utf-8")
    head, begin, version = text.partition("  - id: refusing_wages@2013\n")
    later = (begin + version).replace("refusing_wages@2013", "refusing_wages@2030")
    later = later.replace("effective_from: 2013-01-23", "effective_from: 2030-01-01")
    later = later.replace("value: 10\n", "value: 20\n").replace("人数达到10名", "人数达到20名")
    later = later.replace("at least 10 workers", "at least 20 workers")
    later = later.replace("wage_2013", "wage_2030").replace("法释〔2013〕3号", "法释〔2030〕0号（试验数据）")
    closed = version.replace("effective_to: null", "effective_to: 2029-12-31", 1)
    desk.write(STANDARD, head + begin + closed + later)


def test_a_new_version_governs_later_acts_and_spares_earlier_ones(desk: Desk) -> None:
    new_version(desk)
    assert desk.problems() == []
    fifteen = {"unpaid_workers": 15, "total_wage_arrears": 100_000}
    before = desk.judged("2029-12-31", **fifteen)
    assert (before.version, before.result) == ("refusing_wages@2013", Result.met)
    after = desk.judged("2030-01-01", **fifteen)
    assert (after.version, after.result) == ("refusing_wages@2030", Result.not_met)
    lighter = desk.judged("2029-12-31", decided="2030-06-01", **fifteen)
    assert (lighter.version, lighter.result) == ("refusing_wages@2030", Result.not_met)
    page = desk.page(PAGE)
    assert (
        "版本 refusing\\_wages@2030：自2030-01-01起施行" in page
        or "refusing_wages@2030：自2030-01-01起施行" in page
    )
    assert "refusing_wages@2013：2013-01-23至2029-12-31" in page
    assert "refusing_wages@2030/ten.n" in (desk.place / "docs/law/matrix.ndjson").read_text(encoding="utf-8")


def test_versions_that_overlap_or_leave_days_out_are_refused(desk: Desk) -> None:
    new_version(desk)
    desk.replace(STANDARD, "effective_to: 2029-12-31", "effective_to: 2030-01-31")
    assert any("重叠" in problem for problem in desk.problems())
    desk.replace(STANDARD, "effective_to: 2030-01-31", "effective_to: 2029-11-30")
    assert any("空档" in problem for problem in desk.problems())


def test_the_amount_of_a_province_decides_there_from_its_day(desk: Desk) -> None:
    """四川 has set nothing for wages so far; the national range leaves its cases open."""
    facts = {"max_single_worker_arrears": 12_000, "unpaid_workers": 1, "total_wage_arrears": 12_000}
    assert desk.judged("2031-05-01", province="CN-51", **facts).result is Result.insufficient
    add_overlay(desk)
    assert desk.problems() == []
    assert desk.judged("2030-12-31", province="CN-51", **facts).result is Result.insufficient
    assert desk.judged("2031-01-01", province="CN-51", **facts).result is Result.met
    assert desk.judged("2031-01-01", province="CN-44", **facts).result is Result.insufficient
    told = "四川：1.2万元，自2031-01-01起施行；川高法〔2030〕1号"
    assert told in desk.page(PAGE)
    assert told in (desk.place / "docs/law/parameters.md").read_text(encoding="utf-8")


OVERLAY = """\
  - parameter: wage_one
    value: 12000
    effective_from: 2031-01-01
    source: 川高法〔2030〕1号
    grade: excerpt
    checked_by: ''
    verified: false
    text_seen: extract_reproduced_by_third_parties
"""


def add_overlay(desk: Desk) -> None:
    path = "overlays/CN-51.yaml"
    desk.write(path, (desk.law / path).read_text(encoding="utf-8") + OVERLAY)


NOTICE = """\
year: 2027
notices:
  - number: 国办发明电〔2026〕0号（试验数据）
    title_zh: 试验用的通知
    issued_on: 2026-11-30
    grade: secondary
    url: https://www.gov.cn/
days_off:
  - zh: 元旦
    en: "New Year's Day"
    days: [2027-01-01, 2027-01-02, 2027-01-03]
  - zh: 国庆节
    en: National Day
    days: [2027-10-01, 2027-10-02, 2027-10-03, 2027-10-04, 2027-10-05, 2027-10-06, 2027-10-07]
make_up: [2027-10-09]
"""


def test_a_new_holiday_notice_moves_due_days_and_ends_what_is_provisional(desk: Desk) -> None:
    def filing(law: Lawbook) -> tuple[date, bool]:
        row = law.clocks["filing_decision"]
        start = date(2027, 9, 28)
        version = row.version_on(start)
        assert version is not None
        found = due(row, version, Span.of_day(start), calendar=law.calendar)
        last = found.calendar.latest
        assert isinstance(last, date)
        return last, found.provisional

    assert filing(desk.loaded()) == (date(2027, 10, 1), True)
    desk.write("calendars/2027.yaml", NOTICE)
    assert filing(desk.loaded()) == (date(2027, 10, 8), False)
    page = desk.page("calendars.md")
    assert "国庆节：2027-10-01至2027-10-07" in page and "2027-10-09（周六）" in page


def test_a_term_that_the_law_changes_runs_from_its_day(desk: Desk) -> None:
    path = "clocks/filing_decision.yaml"
    text = (desk.law / path).read_text(encoding="utf-8")
    head, begin, version = text.partition("  - valid_from: 2001-07-09\n")
    later = version.replace("value: 3,", "value: 5,", 1)
    closed = begin + "    valid_to: 2026-02-28\n" + version
    desk.write(path, head + closed + "  - valid_from: 2026-03-01\n" + later)
    row = desk.loaded().clocks["filing_decision"]
    limits = [version.limit.value for version in row.versions if version.limit is not None]
    assert limits == [3, 5]
    old, new = row.version_on(date(2026, 2, 28)), row.version_on(date(2026, 3, 1))
    assert old is row.versions[0] and new is row.versions[1]
    page = desk.page("clocks/filing_decision.md")
    assert "- 期限：5日" in page and "文本：2001-07-09至2026-02-28" in page
    ran = desk.tests("tests/lawbook/test_every_clock.py", "-k", "filing_decision")
    assert ran.returncode == 0, ran.stdout
