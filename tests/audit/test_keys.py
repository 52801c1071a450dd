"""The key file: made once, whole, for its owner alone."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from xianjie.audit.keys import KeyFileError, ensure_key


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes_raw()


def test_the_key_is_made_once_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.pem"
    assert raw(ensure_key(path)) == raw(ensure_key(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["log.pem"]


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(ensure_key, [path] * 8))
    assert len({raw(key) for key in keys}) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["log.pem"]


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    ensure_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="mode 0640"):
        ensure_key(path)


def test_a_file_that_is_no_key_is_not_used_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    path.write_bytes(b"not a key")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="holds no private key"):
        ensure_key(path)
    assert path.read_bytes() == b"not a key"


def test_a_key_of_another_kind_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    other = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(other)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="another kind"):
        ensure_key(path)
