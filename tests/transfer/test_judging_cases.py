"""Which facts of a case are judged, for whom, by the text of which day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.transfer.case_answers import law
from tests.transfer.story import A, B
from tests.transfer.telling import BELOW, GREEN, MET, OFFENCE, CaseFile

from xianjie.transfer.domain.judging import CaseJudgement

AT = "2026-03-10 10:00"
NOTHING_UNSOLD = {"unsold_goods_value": {"fen": 0}}


def judged(
    case: CaseFile, *, party: str | None = None, offence: str = OFFENCE, at: str = AT
) -> CaseJudgement:
    (found,) = [
        judgement
        for judgement in case.snapshot(at).judgements
        if (judgement.offence, judgement.party) == (offence, party)
    ]
    return found


def result(case: CaseFile, **asked: Any) -> str:
    return judged(case, **asked).result.value


def identified(case: CaseFile, party: str, *, role: str, kind: str = "natural_person") -> None:
    identity = {"method": "hmac-sha-256", "key_id": "k", "basis": "id_number"}
    told = {"party": party, "kind": kind, "role": role, "name": "甲", "identity": identity}
    case.tell("party.identified", "2026-03-01 10:00", **told)


def suspects(case: CaseFile, *parties: str, kind: str = "natural_person") -> None:
    for party in parties:
        identified(case, party, role="suspect", kind=kind)


@pytest.mark.parametrize(("fen", "expected"), [(MET, "met"), (BELOW, "not_met")])
def test_the_limit_of_the_standard_belongs_to_it(fen: int, expected: str) -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=fen, **NOTHING_UNSOLD)
    assert judged(case).judgement.enumerated.value == expected


def test_the_value_recorded_last_is_judged_whoever_recorded_it() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=MET, **NOTHING_UNSOLD)
    assert result(case) == "met"
    last = case.facts("2026-03-05 10:00", sales_fen=BELOW, organ=GREEN)
    assert result(case, at="2026-03-04 10:00") == "met"
    assert result(case) != "met"
    assert judged(case).rests_on[-1] == last.ref


def test_the_record_decides_which_value_is_last_and_not_the_day_of_the_act() -> None:
    case = CaseFile()
    case.facts("2026-03-05 10:00", sales_fen=BELOW, **NOTHING_UNSOLD)
    case.facts("2026-03-02 10:00", recorded="2026-03-06 10:00", sales_fen=MET)
    assert result(case, at="2026-03-05 12:00") != "met"
    assert result(case) == "met"


def test_a_party_is_judged_by_its_own_facts_and_by_those_of_the_case() -> None:
    case = CaseFile()
    suspects(case, A, B)
    case.facts("2026-03-02 10:00", party=A, sales_fen=MET)
    case.facts("2026-03-02 11:00", party=B, sales_fen=BELOW, **NOTHING_UNSOLD)
    assert (result(case, party=A), judged(case, party=B).judgement.enumerated.value) == ("met", "not_met")
    case.facts("2026-03-02 12:00", sales_fen=MET)
    assert result(case, party=B) == "met"


def test_all_parties_together_take_the_largest_amount_and_never_the_sum() -> None:
    case = CaseFile()
    suspects(case, A, B)
    case.facts("2026-03-02 10:00", party=A, sales_fen=3_000_000, **NOTHING_UNSOLD)
    case.facts("2026-03-02 11:00", party=B, sales_fen=3_000_000, **NOTHING_UNSOLD)
    assert judged(case).judgement.enumerated.value == "not_met"
    case.facts("2026-03-03 11:00", party=B, sales_fen=MET)
    assert result(case) == "met"


def test_a_witness_is_no_party_to_judge() -> None:
    case = CaseFile()
    suspects(case, A)
    identified(case, B, role="victim")
    case.facts("2026-03-02 10:00", sales_fen=MET)
    assert {judgement.party for judgement in case.snapshot(AT).judgements} == {None, A}


@pytest.mark.parametrize(
    ("conduct", "version", "reason"),
    [
        ({"ended": {"precision": "day", "value": "2007-05-01"}}, f"{OFFENCE}@2001", None),
        ({"ended": {"precision": "day", "value": "2026-03-01"}}, f"{OFFENCE}@2008", None),
        ({"began": {"precision": "day", "value": "2007-05-01"}}, f"{OFFENCE}@2001", None),
        ({"ended": {"precision": "month", "value": "2026-02"}}, f"{OFFENCE}@2008", None),
    ],
)
def test_the_day_of_the_act_chooses_the_version(
    conduct: Mapping[str, Any], version: str, reason: str | None
) -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", conduct=conduct, sales_fen=MET)
    judgement = judged(case).judgement
    assert (judgement.version, judgement.reason, judgement.result.value) == (version, reason, "met")


def test_the_end_of_the_conduct_counts_and_not_its_beginning() -> None:
    case = CaseFile()
    began, ended = ({"precision": "day", "value": day} for day in ("2007-05-01", "2026-03-01"))
    case.facts("2026-03-02 10:00", conduct={"began": began, "ended": ended}, sales_fen=MET)
    assert judged(case).judgement.version == f"{OFFENCE}@2008"


def test_an_unknown_day_is_judged_for_every_day_and_has_no_version_where_they_agree() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", ended=None, sales_fen=MET)
    judgement = judged(case).judgement
    assert (judgement.result.value, judgement.version) == ("met", None)


def test_an_unknown_day_leaves_the_result_open_where_the_texts_disagree() -> None:
    """Sold below the limit, the sum of both counts since 2008 only."""
    case = CaseFile()
    mixed = {"sales_fen": 4_000_000, "unsold_goods_value": {"fen": 4_000_000}}
    case.facts("2026-03-02 10:00", ended=None, **mixed)
    judgement = judged(case).judgement
    assert judgement.result.value == "insufficient" and "act_date" in judgement.missing_facts
    case.facts("2026-03-03 10:00", ended="2026-03-01", **mixed)
    assert result(case) == "met"


def test_what_was_looked_for_and_not_found_is_not_unknown() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=BELOW)
    assert "unsold_goods_value" in judged(case).judgement.missing_facts
    case.tell(
        "evidence.recorded",
        "2026-03-03 10:00",
        searched=[{"facts": ["unsold_goods_value"], "how": "清点仓库"}],
    )
    searched = judged(case).judgement
    assert "unsold_goods_value" not in searched.missing_facts
    assert searched.enumerated.value == "not_met"


def test_what_a_person_found_on_a_discretionary_clause_decides_it() -> None:
    offence, node = "false_advertising", "false_advertising@2022/res"
    case = CaseFile()
    case.tell(
        "admin_case.filed", "2026-03-01 10:00", file_number="1", violation_type="虚假广告", offences=[offence]
    )
    case.facts("2026-03-02 10:00", illegal_income={"fen": 100}, false_advertising_conduct={"bool": True})
    before = judged(case, offence=offence)
    assert before.result.value != "met"
    finding = {"node": node, "value": True, "reasons": "多次实施"}
    case.tell(
        "assessment.declared", "2026-03-03 10:00", offence=offence, result="met", node_findings=[finding]
    )
    after = judged(case, offence=offence)
    assert node in before.judgement.pending_human and node not in after.judgement.pending_human
    assert after.result.value == "met" and node in after.judgement.deciding


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("sales_amount", {"bool": True}),
        ("sales_amount", {"decimal": "1.5"}),
        ("adulterated_or_substandard", {"fen": 5}),
        ("no_such_fact_anywhere", {"fen": 5}),
        ("subject_type", {"enum": "machine"}),
    ],
)
def test_a_value_that_does_not_fit_the_catalogue_is_not_judged_and_breaks_nothing(
    fact: str, value: Mapping[str, Any]
) -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=MET)
    sound = judged(case).judgement
    case.facts("2026-03-03 10:00", **{fact: value})
    snapshot = case.snapshot(AT)
    assert len(snapshot.digest) == len("sha-256:") + 64
    read = [each.judgement for each in snapshot.judgements if each.offence == OFFENCE]
    if fact in ("no_such_fact_anywhere", "subject_type"):
        assert [(each.result, each.deciding) for each in read] == [(sound.result, sound.deciding)]
    else:
        assert all(each.result.value != "met" for each in read)


def test_an_offence_that_the_law_does_not_know_is_left_out() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=MET)
    case.assessed("2026-03-02 11:00")
    case.tell("assessment.declared", "2026-03-03 10:00", offence="unheard_of", result="met")
    offences = {judgement.offence for judgement in case.snapshot(AT).judgements}
    assert OFFENCE in offences and offences <= law().standards.offences.keys()


def test_an_offence_that_somebody_names_is_judged_without_a_single_fact() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 11:00")
    judgement = judged(case)
    assert judgement.result.value == "insufficient" and judgement.mapped
    assert judgement.judgement.version is None and "sales_amount" in judgement.judgement.missing_facts


def test_a_case_that_says_nothing_of_an_offence_has_no_judgement() -> None:
    case = CaseFile()
    case.tell("lead.registered", "2026-03-02 10:00", lead_source="complaint")
    assert case.snapshot(AT).judgements == ()


def test_facts_that_only_touch_an_offence_do_not_map_the_case_to_it() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=MET)
    assert judged(case).mapped
    assert all(
        judgement.mapped or judgement.result.value != "met" for judgement in case.snapshot(AT).judgements
    )


def test_what_decides_is_named_with_its_facts_and_clauses() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=MET)
    judgement = judged(case)
    assert f"{OFFENCE}@2008/sold" in judgement.judgement.deciding
    assert f"{OFFENCE}@2008/unsold" not in judgement.judgement.deciding
    assert judgement.facts_met == {"sales_amount"}
    assert judgement.clauses == ("立案追诉标准（一）第十六条第（一）项",)
    shown = judgement.explained()
    assert shown["explanation_zh"] and shown["explanation_en"] and shown["rests_on"] == ["C1-01"]
