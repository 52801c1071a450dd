"""What the door serves as records replays bit for bit, also what was decided by a former law."""

from __future__ import annotations

import zipfile
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from pathlib import Path

import httpx2
import orjson
import pytest
from tests.transfer.case_answers import CASES, law, moment_of, organs, questions, stream
from tests.transfer.installation import Installation, holiday, threshold
from tests.transfer.telling import AGENCY, MET, CaseFile, moment
from tests.transfer.test_rest import verify

from xianjie.command.law.replaying import replay
from xianjie.lawbook.bundle import digest_of
from xianjie.lawbook.files.archive import unpacked
from xianjie.lawbook.replay.recording import line_of, read_record, replayed
from xianjie.transfer.domain.snapshot import Snapshot, take
from xianjie.transfer.main import application

STREAMS = sorted(path.stem for path in (CASES / "streams").glob("*.ndjson"))
RECORDS = f"/v1/cases/{AGENCY}/C1/records"
LATER = "2026-03-04 12:00"


def snapshots(name: str, *, moments: slice) -> Iterator[Snapshot]:
    """Every case of a stream at the moments asked about."""
    events = [event for event in stream(name) if "/" in event.subject]
    into = {event.subject: event.data["into"] for event in events if event.name == "case.merged"}
    for question in questions(name)[moments]:
        at = moment_of(question["as_of"])
        for subject in dict.fromkeys(event.subject for event in events):
            own = [event for event in events if subject in (event.subject, into.get(event.subject))]
            yield take(subject, own, at=at, law=law(), organs=organs())


@pytest.mark.parametrize(
    ("group", "moments"), [("RC-*", slice(None)), ("PC-*", slice(None)), ("MC-*", slice(-1, None))]
)
def test_every_judgement_and_every_term_of_every_case_replays_bit_for_bit(group: str, moments: slice) -> None:
    kinds = set()
    for name in sorted(path.stem for path in (CASES / "streams").glob(f"{group}.ndjson")):
        for snapshot in snapshots(name, moments=moments):
            for answered in (*snapshot.judgements, *snapshot.clocks):
                line = line_of(answered.record(law().digest))
                record = read_record(line)
                assert line_of(replayed(record, law())) == line, (name, snapshot.at, record.about)
                kinds.add(record.kind)
    assert kinds == {"judgement", "due"}


def told() -> CaseFile:
    """Facts without a certain day, a report to the head, an extension that somebody recorded."""
    case = CaseFile()
    case.facts("2026-03-02 09:00", sales_fen=MET, ended=None)
    case.assessed("2026-03-02 10:00")
    case.reported("2026-03-03 10:00")
    case.approved("2026-03-03 17:40")
    return case


@pytest.fixture
def ask(place: Installation) -> Callable[..., Awaitable[httpx2.Response]]:
    async def get(path: str, *, status: int = 200, **params: str) -> httpx2.Response:
        app = application(database=place.database, clock=place.clock, laws=place.laws, verify=verify)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://transfer.test") as client:
            answer = await client.get(path, params=params, headers={"Authorization": "Bearer overseer"})
        assert answer.status_code == status, answer.text
        return answer

    return get


async def test_served_records_replay_with_the_law_and_those_before_a_change_with_the_kept_bundle(
    place: Installation, ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = await place.start()
    await place.told(first, told())
    place.clock.set(moment(LATER))
    file = tmp_path / "records.ndjson"
    answer = await ask(RECORDS)
    assert answer.headers["content-type"] == "application/x-ndjson"
    file.write_bytes(answer.content)
    kinds = [orjson.loads(line)["kind"] for line in file.read_bytes().splitlines()]
    assert kinds == sorted(kinds, reverse=True) and set(kinds) == {"judgement", "due"}
    assert replay(file, laws=[place.law], as_json=True) == 0

    second = await place.start(threshold, holiday)
    await place.wake(second)
    now = await ask(RECORDS)
    assert now.content != answer.content
    assert {orjson.loads(line)["law"] for line in now.content.splitlines()} == {second.law.digest}
    then = await ask(RECORDS, as_of="2026-03-04T12:00:00+08:00", known_at="2026-03-04T11:59:59+08:00")
    assert then.content == answer.content
    assert replay(file, laws=[place.law], as_json=True) == 1  # the present law is not the one they name
    assert first.law.digest in capsys.readouterr().err
    assert replay(file, laws=[place.laws.path(first.law.digest)], as_json=True) == 0
    file.write_bytes(now.content)
    assert replay(file, laws=[place.law], as_json=True) == 0


async def test_a_record_that_somebody_touched_does_not_replay(
    place: Installation, ask, tmp_path: Path
) -> None:
    await place.told(await place.start(), told())
    place.clock.set(moment(LATER))
    file = tmp_path / "records.ndjson"
    lines = (await ask(RECORDS)).content
    assert b'"result":"met"' in lines
    file.write_bytes(lines.replace(b'"result":"met"', b'"result":"not_met"', 1))
    assert replay(file, laws=[place.law], as_json=True) == 1


async def test_the_door_tells_which_law_was_in_use_and_hands_out_its_bundle(place: Installation, ask) -> None:
    first = await place.start()
    place.clock.set(moment(LATER))
    second = await place.start(threshold)
    laws = (await ask("/v1/laws")).json()["laws"]
    assert [each["digest"] for each in laws] == [first.law.digest, second.law.digest]
    assert laws[1]["since"] == place.clock.now().isoformat()
    for bench in (first, second):
        bundle = (await ask(f"/v1/laws/{bench.law.digest}")).content
        assert digest_of(unpacked(bundle)) == bench.law.digest
        assert zipfile.ZipFile(BytesIO(bundle)).testzip() is None
    unknown = await ask(f"/v1/laws/sha-256:{'0' * 64}", status=404)
    assert unknown.json()["code"] == "law.unknown"


async def test_records_of_a_case_that_was_not_known_are_not_found(place: Installation, ask) -> None:
    await place.told(await place.start(), told())
    place.clock.set(moment(LATER))
    assert (await ask(RECORDS, known_at="2026-03-01", status=404)).json()["code"] == "case.unknown"


async def test_a_bundle_is_there_whole_or_not_at_all(place: Installation) -> None:
    bench = await place.start()
    path = place.laws.path(bench.law.digest)
    whole = path.read_bytes()
    path.unlink()
    path.with_name(path.name + ".new").write_bytes(whole[:100])  # a start that was cut short
    await place.start()
    assert path.read_bytes() == whole
    assert [each.name for each in place.kept.iterdir()] == [path.name]
