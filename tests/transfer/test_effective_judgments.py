"""A milder law of later helps until a criminal judgment is effective, and nobody after that."""

from __future__ import annotations

from typing import Any

import pytest
from tests.transfer.story import COURT, A, B
from tests.transfer.telling import POLICE, CaseFile

from xianjie.contracts.recorded import RecordedEvent

# Until 18 April 2016 met from 5,000 yuan on, since then from 60,000 yuan on.
OFFENCE = "commercial_bribery_receiving"
FORMER, MILDER = f"{OFFENCE}@2010", f"{OFFENCE}@2016"
BEFORE, AFTER = "2016-04-10 10:00", "2017-01-01 10:00"


def bribery(*parties: str) -> CaseFile:
    """One bribe of 10,000 yuan in 2015, filed by the police."""
    case = CaseFile()
    for party in parties:
        identity = {"method": "hmac-sha-256", "key_id": "k", "basis": "id_number"}
        case.tell(
            "party.identified",
            "2015-06-01 10:00",
            party=party,
            kind="natural_person",
            role="suspect",
            name="甲",
            identity=identity,
        )
    conduct = {"ended": {"precision": "day", "value": "2015-05-04"}}
    fact = {"fact": "bribe_amount", "value": {"fen": 1_000_000}, "certainty": "measured"}
    gate = {"fact": "nonstate_bribe_received", "value": {"bool": True}, "certainty": "measured"}
    case.tell("evidence.recorded", "2015-06-02 10:00", facts=[fact, gate], conduct=conduct)
    case.filed("2015-07-01 10:00", offences=[OFFENCE])
    return case


def judgment(case: CaseFile, at: str, *, instance: str = "first", **verdicts: str) -> RecordedEvent:
    parties = {"a": A, "b": B}
    per_party = [{"party": parties[key], "verdict": verdict} for key, verdict in verdicts.items()]
    return case.tell("judgment.rendered", at, organ=COURT, instance=instance, per_party=per_party)


def final(case: CaseFile, of: RecordedEvent, at: str, **data: Any) -> RecordedEvent:
    return case.tell("judgment.finalized", at, organ=COURT, judgment=of, **data)


def shown(case: CaseFile, at: str, party: str | None = None) -> tuple[str, str | None]:
    (found,) = [
        each for each in case.snapshot(at).judgements if (each.offence, each.party) == (OFFENCE, party)
    ]
    return found.result.value, found.judgement.version


def test_while_nothing_is_decided_the_milder_law_governs() -> None:
    case = bribery(A)
    assert shown(case, BEFORE, A) == ("met", FORMER)
    assert shown(case, AFTER, A) == ("not_met", MILDER)


def test_an_effective_judgment_stays_whatever_law_comes_later() -> None:
    case = bribery(A)
    final(case, judgment(case, "2016-01-10 10:00", a="guilty"), "2016-02-01 10:00")
    for party in (A, None):
        assert shown(case, BEFORE, party) == ("met", FORMER)
        assert shown(case, AFTER, party) == ("met", FORMER)


def test_a_judgment_that_is_not_effective_yet_does_not_stay() -> None:
    case = bribery(A)
    judgment(case, "2016-04-15 10:00", a="guilty")
    assert shown(case, AFTER, A) == ("not_met", MILDER)


def test_a_judgment_that_became_effective_under_the_milder_law_is_judged_by_it() -> None:
    case = bribery(A)
    final(case, judgment(case, "2016-04-15 10:00", a="not_guilty"), "2016-05-03 10:00")
    assert shown(case, AFTER, A) == ("not_met", MILDER)


def test_a_judgment_stays_for_the_party_that_it_concerns_and_for_all_only_with_the_last_one() -> None:
    case = bribery(A, B)
    final(case, judgment(case, "2016-01-10 10:00", a="guilty"), "2016-02-01 10:00")
    assert [shown(case, AFTER, party)[0] for party in (A, B, None)] == ["met", "not_met", "not_met"]
    final(case, judgment(case, "2016-03-10 10:00", b="guilty"), "2016-04-01 10:00")
    assert [shown(case, AFTER, party)[0] for party in (A, B, None)] == ["met", "met", "met"]


def test_for_all_parties_the_last_judgment_counts() -> None:
    case = bribery(A, B)
    final(case, judgment(case, "2016-01-10 10:00", a="guilty"), "2016-02-01 10:00")
    final(case, judgment(case, "2016-05-10 10:00", b="not_guilty"), "2016-06-01 10:00")
    assert [shown(case, AFTER, party)[0] for party in (A, B, None)] == ["met", "not_met", "not_met"]


def test_a_second_instance_is_effective_at_once() -> None:
    case = bribery(A)
    judgment(case, "2016-01-10 10:00", a="guilty")
    judgment(case, "2016-04-10 09:00", instance="second", a="upheld")
    assert shown(case, AFTER, A) == ("met", FORMER)


def test_a_retrial_asks_by_the_law_of_the_judgment_that_it_reviews() -> None:
    case = bribery(A)
    final(case, judgment(case, "2016-01-10 10:00", a="guilty"), "2016-02-01 10:00")
    trial = {"stage": "accepted", "instance": "retrial", "procedure": "ordinary"}
    case.tell("trial.opened", "2016-11-01 10:00", organ=COURT, **trial)
    assert case.snapshot(AFTER).regions.parties[A].criminal == "on_trial"
    assert shown(case, AFTER, A) == ("met", FORMER)
    judgment(case, "2016-12-01 10:00", instance="retrial", a="guilty")
    final(case, judgment(case, "2016-12-02 10:00", instance="retrial", a="upheld"), "2016-12-20 10:00")
    assert case.snapshot(AFTER).regions.parties[A].criminal == "judgment_effective"
    assert shown(case, AFTER, A) == ("met", FORMER)


def test_of_an_uncertain_day_the_last_one_counts_for_the_suspect() -> None:
    case = bribery(A)
    first = judgment(case, "2016-03-10 10:00", a="guilty")
    month = {"precision": "month", "value": "2016-04"}
    final(case, first, "2016-05-20 10:00", occurred=month)
    assert shown(case, AFTER, A) == ("not_met", MILDER)


@pytest.mark.parametrize("ended", ["penalty", "closed", "declined", "not_prosecuted"])
def test_nothing_but_an_effective_judgment_closes_the_question(ended: str) -> None:
    case = bribery(A)
    if ended == "penalty":
        case.penalty("2016-01-10 10:00")
    elif ended == "closed":
        case.tell("admin_case.closed", "2016-01-10 10:00")
    elif ended == "declined":
        case.tell("case.declined", "2016-01-10 10:00", organ=POLICE, ground="no_criminal_facts", reasons="无")
    else:
        case.tell(
            "prosecution.declined",
            "2016-01-10 10:00",
            organ="pr-130999-pr",
            ground="discretionary",
            parties_spared=[A],
        )
    assert shown(case, AFTER, A) == ("not_met", MILDER)


def test_a_judgment_that_its_court_withdrew_from_the_record_closes_nothing() -> None:
    case = bribery(A)
    first = judgment(case, "2016-01-10 10:00", a="guilty")
    case.withdrawn(final(case, first, "2016-02-01 10:00"), "2016-03-01 10:00")
    assert shown(case, AFTER, A) == ("not_met", MILDER)


def test_after_a_merger_of_identities_the_judgment_concerns_both_names() -> None:
    case = bribery(A, B)
    final(case, judgment(case, "2016-01-10 10:00", a="guilty"), "2016-02-01 10:00")
    case.tell(
        "party.merged", "2016-03-01 10:00", surviving_party=A, merged_party=B, undo=False, reason="同一人"
    )
    assert [shown(case, AFTER, party)[0] for party in (A, B, None)] == ["met", "met", "met"]
