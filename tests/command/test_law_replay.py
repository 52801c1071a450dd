"""`xianjie law replay` and `bundle`: what was said can be said again by the law that said it, bit for bit."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.command.law_commands import CASE, LAW, written, xianjie_law
from tests.lawbook.recorded_answers import lines

from xianjie.lawbook.bundle import digest_of, read_files
from xianjie.lawbook.files.archive import ArchiveError, packed, unpacked
from xianjie.lawbook.replay.recorded_values import canonical


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replay") / "records.ndjson"
    path.write_bytes(b"".join(lines(LAW)))
    return path


@pytest.fixture
def older_law(tmp_path: Path) -> Path:
    """A law that differs from that of the repository in one limit."""
    files = dict(read_files(LAW))
    path = "standards/fake_substandard_products.yaml"
    files[path] = files[path].replace(b"value: 50000\n", b"value: 40000\n")
    return written(tmp_path / "older.zip", packed(files))


def test_the_same_law_says_the_same_bit_for_bit(records: Path) -> None:
    done = xianjie_law("replay", records, "--json")
    assert done.code == 0, done.err
    assert len(done.lines) == len(records.read_bytes().splitlines()) > 600
    assert {line["outcome"] for line in done.lines} == {"equal"}
    assert {line["kind"] for line in done.lines} == {"judgement", "due"}


def test_a_record_that_was_changed_is_named_with_its_first_member(records: Path, tmp_path: Path) -> None:
    first, second, third, *_ = records.read_bytes().splitlines()
    changed = json.loads(second)
    changed["answer"]["explanation_zh"] += "（改）"
    digest = json.loads(third) | {"digest": "sha-256:" + "0" * 64}
    file = written(
        tmp_path / "changed.ndjson", b"\n".join((first, canonical(changed), b"", canonical(digest))) + b"\n"
    )
    done = xianjie_law("replay", file, "--json")
    assert done.code == 1
    assert [(line["line"], line["outcome"], line.get("member")) for line in done.lines] == [
        (1, "equal", None),
        (2, "differs", "answer.explanation_zh"),
        (4, "differs", "digest"),
    ]
    shown = xianjie_law("replay", file)
    assert shown.code == 1
    assert "第 2 行" in shown.out and "answer.explanation_zh" in shown.out
    assert "不一致 2" in shown.err


def test_a_record_of_another_law_needs_that_law(tmp_path: Path, older_law: Path) -> None:
    file, old_records = written(tmp_path / "case.yaml", CASE), tmp_path / "old.ndjson"
    assert xianjie_law("judge", file, "--law", older_law, "--record", old_records).code == 0
    digest = digest_of(unpacked(older_law.read_bytes()))
    without = xianjie_law("replay", old_records)
    assert without.code == 1
    assert f"needs law {digest}" in without.out
    assert f"--law: {digest}" in without.err
    assert xianjie_law("replay", old_records, "--law", older_law).code == 0
    new_records = tmp_path / "new.ndjson"
    xianjie_law("judge", file, "--record", new_records)
    both = written(tmp_path / "both.ndjson", old_records.read_bytes() + new_records.read_bytes())
    assert xianjie_law("replay", both, "--law", older_law).code == 1
    done = xianjie_law("replay", both, "--law", older_law, "--law", LAW, "--json")
    assert done.code == 0
    assert [line["law"] for line in done.lines] == [digest, digest_of(read_files(LAW))]


def test_a_record_of_what_its_law_does_not_know_is_no_equal_one(records: Path, tmp_path: Path) -> None:
    record = json.loads(records.read_bytes().splitlines()[0])
    record["given"]["offence"] = "nonsense"
    file = written(tmp_path / "unknown.ndjson", canonical(record) + b"\n")
    done = xianjie_law("replay", file, "--json")
    assert done.code == 1
    assert "nonsense" in done.lines[0]["problem"]


def test_a_line_that_is_no_record_is_wrong_input_with_its_number(tmp_path: Path) -> None:
    done = xianjie_law("replay", written(tmp_path / "wrong.ndjson", '\n{"kind": 1}\n'))
    assert done.code == 2
    assert "第 2 行 / line 2" in done.err


def test_a_bundle_is_the_same_bytes_for_the_same_law_and_holds_all_of_it(tmp_path: Path) -> None:
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    done = xianjie_law("bundle", "-o", one)
    assert done.code == 0
    assert done.out.strip() == digest_of(read_files(LAW))
    assert xianjie_law("bundle", "-o", other, "--law", one).code == 0
    assert one.read_bytes() == other.read_bytes()
    assert unpacked(one.read_bytes()) == read_files(LAW)
    with ZipFile(one) as archive:  # any tool can open it
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_broken_law_is_not_bundled(tmp_path: Path) -> None:
    files = dict(read_files(LAW))
    del files["facts.yaml"]
    broken = written(tmp_path / "broken.zip", packed(files))
    done = xianjie_law("bundle", "-o", tmp_path / "new.zip", "--law", broken)
    assert done.code == 2
    assert "facts.yaml" in done.err
    assert not (tmp_path / "new.zip").exists()


PATHS = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,2}\.yaml", fullmatch=True)


@given(st.dictionaries(PATHS, st.binary(max_size=200), max_size=6))
def test_packing_is_undone_by_unpacking_and_keeps_no_order(files: dict[str, bytes]) -> None:
    archive = packed(files)
    assert unpacked(archive) == files
    assert packed(dict(reversed(files.items()))) == archive


@given(st.binary(max_size=300), st.integers(0, 299))
def test_bytes_that_are_no_archive_are_refused(noise: bytes, at: int) -> None:
    archive = bytearray(packed({"a/b.yaml": b"id: b\n" * 20}))
    with pytest.raises(ArchiveError):
        unpacked(noise)
    archive[at % len(archive)] ^= 0xFF
    with suppress(ArchiveError):
        assert unpacked(bytes(archive))  # a changed time or name is still an archive


@pytest.mark.parametrize("path", ["../x.yaml", "/x.yaml", "a//b.yaml", "a/./b.yaml", "c:x.yaml", "a\\b.yaml"])
def test_a_path_that_leaves_the_directory_is_refused(path: str) -> None:
    with pytest.raises(ArchiveError, match="path not allowed"):
        unpacked(packed({path: b""}))
