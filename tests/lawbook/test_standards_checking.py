"""The shipped law is sound, and every way of breaking it is named with file, key path and fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.lawbook.standards_law import amount, files, leaf, tiny, truth, written

from xianjie.lawbook.checking import check_standards
from xianjie.lawbook.loading import load_standards
from xianjie.lawbook.problems import LawError

TINY = "standards/tiny.yaml"
ROOT = "versions[0].criteria"
Change = Callable[[dict[str, Any]], object]


def version(law: dict[str, Any]) -> dict[str, Any]:
    return law[TINY]["versions"][0]


def limb(law: dict[str, Any]) -> dict[str, Any]:
    return version(law)["criteria"]["any_of"][0]


def large(law: dict[str, Any]) -> dict[str, Any]:
    return law["parameters.yaml"]["parameters"][0]


def act(law: dict[str, Any]) -> dict[str, Any]:
    return law["instruments.yaml"]["instruments"][0]


def with_limb(**members: Any) -> Change:
    return lambda law: version(law)["criteria"]["any_of"].append(leaf("new", **members))


def second_version(first_day: str, **members: Any) -> Change:
    def change(law: dict[str, Any]) -> None:
        first = version(law)
        root = {"id": "tiny@2/root", "any_of": [amount("x", 1) | {"id": "tiny@2/x"}]}
        second = {**first, "id": "tiny@2", "effective_from": first_day, "criteria": root, **members}
        first["effective_to"] = "2021-12-31"
        law[TINY]["versions"].append(second)

    return change


def case_with(**expected: Any) -> Change:
    facts = {"money": 50000}
    case = {"id": "T-1", "offence": "tiny", "act_date": "2022-01-01", "facts": facts, "expected": expected}
    return lambda law: law.update({"cases/standards/tiny.yaml": {"cases": [case]}})


def test_the_shipped_law_has_no_problem() -> None:
    assert check_standards(files()) == []


def test_the_tiny_law_has_no_problem() -> None:
    assert check_standards(written(tiny())) == []


OLD, NEW = f"{ROOT}.any_of[0]", f"{ROOT}.any_of[1]"
WRONG: list[tuple[str, Change, str, str, str]] = [
    ("a file is missing", lambda law: law.pop("facts.yaml"), "facts.yaml", "", "the file is missing"),
    ("no YAML", lambda law: law.update({TINY: b"a: [1"}), TINY, "", "not valid YAML"),
    ("a list instead of a mapping", lambda law: law.update({TINY: [1]}), TINY, "", "must be a mapping"),
    ("an unknown key", lambda law: law[TINY].update(colour="red"), TINY, "colour", "unknown key"),
    ("an unknown key in a node", lambda law: limb(law).update(valeu=1), TINY, f"{OLD}.valeu", "unknown key"),
    ("an unknown operator", lambda law: limb(law).update(op="=>"), TINY, f"{OLD}.op", "must be one of"),
    ("an unknown fact", lambda law: limb(law).update(fact="mony"), TINY, f"{OLD}.fact", "no such fact: mony"),
    ("a wrong unit", lambda law: limb(law).update(unit="USD"), TINY, f"{OLD}.unit", "the unit must be CNY"),
    ("a number in words", lambda law: limb(law).update(value="5万"), TINY, f"{OLD}.value", "exact number"),
    ("a negative limit", lambda law: limb(law).update(value=-1), TINY, f"{OLD}.value", "must be above -1"),
    ("an unknown kind", with_limb(kind="maybe"), TINY, f"{NEW}.kind", "unknown kind of node: maybe"),
    ("two shapes at once", with_limb(kind="discretionary", fact="a"), TINY, NEW, "exactly one of"),
    ("no shape", with_limb(), TINY, NEW, "exactly one of"),
    ("an empty group", with_limb(any_of=[]), TINY, f"{NEW}.any_of", "at least 1"),
    (
        "more needed than there are",
        with_limb(at_least=3, of=[truth("y", "a")]),
        TINY,
        f"{NEW}.at_least",
        "more than",
    ),
    (
        "is_true over money",
        with_limb(fact="money", op="is_true", unit="CNY", value=1),
        TINY,
        f"{NEW}.op",
        "one of",
    ),
    (
        "a value of no enum",
        with_limb(fact="subject", op="in", value=["firm"]),
        TINY,
        f"{NEW}.value",
        "no such value",
    ),
    (
        "an unknown parameter",
        lambda law: limb(law).update(value={"param": "big"}),
        TINY,
        f"{OLD}.value.param",
        "no such parameter: big",
    ),
    (
        "an unread instrument that is unknown",
        with_limb(kind="unread_limb", known_unread="x"),
        TINY,
        f"{NEW}.known_unread",
        "no such unread instrument",
    ),
    (
        "a sum of unlike things",
        with_limb(
            kind="sum",
            op=">=",
            value=1,
            unit="CNY",
            terms=[{"fact": "money", "coefficient": 1}, {"fact": "land", "coefficient": 1}],
        ),
        TINY,
        f"{NEW}.terms",
        "different units",
    ),
    (
        "a share of nothing",
        with_limb(kind="ratio_sum", op=">=", value=1, terms=[{"fact": "land", "standard": 0}]),
        TINY,
        f"{NEW}.terms[0].standard",
        "must be above 0",
    ),
    (
        "a sum of truths",
        with_limb(kind="ratio_sum", op=">=", value=1, terms=[{"fact": "a", "standard": 1}]),
        TINY,
        f"{NEW}.terms[0].fact",
        "only numbers can be added",
    ),
    (
        "a limb of another version",
        lambda law: limb(law).update(id="tiny@9/sold"),
        TINY,
        f"{OLD}.id",
        "must begin with tiny@1/",
    ),
    (
        "an outcome that is unknown",
        lambda law: limb(law).update(outcome="success"),
        TINY,
        f"{OLD}.outcome",
        "only attempt",
    ),
    (
        "another offence in the file",
        lambda law: law[TINY].update(id="tinny"),
        TINY,
        "id",
        "the name of the file",
    ),
    (
        "no such day",
        lambda law: version(law).update(effective_from="2020-02-30"),
        TINY,
        "versions[0].effective_from",
        "must be a day",
    ),
    (
        "a grade that is unknown",
        lambda law: version(law).update(grade="sure"),
        TINY,
        "versions[0].grade",
        "one of",
    ),
    (
        "no criteria",
        lambda law: version(law).pop("criteria"),
        TINY,
        "versions[0].criteria",
        "criteria are missing",
    ),
    (
        "criteria without text",
        lambda law: version(law).update(status="standard_text_missing"),
        TINY,
        "versions[0].status",
        "without text",
    ),
    (
        "an unknown instrument",
        lambda law: version(law)["sources"][0].update(instrument="acts"),
        TINY,
        "versions[0].sources[0].instrument",
        "no such instrument: acts",
    ),
    (
        "another number",
        lambda law: version(law)["sources"][0].update(number="2号"),
        TINY,
        "versions[0].sources[0].number",
        "the number is 1号",
    ),
    (
        "an unknown sector",
        lambda law: law[TINY].update(agencies=["taxi"]),
        TINY,
        "agencies",
        "no such sector: taxi",
    ),
    (
        "a scope that is unknown",
        lambda law: version(law).update(
            cumulation={"clause": "x", "scope": "all", "window_months": 0, "facts": ["money"]}
        ),
        TINY,
        "versions[0].cumulation.scope",
        "must be one of",
    ),
    (
        "a fact of an unknown type",
        lambda law: law["facts.yaml"]["facts"][0].update(type="float"),
        "facts.yaml",
        "facts[0].type",
        "must be one of",
    ),
    (
        "a unit that is unknown",
        lambda law: law["units.yaml"]["units"].pop(),
        "facts.yaml",
        "facts[12].unit",
        "no such unit",
    ),
    (
        "a fact that stands twice",
        lambda law: law["facts.yaml"]["facts"][1].update(name="a"),
        "facts.yaml",
        "facts[1].name",
        "stands twice",
    ),
    (
        "a range upside down",
        lambda law: large(law).update(min=9000),
        "parameters.yaml",
        "parameters[0].min",
        "min is above max",
    ),
    (
        "a version that ends first",
        lambda law: version(law).update(effective_to="2019-01-01"),
        TINY,
        "tiny@1",
        "ends before it begins",
    ),
    ("versions that overlap", second_version("2021-12-31"), TINY, "tiny@2", "overlaps with tiny@1"),
    ("a gap without a reason", second_version("2022-01-02"), TINY, "tiny@2", "unexplained gap after tiny@1"),
    (
        "a reason without a gap",
        second_version("2022-01-01", gap_before="why"),
        TINY,
        "tiny@2",
        "is not there",
    ),
    (
        "two limbs of one id",
        lambda law: version(law)["criteria"]["any_of"].append(limb(law)),
        TINY,
        "tiny@1/sold",
        "stands twice",
    ),
    (
        "a source of later",
        lambda law: act(law).update(effective_from="2021-01-01"),
        TINY,
        "tiny@1",
        "not yet in force",
    ),
    (
        "an unread limb unmarked",
        with_limb(kind="unread_limb", known_unread="lost"),
        TINY,
        "tiny@1",
        "incomplete must say",
    ),
    (
        "a wrong share",
        with_limb(
            fact="money",
            op=">=",
            value=39999,
            unit="CNY",
            derived_from={"criterion": "tiny@1/sold", "factor": 1},
        ),
        TINY,
        "tiny@1/new",
        "must be 1 times",
    ),
    (
        "a share of no limb",
        with_limb(
            fact="money", op=">=", value=1, unit="CNY", derived_from={"criterion": "tiny@1/gone", "factor": 1}
        ),
        TINY,
        "tiny@1/new",
        "no such node: tiny@1/gone",
    ),
    (
        "a province outside the range",
        lambda law: large(law)["overlays"][0].update(value=9000),
        "parameters.yaml",
        "large.CN-51",
        "outside the national range",
    ),
    (
        "two amounts at once",
        lambda law: large(law)["overlays"].append(large(law)["overlays"][0]),
        "parameters.yaml",
        "large.CN-51",
        "same days",
    ),
    (
        "a digest of another kind",
        lambda law: act(law).update(text_digest="md5:0"),
        "instruments.yaml",
        "act",
        "sha-256",
    ),
    (
        "an affected offence that is unknown",
        lambda law: law["known_unread.yaml"]["known_unread"][0].update(affects=["x"]),
        "known_unread.yaml",
        "lost.affects",
        "no such offence: x",
    ),
    (
        "a summed fact that is not used",
        lambda law: version(law).update(
            cumulation={"clause": "x", "scope": "untreated", "window_months": 0, "facts": ["stock"]}
        ),
        TINY,
        "tiny@1",
        "does not use: stock",
    ),
    (
        "a case that comes out otherwise",
        case_with(result="not_met"),
        "cases/standards/tiny.yaml",
        "T-1",
        "another judgement",
    ),
]


@pytest.mark.parametrize(
    ("change", "file", "path", "said"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG]
)
def test_a_wrong_law_is_named_exactly(change: Change, file: str, path: str, said: str) -> None:
    law = tiny()
    change(law)
    problems = check_standards(written(law))
    named = [problem for problem in problems if (problem.file, problem.path) == (file, path)]
    assert any(said in problem.en for problem in named), [str(problem) for problem in problems]
    assert all(problem.zh and problem.en for problem in problems)


def test_a_wrong_law_is_not_loaded_and_every_fault_is_told_at_once() -> None:
    law = tiny()
    limb(law).update(op="=>", unit="USD")
    law[TINY].update(colour="red")
    with pytest.raises(LawError) as refused:
        load_standards(written(law))
    assert {problem.path for problem in refused.value.problems} == {
        "colour",
        f"{OLD}.op",
        f"{OLD}.unit",
    }
    assert "standards/tiny.yaml: colour: 未知的键 (unknown key)" in str(refused.value)


def test_a_sound_case_of_the_tiny_law_is_no_problem() -> None:
    law = tiny()
    case_with(result="met", version="tiny@1")(law)
    assert check_standards(written(law)) == []
