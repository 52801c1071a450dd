"""Messages: ids, words, and the label of local service targets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.notification.builders import (
    AGENCY,
    CASE,
    MEETING,
    NOW,
    POLICE,
    PROCURATORATE,
    clock_expired,
    clock_started,
    clock_warned,
    finding,
    organ,
    recorded,
)

from xianjie.contracts.recorded import Ref
from xianjie.notification.domain.arrivals import ClockUnknown, arrivals, clocks_named
from xianjie.notification.domain.due import Words, due_in_words, moment_in_words
from xianjie.notification.domain.facts import PLACEHOLDERS, Fact, message_unanswered
from xianjie.notification.domain.messages import InboxMessage, matching, message_id, route
from xianjie.notification.domain.registry import Registry
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import RULES

TITLES = {
    "filing_decision": Words("公安机关决定是否立案", "Police decide on filing"),
    "nt4_approved_not_sent": Words("批准移送后未移送", "Approved but not sent"),
}
COUNTY = Registry({each: organ(each) for each in (AGENCY, POLICE)}, (organ(PROCURATORATE), organ(MEETING)))
RULEBOOK = load_rules(RULES)


def facts(*events: dict[str, Any]) -> tuple[Fact, ...]:
    return arrivals(recorded(*events), known={}, titles=TITLES).facts


def messages(*events: dict[str, Any], registry: Registry = COUNTY) -> dict[tuple[str, str], InboxMessage]:
    made = route(matching(RULEBOOK, facts(*events)), registry=registry, created_at=lambda at: at).messages
    return {(each.rule, each.recipient): each for each in made}


def test_a_breach_reaches_the_agency_its_procuratorate_and_the_joint_meeting() -> None:
    assert set(messages(finding(level="breach"))) == {
        ("finding_breach", AGENCY),
        ("finding_breach_supervision", PROCURATORATE),
        ("finding_breach_supervision", MEETING),
    }


def test_a_notice_reaches_the_agency_only() -> None:
    assert set(messages(finding(level="notice"))) == {("finding_notice", AGENCY)}


def test_a_message_names_rule_case_and_organ_in_both_languages() -> None:
    message = messages(finding())[("finding_breach_supervision", PROCURATORATE)]
    assert message.title.zh == "监督线索（明确）：批准移送后未移送"
    assert message.title.en == "Finding (breach): Approved but not sent"
    assert CASE in message.body.zh and CASE in message.body.en
    assert "示范县税务局稽查局" in message.body.zh
    assert message.must_answer_by is None
    assert (message.level, message.subject) == ("breach", CASE)


def test_a_time_to_answer_is_always_labelled_as_not_statutory() -> None:
    message = messages(finding())[("finding_breach", AGENCY)]
    assert message.must_answer_by == NOW + timedelta(hours=72)
    assert message.body.zh.endswith("请在2026年9月13日09:00前签收（本平台服务目标，不是法定期限）。")
    assert message.body.en.endswith(
        "Please acknowledge by 2026-09-13 09:00 (UTC+8) "
        "(service target of the platform, not a statutory term)."
    )


def test_a_duty_that_another_organ_opened_is_announced_to_its_bearer() -> None:
    message = messages(clock_started())[("duty_opened", POLICE)]
    assert message.title.zh == "新的办理期限：公安机关决定是否立案"
    assert "示范县税务局稽查局" in message.body.zh and "2026-09-14" in message.body.zh


def test_a_duty_that_the_bearer_opened_itself_is_not_announced() -> None:
    assert messages(clock_started(opener=POLICE)) == {}


def test_a_recomputed_clock_is_announced_once_more() -> None:
    assert set(messages(clock_started(revision=1))) == {("duty_recomputed", POLICE)}


def test_a_warning_speaks_of_the_clock_as_it_was_announced_last() -> None:
    later = {"kind": "day", "day": "2026-09-21", "derivation": ["extended"]}
    made = messages(clock_started(), clock_started(id="c-9", revision=1, due=later), clock_warned())
    assert "2026-09-21" in made[("warned_late", POLICE)].body.zh


def test_the_passed_calendar_reading_is_shown_to_the_supervisors_too() -> None:
    made = messages(clock_started(), clock_warned(rung="due_calendar"))
    assert {who for rule, who in made if rule == "warned_calendar"} == {POLICE, PROCURATORATE, MEETING}


def test_an_expired_clock_reaches_bearer_and_supervisors() -> None:
    made = messages(clock_started(opener=POLICE), clock_expired())
    assert set(made) == {
        ("expired", POLICE),
        ("expired_supervision", PROCURATORATE),
        ("expired_supervision", MEETING),
    }


def test_a_clock_that_nobody_announced_stops_its_case() -> None:
    events = recorded(clock_warned())
    assert clocks_named(events) == {"filing_decision|X-1|e-2"}
    with pytest.raises(ClockUnknown, match="filing_decision"):
        arrivals(events, known={}, titles={})


def test_an_id_stands_for_a_title_that_is_missing_and_od_means_overdue() -> None:
    event = finding()
    event["data"]["rule"] = "od_filing_decision"
    assert facts(event)[0].words["rule"] == Words(
        "逾期：公安机关决定是否立案", "Overdue: Police decide on filing"
    )
    event["data"]["rule"] = "nt1_met_not_started"
    assert facts(event)[0].words["rule"] == Words("nt1_met_not_started", "nt1_met_not_started")


def test_every_fact_fills_every_placeholder_that_rules_may_use() -> None:
    silence = message_unanswered(
        ref=Ref("urn:xianjie:platform:notification", "ntf_x.expired"),
        subject=CASE,
        recipient=AGENCY,
        urgency="urgent",
        title=Words("标题", "title"),
        must_answer_by=NOW,
    )
    by_platform = clock_started(id="c-8")
    by_platform["data"]["started_by"]["source"] = "urn:xianjie:platform:transfer"
    made = facts(finding(), clock_started(), by_platform, clock_warned(), clock_expired())
    for fact in (*made, silence):
        assert set(fact.words) | set(fact.organs) == PLACEHOLDERS[fact.kind]


def test_the_message_for_a_merged_organ_goes_to_its_successor() -> None:
    heir = "ag-130999-tax-2"
    merged = Registry({AGENCY: organ(AGENCY, change="merged", successors=[heir])}, (organ(PROCURATORATE),))
    assert ("finding_breach", heir) in messages(finding(), registry=merged)


def test_supervisors_that_cannot_be_told_are_waited_for_and_the_concerned_organ_is_told_at_once() -> None:
    routing = route(matching(RULEBOOK, facts(finding())), registry=Registry(), created_at=lambda at: at)
    assert [each.recipient for each in routing.messages] == [AGENCY]
    assert [(each.rule, each.waits_for) for each in routing.unrouted] == [
        ("finding_breach_supervision", (f"organ:{AGENCY}",))
    ]
    alone = Registry({AGENCY: organ(AGENCY)})
    routing = route(matching(RULEBOOK, facts(finding())), registry=alone, created_at=lambda at: at)
    assert routing.unrouted[0].waits_for == (
        f"organ:{AGENCY}",
        "region:130999",
        "region:130900",
        "region:130000",
    )


PARTS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(PARTS, PARTS, PARTS, PARTS), unique=True, max_size=20))
def test_the_id_of_a_message_tells_rule_fact_and_recipient_apart(
    parts: list[tuple[str, str, str, str]],
) -> None:
    ids = [message_id(rule=rule, fact=Ref(source, id_), recipient=who) for rule, source, id_, who in parts]
    assert len(set(ids)) == len(parts)
    assert all(re.fullmatch("ntf_[a-z2-7]{26}", each) for each in ids)


def test_moments_are_told_on_the_clock_of_shanghai() -> None:
    assert moment_in_words(datetime(2026, 12, 31, 16, 5, tzinfo=UTC)) == Words(
        "2027年1月1日00:05", "2027-01-01 00:05 (UTC+8)"
    )


DUE = [
    ({"kind": "day", "day": "2026-09-14"}, "2026-09-14", "2026-09-14"),
    (
        {"kind": "instant", "instant": "2026-09-14T10:00:00+08:00"},
        "2026年9月14日10:00",
        "2026-09-14 10:00 (UTC+8)",
    ),
    ({"kind": "open"}, "尚不能确定", "cannot be determined yet"),
    (
        {"kind": "interval", "earliest": "2026-09-14", "latest": "2026-09-18"},
        "2026-09-14至2026-09-18之间",
        "between 2026-09-14 and 2026-09-18",
    ),
    ({"kind": "interval", "earliest": "2026-09-14"}, "不早于2026-09-14", "not before 2026-09-14"),
    ({"kind": "interval", "latest": "2026-09-14"}, "不晚于2026-09-14", "not after 2026-09-14"),
    ({"kind": "interval"}, "尚不能确定", "cannot be determined yet"),
    (
        {
            "kind": "dual",
            "calendar": "2026-09-14",
            "working": {"earliest": "2026-09-16", "latest": "2026-09-16"},
        },
        "2026-09-14（按自然日），2026-09-16（按工作日）",
        "2026-09-14 (calendar days), 2026-09-16 (working days)",
    ),
]


@pytest.mark.parametrize(("due", "zh", "en"), DUE)
def test_every_kind_of_due_date_is_told_in_words(due: dict[str, Any], zh: str, en: str) -> None:
    assert due_in_words(due) == Words(zh, en)


def test_no_text_of_the_shipped_rules_claims_guilt_or_leaves_out_a_language() -> None:
    for rule, language in product(RULEBOOK, ("zh", "en")):
        assert getattr(rule.title, language) and getattr(rule.body, language)
    for rule in RULEBOOK:
        if rule.fact == "finding.raised":
            assert "不认定违法" in rule.body.zh
            assert "does not establish a violation" in rule.body.en
