"""The registry of organs, and the keys that organs use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from tests.intake.builders import AGENCY, NOW, ORGANS, POLICE, TAX, Intake, bearer, event, organ
from tests.intake.conftest import IntakeFor

from xianjie.contracts.envelope import read_event


async def load(intake: Intake, *organs: dict[str, Any]) -> list[dict[str, Any]]:
    """Register organs and return what became of each."""
    admin = bearer(intake.keys["admin"])
    answer = await intake.client.put("/v1/organs", json={"organs": organs}, headers=admin)
    assert answer.status_code == 200, answer.text
    done: list[dict[str, Any]] = answer.json()["organs"]
    return done


async def announced(intake: Intake) -> list[dict[str, Any]]:
    """Return the data of the events that told about organs, in order."""
    async with intake.database.read() as tx:
        rows = await tx.fetch("select body from outbox where key not like '%/%' order by seq")
    told = [orjson.loads(row["body"]) for row in rows]
    for sent in told:
        assert sent["source"] == "urn:xianjie:platform:intake"
        assert sent["subject"] == sent["data"]["organ"]["id"]
        read_event({name: value for name, value in sent.items() if name != "recordedat"})
    return [sent["data"] for sent in told]


async def test_every_new_organ_is_told_to_the_other_services(intake: Intake) -> None:
    told = await announced(intake)
    assert [data["organ"]["id"] for data in told] == [entry["id"] for entry in ORGANS]
    assert {(data["change"], data["valid_from"]) for data in told} == {("created", "2026-03-05")}
    assert told[0]["organ"] == ORGANS[0]


async def test_what_is_known_already_is_not_told_again(intake: Intake) -> None:
    before = await intake.counts()
    assert {entry["change"] for entry in await load(intake, *ORGANS)} == {None}
    intake.clock.set(NOW + timedelta(days=30))
    assert {entry["position"] for entry in await load(intake, *ORGANS)} == {None}
    assert await intake.counts() == before


async def test_a_change_begins_on_its_day_and_the_version_before_it_stays(intake: Intake) -> None:
    renamed = organ(AGENCY, "AG", sector="market_regulation") | {"name": "新名称", "valid_from": "2026-04-01"}
    [done] = await load(intake, renamed)
    assert (done["change"], done["valid_from"]) == ("renamed", "2026-04-01")
    versions = (await intake.get("/v1/organs?kind=AG")).json()["organs"]
    names = [(entry["valid_from"], entry["name"]) for entry in versions if entry["id"] == AGENCY]
    assert names == [("2026-03-05", ORGANS[0]["name"]), ("2026-04-01", "新名称")]


async def test_each_kind_of_change_has_its_word(intake: Intake) -> None:
    police = organ(POLICE, "PS")
    changes = [
        police | {"region": "120104", "valid_from": "2026-05-01"},
        police | {"region": "120104", "connected_from": "2026-06-01", "valid_from": "2026-06-01"},
        police | {"region": "120104", "valid_to": "2026-07-01", "valid_from": "2026-07-01"},
    ]
    words = []
    for change in changes:
        words += [entry["change"] for entry in await load(intake, change)]
    assert words == ["region_changed", "created", "abolished"]
    merged = {"valid_from": "2026-05-01", "valid_to": "2026-05-01", "successors": [AGENCY]}
    [done] = await load(intake, organ(TAX, "AG", sector="tax", parent="ag-120000-market_regulation") | merged)
    assert done["change"] == "merged"
    assert (await announced(intake))[-1]["successors"] == [AGENCY]


async def test_an_abolished_organ_may_still_send_late_records(intake: Intake) -> None:
    ended = organ(TAX, "AG", sector="tax") | {"valid_to": "2026-03-05"}
    await load(intake, ended)
    answer = await intake.post(event(of=TAX), of=TAX)
    assert answer.status_code == 201
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["doubt.organ_ended"]


async def test_a_load_that_contradicts_itself_is_refused_whole(intake: Intake) -> None:
    admin = bearer(intake.keys["admin"])
    twice = [organ("ps-120105-ps", "PS"), organ("ps-120105-ps", "PS")]
    wrong_kind = [organ("ps-120105-ps", "PS"), organ("ag-120105-tax", "CT")]
    for organs, code, pointer in (
        (twice, "organ.twice", "/organs/1/id"),
        (wrong_kind, "organ.kind_not_of_id", "/organs/1/kind"),
    ):
        answer = await intake.client.put("/v1/organs", json={"organs": organs}, headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.json()["pointer"] == pointer
    assert (await intake.counts())["event"] == len(ORGANS)


async def test_pages_of_organs_together_are_the_registry(intake: Intake) -> None:
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await intake.get(f"/v1/organs?limit=3&cursor={cursor}")).json()
        seen += [entry["id"] for entry in page["organs"]]
        cursor = page["next"]
    assert seen == sorted(entry["id"] for entry in ORGANS)


async def test_a_key_is_shown_once_and_only_its_digest_is_kept(intake: Intake) -> None:
    admin = bearer(intake.keys["admin"])
    answer = await intake.client.post("/v1/keys", json={"organ": AGENCY}, headers=admin)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    issued = answer.json()
    assert issued["scopes"] == ["publish"]
    intake.keys["issued"] = issued["key"]
    assert (await intake.post(event(), of="issued")).status_code == 201
    async with intake.database.read() as tx:
        row = await tx.fetchrow("select * from api_key where id = $1", issued["id"])
    assert issued["key"] not in str(dict(row))


async def test_a_revoked_key_is_refused_at_once(intake: Intake) -> None:
    admin = bearer(intake.keys["admin"])
    issued = (await intake.client.post("/v1/keys", json={"organ": AGENCY}, headers=admin)).json()
    intake.keys["issued"] = issued["key"]
    assert (await intake.post(event(), of="issued")).status_code == 201
    for _ in range(2):
        revoked = await intake.client.delete(f"/v1/keys/{issued['id']}", headers=admin)
        assert revoked.status_code == 204
    assert (await intake.post(event(), of="issued")).status_code == 401
    unknown = await intake.client.delete("/v1/keys/key_0123456789abcdef", headers=admin)
    assert unknown.status_code == 404


async def test_a_key_that_another_process_revoked_is_honoured_for_the_lifetime_of_the_cache(
    intake_for: IntakeFor,
) -> None:
    intake = await intake_for(key_cache_seconds=10)
    await intake.register(ORGANS)
    assert (await intake.post(event())).status_code == 201
    async with intake.database.transaction() as tx:
        await tx.execute("update api_key set revoked_at = $1", NOW)
    assert (await intake.post(event())).status_code == 200
    intake.clock.set(NOW + timedelta(seconds=10))
    assert (await intake.post(event())).status_code == 401


async def test_more_keys_than_the_cache_holds_are_looked_up_again(intake_for: IntakeFor) -> None:
    intake = await intake_for(key_cache_size=2)
    await intake.register(ORGANS)
    for _ in range(2):
        for entry in ORGANS:
            assert (await intake.get("/v1/sources", of=entry["id"])).status_code == 200


async def test_no_key_is_issued_to_an_organ_that_nobody_registered(intake: Intake) -> None:
    admin = bearer(intake.keys["admin"])
    answer = await intake.client.post("/v1/keys", json={"organ": "ag-310101-tobacco"}, headers=admin)
    assert (answer.status_code, answer.json()["code"]) == (422, "organ.not_registered")
