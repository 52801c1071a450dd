"""Verification finds every way to spoil a published log, and says where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tlog.published_log import KEY, ORIGIN, PublishedLog, entries, publish

from xianjie.tlog.checkpoints import Checkpoint, sign_checkpoint
from xianjie.tlog.growth import Frontier
from xianjie.tlog.merkle import EMPTY_ROOT, leaf_hash
from xianjie.tlog.notes import SigningKey
from xianjie.tlog.tiles import bundles_of, decode_bundle, encode_bundle, tiles_of
from xianjie.tlog.verify import DirectoryReader, Verification, verify

SIZE = 700


def verified(log: PublishedLog, known: Checkpoint | None = None) -> Verification:
    return verify(DirectoryReader(log.directory), KEY.verifier, known=known)


def found(verification: Verification) -> list[tuple[str, str, int | None]]:
    return [(fault.code, fault.path, fault.leaf) for fault in verification.faults]


@pytest.fixture
def log(tmp_path: Path) -> PublishedLog:
    return publish(tmp_path / "log", entries(SIZE))


def rewrite(log: PublishedLog, path: str, change: Callable[[list[bytes]], list[bytes]]) -> None:
    file = log.file(path)
    file.write_bytes(encode_bundle(change(decode_bundle(file.read_bytes()))))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 700])
def test_a_log_as_published_holds(tmp_path: Path, size: int) -> None:
    log = publish(tmp_path, entries(size))
    verification = verified(log, known=log.checkpoint)
    assert verification.holds
    assert verification.leaves == size
    assert verification.checkpoint == log.checkpoint


def test_a_log_of_three_levels_holds_and_its_top_tile_is_checked(tmp_path: Path) -> None:
    log = publish(tmp_path, [b"%d" % at for at in range(65_600)])
    assert verified(log).holds
    log.flip("tile/2/000.p/1", 0)
    assert found(verified(log)) == [("tile.changed", "tile/2/000.p/1", 0)]


def test_an_edited_entry_is_named_by_bundle_and_leaf(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/001", lambda entries: [*entries[:44], b"forged", *entries[45:]])
    verification = verified(log)
    assert found(verification) == [("entry.changed", "tile/entries/001", 300)]
    assert (verification.signature.holds, verification.size.holds) == (True, True)
    fault = verification.faults[0]
    assert leaf_hash(b"forged").hex() in fault.text
    assert "第 300 条被改动" in fault.text
    assert "entry 300 changed" in fault.text_en


def test_an_edited_entry_of_the_partial_bundle_is_named(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/002.p/188", lambda entries: [*entries[:-1], b"forged"])
    assert found(verified(log)) == [("entry.changed", "tile/entries/002.p/188", 699)]


def test_an_edited_entry_with_its_tile_edited_too_is_still_found(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/001", lambda entries: [b"forged", *entries[1:]])
    tile = log.file("tile/0/001")
    tile.write_bytes(leaf_hash(b"forged") + tile.read_bytes()[32:])
    codes = {(fault.code, fault.path) for fault in verified(log).faults}
    assert codes == {("root.other", "checkpoint"), ("tile.changed", "tile/1/000.p/2")}


def test_a_log_forged_throughout_fails_at_the_signed_root(log: PublishedLog, tmp_path: Path) -> None:
    forged = entries(SIZE)
    forged[5] = b"forged"
    other = publish(tmp_path / "forged", forged)
    shutil.copy(log.file("checkpoint"), other.file("checkpoint"))
    assert found(verified(other)) == [("root.other", "checkpoint", None)]


def test_two_entries_in_each_others_place_are_both_named(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/000", lambda each: [each[1], each[0], *each[2:]])
    verification = verified(log)
    assert found(verification) == [
        ("entry.moved", "tile/entries/000", 0),
        ("entry.moved", "tile/entries/000", 1),
    ]
    assert "stands entry 1" in verification.faults[0].text_en


def test_a_deleted_entry_is_a_matter_of_size_and_of_content(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/001", lambda entries: [*entries[:10], *entries[11:]])
    verification = verified(log)
    assert [fault.code for fault in verification.size.faults] == ["bundle.short"]
    assert [(fault.code, fault.leaf) for fault in verification.tiles.faults] == [("entry.changed", 266)]


def test_an_entry_too_many_is_a_matter_of_size(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/001", lambda entries: [*entries, b"one more"])
    assert found(verified(log)) == [("bundle.long", "tile/entries/001", None)]


def test_a_tail_cut_from_the_entries_alone_leaves_the_content_whole(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/002.p/188", lambda entries: entries[:100])
    verification = verified(log)
    assert found(verification) == [("bundle.short", "tile/entries/002.p/188", 612)]
    assert verification.tiles.holds


def test_a_tail_cut_with_its_hashes_is_named_from_its_first_leaf(log: PublishedLog) -> None:
    for path in ("tile/entries/001", "tile/entries/002.p/188", "tile/0/001", "tile/0/002.p/188"):
        log.file(path).unlink()
    verification = verified(log)
    assert [(fault.code, fault.leaf) for fault in verification.size.faults] == [("log.cut", 256)]
    assert [(fault.code, fault.leaf) for fault in verification.tiles.faults] == [("root.unknown", 256)]


def test_a_bundle_deleted_with_its_tile_in_the_middle_is_named(log: PublishedLog) -> None:
    for path in ("tile/entries/001", "tile/0/001"):
        log.file(path).unlink()
    assert found(verified(log)) == [
        ("file.missing", "tile/entries/001", 256),
        ("root.unknown", "checkpoint", 256),
    ]


def test_a_tail_cut_with_a_new_checkpoint_is_found_by_whoever_kept_the_old_one(
    log: PublishedLog, tmp_path: Path
) -> None:
    shorter = publish(tmp_path / "shorter", entries(650))
    assert verified(shorter).holds
    verification = verified(shorter, known=log.checkpoint)
    assert found(verification) == [("log.shorter", "checkpoint", 650)]
    assert "尾部被截去" in verification.faults[0].text


@pytest.mark.parametrize("known_size", [0, 1, 256, 300, 699, 700])
def test_a_log_continues_every_checkpoint_it_gave(log: PublishedLog, known_size: int) -> None:
    root = Frontier().appended([leaf_hash(entry) for entry in entries(known_size)]).frontier.root
    assert verified(log, known=Checkpoint(ORIGIN, known_size, root)).holds


@pytest.mark.parametrize("known_size", [1, 256, 300, 700])
def test_a_history_signed_anew_is_found_by_whoever_kept_the_old_checkpoint(
    log: PublishedLog, tmp_path: Path, known_size: int
) -> None:
    known = publish(tmp_path / "known", entries(known_size)).checkpoint
    forged = publish(tmp_path / "forged", [b"forged", *entries(SIZE)[1:]])
    assert found(verified(forged, known=known)) == [("log.forked", "checkpoint", None)]


def test_continuity_is_judged_on_the_leaves_that_lead_to_the_signed_root(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/000", lambda entries: [b"forged", *entries[1:]])
    known = Checkpoint(ORIGIN, 3, Frontier().appended([leaf_hash(each) for each in entries(3)]).frontier.root)
    verification = verified(log, known=known)
    assert verification.continuity is not None
    assert verification.continuity.holds
    assert found(verification) == [("entry.changed", "tile/entries/000", 0)]


def test_swapped_tiles_are_both_named(log: PublishedLog) -> None:
    first, second = log.file("tile/0/000"), log.file("tile/0/001")
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    verification = verified(log)
    assert found(verification) == [("tile.changed", "tile/0/000", 0), ("tile.changed", "tile/0/001", 256)]
    assert "and 255 more" in verification.faults[0].text_en


def test_an_edited_entry_and_an_edited_tile_elsewhere_are_told_apart(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/000", lambda entries: [b"forged", *entries[1:]])
    log.flip("tile/0/001", 32 * 7)
    assert found(verified(log)) == [
        ("entry.changed", "tile/entries/000", 0),
        ("tile.changed", "tile/0/001", 263),
    ]


def test_an_edited_entry_of_the_partial_bundle_and_an_edited_tile_are_told_apart(log: PublishedLog) -> None:
    rewrite(log, "tile/entries/002.p/188", lambda entries: [b"forged", *entries[1:]])
    log.flip("tile/0/001", 0)
    assert found(verified(log)) == [
        ("tile.changed", "tile/0/001", 256),
        ("entry.changed", "tile/entries/002.p/188", 512),
    ]


def test_a_missing_file_is_named(log: PublishedLog) -> None:
    for path in ("tile/0/001", "tile/1/000.p/2"):
        log.file(path).unlink()
    assert set(found(verified(log))) == {
        ("file.missing", "tile/0/001", 256),
        ("file.missing", "tile/1/000.p/2", 0),
    }


def test_bundles_that_are_gone_while_their_tiles_stand_are_a_matter_of_size(log: PublishedLog) -> None:
    log.file("tile/entries/000").unlink()
    verification = verified(log)
    assert found(verification) == [("file.missing", "tile/entries/000", 0)]
    assert verification.tiles.holds
    assert verification.leaves == SIZE - 256


def test_a_partial_file_may_be_replaced_by_the_full_one(log: PublishedLog, tmp_path: Path) -> None:
    later = publish(tmp_path / "later", entries(800))
    for path in ("tile/0/002", "tile/entries/002"):
        shutil.copy(later.file(path), log.file(path))
        log.file(f"{path}.p/188").unlink()
    assert verified(log).holds


def test_the_signature_of_another_key_is_a_matter_of_its_own(tmp_path: Path) -> None:
    stranger = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    verification = verified(publish(tmp_path, entries(10), key=stranger))
    assert found(verification) == [("signature.wrong", "checkpoint", None)]
    assert (verification.tiles.holds, verification.size.holds) == (True, True)


def test_the_checkpoint_of_another_log_under_the_same_key_is_refused(log: PublishedLog) -> None:
    other = Checkpoint("elsewhere.example/log", log.checkpoint.size, log.checkpoint.root)
    log.file("checkpoint").write_bytes(sign_checkpoint(other, [KEY]))
    assert found(verified(log)) == [("origin.other", "checkpoint", None)]


@pytest.mark.parametrize(
    ("content", "code"), [(None, "file.missing"), (b"", "file.malformed"), (b"o\n\n\xe2", "file.malformed")]
)
def test_without_a_checkpoint_nothing_holds(log: PublishedLog, content: bytes | None, code: str) -> None:
    log.file("checkpoint").unlink()
    if content is not None:
        log.file("checkpoint").write_bytes(content)
    verification = verified(log)
    assert {fault.code for fault in verification.faults} == {code}
    assert not (verification.signature.holds or verification.tiles.holds or verification.size.holds)


def test_a_checkpoint_of_an_absurd_size_ends_soon(log: PublishedLog) -> None:
    huge = Checkpoint(ORIGIN, 10**18, EMPTY_ROOT)
    log.file("checkpoint").write_bytes(sign_checkpoint(huge, [KEY]))
    assert ("log.cut", "tile/entries/002", 512) in found(verified(log))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_changed_byte_passes_and_its_file_is_named(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.getbasetemp() / "any-byte"
    log = publish(directory, entries(SIZE))
    paths = [tile.path for tile in tiles_of(SIZE)] + [bundle.path for bundle in bundles_of(SIZE)]
    path = data.draw(st.sampled_from(paths))
    at = data.draw(st.integers(0, log.file(path).stat().st_size - 1))
    log.flip(path, at)
    named = {fault.path for fault in verified(log).faults}
    assert path in named
    assert named <= {path, "checkpoint"}
