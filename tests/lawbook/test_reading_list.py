"""A text orders what to read first; the order is exact, repeatable and no result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.lawbook.standards_law import cases, files, standards

from xianjie.lawbook.procedure.causes import load_causes
from xianjie.lawbook.screening.reading_list import Candidates
from xianjie.lawbook.standards.judging import judge

STREAMS = Path(__file__).resolve().parents[2] / "cases" / "streams"
DESCRIBES = ("violation", "violation_type", "source_words")
DESCRIBING = {
    f"cn.xianjie.{name}.v1"
    for name in (
        "evidence.recorded",
        "inspection.conducted",
        "penalty.decided",
        "admin_case.filed",
        "investigation.recorded",
        "lead.registered",
    )
}
CAUSES = tuple(load_causes(files(), standards()).by_id.values())
CANDIDATES = Candidates.of(standards(), CAUSES)
AGAIN = Candidates.of(standards(), CAUSES)
WITHOUT_CAUSES = Candidates.of(standards())
Labelled = tuple[str, set[str]]


def found(text: str, limit: int = 5, candidates: Candidates = CANDIDATES) -> list[str]:
    return [candidate.offence for candidate in candidates.for_text(text, limit)]


def recall(name: str, texts: Sequence[Labelled]) -> tuple[float, float]:
    """The share of texts among whose first five is an offence that the text is about, printed.

    By the words of the standards and of the causes of action, and by those of the standards alone.
    """
    shares = []
    for candidates in (CANDIDATES, WITHOUT_CAUSES):
        hits = sum(bool(expected & set(found(text, 5, candidates))) for text, expected in texts)
        shares.append(hits / len(texts))
    print(f"recall@5 of {len(texts)} {name}: {shares[0]:.3f}, without causes {shares[1]:.3f}")  # noqa: T201
    return shares[0], shares[1]


def named(data: Any) -> Iterator[str]:
    """Every offence that the data of an event names."""
    yield from data.get("offences", ())
    if "offence" in data:
        yield data["offence"]
    for party in data.get("per_party", ()):
        yield from named(party)


def real_cases() -> dict[str, tuple[str, set[str]]]:
    """What the real cases say about the conduct, without what they call it, and the offences they name."""
    texts = {}
    for path in sorted(STREAMS.glob("RC-*.ndjson")):
        events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        offences = {name for event in events for name in named(event["data"])}
        words = [
            event["data"][key]
            for event in events
            if event["type"] in DESCRIBING
            for key in DESCRIBES
            if key in event["data"]
        ]
        texts[path.stem] = ("，".join(words), offences)
    return texts


def test_titles_of_the_worked_cases_lead_to_their_offence() -> None:
    texts = [(case.title_zh, {case.given.offence}) for case in cases()]
    told, alone = recall("titles of worked cases", texts)
    assert told >= 0.84 and alone >= 0.82  # measured 0.853 and 0.833


def test_what_real_cases_say_of_the_conduct_leads_to_the_offence_that_they_name() -> None:
    texts = [(text, offences) for text, offences in real_cases().values() if text and offences]
    assert len(texts) >= 30
    told, alone = recall("short notes of real cases", texts)
    assert told >= 0.74 and alone >= 0.55  # measured 0.774 and 0.581


def test_the_published_story_of_a_real_case_leads_to_the_offence_that_it_names(reference: Path) -> None:
    named_in = {name: offences for name, (_, offences) in real_cases().items() if offences}
    path = reference / "cases" / "real-cases.yaml"
    stories = {
        case["id"]: case["narrative"] for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
    }
    texts = [(stories[name], offences) for name, offences in named_in.items() if name in stories]
    assert len(texts) >= 40
    told, alone = recall("published stories", texts)
    assert told >= 0.85 and alone >= 0.73  # measured 0.881 and 0.762


@pytest.mark.parametrize(
    ("text", "offence"),
    [
        ("生产、销售不符合安全标准的食品", "unsafe_food"),
        ("无证采砂", "illegal_mining"),
        ("倾倒危险废物三吨以上", "pollution_of_environment"),
        ("拒不支付农民工劳动报酬", "refusing_wages"),
        ("未经许可经营卷烟", "tobacco_illegal_business"),
    ],
)
def test_plain_words_of_an_inspector_lead_to_the_offence(text: str, offence: str) -> None:
    assert offence in found(text)


@given(st.text(max_size=60))
def test_any_text_gives_the_same_ordered_list_again(text: str) -> None:
    first = CANDIDATES.for_text(text, 159)
    assert first == CANDIDATES.for_text(text, 159) == AGAIN.for_text(text, 159)
    assert [one.score for one in first] == sorted((one.score for one in first), reverse=True)
    assert all(type(one.score) is int and one.score > 0 for one in first)
    assert CANDIDATES.for_text(text, 3) == first[:3]


@given(st.lists(st.sampled_from(["销售", "假药", "，", "危险", "废物", "a", "1"]), max_size=8))
def test_more_words_never_lower_a_score(words: list[str]) -> None:
    fewer = {one.offence: one.score for one in CANDIDATES.for_text("".join(words[:-1]), 159)}
    more = {one.offence: one.score for one in CANDIDATES.for_text("".join(words), 159)}
    assert all(more[offence] >= score for offence, score in fewer.items())


@pytest.mark.parametrize("text", ["", "penalty 123", "，。；", "\n"])
def test_a_text_without_a_word_of_the_catalogue_gives_nothing(text: str) -> None:
    assert found(text) == []


def test_words_across_a_mark_are_no_pair() -> None:
    assert CANDIDATES.for_text("假药") != CANDIDATES.for_text("假，药")


def test_all_words_of_the_catalogue_together_do_not_run_over() -> None:
    everything = "，".join(CANDIDATES._shares)
    assert max(one.score for one in CANDIDATES.for_text(everything, 1)) < 2**32
    assert len(CANDIDATES.for_text(everything, 200)) == len(standards().offences)


def test_the_name_of_a_cause_of_action_leads_to_its_offences() -> None:
    for cause in CAUSES:
        for text in (cause.name_zh, *cause.aliases_zh):
            assert set(cause.offences) & set(found(text, 10)), text
    assert len(CAUSES) >= 382


def test_a_reading_list_changes_no_judgement() -> None:
    case = next(case for case in cases() if case.id == "SC-007")
    before = judge(standards(), case.given)
    CANDIDATES.for_text(case.title_zh)
    assert judge(standards(), case.given) == before


def test_thousands_of_texts_are_read_in_a_second() -> None:
    texts = [case.title_zh for case in cases()] * 10
    began = perf_counter()
    for text in texts:
        CANDIDATES.for_text(text)
    rate = len(texts) / (perf_counter() - began)
    print(f"{rate:,.0f} texts per second")  # noqa: T201
    assert rate > 2000  # measured 35,000; a busy machine is no fault of the list
