"""What becomes of an event: accepted, repeated, in conflict, refused; and what is kept of each."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import quote

import orjson
import pytest
from tests.intake.builders import (
    AGENCY,
    BATCH,
    COURT,
    GOVERNMENT,
    MEETING,
    NOW,
    POLICE,
    PROCURATORATE,
    SUPERIOR,
    TAX,
    Intake,
    event,
    organ,
    source,
)

from xianjie.chassis.bus import Message
from xianjie.contracts.canonical import canonical, digest, event_digest
from xianjie.contracts.recorded import RecordedEvent
from xianjie.intake.domain.keys import key_digest
from xianjie.intake.store import keys as store_keys


async def outgoing(intake: Intake) -> list[Message]:
    """Return what waits for the bus about the case, in order."""
    async with intake.database.read() as tx:
        rows = await tx.fetch(
            "select topic, key, id, body, headers from outbox where key like '%/%' order by seq"
        )
    return [Message(**row) for row in rows]


async def test_an_accepted_event_is_answered_with_its_receipt(intake: Intake) -> None:
    sent = event()
    answer = await intake.post(sent)
    receipt = answer.json()
    assert answer.status_code == 201
    assert receipt["source"] == sent["source"]
    assert receipt["id"] == "E-1"
    assert receipt["digest"] == event_digest(sent)
    assert receipt["recordedat"] == "2026-03-05T02:00:00.000000Z"
    assert receipt["subject"] == sent["subject"]
    assert receipt["type"] == sent["type"]
    assert receipt["warnings"] == []


async def test_an_accepted_event_leaves_for_the_bus_with_the_time_of_recording(intake: Intake) -> None:
    sent = event()
    receipt = (await intake.post(sent)).json()
    [message] = await outgoing(intake)
    assert message.topic == "intake.events"
    assert message.key == sent["subject"]
    assert message.id == f"{sent['source']}#E-1"
    assert message.headers == {
        "type": sent["type"],
        "digest": receipt["digest"],
        "position": str(receipt["position"]),
    }
    published = orjson.loads(message.body)
    assert published == sent | {"recordedat": receipt["recordedat"], "partitionkey": sent["subject"]}
    assert message.body == canonical(published)
    assert RecordedEvent.from_json(message.body).recorded_at == NOW


async def test_a_repeated_event_gets_the_first_receipt_and_changes_nothing(
    intake: Intake,
) -> None:
    first = await intake.post(event())
    before = await intake.counts()
    intake.clock.set(NOW + timedelta(hours=1))
    shuffled = dict(reversed(event().items()))
    again = await intake.post(orjson.dumps(shuffled, option=orjson.OPT_INDENT_2))
    after = await intake.counts()
    assert again.status_code == 200
    assert again.json() == first.json()
    assert (after["event"], after["outbox"]) == (before["event"], before["outbox"])


async def test_another_content_under_the_same_id_is_kept_and_waits_for_a_person(intake: Intake) -> None:
    first = (await intake.post(event())).json()
    answer = await intake.post(event(data={"note": "另一内容"}))
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "event.conflict"
    assert problem["first"] == first
    [conflict] = (await intake.get("/v1/conflicts?state=open")).json()["conflicts"]
    assert conflict["id"] == problem["conflict"]["id"]
    assert conflict["second"]["event"]["data"]["note"] == "另一内容"
    assert "note" not in conflict["first"]["event"]["data"]
    assert len(await outgoing(intake)) == 1


async def test_a_conflict_that_arrives_again_is_the_same_conflict(intake: Intake) -> None:
    await intake.post(event())
    answers = [await intake.post(event(data={"note": "另一内容"})) for _ in range(2)]
    assert answers[0].json()["conflict"] == answers[1].json()["conflict"]
    assert (await intake.counts())["conflict"] == 1


async def test_exactly_one_of_many_requests_with_one_id_is_accepted(intake: Intake) -> None:
    same = [intake.post(event(id="E-7")) for _ in range(10)]
    other = [intake.post(event(id="E-7", data={"note": str(number)})) for number in range(10)]
    answers = await asyncio.gather(*same, *other)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert len(await outgoing(intake)) == 1
    # eleven contents came under one id: one was accepted, each of the others is one conflict
    assert (await intake.counts())["conflict"] == 10


async def test_positions_have_no_gaps_and_recording_never_goes_back(intake: Intake) -> None:
    refused = event(id="E-no", data={"nonsense": 1})
    await asyncio.gather(*(intake.post(event(id=f"E-{n}") if n % 3 else refused) for n in range(30)))
    async with intake.database.read() as tx:
        rows = await tx.fetch("select position, recorded_at from event order by position")
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["recorded_at"] for row in rows] == sorted(row["recorded_at"] for row in rows)


async def test_a_batch_gets_all_four_verdicts_in_its_order(intake: Intake) -> None:
    batch = [
        event(id="B-1"),
        event(id="B-1"),
        event(id="B-1", data={"note": "另一内容"}),
        event(id="B-2", data={"nonsense": 1}),
        event(id="B-3"),
    ]
    answer = await intake.post(batch, headers=BATCH)
    assert answer.status_code == 200
    verdicts = answer.json()
    assert [verdict["verdict"] for verdict in verdicts] == [
        "accepted",
        "repeated",
        "conflict",
        "refused",
        "accepted",
    ]
    assert verdicts[1]["receipt"] == verdicts[0]["receipt"]
    assert verdicts[3]["problems"][0]["pointer"] == "/data/nonsense"


async def test_the_bytes_of_everything_that_arrived_are_kept(intake: Intake) -> None:
    bodies = [
        orjson.dumps(event(), option=orjson.OPT_INDENT_2),
        orjson.dumps(event(data={"note": "另一内容"})),
        b'{"broken": ',
        "中文".encode("gbk"),
    ]
    for body in bodies:
        await intake.post(body)
    for body in bodies:
        kept = await intake.get(f"/v1/originals/{digest(body)}")
        assert kept.content == body
    async with intake.database.read() as tx:
        rows = await tx.fetch(
            "select channel, organ, key_id, arrived_at from submission where organ = $1", AGENCY
        )
    assert [(row["channel"], row["arrived_at"]) for row in rows] == [("api", NOW)] * 4
    assert all(row["key_id"].startswith("key_") for row in rows)


async def test_a_refused_event_can_be_found_and_sent_again_corrected(intake: Intake) -> None:
    await intake.post(event(data={"nonsense": 1}))
    [refusal] = (await intake.get("/v1/refusals")).json()["refusals"]
    assert (refusal["source"], refusal["event_id"]) == (source(AGENCY), "E-1")
    assert refusal["problems"][0]["pointer"] == "/data/nonsense"
    assert (await intake.post(event())).status_code == 201


async def test_a_receipt_is_found_by_source_and_id(intake: Intake) -> None:
    receipt = (await intake.post(event())).json()
    path = f"/v1/receipts/{quote(source(AGENCY), safe='')}/E-1"
    assert (await intake.get(path)).json() == receipt
    assert (await intake.get(path, of=TAX)).status_code == 403
    missing = await intake.get(path.replace("E-1", "E-2"))
    assert missing.status_code == 404
    original = receipt["original"].removeprefix("/intake")
    assert orjson.loads((await intake.get(original)).content) == event()
    assert (await intake.get(original, of=TAX)).status_code == 404


async def test_the_health_of_a_source_counts_every_verdict(intake: Intake) -> None:
    for body in (
        event(),
        event(),
        event(data={"note": "另"}),
        event(id="E-2"),
        event(id="E-3", data={"x": 1}),
    ):
        await intake.post(body)
    [health] = (await intake.get("/v1/sources")).json()["sources"]
    assert health["source"] == source(AGENCY)
    counted = {name: health[name] for name in ("accepted", "repeated", "conflicting", "refused")}
    assert counted == {"accepted": 2, "repeated": 1, "conflicting": 1, "refused": 1}
    assert health["last_released_at"] == "2026-03-05T01:30:00Z"


# Who may say what. -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("speaker", "name", "data", "code"),
    [
        (POLICE, "case.filed", {"origin": "transfer"}, None),
        (AGENCY, "case.filed", {"origin": "transfer"}, "type.not_of_organ"),
        (PROCURATORATE, "case.filed", {"origin": "transfer"}, None),
        (COURT, "inspection.conducted", {}, "type.not_of_organ"),
        (AGENCY, "case.filed", {"origin": "transfer", "by_organ": POLICE}, None),
        (AGENCY, "inspection.conducted", {"by_organ": COURT}, "type.not_of_organ"),
    ],
)
async def test_only_the_organ_that_the_law_names_may_emit(
    intake: Intake, speaker: str, name: str, data: dict[str, object], code: str | None
) -> None:
    answer = await intake.post(event(name, of=speaker, data=data), of=speaker)
    assert answer.status_code == (422 if code else 201), answer.text
    if code:
        assert answer.json()["code"] == code


async def test_an_agency_may_record_that_the_police_rejected_its_transfer(intake: Intake) -> None:
    said = {
        "transfer": {"source": source(AGENCY), "id": "E-0"},
        "reason_kind": "no_reason",
    }
    alone = await intake.post(event("transfer.rejected", id="E-2", data=said))
    assert alone.json()["code"] == "type.not_of_organ"
    named = await intake.post(event("transfer.rejected", id="E-3", data=said | {"by_organ": POLICE}))
    assert named.status_code == 201, named.text
    codes = {warning["code"] for warning in named.json()["warnings"]}
    assert codes == {"doubt.hearsay", "doubt.reference_unknown"}


@pytest.mark.parametrize(
    ("speaker", "addressee", "status", "warned"),
    [
        (SUPERIOR, TAX, 201, False),  # the registry says that it is above
        (SUPERIOR, AGENCY, 201, True),  # a higher level of the same kind, superiors unknown
        (AGENCY, TAX, 422, False),  # the registry says who is above, and it is not this one
        (AGENCY, SUPERIOR, 422, False),
        (SUPERIOR, POLICE, 422, False),
        (GOVERNMENT, POLICE, 201, False),
    ],
)
async def test_agencies_and_police_supervise_only_below_themselves(
    intake: Intake, speaker: str, addressee: str, status: int, warned: bool
) -> None:
    said = {"kind": "superior_order", "to_organ": addressee}
    answer = await intake.post(event("supervision.issued", of=speaker, data=said), of=speaker)
    assert answer.status_code == status, answer.text
    codes = [warning["code"] for warning in answer.json().get("warnings", [])]
    assert ("doubt.superior_unproven" in codes) == warned


async def test_a_key_cannot_speak_for_another_organ_nor_for_the_platform(intake: Intake) -> None:
    other = await intake.post(event(of=TAX), of=AGENCY)
    assert (other.status_code, other.json()["code"]) == (422, "source.not_of_key")
    as_platform = event("organ.changed", subject=AGENCY, source="urn:xianjie:platform:intake")
    as_platform["data"] |= {
        "change": "renamed",
        "organ": organ(AGENCY, "AG"),
        "valid_from": "2026-03-05",
    }
    platform = await intake.post(as_platform)
    assert (platform.status_code, platform.json()["code"]) == (422, "source.platform")


async def test_an_organ_that_nobody_registered_is_refused_in_clear_words(intake: Intake) -> None:
    stranger = "ag-310101-tobacco"
    intake.keys[stranger] = "xj_of_a_key_from_before_the_registry"
    async with intake.database.transaction() as tx:
        digest = key_digest(intake.keys[stranger])
        kept = {"key_id": "key_0123456789abcdef", "digest": digest, "issued_at": intake.clock.now()}
        await store_keys.add(tx, organ=stranger, scopes=["publish"], **kept)
    answer = await intake.post(event(of=stranger), of=stranger)
    assert (answer.status_code, answer.json()["code"]) == (422, "organ.not_registered")
    assert stranger in answer.json()["detail"]


async def test_only_events_of_the_same_source_can_be_corrected_or_withdrawn(intake: Intake) -> None:
    own = {"event": {"source": source(AGENCY), "id": "E-9"}, "reason": "误录"}
    foreign = {"event": {"source": source(POLICE), "id": "E-9"}, "reason": "误录"}
    unknown = await intake.post(event("record.withdrawn", id="W-1", data=own))
    assert unknown.status_code == 201
    assert [warning["code"] for warning in unknown.json()["warnings"]] == ["doubt.reference_unknown"]
    other = await intake.post(event("record.withdrawn", id="W-2", data=foreign))
    assert (other.status_code, other.json()["code"]) == (422, "record.other_source")


async def test_a_coordinator_changes_the_registry_by_an_event(intake: Intake) -> None:
    new = {"id": "ps-120104-ps", "name": "新设公安机关", "kind": "PS", "level": "county", "region": "120104"}
    said = {"change": "created", "organ": new, "valid_from": "2026-03-01"}
    sent = event("organ.changed", of=MEETING, subject=new["id"], data=said)
    assert (await intake.post(sent, of=MEETING)).status_code == 201
    intake.keys["new"] = await intake.key(new["id"])
    filed = event("case.filed", of=new["id"], data={"origin": "transfer"})
    assert (await intake.post(filed, of="new")).status_code == 201
    pretended = event("organ.changed", of=MEETING, id="E-2", subject=new["id"])
    pretended["data"] |= said | {"organ": new | {"kind": "CT"}}
    answer = await intake.post(pretended, of=MEETING)
    assert answer.json()["code"] == "organ.kind_not_of_id"


# Doubts. -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"with_organs": ["ag-120103-nobody"]}, "doubt.organ_unknown", "/data/with_organs/0"),
        ({"with_organs": ["ag-999999-nobody"]}, "doubt.region_unknown", "/data/with_organs/0"),
        ({"occurred": {"precision": "day", "value": "2026-01-05"}}, "doubt.recorded_late", "/data/occurred"),
        (
            {"occurred": {"precision": "instant", "value": "2026-03-05T12:00:00+08:00"}},
            "doubt.occurred_after_release",
            "/data/occurred",
        ),
        (
            {"occurred": {"precision": "unknown", "not_before": "2026-03-05", "not_after": "2026-03-01"}},
            "doubt.bounds_contradict",
            "/data/occurred",
        ),
        (
            {"occurred": {"precision": "month", "value": "2026-03", "not_before": "2026-04-02"}},
            "doubt.bounds_contradict",
            "/data/occurred",
        ),
    ],
)
async def test_doubtful_content_is_accepted_with_a_warning(
    intake: Intake, change: dict[str, object], code: str, pointer: str
) -> None:
    answer = await intake.post(event(data=change))
    assert answer.status_code == 201, answer.text
    warnings = {warning["code"]: warning for warning in answer.json()["warnings"]}
    assert warnings[code]["pointer"] == pointer
    assert warnings[code]["zh"] and warnings[code]["en"]


async def test_conduct_that_ends_before_it_begins_is_doubtful(intake: Intake) -> None:
    day = {"precision": "day"}
    conduct = {"began": day | {"value": "2026-03-02"}, "ended": day | {"value": "2026-03-01"}}
    answer = await intake.post(event("evidence.recorded", data={"conduct": conduct}))
    assert [warning["code"] for warning in answer.json()["warnings"]] == [
        "doubt.conduct_ends_before_it_begins"
    ]


async def test_a_record_from_the_future_is_doubtful(intake: Intake) -> None:
    answer = await intake.post(event(time="2026-03-05T11:00:00+08:00"))
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["doubt.released_in_future"]


async def test_a_reference_is_known_once_its_event_has_arrived(intake: Intake) -> None:
    def refers(id: str) -> dict[str, object]:
        named = {"source": source(AGENCY), "id": "X"}
        return event("record.withdrawn", id=id, data={"event": named, "reason": "误录"})

    batch = [refers("R-1"), event(id="X"), refers("R-2")]
    verdicts = (await intake.post(batch, headers=BATCH)).json()
    codes = [[warning["code"] for warning in verdict["receipt"]["warnings"]] for verdict in verdicts]
    assert codes == [["doubt.reference_unknown"], [], []]
    assert verdicts[0]["receipt"]["warnings"][0]["pointer"] == "/data/event"


async def test_a_text_that_looks_like_an_organ_is_no_reference(intake: Intake) -> None:
    answer = await intake.post(
        event(data={"note": 'x,"ag-120103-nobody",{"id":"X","source":"urn:xianjie:a"}'})
    )
    assert answer.json()["warnings"] == []
