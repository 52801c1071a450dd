"""The clocks compared with the reference material, where it stands beside this checkout."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.lawbook.clock_law import LAW, at, calendar, due_of, extension, rows, when

from xianjie.lawbook.procedure.clocks import Row, Suspension
from xianjie.lawbook.procedure.counting import Length, count, end_of_hours

EXTENSIONS = {"filing_review_extended", "seizure_extended"}
WORKED = yaml.safe_load((LAW / "cases" / "clocks.yaml").read_text(encoding="utf-8"))["cases"]
# The words of the worked examples in those of an answer; where another thing than the count decides, none.
VERDICTS = {"met": "met", "late": "late", "overdue": "late", "amber": "warned", "running": "running"} | {
    "lapsed": "lapsed"
}
NOT_COUNTED = {"stopped", "off"}


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _procedure(reference: Path) -> str:
    return (reference / "domain" / "procedure.md").read_text(encoding="utf-8")


def test_every_due_of_the_procedure_cases_is_computed(reference: Path) -> None:
    compared = 0
    for case in _read(reference / "domain" / "procedure-cases.yaml")["cases"]:
        recorded = tuple(_extension(event) for event in case["events"] if event["type"] in EXTENSIONS)
        for clock in case["expected"].get("clocks") or ():
            extends = recorded if rows()[clock["row"]].events.extends else ()
            # The nine working days that lie strictly inside the test of PC-059, as the case counts them.
            test = (Suspension(when("2026-03-07"), when("2026-03-19")),) if case["id"] == "PC-059" else ()
            found = due_of(clock["row"], when(str(clock["from"])), extensions=extends, suspensions=test)
            assert found.as_json() == _due(clock["due"]), (case["id"], clock["row"])
            compared += 1
    assert compared >= 156


def test_the_worked_examples_hold_every_clock_of_the_procedure_cases(reference: Path) -> None:
    own = {(case["case"], case["row"], _start(case["from"])): case for case in WORKED}
    for case in _read(reference / "domain" / "procedure-cases.yaml")["cases"]:
        moments = {at(event["t"]) for event in case["events"]}
        for clock in case["expected"].get("clocks") or ():
            worked = own[case["id"], clock["row"], _start(clock["from"])]
            assert {key: str(value) for key, value in worked["due"].items()} == _due(clock["due"])
            assert worked.get("verdict") == VERDICTS.get(clock["verdict"]), (case["id"], clock["row"])
            assert "verdict" in worked or clock["verdict"] in NOT_COUNTED
            assert "act" not in worked or at(worked["act"]) in moments, (case["id"], clock["row"])
            assert "as_of" not in worked or at(worked["as_of"]) == at(case["as_of"])


def _start(text: Any) -> str:
    return str(text).removesuffix(":00+08:00")


def _extension(event: dict[str, Any]) -> Any:
    rank = event.get("approver_rank") or event.get("approver") or "none"
    return extension(event["t"], rank, by_days=event.get("days"), to_days=event.get("to_days"))


def _due(expected: Any) -> dict[str, str]:
    if isinstance(expected, dict):
        return expected
    return {"instant": f"{expected}:00+08:00"} if "T" in expected else {"day": expected}


def test_every_vector_of_the_procedure_is_counted_as_written(reference: Path) -> None:
    text = _procedure(reference)
    table = text[text.index("### 2.7") : text.index("## 3. ")]
    compared = 0
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) != 3 or not re.search(r"\d{4}-\d{2}-\d{2}", cells[0]):
            continue
        _check_vector(*cells)
        compared += 1
    assert compared == 18


def _check_vector(start: str, rule: str, due: str) -> None:
    found = re.search(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}(?::\d{2})?))?(.*)", start)
    assert found is not None
    told = f"{found[3]} {rule}"
    expected = re.search(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?", due)
    number, unit = re.search(r"(\d+) (working days|days|hours|months?)", f"{told}").groups()  # type: ignore[union-attr]
    assert expected is not None
    if unit == "hours":
        end, _ = end_of_hours(at(f"{found[1]}T{found[2]}"), int(number))
        assert end == at(expected[0].replace(" ", "T")), start
        return
    length = (
        Length(months=int(number))
        if unit.startswith("month")
        else Length(days=int(number), working=unit == "working days")
    )
    roll: Any = "never" if "in custody" in told else "days_off"
    counted = count(date.fromisoformat(found[1]), length, calendar=calendar(), roll=roll)
    assert counted.last.isoformat() == expected[0][:10], start


TABLE = {"READ": "read", "EXCERPT": "excerpt", "SECONDARY": "secondary", "MEMORY": "memory"}
REGIME = {
    "CPL (ENV for environment)": "CPL",
    "CPL, never rolls for holidays": "CPL",
    "CPLM, never rolls for holidays": "CPLM",
    "-": "NONE",
    "PPLWD (AGRI 89)": "PPLWD",
    "PPLWD (PPL 85)": "PPLWD",
    "SAMR 80": "SAMR",
    "AGRI 89": "AGRI",
    "TRANS 17": "TRANS",
}
BEARER = (
    (r"police|unit without", "public_security_organ"),
    (r"procuratorate|administrative-prosecution", "procuratorate"),
    (r"^court", "court"),
    (r"supervision organ$", "supervision_organ"),
    (r"government|superior$", "government"),
    (r"complainant|victim|convicted|defendant|any unit", "person"),
    (
        r"dept|agenc|consulted organ|^special team|^head|bureau|authority|^transport|emergency",
        "enforcement_agency",
    ),
)
NUMBER = re.compile(r"(\d+)(?=[\d /]*[^\d]*?\b(working|WD|days?|hours?|h|months?|years?)\b)")
# Cells whose words no pattern can read: the number of another text, a term that a notice sets.
IN_WORDS = {
    "correction_notice_followup": (None, [(7, "day")]),
    "penalty_limitation": ((24, "month"), [(60, "month")]),
    "trial_first": ((3, "month"), []),
    "filing_decision_economic": ((10, "day"), []),
    "long_stop_investigation_economic": ((12, "month"), [(24, "month")]),
}
OF_OTHER_TEXTS = {"filing_decision"}  # extensions by a ministry's document, graded in each of them


def _table(reference: Path) -> dict[str, list[str]]:
    text = _procedure(reference)
    section = text[text.index("### 1.A") : text.index("### 1.J")]
    cells = (line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| `"))
    return {row[0].strip().strip("`"): [cell.strip().replace("**", "") for cell in row[1:]] for row in cells}


def test_the_rows_are_those_of_the_procedure_in_number_grade_regime_limit_and_bearer(reference: Path) -> None:
    table = _table(reference)
    assert len(table) == 135
    assert table.keys() == rows().keys()
    wrong = [
        f"{name}: {fault}"
        for name, (actor, _, _, limit, clock, _, citation, _, grade) in table.items()
        for fault in _faults(rows()[name], actor, limit, clock=clock, citation=citation, grade=grade)
    ]
    assert wrong == [], wrong


def _faults(row: Row, actor: str, limit: str, *, clock: str, citation: str, grade: str) -> list[str]:
    newest = row.versions[-1]
    found = []
    if newest.grade != TABLE[grade.split(maxsplit=1)[0]]:
        found.append(f"grade {newest.grade}, not {grade}")
    if grade == "MEMORY" and any(version.enabled for version in row.versions):
        found.append("known from memory, and enabled")
    police = "public_security_organ" in row.bearer
    regime = REGIME.get(clock, clock)
    if clock == "R310 / CPL":
        regime = "CPL" if police else "R310"
    if newest.regime != regime and not (newest.limit is None and not newest.variants):
        found.append(f"regime {newest.regime}, not {clock}")
    own = None if newest.limit is None else (newest.limit.value, newest.limit.unit)
    variants = [(each.limit.value, each.limit.unit) for each in newest.variants]
    expected, others = IN_WORDS.get(row.id) or _limits(limit)
    if own != expected:
        found.append(f"limit {own}, not {limit}")
    if any(other not in variants for other in others):
        found.append(f"other lengths {variants}, not {limit}")
    bearers = {bearer for pattern, bearer in BEARER if re.search(pattern, actor)}
    if not bearers & set(row.bearer):
        found.append(f"bearer {row.bearer}, not {actor}")
    if clock.endswith("never rolls for holidays") != (row.custody == "always"):
        found.append(f"custody {row.custody}, not {clock}")
    if newest.source.instrument not in citation and newest.source.instrument not in {
        "CYBER17",
        "JCR",
        "FINES",
    }:
        found.append(f"source {newest.source.instrument}, not {citation}")
    return found


def _limits(text: str) -> tuple[tuple[int, str] | None, list[tuple[int, str]]]:
    """Return the length and the other lengths that a cell names."""
    lengths = []
    for number, unit in NUMBER.findall(text):
        working = unit in {"WD", "working"}
        months = {"m": 1, "y": 12}.get(unit[0], 0) if not working else 0
        name = "working_day" if working else "hour" if unit[0] == "h" else "month" if months else "day"
        lengths.append((int(number) * (months or 1), name))
    if not lengths or text.startswith("no number in"):
        return None, []
    return lengths[-1] if "R310" in text else lengths[0], [] if "R310" in text else lengths[1:]


@pytest.mark.parametrize(
    ("pattern", "rank"),
    [
        (r"^\+\d+ (WD|days)[^;]*\bhead\b", "agency_head"),
        (r"collective decision", "collective"),
        (r"next higher authority", "next_higher_authority"),
        (r"tax bureau head", "tax_bureau_head"),
        (r"county-level", "county_police_head"),
        (r"next higher police head", "next_higher_police_head"),
        (r"next higher procuratorate", "next_higher_procuratorate"),
        (r"\(provincial", "provincial_procuratorate"),
        (r"next higher court", "next_higher_court"),
        (r"chief procurator may extend", "chief_procurator"),
    ],
)
def test_who_may_extend_is_what_the_procedure_says(reference: Path, pattern: str, rank: str) -> None:
    named = [name for name, cells in _table(reference).items() if re.search(pattern, cells[5])]
    assert named
    for name in named:
        if name == "forward_jurisdiction" or (
            rank == "agency_head" and "tax bureau" in _table(reference)[name][5]
        ):
            continue  # approval of the forwarding itself; the head of a tax bureau has a word of its own
        ranks = {each for rule in rows()[name].versions[-1].extensions for each in rule.approver_ranks}
        assert rank in ranks, name


def test_how_far_a_row_may_be_extended_is_what_the_procedure_says(reference: Path) -> None:
    for name, cells in _table(reference).items():
        rules = rows()[name].versions[-1].extensions
        told = cells[5]
        by = {(int(number), unit[0]) for number, unit in re.findall(r"\+(\d+) (WD|days|months?)", told)}
        for number, unit in by - {(30, "d")} if name.startswith("filing_decision") else by:
            found = {rule.by_months if unit == "m" else rule.by_days for rule in rules}
            assert number in found, (name, told)
        if told.startswith(("-", "none")) and name not in OF_OTHER_TEXTS:
            assert rules == (), (name, told)
    env = rows()["filing_decision_env"].versions[-1].extensions
    assert [rule.to_days for rule in env] == [7, 30]


KINDS = {
    "duty": "duty",
    "conditional": "conditional",
    "late only": "late_only",
    "right": "right",
    "permission": "permission",
    "bar": "bar",
    "off": "off",
}


def test_the_kind_and_the_level_of_a_row_are_those_of_the_procedure(reference: Path) -> None:
    text = _procedure(reference)
    section = text[text.index("| row | kind | closed by") : text.index("### 6.5")]
    compared = 0
    for line in section.splitlines()[2:]:
        if not line.startswith("| `"):
            continue
        names, kind, _, level = (cell.strip() for cell in line.split("|")[1:-1])
        for row in _named(names):
            word = next(word for word in KINDS if kind.startswith(word))
            if row.kind == "off":
                assert all(not version.enabled for version in row.versions) or word == "off", row.id
                continue
            assert row.kind == KINDS[word], (row.id, kind)
            words = re.findall(r"\b(breach|suspicion|notice|none)\b", level)
            own = {row.highest_level, *(each.level for each in row.levels)}
            capped = row.versions[-1].grade != "read" and "suspicion" in own
            assert not words or capped or own & set(words), (row.id, level)
            compared += 1
    assert compared >= 72


def _named(cell: str) -> list[Row]:
    """Return the rows that a cell names: whole ids, ids that end in *, and `_suffixes` of the first."""
    found: dict[str, Row] = {}
    names = re.findall(r"`([a-z_0-9*]+)`", cell)
    for name in names:
        whole = names[0].rpartition("_")[0] + name if name.startswith("_") else name
        pattern = re.compile(whole.replace("*", ".*"))
        numbered = (row for row in rows().values() if any(version.limit for version in row.versions))
        found |= {row.id: row for row in numbered if pattern.fullmatch(row.id)}
    return list(found.values())


def test_the_rows_and_their_events_are_those_of_the_catalogue(reference: Path) -> None:
    expected: dict[str, set[tuple[Any, ...]]] = {}
    for event in _read(reference / "design" / "events.yaml")["event_types"]:
        for relation, entries in (event["clocks"] or {}).items():
            for entry in entries:
                named = {"row": entry} if isinstance(entry, str) else entry
                trigger = (relation, event["type"], named.get("by"), tuple(named.get("when", ())))
                expected.setdefault(named["row"], set()).add(trigger)
    found = {
        row.id: {(relation, each.type, each.by, each.when) for relation, some in row.events for each in some}
        for row in rows().values()
    }
    assert found == expected


def test_the_sectors_and_categories_are_known_words(reference: Path) -> None:
    sectors = {agency["code"] for agency in _read(reference / "domain" / "standards.yaml")["agencies"]}
    categories = set(_read(reference / "design" / "events.yaml")["enums"]["case_category"])
    for row in rows().values():
        assert set(row.applies.sectors) <= sectors, row.id
        assert set(row.applies.categories) <= categories, row.id


def test_the_holidays_are_those_of_the_reference(reference: Path) -> None:
    for year in _read(reference / "domain" / "calendars.yaml")["years"]:
        for days in year["days_off"].values():
            assert all(calendar().is_named_holiday(date.fromisoformat(day)) for day in days)
        assert all(calendar().is_working_day(date.fromisoformat(day)) for day in year["make_up"])
