"""The whole law as one file: kept beside what it decided, so that it can decide it again.

The file is a ZIP archive without compression and with one fixed time, so that the same law gives the same
bytes on every machine and everybody can open it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

_TIME = (1980, 1, 1, 0, 0, 0)  # the first that the format can write
_READABLE = 0o100644 << 16
_UNIX = 3
_DAMAGED = (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
LARGEST = 64 * 1024 * 1024  # bytes of all files together; the law has about two millions


class ArchiveError(ValueError):
    """The bytes are no archive of a law; the message says why, in Chinese and English."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of a law.

    Args:
        files: bytes of the files by path below the law directory, see `bundle.read_files`.
    """
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for path in sorted(files):
            entry = ZipInfo(path, _TIME)
            entry.external_attr = _READABLE
            entry.create_system = _UNIX
            archive.writestr(entry, files[path])
    return written.getvalue()


def unpacked(archive: bytes) -> Mapping[str, bytes]:
    """Return the files of an archive by path.

    Raises:
        ArchiveError: it is no archive, is damaged or too large, or a path stands twice or leaves the
            directory.
    """
    files: dict[str, bytes] = {}
    left = LARGEST
    try:
        with ZipFile(BytesIO(archive)) as entries:
            for entry in entries.infolist():
                if entry.is_dir():
                    continue
                path = entry.filename
                if path in files or not _stays_inside(path):
                    raise ArchiveError(f"路径不允许：{path!r} (path not allowed: {path!r})")
                left -= entry.file_size
                if left < 0:
                    raise ArchiveError(f"超过{LARGEST}字节 (more than {LARGEST} bytes)")
                files[path] = entries.read(entry)
    except ArchiveError:
        raise
    except _DAMAGED as error:
        raise ArchiveError(f"不是法律数据包：{error} (no archive of a law: {error})") from None
    return files


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    return all(part not in ("", ".", "..") for part in parts) and not any(sign in path for sign in "\\:\0")
