"""A catalogue that contradicts itself is named with file, key path and fault."""

from __future__ import annotations

import pytest
from tests.lawbook.spoiling import (
    TINY,
    Change,
    act,
    assert_named,
    case_with,
    large,
    limb,
    overlays,
    second_version,
    version,
    with_limb,
)

WRONG: list[tuple[str, Change, str, str, str]] = [
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
        "a province above the range",
        lambda law: overlays(law)[0].update(value=9000),
        "overlays/CN-51.yaml",
        "overlays[0].value",
        "outside the national range: above",
    ),
    (
        "a province above the range that explains itself",
        lambda law: overlays(law)[0].update(value=9000, conflict_zh="本省另有规定"),
        "overlays/CN-51.yaml",
        "overlays[0].value",
        "outside the national range: above",
    ),
    (
        "a province below the range",
        lambda law: overlays(law)[0].update(value=900),
        "overlays/CN-51.yaml",
        "overlays[0].value",
        "which conflict_zh must explain",
    ),
    (
        "a conflict that is none",
        lambda law: overlays(law)[0].update(conflict_zh="本省另有规定"),
        "overlays/CN-51.yaml",
        "overlays[0].conflict_zh",
        "nothing contradicts",
    ),
    (
        "two amounts at once",
        lambda law: overlays(law).append(overlays(law)[0]),
        "overlays/CN-51.yaml",
        "overlays[1].effective_from",
        "same days",
    ),
    (
        "an amount of no range",
        lambda law: overlays(law)[0].update(parameter="larger"),
        "overlays/CN-51.yaml",
        "overlays[0].parameter",
        "no such parameter: larger",
    ),
    (
        "a province in the file of another",
        lambda law: law["overlays/CN-51.yaml"].update(province="CN-50"),
        "overlays/CN-51.yaml",
        "province",
        "the name of the file",
    ),
    (
        "a digest of another kind",
        lambda law: act(law).update(text_digest="md5:0"),
        "instruments/act.yaml",
        "text_digest",
        "sha-256",
    ),
    (
        "an instrument in the file of another",
        lambda law: act(law).update(id="acts"),
        "instruments/act.yaml",
        "id",
        "the name of the file",
    ),
    (
        "an instrument whose first day is missing without a word",
        lambda law: act(law).update(effective_from=None),
        "instruments/act.yaml",
        "note",
        "why the first day",
    ),
    (
        "an instrument that ends first",
        lambda law: act(law).update(effective_to="2019-12-31"),
        "instruments/act.yaml",
        "effective_to",
        "ends before it begins",
    ),
    (
        "an article without a text",
        lambda law: act(law).update(articles={"第一条": {"digest": "sha-256:" + "0" * 64, "numbers": [1]}}),
        "instruments/act.yaml",
        "articles",
        "without text_digest",
    ),
    (
        "numbers of an article out of order",
        lambda law: act(law).update(
            articles={"第一条": {"digest": "sha-256:" + "0" * 64, "numbers": [2, 1]}}
        ),
        "instruments/act.yaml",
        "articles.第一条.numbers",
        "ascend",
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
    assert_named(change, file, path, said)
