"""The language of the law is closed: a hostile file is refused with its place, or its words stay words."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lawbook.standards_law import amount, judged, leaf, tiny, written
from tests.lawbook.whole_law import checked, whole

from xianjie.lawbook.checking.law_checking import Findings, check_law
from xianjie.lawbook.files import exact_yaml
from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.standards.loading import load_standards
from xianjie.lawbook.words.describing import describe_offence, outline
from xianjie.lawbook.words.describing_procedure import describe_clock, describe_rule
from xianjie.lawbook.words.explaining import explain_en, explain_zh

LANGUAGES = (0, 1)
Change = Callable[[dict[str, Any]], object]

BOMB = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 123))
FILES: dict[str, bytes] = {
    "a tag of python": b"id: !!python/object/apply:os.system ['id']\n",
    "a tag of python on a mapping": b"!!python/object:xianjie.lawbook.procedure.rules.Rule\nid: x\n",
    "a tag of python as a name": b"id: !!python/name:os.system\n",
    "a tag with its own handle": b"%TAG ! tag:yaml.org,2002:python/\n---\nid: !object/apply:os.system [id]\n",
    "a tag that only says text": b"id: !!str x\n",
    "a binary": b"id: !!binary aGVsbG8=\n",
    "a tag on a key": b"!!str id: x\n",
    "an anchor alone": b"id: &x head_decision\n",
    "an anchor on a key": b"&x id: head_decision\n",
    "an alias": b"id: *x\n",
    "a mapping that holds itself": b"&x id: *x\n",
    "a bomb of anchors": BOMB,
    "a merge": b"base: {id: y}\n<<: *base\n",
    "a merge without anchors": b"<<: {id: head_decision}\n",
    "a key that another reader takes for a truth": b"no: x\n",
    "a key that another reader takes for a number": b"010: x\n",
    "a key that says nothing": b": x\n",
    "two documents": b"id: x\n---\nid: y\n",
    "a key twice": b"id: x\nid: y\n",
    "a key that is a list": b"? [a]\n: 1\n",
    "a key that is a mapping": b"? {a: b}\n: 1\n",
    "deep lists": b"a: " + b"[" * 10_000 + b"]" * 10_000,
    "deep mappings": b"a: " + b"{a: " * 10_000,
    "deep blocks": b"- " * 10_000 + b"x",
    "a million brackets": b"[" * 1_000_000,
    "a number with an exponent": b"a: 1e999999999\n",
    "a number beyond floats": b"a: -1.0E+400\n",
    "a million digits": b"a: " + b"9" * 1_000_000 + b"\n",
    "a million decimals": b"a: 0." + b"1" * 1_000_000 + b"\n",
    "infinity": b"a: .inf\n",
    "no number": b"a: .NaN\n",
    "an octal number": b"a: 0777\n",
    "a hexadecimal number": b"a: 0xFF\n",
    "a number in sixties": b"a: 190:20:30\n",
    "a NUL": b"id: head\0_decision\n",
    "a NUL by escape": b'id: "head\\0_decision"\n',
    "a NUL in a key by escape": b'"i\\0d": x\n',
    "an escape sequence of terminals": b'id: "\\e[2Jx"\n',
    "writing that runs backwards": "id: head\u202enoisiced\n".encode(),
    "writing that runs backwards by escape": b'id: "head\\u202enoisiced"\n',
    "a sign without width": "id: head\u200b_decision\n".encode(),
    "a mark of byte order inside": "id: head\ufeff_decision\n".encode(),
    "another encoding": "id: 移送\n".encode("utf-16"),
    "no encoding": b"id: \xff\xfe\xfd\n",
    "surrogates": b"id: \xed\xa0\x80\n",
    "nothing": b"",
    "only a remark": b"# nothing\n",
    "a text": b"just words\n",
    "a list": b"- id: x\n",
    "too large": b"# " + b"x" * exact_yaml.LARGEST_FILE + b"\nid: x\n",
}


NO_MAPPING = {"a text", "a list"}


@pytest.mark.parametrize("hostile", sorted(FILES.keys() - NO_MAPPING))
def test_a_hostile_file_is_not_even_read(hostile: str) -> None:
    with pytest.raises(LawError) as refused:
        read_yaml(FILES[hostile], file="x.yaml")
    assert len(refused.value.problems) == 1


TITLES: dict[str, bytes] = {
    "a tag": b"!!str title",
    "a tag of its own": b"!x title",
    "a tag of python": b"!!python/name:os.system title",
    "an anchor": b"&x title",
    "an invisible sign": "ti\u200btle".encode(),
    "an invisible sign by escape": b'"ti\\u200btle"',
    "a sign that turns the writing": "ti\u202etle".encode(),
    "a control sign by escape": b'"ti\\x07tle"',
    "an ambiguous word": b"yes",
}


@pytest.mark.parametrize("path", ["clocks/head_decision.yaml", "rules/ax1_late.yaml", "instruments/act.yaml"])
@pytest.mark.parametrize("hostile", list(TITLES))
def test_one_hostile_word_spoils_a_sound_file(hostile: str, path: str) -> None:
    files = written(whole())
    title = ('"title_zh": "某解释"' if "act" in path else '"title_zh": "标题"').encode()
    assert title in files[path]
    sound = check_law(files | {path: files[path].replace(title, b'"title_zh": title')})
    assert sound.problems == ()
    spoilt = check_law(files | {path: files[path].replace(title, b'"title_zh": ' + TITLES[hostile])})
    assert [problem.file for problem in spoilt.problems if problem.file == path] and spoilt.law is None


@pytest.mark.parametrize("path", ["clocks/head_decision.yaml", "rules/ax1_late.yaml", "standards/tiny.yaml"])
@pytest.mark.parametrize("hostile", list(FILES))
def test_a_hostile_file_is_refused_with_its_name(hostile: str, path: str) -> None:
    found = checked(whole() | {path: FILES[hostile]})
    assert found.law is None
    refused = [problem for problem in found.problems if problem.file == path]
    assert refused and all(problem.zh and problem.en for problem in refused)
    assert all(len(str(problem)) < 2_000 for problem in found.problems)


@pytest.mark.parametrize("folder", ["instruments", "overlays", "causes", "regions", "calendars"])
@pytest.mark.parametrize("hostile", list(FILES))
def test_a_hostile_file_is_refused_in_every_folder(hostile: str, folder: str) -> None:
    law = whole()
    path = next(path for path in law if path.startswith(f"{folder}/"))
    found = checked(law | {path: FILES[hostile]})
    assert found.law is None and any(problem.file == path for problem in found.problems)


@pytest.mark.parametrize("hostile", list(FILES))
def test_a_hostile_list_is_refused(hostile: str) -> None:
    for path in (
        "facts.yaml",
        "parameters.yaml",
        "known_unread.yaml",
        "numbers.yaml",
        "rules/parameters.yaml",
    ):
        found = checked(whole() | {path: FILES[hostile]})
        assert found.law is None and any(problem.file == path for problem in found.problems)


CODE = (
    "__import__('os').system('id')",
    "lambda facts: True",
    "eval",
    "__class__",
    "a.__class__.__mro__",
    "{0.__class__}",
    "is_true; import os",
    "is_true\n",
    "${jndi:ldap://x}",
    "$(id)",
    "'; DROP TABLE cases; --",
    "ｉｓ_ｔｒｕｅ",
    "is_truе",  # the last letter is Cyrillic
    "../../../etc/passwd",
    "..",
    "a/../b",
    "C:\\windows",
)
WHERE: dict[str, Change] = {
    "operator": lambda word: lambda law: limb(law).update(op=word),
    "fact": lambda word: lambda law: limb(law).update(fact=word),
    "kind": lambda word: lambda law: limb(law, kind=word),
    "id of a limb": lambda word: lambda law: limb(law).update(id=f"tiny@1/{word}"),
    "id of a version": lambda word: lambda law: version(law).update(id=f"tiny@{word}"),
    "id of an offence": lambda word: lambda law: law["standards/tiny.yaml"].update(id=word),
    "member": lambda word: lambda law: limb(law).update({word: 1}),
    "value": lambda word: lambda law: limb(law).update(value=word),
    "parameter": lambda word: lambda law: limb(law).update(value={"param": word}),
    "unit": lambda word: lambda law: limb(law).update(unit=word),
    "grade": lambda word: lambda law: version(law).update(grade=word),
    "day": lambda word: lambda law: version(law).update(effective_from=word),
    "instrument": lambda word: lambda law: version(law)["sources"][0].update(instrument=word),
    "scope": lambda word: (
        lambda law: version(law).update(
            cumulation={"clause": "x", "scope": word, "window_months": 0, "facts": ["money"]}
        )
    ),
    "name of a fact": lambda word: lambda law: law["facts.yaml"]["facts"][0].update(name=word),
    "type of a fact": lambda word: lambda law: law["facts.yaml"]["facts"][0].update(type=word),
    "history": lambda word: lambda law: law["facts.yaml"]["facts"][-1]["history"].update(counts=word),
    "id of an instrument": lambda word: lambda law: law["instruments/act.yaml"].update(id=word),
    "digest": lambda word: lambda law: law["instruments/act.yaml"].update(text_digest=word),
    "province": lambda word: lambda law: law["overlays/CN-51.yaml"].update(province=word),
    "sector of causes": lambda word: lambda law: law["causes/tax.yaml"].update(sector=word),
    "id of a cause": lambda word: lambda law: law["causes/tax.yaml"]["causes"][0].update(id=word),
    "id of a rule": lambda word: lambda law: law["rules/ax1_late.yaml"].update(id=word),
    "kind of a rule": lambda word: lambda law: law["rules/ax1_late.yaml"].update(kind=word),
    "confidence": lambda word: lambda law: law["rules/ax1_late.yaml"].update(confidence=word),
    "id of a row": lambda word: lambda law: law["clocks/head_decision.yaml"].update(id=word),
    "regime": lambda word: lambda law: law["clocks/head_decision.yaml"]["versions"][0].update(regime=word),
    "length": lambda word: lambda law: law["clocks/head_decision.yaml"]["versions"][0].update(limit=word),
    "region": lambda word: lambda law: law["regions/510100.yaml"].update(region=word),
    "how": lambda word: (
        lambda law: law["numbers.yaml"].update(
            derivations=[
                {"at": ["tiny@1/sold"], "number": 1, "how": word, "reason_zh": "x", "reason_en": "x"}
            ]
        )
    ),
}


def version(law: dict[str, Any]) -> dict[str, Any]:
    return law["standards/tiny.yaml"]["versions"][0]


def limb(law: dict[str, Any], **more: Any) -> dict[str, Any]:
    limbs = version(law)["criteria"]["any_of"]
    if more:
        limbs.append(leaf("new", **more))
    return limbs[0]


A_NAME = {"id of a limb", "name of a fact"}


@pytest.mark.parametrize("word", CODE)
@pytest.mark.parametrize("where", list(WHERE))
def test_code_in_a_place_for_words_of_the_language_is_refused(where: str, word: str) -> None:
    law = whole()
    WHERE[where](word)(law)  # type: ignore[operator]
    found = checked(law)
    if where in A_NAME and re.fullmatch("[A-Za-z0-9_.]+", word):
        assert found.law is not None or found.problems  # a name like any other: nothing looks it up as code
    else:
        assert found.problems, f"{where}: {word}"


@pytest.mark.parametrize(
    "name", ["../x", "standards/../../x", "standards/a/b", "/etc/passwd", "standards/x y"]
)
def test_a_file_outside_its_place_is_named(name: str) -> None:
    found = checked(whole() | {f"{name}.yaml": {"id": "x"}})
    assert {problem.file for problem in found.problems} == {f"{name}.yaml"}


HOSTILE_WORDS = (
    "{0.__class__.__mro__}",
    "{",
    "}",
    "{}",
    "{x}",
    "%s %(x)s",
    "$x ${x}",
    "<script>alert(1)</script>",
    "[a](javascript:1)",
    "`id`",
    "\\N{BULLET} \\x41",
    "__import__('os')",
)


@pytest.mark.parametrize("words", HOSTILE_WORDS)
def test_hostile_words_in_a_description_stay_words(words: str) -> None:
    law = tiny()
    described = amount("sold", 50000) | {"description_zh": words, "description_en": words, "clause": words}
    version(law)["criteria"]["any_of"] = [described]
    version(law) | {"note": words, "measurement": words}
    law["facts.yaml"]["facts"][9] |= {"label_zh": words, "label_en": words, "definition": words}
    law["instruments/act.yaml"] |= {"title_zh": words, "number": words, "note": words}
    version(law)["sources"][0]["number"] = words
    law["standards/tiny.yaml"] |= {"name_zh": words, "name_en": words}
    standards = load_standards(written(law))
    judgement = judged("tiny", "2022-01-01", {"money": 50000}, law=standards)
    for language in LANGUAGES:
        told = outline(describe_offence(standards, standards.offences["tiny"], language))
        assert words in "".join(str(line) for line in told)
    for told in (explain_zh(judgement), explain_en(judgement)):
        assert words in told and "<class" not in told


@pytest.mark.parametrize("words", HOSTILE_WORDS)
def test_hostile_words_in_a_row_and_a_rule_stay_words(words: str) -> None:
    law = whole()
    said = ("title_zh", "title_en", "condition_zh", "condition_en", "counter_zh", "counter_en")
    law["rules/ax1_late.yaml"] |= dict.fromkeys(said, words)
    law["clocks/head_decision.yaml"] |= {"title_zh": words, "title_en": words}
    law["clocks/head_decision.yaml"]["versions"][0]["note"] = words
    law["rules/parameters.yaml"]["parameters"][0] |= {"title_zh": words, "title_en": words}
    found = checked(law)
    assert found.law is not None, found.problems
    for language in LANGUAGES:
        row = describe_clock(found.law.clocks["head_decision"], language)
        rule = describe_rule(found.law.rules.by_id["ax1_late"], language, targets=found.law.rules.targets)
        for section in (row, rule):
            told = "".join(str(line) for line in outline(section))
            assert words in told and "<class" not in told


TOKENS = st.sampled_from(
    [
        *(bytes([sign]) for sign in b"{}[]:,?%|>#\n\0\"'\xff"),
        *(word.encode() for word in ("&x ", "*x", "!!x ", "- ", "null", "true", "1.5", "-1", "9" * 50)),
        *(word.encode() for word in ("2020-02-30", "[]", "{}", "..", "移", '"\\u0000"')),
    ]
)


@settings(max_examples=400)
@given(data=st.data())
def test_no_garbled_law_makes_the_check_fall_over(data: st.DataObject) -> None:
    files = written(whole())
    path = data.draw(st.sampled_from(sorted(files)))
    text = files[path]
    begin = data.draw(st.integers(min_value=0, max_value=len(text)))
    end = data.draw(st.integers(min_value=begin, max_value=min(len(text), begin + 40)))
    found = check_law(files | {path: text[:begin] + data.draw(TOKENS) + text[end:]})
    assert isinstance(found, Findings)
    assert found.law is not None or found.problems


@settings(max_examples=400)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates().map(str),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
    st.data(),
)
def test_no_member_of_another_kind_makes_the_check_fall_over(value: Any, data: st.DataObject) -> None:
    law = whole()
    path = data.draw(st.sampled_from(sorted(path for path, told in law.items() if isinstance(told, dict))))
    place: Any = law[path]
    while True:
        keys = list(range(len(place))) if isinstance(place, list) else sorted(place)
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = value
    assert isinstance(checked(law), Findings)


def test_numbers_are_exact_and_bounded() -> None:
    longest = b"9" * exact_yaml.LONGEST_NUMBER
    assert read_yaml(b"a: " + longest, file="x") == {"a": int(longest)}
    with pytest.raises(LawError, match="more than"):
        read_yaml(b"a: 9" + longest, file="x")


def test_a_deep_file_is_refused_before_it_costs_anything() -> None:
    before = sys.getrecursionlimit()
    for opening in (b"[", b"{a: ", b"- ", b"? "):
        with pytest.raises(LawError):
            read_yaml(opening * 300_000, file="x")
    assert sys.getrecursionlimit() == before
    just = "[" * exact_yaml.DEEPEST + "]" * exact_yaml.DEEPEST
    assert read_yaml(just.encode(), file="x") == json.loads(just)
