"""Signed notes and checkpoints against the published examples."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from xianjie.tlog.checkpoints import Checkpoint, CheckpointError, open_checkpoint, sign_checkpoint
from xianjie.tlog.notes import Note, NoteError, SigningKey, VerifierKey, open_note, sign_note

# Example of the specification signed-note.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
# Example of the Go package golang.org/x/mod/sumdb/note; Ed25519 gives the same signature every time.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
# Example of the specification tlog-checkpoint; its key is not published, so only its form is compared.
SPEC_CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
).encode()


def signer(name: str, seed: int) -> SigningKey:
    return SigningKey(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


LOG, WITNESS = signer("log.example/one", 1), signer("witness.example/two", 2)


@pytest.mark.parametrize(
    ("vkey", "content", "text"),
    [(SPEC_KEY, SPEC_NOTE, "This is an example message.\n"), (GO_KEY, GO_NOTE, GO_TEXT)],
)
def test_the_published_notes_open_with_the_published_keys(vkey: str, content: bytes, text: str) -> None:
    key = VerifierKey.parse(vkey)
    assert open_note(content, [key]) == text
    assert key.text == vkey
    assert Note.parse(content).to_bytes() == content


def test_the_published_signature_is_made_again_byte_for_byte() -> None:
    private = Ed25519PrivateKey.from_private_bytes(b64decode(GO_PRIVATE)[1:])
    key = SigningKey("PeterNeumann", private)
    assert key.verifier.text == GO_KEY
    assert sign_note(GO_TEXT, [key]) == GO_NOTE


def test_the_published_checkpoint_is_read_and_written_back() -> None:
    note = Note.parse(SPEC_CHECKPOINT)
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert b64encode(checkpoint.root).decode() == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    assert checkpoint.text == note.text


def test_several_signatures_stand_and_each_key_opens_the_note() -> None:
    content = sign_note("text\n", [LOG, WITNESS])
    for key in (LOG, WITNESS):
        assert open_note(content, [key.verifier]) == "text\n"
    both = [LOG.verifier, WITNESS.verifier]
    assert Note.parse(content).verified_by(both) == tuple(both)


def test_a_text_with_blank_lines_ends_at_the_last_one() -> None:
    text = "one\n\ntwo\n\n\nthree\n"
    assert open_note(sign_note(text, [LOG]), [LOG.verifier]) == text


@given(st.data())
def test_no_changed_byte_of_a_note_passes(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GO_NOTE) - 1))
    change = data.draw(st.integers(1, 255))
    broken = GO_NOTE[:at] + bytes([GO_NOTE[at] ^ change]) + GO_NOTE[at + 1 :]
    with pytest.raises(NoteError):
        open_note(broken, [VerifierKey.parse(GO_KEY)])


def test_a_note_of_unknown_keys_only_is_refused() -> None:
    with pytest.raises(NoteError, match="no trusted key"):
        open_note(sign_note("text\n", [LOG]), [WITNESS.verifier])
    with pytest.raises(NoteError, match="no trusted key"):
        open_note(sign_note("text\n", [signer(LOG.name, 9)]), [LOG.verifier])


def test_a_wrong_signature_of_a_known_key_spoils_the_note_of_another() -> None:
    good, other = Note.parse(sign_note("text\n", [LOG])), Note.parse(sign_note("other\n", [WITNESS]))
    mixed = Note(good.text, good.signatures + other.signatures)
    with pytest.raises(NoteError, match="is wrong"):
        open_note(mixed.to_bytes(), [LOG.verifier, WITNESS.verifier])
    assert open_note(mixed.to_bytes(), [LOG.verifier]) == "text\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text\n", "no signature lines"),
        (b"text\n\n", "no signature lines"),
        (GO_NOTE[:-1], "no signature lines"),
        (GO_NOTE.replace("— ".encode(), b"- "), "not a signature line"),
        (GO_NOTE.replace(b"PeterNeumann ", b"Peter+Neumann "), "cannot name a key"),
        (GO_NOTE.replace(b"nAM=", b"nAN="), "not canonical base64"),
        (GO_NOTE.replace(b"nAM=", b"nAM"), "not base64"),
        (b"text\n\n" + "— name AAAA\n".encode(), "too short"),
        (b"te\txt\n\n" + GO_NOTE.partition(b"\n\n")[2], "control character"),
        (b"\xff" + GO_NOTE, "not UTF-8"),
        (GO_NOTE + GO_NOTE.partition(b"\n\n")[2] * 100, "more than 100"),
        (b"x" * 1_000_001, "longer than"),
    ],
)
def test_a_malformed_note_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NoteError, match=reason):
        open_note(content, [VerifierKey.parse(GO_KEY)])


@pytest.mark.parametrize("text", ["no newline", "", "tab\t\n"])
def test_a_text_that_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError, match="the text of a note"):
        sign_note(text, [LOG])


@pytest.mark.parametrize(
    ("vkey", "reason"),
    [
        ("PeterNeumann+c74f20a3", "not of the form"),
        (GO_KEY.replace("c74f20a3", "c74f20a4"), "has the id c74f20a3"),
        (GO_KEY.replace("c74f20a3", "C74F20A3"), "has the id c74f20a3"),
        (GO_KEY[:-4], "32 bytes"),
        (GO_KEY.replace("+ARpc", "+BBpc"), "type other than Ed25519"),
        (GO_KEY.replace("PeterNeumann", "Peter Neumann"), "cannot name a key"),
        (GO_KEY.replace("PeterNeumann", ""), "cannot name a key"),
        (GO_KEY + "=", "base64"),
    ],
)
def test_a_malformed_key_is_refused_with_its_reason(vkey: str, reason: str) -> None:
    with pytest.raises(NoteError, match=reason):
        VerifierKey.parse(vkey)


ROOT = bytes(range(32))


def test_a_checkpoint_is_opened_as_it_was_signed() -> None:
    checkpoint = Checkpoint(LOG.name, 7, ROOT)
    content = sign_checkpoint(checkpoint, [LOG, WITNESS])
    assert open_checkpoint(content, [WITNESS.verifier]) == checkpoint


@given(size=st.integers(0, 2**62), root=st.binary(min_size=32, max_size=32), more=st.lists(st.just("x")))
def test_checkpoints_round_trip(size: int, root: bytes, more: list[str]) -> None:
    checkpoint = Checkpoint("a b/日志", size, root, tuple(more))
    assert Checkpoint.parse(checkpoint.text) == checkpoint


GOOD = Checkpoint("o", 7, ROOT).text


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n7\n", "\n07\n"),
        GOOD.replace("\n7\n", "\n-7\n"),
        GOOD.replace("\n7\n", "\n+7\n"),
        GOOD.replace("\n7\n", "\n７\n"),
        GOOD.replace("\n7\n", "\n\n"),
        GOOD[:-1],
        GOOD + "\n",
        GOOD[1:],
        "o\n7\n",
        "o\n7\nAAAA\n",
        "o\n7\n!\n",
        GOOD.replace("Hh8=", "Hh9="),
    ],
)
def test_a_text_of_another_form_is_no_checkpoint(text: str) -> None:
    assert text != GOOD
    with pytest.raises(CheckpointError):
        Checkpoint.parse(text)
