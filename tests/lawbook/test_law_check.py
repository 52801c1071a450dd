"""The shipped law is sound in all its parts, and every way of breaking one is named with file and place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.lawbook.whole_law import DIGEST, checked, whole

from xianjie.lawbook.checking.coverage import coverage

Change = Callable[[dict[str, Any]], object]


def row(law: dict[str, Any]) -> dict[str, Any]:
    return law["clocks/head_decision.yaml"]


def text(law: dict[str, Any]) -> dict[str, Any]:
    return row(law)["versions"][0]


def rule(law: dict[str, Any]) -> dict[str, Any]:
    return law["rules/ax1_late.yaml"]


def cause(law: dict[str, Any]) -> dict[str, Any]:
    return law["causes/tax.yaml"]["causes"][0]


def act(law: dict[str, Any]) -> dict[str, Any]:
    return law["instruments/act.yaml"]


def limb(law: dict[str, Any]) -> dict[str, Any]:
    return law["standards/tiny.yaml"]["versions"][0]["criteria"]["any_of"][0]


def derivation(**members: Any) -> dict[str, Any]:
    plain = {"at": ["tiny@1/sold"], "number": 50000, "how": "product", "stated": [1000, 50]}
    return {**plain, "reason_zh": "理由", "reason_en": "reason", **members}


def declared(*entries: dict[str, Any]) -> Change:
    return lambda law: law["numbers.yaml"].update(derivations=list(entries))


TINY, ROW, RULE = "standards/tiny.yaml", "clocks/head_decision.yaml", "rules/ax1_late.yaml"
CAUSES, ACT, REG = "causes/tax.yaml", "instruments/act.yaml", "instruments/REG.yaml"
WRONG: list[tuple[str, Change, str, str, str]] = [
    ("a file that nobody reads", lambda law: law.update({"clock/x.yaml": {}}), "clock/x.yaml", "", "reads"),
    ("a file below a folder", lambda law: law.update({"rules/a/b.yaml": {}}), "rules/a/b.yaml", "", "reads"),
    ("another ending", lambda law: law.update({"rules/x.yml": {}}), "rules/x.yml", "", "reads"),
    (
        "a row without a limit's rule",
        lambda law: text(law).update(regime="XYZ"),
        ROW,
        "versions[0].regime",
        "",
    ),
    ("a row that is no row", lambda law: row(law).update(colour="red"), ROW, "colour", ""),
    ("a row in the wrong file", lambda law: row(law).update(id="other"), ROW, "id", ""),
    (
        "a row of an unknown sector",
        lambda law: row(law).update(applies={"sectors": ["taxi"]}),
        ROW,
        "applies.sectors",
        "no such sector: taxi",
    ),
    (
        "a row of an unknown instrument",
        lambda law: text(law)["source"].update(instrument="NONE9"),
        ROW,
        "versions[0].source",
        "no such instrument: NONE9",
    ),
    (
        "a row whose article is not on record",
        lambda law: text(law)["source"].update(article="6"),
        ROW,
        "versions[0].source",
        "REG 第六条: no digest on record",
    ),
    (
        "a row older than its instrument",
        lambda law: text(law).update(valid_from="2019-01-01"),
        ROW,
        "versions[0].source",
        "not yet in force",
    ),
    (
        "a row that was read better than its instrument",
        lambda law: law[REG].update(grade="excerpt"),
        ROW,
        "versions[0].source",
        "was not read",
    ),
    (
        "a limit that the article does not state",
        lambda law: text(law).update(limit={"value": 4, "unit": "day"}),
        ROW,
        "head_decision@2020-01-01",
        "the number 4 stands in no cited article",
    ),
    (
        "a threshold that the article does not state",
        lambda law: limb(law).update(value=60000),
        TINY,
        "tiny@1/sold",
        "the number 60000 stands in no cited article (act 第一条)",
    ),
    (
        "a range that the article does not state",
        lambda law: law["parameters.yaml"]["parameters"][0].update(max=3001),
        "parameters.yaml",
        "large",
        "the number 3001",
    ),
    (
        "a share that the article does not state",
        lambda law: limb(law).update(value=40000, scaled_by=0.8),
        TINY,
        "tiny@1/sold",
        "the number 40000",
    ),
    (
        "a clause of an article that is not on record",
        lambda law: limb(law).update(clause="第二条"),
        TINY,
        "tiny@1/sold",
        "act 第二条: no digest on record",
    ),
    ("a rule that is no rule", lambda law: rule(law).update(eval="1"), RULE, "eval", "unknown key"),
    ("a rule without counter-evidence", lambda law: rule(law).pop("counter_zh"), RULE, "counter_zh", "text"),
    ("a rule without a level", lambda law: rule(law).update(level="fatal"), RULE, "level", "one of"),
    ("a rule without a basis", lambda law: rule(law).update(basis=[]), RULE, "basis", "at least one"),
    ("a rule that is unsure", lambda law: rule(law).update(confidence="2"), RULE, "confidence", "between"),
    (
        "a rule of an unknown target",
        lambda law: rule(law).update(parameters=["sla_x"]),
        RULE,
        "parameters",
        "no such local target: sla_x",
    ),
    (
        "a rule of an unknown instrument",
        lambda law: rule(law).update(basis=["R999 1"]),
        RULE,
        "basis",
        "no such instrument: R999",
    ),
    (
        "a rule about a clock that no row has",
        lambda law: rule(law).update(kind="clock"),
        RULE,
        "kind",
        "no row is reported",
    ),
    (
        "a cause of an unknown offence",
        lambda law: cause(law).update(offences=["tiny", "huge"]),
        CAUSES,
        "causes[0].offences",
        "no such offence: huge",
    ),
    (
        "a cause of an unknown instrument",
        lambda law: cause(law)["bases"][0].update(instrument="x"),
        CAUSES,
        "causes[0].bases[0].instrument",
        "no such instrument: x",
    ),
    (
        "a cause from memory that is enabled",
        lambda law: cause(law)["bases"][1].update(enabled=True),
        CAUSES,
        "causes[0].bases[1].enabled",
        "from memory",
    ),
    (
        "a cause whose article is not on record",
        lambda law: cause(law)["bases"][0].update(article="第七条"),
        CAUSES,
        "CA-001",
        "act 第七条: no digest on record",
    ),
    (
        "a cause in the file of another sector",
        lambda law: law["causes/tax.yaml"].update(sector="customs"),
        CAUSES,
        "sector",
        "no such sector",
    ),
    (
        "a cause that stands twice",
        lambda law: law["causes/tax.yaml"]["causes"].append(cause(law)),
        CAUSES,
        "causes",
        "stands twice: CA-001",
    ),
    (
        "an offence that is said to have no cause",
        lambda law: law["catalogue.yaml"]["offences_without_cause"].update(offences=["tiny"]),
        "catalogue.yaml",
        "offences_without_cause",
        "tiny",
    ),
    (
        "an article that nobody cites",
        lambda law: act(law)["articles"].update({"第八条": {"digest": DIGEST, "numbers": []}}),
        ACT,
        "articles.第八条",
        "nothing cites",
    ),
    (
        "a short code of two instruments",
        lambda law: act(law).update(short_zh="旧"),
        "instruments/old_act.yaml",
        "short_zh",
        "that of act too",
    ),
    (
        "an id of two things",
        lambda law: (
            law.update({"rules/tiny.yaml": {**rule(law), "id": "tiny"}}),
            law["known_unread.yaml"]["known_unread"][0].update(id="act"),
        ),
        "rules/tiny.yaml",
        "id",
        "the id is that of standards/tiny.yaml",
    ),
    (
        "a year that is missing",
        lambda law: law.update({"calendars/2024.yaml": law["calendars/2026.yaml"].replace(b"2026", b"2024")}),
        "calendars",
        "2026",
        "2025 is missing",
    ),
    (
        "a year without a notice that does not say so",
        lambda law: law.update(
            {"calendars/2027.yaml": law["calendars/2027.yaml"].replace(b"awaited: true\n", b"")}
        ),
        "calendars/2027.yaml",
        "notices",
        "awaited",
    ),
    (
        "a region that is none",
        lambda law: law["regions/510100.yaml"].update(region="5101"),
        "regions/510100.yaml",
        "region",
        "six digits",
    ),
    (
        "a target of a region that is none",
        lambda law: law["regions/510100.yaml"]["targets"][0].update(id="sla_x"),
        "regions/510100.yaml",
        "targets[0].id",
        "no such local target",
    ),
    (
        "two targets of a region at once",
        lambda law: law["regions/510100.yaml"]["targets"].append(law["regions/510100.yaml"]["targets"][0]),
        "regions/510100.yaml",
        "targets[1].valid_from",
        "same days",
    ),
    (
        "a declaration that does not add up",
        declared(derivation(number=50001)),
        "numbers.yaml",
        "derivations[0].number",
        "does not follow",
    ),
    (
        "a declaration that nothing needs",
        declared(derivation()),
        "numbers.yaml",
        "tiny@1/sold",
        "not needed",
    ),
    (
        "a declaration that stands twice",
        declared(derivation(), derivation()),
        "numbers.yaml",
        "derivations[1].at",
        "stands twice",
    ),
    (
        "a declaration whose numbers the text does not state",
        lambda law: (
            limb(law).update(value=70000),
            declared(derivation(number=70000, stated=[1000, 70]))(law),
        ),
        TINY,
        "tiny@1/sold",
        "the number 70000",
    ),
    (
        "a worked term that ends otherwise",
        lambda law: law["cases/clocks.yaml"]["cases"][0].update(due={"day": "2026-03-06"}),
        "cases/clocks.yaml",
        "cases[0]",
        "T-1: ends",
    ),
    (
        "a worked term of no row",
        lambda law: law["cases/clocks.yaml"]["cases"][0].update(row="nowhere"),
        "cases/clocks.yaml",
        "cases[0]",
        "T-1",
    ),
]


@pytest.mark.parametrize(
    ("change", "file", "path", "said"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG]
)
def test_a_wrong_part_of_the_law_is_named_exactly(change: Change, file: str, path: str, said: str) -> None:
    law = whole()
    change(law)
    problems = checked(law).problems
    named = [problem for problem in problems if (problem.file, problem.path) == (file, path)]
    assert any(said in problem.en or said in problem.zh for problem in named), list(map(str, problems))
    assert all(problem.zh and problem.en for problem in problems)


def later_text(first_day: str, **members: Any) -> Change:
    def change(law: dict[str, Any]) -> None:
        text(law)["valid_to"] = "2021-12-31"
        row(law)["versions"].append({**text(law), "valid_from": first_day, "valid_to": None, **members})

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (later_text("2022-01-01"), None),
        (later_text("2021-12-31"), "overlaps the version before it"),
        (later_text("2022-01-02"), "an unexplained gap"),
        (later_text("2022-01-02", note="No text on that day."), None),
        (later_text("2019-01-01"), "in the order of their days"),
    ],
)
def test_texts_of_a_row_follow_each_other(change: Change, said: str | None) -> None:
    law = whole()
    change(law)
    told = [problem.en for problem in checked(law).problems if problem.path == "versions[1].valid_from"]
    assert (told == []) if said is None else (len(told) == 1 and said in told[0])


def test_an_amount_that_contradicts_national_law_is_flagged_and_never_decides() -> None:
    law = whole()
    law["overlays/CN-51.yaml"]["overlays"][0] |= {"value": 900, "conflict_zh": "低于全国幅度"}
    found = checked(law)
    assert found.problems == () and found.law is not None
    parameter = found.law.standards.parameters["large"]
    assert parameter.overlays[0].value == 900
    assert parameter.overlay("CN-51", date(2026, 1, 1)) is None
    assert found.citing is not None and found.numbers is not None
    told = coverage(found.law, found.citing, found.numbers).missing
    assert [each.id for each in told if each.kind == "amount_in_conflict"] == ["large CN-51"]


def test_a_declared_number_needs_its_declaration_and_nothing_else() -> None:
    law = whole()
    limb(law).update(value=2000)
    declared(derivation(number=2000, stated=[1000, 2]))(law)
    act(law)["articles"]["第一条"]["numbers"] = [2, 1000, 3000]
    found = checked(law)
    assert found.problems == () and found.numbers is not None and found.numbers.derived == 1
