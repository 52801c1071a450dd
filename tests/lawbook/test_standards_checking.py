"""The shipped law is sound, and a file that breaks the format is named with key path and fault."""

from __future__ import annotations

import pytest
from tests.lawbook.spoiling import NEW, OLD, TINY, Change, assert_named, case_with, limb, version, with_limb
from tests.lawbook.standards_law import files, tiny, truth, written

from xianjie.lawbook.checking.standards_checking import check_standards
from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.standards.loading import load_standards


def test_the_shipped_law_has_no_problem() -> None:
    assert check_standards(files()) == []


def test_the_tiny_law_has_no_problem() -> None:
    assert check_standards(written(tiny())) == []


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
]


@pytest.mark.parametrize(
    ("change", "file", "path", "said"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG]
)
def test_a_wrong_law_is_named_exactly(change: Change, file: str, path: str, said: str) -> None:
    assert_named(change, file, path, said)


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
