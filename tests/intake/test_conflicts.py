"""Conflicts: two contents under one name, and the person who decides."""

from __future__ import annotations

from typing import Any

from tests.intake.builders import AGENCY, PROCURATORATE, TAX, Intake, bearer, event


async def conflict_of(intake: Intake) -> str:
    """Make a conflict and return its number."""
    await intake.post(event())
    number: str = (await intake.post(event(data={"note": "另一内容"}))).json()["conflict"]["id"]
    return number


async def decide(intake: Intake, number: str, choice: str, *, of: str = AGENCY) -> tuple[int, dict[str, Any]]:
    """Decide a conflict."""
    answer = await intake.client.post(
        f"/v1/conflicts/{number}/decision",
        json={"choice": choice, "reasons": "核对原件", "person": "王五"},
        headers=bearer(intake.keys[of]),
    )
    return answer.status_code, answer.json()


async def test_a_decision_is_recorded_with_person_and_reasons_and_writes_no_event(intake: Intake) -> None:
    number = await conflict_of(intake)
    before = await intake.counts()
    status, decided = await decide(intake, number, "second")
    assert status == 200
    assert decided["decision"] == {
        "choice": "second",
        "reasons": "核对原件",
        "person": "王五",
        "organ": AGENCY,
        "decided_at": "2026-03-05T02:00:00Z",
    }
    assert "record.corrected" in decided["meaning_zh"]
    assert await intake.counts() == before


async def test_a_decision_is_made_once(intake: Intake) -> None:
    number = await conflict_of(intake)
    first = await decide(intake, number, "first")
    assert await decide(intake, number, "first") == first
    assert (await decide(intake, number, "second"))[0] == 409


async def test_a_conflict_is_decided_by_its_source_or_by_oversight(intake: Intake) -> None:
    number = await conflict_of(intake)
    assert (await decide(intake, number, "first", of=TAX))[0] == 403
    assert (await intake.get("/v1/conflicts", of=TAX)).json()["conflicts"] == []
    intake.keys["overseer"] = await intake.key(PROCURATORATE, "oversight")
    assert (await decide(intake, number, "first", of="overseer"))[0] == 200
    assert (await decide(intake, "0" * 32, "first"))[0] == 404
