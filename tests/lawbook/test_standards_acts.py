"""Several acts, earlier penalties, and the version that governs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.lawbook.standards_law import amount, judged, leaf, tiny_law

from xianjie.lawbook.standards.history import months_after
from xianjie.lawbook.standards.judging import (
    UNKNOWN,
    Act,
    Basis,
    Interval,
    Penalty,
    Result,
    UnknownOffenceError,
)
from xianjie.lawbook.standards.values import FactValue

MET, NOT_MET, INSUFFICIENT = Result.met, Result.not_met, Result.insufficient
LAST = "2024-03-01"


def act(day: str | None, money: FactValue | None = 30000, **flags: Any) -> Act:
    amounts = {} if money is None else {"money": money}
    return Act(None if day is None else date.fromisoformat(day), amounts, **flags)


def summed(scope: str, months: int, *acts: Act, **more: Any) -> Any:
    rule = {"clause": "第九条", "scope": scope, "window_months": months, "facts": ["money"]}
    law = tiny_law(amount("m", 50000), cumulation=rule)
    return judged("tiny", LAST, {}, law=law, acts=acts, **more)


@pytest.mark.parametrize(
    ("scope", "months", "other", "counted"),
    [
        ("untreated", 0, act("2010-01-01"), True),
        ("untreated", 0, act("2010-01-01", prosecutable=False), True),
        ("untreated", 0, act("2023-01-01", treated=True), False),
        ("untreated", 12, act("2023-03-01"), True),
        ("untreated", 12, act("2023-02-28"), False),
        ("untreated_and_prosecutable", 0, act("2010-01-01"), True),
        ("untreated_and_prosecutable", 0, act("2010-01-01", prosecutable=False), False),
        ("untreated_or_prosecutable", 24, act("2022-03-01"), True),
        ("untreated_or_prosecutable", 24, act("2022-02-28"), False),
        ("untreated_or_prosecutable", 24, act("2022-02-28", prosecutable_crime=True), True),
        (
            "untreated_or_prosecutable",
            24,
            act("2022-02-28", prosecutable_crime=True, prosecutable=False),
            False,
        ),
        ("untreated_or_prosecutable", 24, act("2023-01-01", prosecutable_crime=True, treated=True), False),
        ("untreated_and_punishable", 0, act("2010-01-01"), True),
        ("untreated_and_punishable", 0, act("2010-01-01", prosecutable=False), False),
        ("untreated_and_punishable", 0, act("2010-01-01", prosecutable=False, punishable=True), True),
    ],
)
def test_an_act_is_counted_as_the_scope_says(scope: str, months: int, other: Act, counted: bool) -> None:
    judgement = summed(scope, months, act(LAST), other)
    assert judgement.aggregated == {"money": 60000 if counted else 30000}
    assert judgement.result is (MET if counted else NOT_MET)
    assert [one.act for one in judgement.acts_left_out] == ([] if counted else [other])
    assert all(one.reason_zh and one.reason_en for one in (*judgement.acts_counted, *judgement.acts_left_out))


def test_an_act_of_unknown_day_is_counted_perhaps() -> None:
    judgement = summed("untreated", 12, act(LAST), act(None))
    assert judgement.aggregated == {"money": Interval(30000, 60000)}
    assert (judgement.result, judgement.missing_facts) == (INSUFFICIENT, ("money",))


def test_an_act_without_the_amount_is_open_unless_somebody_searched() -> None:
    assert summed("untreated", 0, act(LAST), act("2024-01-01", None)).result is INSUFFICIENT
    assert (
        summed("untreated", 0, act(LAST), act("2024-01-01", UNKNOWN), closed_world=True).result
        is INSUFFICIENT
    )
    for said in ({"closed_world": True}, {"searched": frozenset({"money"})}):
        assert summed("untreated", 0, act(LAST), act("2024-01-01", None), **said).result is NOT_MET


def test_sums_of_fen_are_exact() -> None:
    acts = [act(LAST, Decimal("0.01")) for _ in range(100)] + [act(LAST, Decimal("49998.99"))]
    assert summed("untreated", 0, *acts).aggregated == {"money": Decimal("49999.99")}
    assert summed("untreated", 0, *acts).result is NOT_MET


def test_without_a_rule_one_act_alone_may_reach_the_limit_but_the_sum_is_open() -> None:
    law = tiny_law(amount("m", 50000))
    for amounts, expected in (([50000, 1], MET), ([30000, 30000], INSUFFICIENT), ([20000, 29999], NOT_MET)):
        acts = tuple(act(LAST, money) for money in amounts)
        judgement = judged("tiny", LAST, {}, law=law, acts=acts, closed_world=True)
        assert judgement.result is expected
        assert judgement.aggregated == {}


PRIORS = leaf("p", fact="priors", op=">=", value=1, unit="times")


@pytest.mark.parametrize(
    ("effective", "act_day", "counts"),
    [
        ("2022-03-01", "2024-03-01", True),
        ("2022-03-01", "2024-03-02", False),
        ("2024-03-01", "2024-03-01", True),
        ("2024-03-02", "2024-03-01", False),
        ("2024-02-29", "2026-02-28", True),
        ("2024-02-29", "2026-03-01", False),
    ],
)
def test_a_window_of_years_includes_both_its_ends(effective: str, act_day: str, counts: bool) -> None:
    history = (Penalty("admin_penalty", date.fromisoformat(effective)),)
    judgement = judged("tiny", act_day, {}, law=tiny_law(PRIORS), history=history, closed_world=True)
    assert judgement.result is (MET if counts else NOT_MET)


def test_penalties_of_another_kind_or_matter_are_not_counted() -> None:
    day = date(2024, 1, 1)
    others = (Penalty("criminal_penalty", day), Penalty("admin_penalty", day, "other"))
    law = tiny_law(PRIORS)
    assert judged("tiny", "2024-03-01", {}, law=law, history=others, closed_world=True).result is NOT_MET


def test_penalties_on_record_are_a_lower_bound_until_somebody_searched() -> None:
    law = tiny_law(PRIORS | {"value": 2})
    one = {"law": law, "history": (Penalty("admin_penalty", date(2024, 1, 1)),)}
    assert judged("tiny", LAST, {}, **one).result is INSUFFICIENT
    assert judged("tiny", LAST, {}, **one, searched=frozenset({"priors"})).result is NOT_MET
    assert judged("tiny", LAST, {"priors": 0}, **one, closed_world=True).result is NOT_MET
    assert judged("tiny", LAST, {"priors": 2}, **one, closed_world=True).result is MET
    assert judged("tiny", LAST, {"priors": 0}, **one | {"law": tiny_law(PRIORS)}).result is MET


def test_what_acts_say_of_a_count_stands_before_what_follows_from_penalties() -> None:
    law = tiny_law(PRIORS | {"value": 2})
    history = (Penalty("admin_penalty", date(2024, 1, 1)), Penalty("admin_penalty", date(2024, 2, 1)))
    one = Act(date.fromisoformat(LAST), {"priors": 1})
    given = {"law": law, "history": history, "closed_world": True}
    assert judged("tiny", LAST, {}, **given).result is MET
    assert judged("tiny", LAST, {}, **given, acts=(one,)).result is NOT_MET
    assert judged("tiny", LAST, {"priors": 1}, **given, acts=(one,)).result is MET


def test_a_penalty_of_unknown_day_may_count() -> None:
    judgement = judged(
        "tiny", LAST, {}, law=tiny_law(PRIORS), history=(Penalty("admin_penalty", None),), closed_world=True
    )
    assert (judgement.result, judgement.missing_facts) == (INSUFFICIENT, ("priors",))


def test_a_month_without_the_day_ends_on_its_last() -> None:
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(9999, 6, 1), 12) == date.max


SALT = {"salt_illegal_business_conduct": True, "salt_tonnes": 20}


def test_a_repealed_standard_without_successor_is_applied_and_flagged() -> None:
    then = judged("salt_illegal_business", "2020-03-31", SALT, closed_world=True)
    later = judged("salt_illegal_business", "2020-03-31", SALT, decided="2020-04-01", closed_world=True)
    assert (then.reason, later.reason) == (None, "repealed_without_successor")
    assert (later.version, later.result) == (then.version, then.result)
    after = judged("salt_illegal_business", "2020-04-01", SALT, closed_world=True)
    assert (after.version, after.result, after.reason) == (None, INSUFFICIENT, "no_version_in_force")


def test_an_act_between_two_versions_takes_the_later_one_once_it_is_in_force() -> None:
    facts: dict[str, FactValue] = {"tax_deception_or_nonfiling": False}
    judgement = judged("tax_evasion", "2009-06-01", facts, decided="2011-01-01", closed_world=True)
    assert (judgement.version, judgement.basis) == ("tax_evasion@2010", Basis.gap)
    too_soon = judged("tax_evasion", "2009-06-01", facts, decided="2010-01-01", closed_world=True)
    assert (too_soon.version, too_soon.reason) == (None, "no_version_in_force")


def test_a_version_without_text_is_never_preferred_and_is_shown() -> None:
    facts: dict[str, FactValue] = {"nonstate_bribe_received": True, "bribe_amount": 10**7}
    judgement = judged("commercial_bribery_receiving", "2025-01-01", facts, decided="2026-06-01")
    assert (judgement.version, judgement.result) == ("commercial_bribery_receiving@2022", MET)
    assert judgement.also is not None and judgement.also.reason == "standard_text_missing"


def test_an_open_comparison_shows_both_versions_and_a_closed_one_does_not() -> None:
    facts: dict[str, FactValue] = {"illegal_deposit_taking_conduct": True, "subject_type": "individual"}
    both = judged("illegal_deposit_taking", "2021-10-01", facts, decided="2023-01-01")
    assert both.result is INSUFFICIENT and both.also is not None and both.also.version != both.version
    facts["illegal_deposit_taking_conduct"] = False
    assert judged("illegal_deposit_taking", "2021-10-01", facts, decided="2023-01-01").also is None


def test_an_act_before_the_first_version_is_not_met_or_open() -> None:
    early = judged("dangerous_operation", "2020-06-01", {}, decided="2023-05-01")
    assert (early.version, early.reason, early.missing_facts) == (None, "before_first_version", ())
    assert early.also is not None and early.also.version == "dangerous_operation@2021"
    facts: dict[str, FactValue] = {"work_safety_violation": False}
    harmless = judged("dangerous_operation", "2020-06-01", facts, decided="2023-05-01")
    assert (harmless.version, harmless.result) == ("dangerous_operation@2021", NOT_MET)
    nothing = judged("dangerous_operation", "2020-06-01", {}, decided="2020-07-01")
    assert (nothing.version, nothing.reason) == (None, "no_version_in_force")


def test_an_offence_that_the_catalogue_lacks_is_an_error() -> None:
    with pytest.raises(UnknownOffenceError, match="jaywalking"):
        judged("jaywalking", "2024-01-01", {})
