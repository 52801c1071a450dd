"""Screening says of every record and every offence what the judgement of the single case says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lawbook.screening_records import Drawn, cells, headers, record
from tests.lawbook.standards_law import amount, leaf, standards, tiny_law, truth

from xianjie.lawbook.screening import findings
from xianjie.lawbook.screening.columns import read_header
from xianjie.lawbook.screening.findings import finding_of, stage_of
from xianjie.lawbook.screening.pointing import Pointing, nothing_named
from xianjie.lawbook.screening.screener import DisagreementError, Screener
from xianjie.lawbook.standards.catalogue import Fact, Standards
from xianjie.lawbook.standards.judging import JudgementInput, Result, judge

RESULTS = {True: Result.met, False: Result.not_met, None: Result.insufficient}
PAIRS = 60_000


def screener(
    facts: Sequence[Fact], law: Standards | None = None, pointing: Pointing | None = None
) -> Screener:
    layout = read_header(headers(facts), (law or standards()).facts)
    return Screener(
        law or standards(), layout, default_day=None, pointing=pointing or Pointing(nothing_named)
    )


def disagreements(
    asked: Screener, law: Standards, drawn: Sequence[Drawn], raw: pl.DataFrame
) -> tuple[int, list[str]]:
    compared, wrong = 0, []
    for group, results in asked.results(raw):
        for place, row in enumerate(group.carried["row"]):
            each = drawn[row - 2]
            for offence, found in results.items():
                judgement = judge(law, each.given(offence))
                said = (RESULTS[found.full[place]], RESULTS[found.enumerated[place]])
                compared += 1
                if said != (judgement.result, judgement.enumerated):
                    wrong.append(
                        f"{offence} row {row}: {said}, single {judgement.result} {judgement.enumerated}"
                    )
    return compared, wrong


@pytest.mark.parametrize("known", [0.35, 0.75, 0.97])
def test_every_result_over_all_offences_is_that_of_the_single_case(known: float) -> None:
    rng = random.Random(f"screening {known}")
    facts = list(standards().facts.values())
    drawn = [record(rng, facts, known=known) for _ in range(PAIRS // 3 // len(standards().offences) + 1)]
    compared, wrong = disagreements(screener(facts), standards(), drawn, cells(drawn, facts))
    assert wrong == []
    assert compared >= PAIRS / 3


def test_results_agree_whichever_columns_a_file_has() -> None:
    rng = random.Random("columns")
    every = list(standards().facts.values())
    for _ in range(6):
        facts = rng.sample(every, 40)
        drawn = [record(rng, facts, known=0.7) for _ in range(25)]
        compared, wrong = disagreements(screener(facts), standards(), drawn, cells(drawn, facts))
        assert wrong == []
        assert compared == 25 * len(standards().offences)


@pytest.mark.parametrize("seed", range(3))
def test_the_worklist_says_of_every_record_what_its_own_judgement_says(seed: int) -> None:
    """Alike records share a judgement; every one of them must have got the one that is its own."""
    rng = random.Random(f"worklist {seed}")
    names = rng.sample(list(standards().offences), 12)
    facts = list(
        dict.fromkeys(
            fact
            for name in names
            for version in standards().offences[name].versions
            for fact in version.facts
        )
    )
    drawn = [record(rng, facts, known=0.55) for _ in range(150)]
    drawn = [
        Drawn(each.facts, each.act, each.decision, each.province, rng.choice([None, *names]))
        for each in drawn
    ]
    pointing = Pointing(lambda cause: [(cause, None, date(2021, 1, 1)), (cause, date(2023, 1, 1), None)])
    screened = screener(facts, pointing=pointing).screen(cells(drawn, facts))
    told = {
        (lines.carried["row"][place], finding.offence): (finding, pointed)
        for lines in screened.lines
        for place, finding, pointed in zip(lines.places, lines.findings, lines.pointed, strict=True)
    }
    assert len(told) == sum(len(lines.places) for lines in screened.lines)
    stages: Counter[findings.Stage] = Counter()
    for row, each in enumerate(drawn, 2):
        day = each.act or each.decision
        in_force = not date(2021, 1, 1) < day < date(2023, 1, 1)
        for offence in standards().offences:
            pointed = each.cause == offence and in_force
            judgement = judge(standards(), each.given(offence))
            stage = stage_of(judgement, pointed=pointed)
            if stage is None:
                assert (row, offence) not in told
            else:
                stages[stage] += 1
                assert told[row, offence] == (finding_of(judgement, stage), pointed)
    assert len(stages) >= 4


def test_a_difference_between_columns_and_single_case_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("sold", 50000)]})
    facts = [law.facts["money"]]
    drawn = [Drawn({"money": Decimal(50000)}, date(2024, 1, 1), date(2024, 1, 1), None)]
    asked = screener(facts, law)

    def wrong(_law: Standards, asked_for: JudgementInput) -> object:
        return judge(
            law,
            JudgementInput(
                offence="tiny", act_day=asked_for.act_day, decision_day=asked_for.decision_day, facts={}
            ),
        )

    monkeypatch.setattr("xianjie.lawbook.screening.screener.judge", wrong)
    with pytest.raises(DisagreementError, match="第2行"):
        asked.screen(cells(drawn, facts))


LEAVES = {
    "a": truth("a", "a"),
    "b": truth("b", "b", op="is_false"),
    "m": amount("m", 50000),
    "o": amount("o", 50000, op=">"),
    "l": amount("l", 70000, op="<="),
    "n": amount("n", 70000, op="<"),
    "e": amount("e", 50000, op="=="),
    "p": leaf("p", fact="stock", op=">=", value={"param": "large", "factor": 2}, unit="CNY"),
    "q": leaf("q", fact="stock", op=">", value={"param": "large"}, unit="CNY"),
    "c": leaf("c", fact="count", op=">=", value=3, unit="times"),
    # Limits between two whole numbers: every operator has to round to the right side.
    "f": leaf("f", fact="count", op=">", value=2.5, unit="times"),
    "g": leaf("g", fact="count", op=">=", value=2.5, unit="times"),
    "h": leaf("h", fact="count", op="<=", value=2.5, unit="times"),
    "i": leaf("i", fact="count", op="<", value=2.5, unit="times"),
    "j": leaf("j", fact="count", op="==", value=2.5, unit="times"),
    "s": leaf("s", fact="subject", op="in", value=["unit"]),
    "d": leaf("d", kind="discretionary"),
    "u": leaf("u", kind="unread_limb", known_unread="lost"),
    "r": leaf(
        "r",
        kind="ratio_sum",
        op=">=",
        value=1,
        terms=[
            {"fact": "money", "standard": 70000},
            {"fact": "land", "standard": 3},
            {"fact": "count", "standard": 7},
        ],
    ),
    "t": leaf(
        "t",
        kind="sum",
        op="<",
        value=150000,
        unit="CNY",
        terms=[{"fact": "money", "coefficient": 3}, {"fact": "stock", "coefficient": 1}],
    ),
}
FACTS = ("a", "b", "money", "stock", "land", "count", "subject")
NEAR = [0, 2, 3, 7, 999, 1000, 1001, 2000, 3000, 4000, 6000, 50000, 70000, 150000]


@st.composite
def trees(draw: st.DrawFn) -> dict[str, object]:
    chosen = draw(st.lists(st.sampled_from(sorted(LEAVES)), min_size=1, max_size=7))
    count = iter(range(99))

    def built(names: list[str]) -> dict[str, object]:
        name = f"tiny@1/n{next(count)}"
        if len(names) == 1:
            return {**LEAVES[names[0]], "id": name}
        cut = draw(st.integers(1, len(names) - 1))
        parts = [built(names[:cut]), built(names[cut:])]
        kind = draw(st.sampled_from(["all_of", "any_of", 1, 2]))
        return {"id": name} | ({"at_least": kind, "of": parts} if isinstance(kind, int) else {kind: parts})

    return built(chosen)


@st.composite
def tiny_records(draw: st.DrawFn) -> Drawn:
    numbers = st.builds(
        lambda near, step: max(Decimal(0), near + step),
        st.sampled_from(NEAR),
        st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("-0.01"), Decimal(1)]),
    )
    fine = st.builds(lambda number, step: number + step, numbers, st.sampled_from([0, Decimal("0.0000001")]))
    drawn: dict[str, object] = {
        "a": draw(st.none() | st.booleans()),
        "b": draw(st.none() | st.booleans()),
        "money": draw(st.none() | numbers),
        "stock": draw(st.none() | numbers),
        "land": draw(st.none() | fine),
        "count": draw(st.none() | st.sampled_from(NEAR)),
        "subject": draw(st.sampled_from([None, "unit", "individual"])),
    }
    days = st.dates(date(2019, 12, 1), date(2022, 1, 1))
    return Drawn(
        {name: known for name, known in drawn.items() if known is not None},  # type: ignore[misc]
        draw(st.none() | days),
        draw(days) + timedelta(days=draw(st.sampled_from([0, 800]))),
        draw(st.sampled_from([None, "CN-51", "CN-11"])),
    )


@settings(max_examples=120, deadline=None)
@given(trees(), st.none() | trees(), st.none() | trees(), st.lists(tiny_records(), min_size=1, max_size=6))
def test_every_tree_of_the_rule_language_gives_the_result_of_the_single_case(
    criteria: dict[str, object],
    gate: dict[str, object] | None,
    bars: dict[str, object] | None,
    drawn: list[Drawn],
) -> None:
    members = {"gate": renamed(gate, "g"), "bars": renamed(bars, "x")}
    law = tiny_law(criteria, **{name: tree for name, tree in members.items() if tree is not None})
    facts = [law.facts[name] for name in FACTS]
    asked = screener(facts, law, Pointing(lambda _: [("tiny", None, None)]))
    drawn = [Drawn(each.facts, each.act, each.decision, each.province, "案由") for each in drawn]
    raw = cells(drawn, facts)
    _, wrong = disagreements(asked, law, drawn, raw)
    assert wrong == []
    lines = [
        (part.carried["row"][place], finding)
        for part in asked.screen(raw).lines
        for place, finding in zip(part.places, part.findings, strict=True)
    ]
    expected = []
    for row, each in enumerate(drawn, 2):
        judgement = judge(law, each.given("tiny"))
        stage = stage_of(judgement, pointed=True)
        if stage is not None:
            expected.append((row, finding_of(judgement, stage)))
    assert sorted(lines, key=lambda line: line[0]) == expected


def renamed(tree: dict[str, object] | None, letter: str) -> dict[str, object] | None:
    """Return the tree with ids of its own."""
    if tree is None:
        return None
    found = {**tree, "id": str(tree["id"]).replace("/n", f"/{letter}")}
    for shape in ("all_of", "any_of", "of"):
        if shape in found:
            found[shape] = [renamed(part, letter) for part in tree[shape]]  # type: ignore[attr-defined]
    return found
