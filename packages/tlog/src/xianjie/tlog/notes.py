"""Signed notes: a text with signature lines under it, and the keys that make and check them.

Source: C2SP signed-note. Only Ed25519 signatures (type 0x01) are made and checked; lines of other
keys and types are kept and ignored, as the specification asks.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
KEY_ID_SIZE = 4
PUBLIC_KEY_SIZE = 32
MAX_SIGNATURES = 100
MAX_NOTE_BYTES = 1_000_000
_MARK = "— "


class NoteError(ValueError):
    """A note or a key is malformed, or no trusted key signed the note."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the name of the key, its id of 4 bytes, and the signature itself."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line with its newline."""
        return f"{_MARK}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart; nothing in it is verified yet.

    Attributes:
        text: what is signed, ending in a newline.
        signatures: all lines in their order.
    """

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, content: bytes) -> Note:
        """Take a note apart.

        Raises:
            NoteError: it is not UTF-8, holds a control character, or its signature lines are malformed.
        """
        text, lines = _split(content)
        signatures = tuple(_signature(line) for line in lines)
        return cls(text, signatures)

    def to_bytes(self) -> bytes:
        """Write the note."""
        return (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()

    def verified_by(self, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Return the keys among those given whose signatures the note carries.

        Raises:
            NoteError: a signature of one of the keys is wrong, or none of them signed.
        """
        known = {(key.name, key.key_id): key for key in keys}
        verified: list[VerifierKey] = []
        for each in self.signatures:
            key = known.get((each.name, each.key_id))
            if key is None or key in verified:
                continue
            key.verify(self.text, each.signature)
            verified.append(key)
        if not verified:
            names = ", ".join(f"{each.name}+{each.key_id.hex()}" for each in self.signatures)
            raise NoteError(f"no trusted key signed the note; its signatures are of {names}")
        return tuple(verified)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """An Ed25519 public key with its name; written `name+<key id in hex>+<base64 of type and key>`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _require_name(self.name)
        if len(self.public) != PUBLIC_KEY_SIZE:
            raise NoteError(f"an Ed25519 public key has {PUBLIC_KEY_SIZE} bytes, not {len(self.public)}")

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a key.

        Raises:
            NoteError: the text is malformed, the type is not Ed25519, or the id does not fit the key.
        """
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise NoteError(f"{text!r} is not of the form name+id+key")
        name, key_id, encoded = parts
        material = _from_base64(encoded)
        if material[:1] != bytes([ED25519]):
            raise NoteError(f"the key {name} is of a type other than Ed25519")
        key = cls(name, material[1:])
        if key.key_id.hex() != key_id:
            raise NoteError(f"the key {name} has the id {key.key_id.hex()}, not {key_id}")
        return key

    @property
    def key_id(self) -> bytes:
        """Four bytes of SHA-256 over name, newline, type and key."""
        return sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.public).digest()[:KEY_ID_SIZE]

    @property
    def text(self) -> str:
        """The key in one line."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([ED25519]) + self.public).decode()}"

    def verify(self, text: str, signature: bytes) -> None:
        """Verify a signature over a text.

        Raises:
            NoteError: it is not this key's signature over this text.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError) as error:
            raise NoteError(f"the signature of {self.name}+{self.key_id.hex()} is wrong") from error


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key with its name."""

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        _require_name(self.name)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Sign a note text (ends in a newline)."""
        return Signature(self.name, self.verifier.key_id, self.private.sign(text.encode()))


def sign_note(text: str, keys: Iterable[SigningKey]) -> bytes:
    """Return the note: the text signed by every key, in order.

    Raises:
        NoteError: the text is empty, does not end in a newline, or holds a control character.
    """
    _require_text(text)
    return Note(text, tuple(key.sign(text) for key in keys)).to_bytes()


def open_note(content: bytes, keys: Sequence[VerifierKey]) -> str:
    """Return the text of a note that at least one of the keys signed.

    Raises:
        NoteError: the note is malformed, a signature of one of the keys is wrong, or none of them signed.
    """
    note = Note.parse(content)
    note.verified_by(keys)
    return note.text


def _split(content: bytes) -> tuple[str, list[str]]:
    if len(content) > MAX_NOTE_BYTES:
        raise NoteError(f"a note of {len(content)} bytes is longer than {MAX_NOTE_BYTES}")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError(f"the note is not UTF-8 at byte {error.start}") from error
    head, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteError("the note has no signature lines under a blank line")
    text, lines = head + "\n", tail[:-1].split("\n")
    _require_text(text)
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"the note has {len(lines)} signatures, more than {MAX_SIGNATURES}")
    return text, lines


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not space:
        raise NoteError(f"{line!r} is not a signature line")
    _require_name(name)
    blob = _from_base64(encoded)
    if len(blob) <= KEY_ID_SIZE:
        raise NoteError(f"the signature of {name} is too short")
    return Signature(name, blob[:KEY_ID_SIZE], blob[KEY_ID_SIZE:])


def _require_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends in a newline")
    if any(letter < " " and letter != "\n" for letter in text):
        raise NoteError("the text of a note holds a control character")


def _require_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() or letter < " " for letter in name):
        raise NoteError(f"{name!r} cannot name a key: it is empty or holds a space or a plus")


def _from_base64(text: str) -> bytes:
    """Decode standard base64 in its one canonical spelling."""
    try:
        content = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"{text!r} is not base64") from error
    if b64encode(content).decode() != text:
        raise NoteError(f"{text!r} is not canonical base64")
    return content
