"""`xianjie law bundle`, and reading a law from a directory or from such a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xianjie.lawbook.bundle import Lawbook, digest_of, read_files
from xianjie.lawbook.files.archive import ArchiveError, packed, unpacked

from .app import Unusable, complain, say


def files_of(path: Path) -> Mapping[str, bytes]:
    """Return the files of a law, from its directory or its bundle.

    Raises:
        Unusable: the file is no bundle of a law.
        OSError: it cannot be read.
    """
    if path.is_dir():
        return read_files(path)
    try:
        return unpacked(path.read_bytes())
    except ArchiveError as error:
        raise Unusable(f"{path}: {error}") from None


def opened(path: Path) -> Lawbook:
    """Return the law below a directory or in a bundle.

    Raises:
        Unusable, OSError: as `files_of`.
        LawError: a file is missing or breaks the format.
    """
    return Lawbook.of(files_of(path))


def bundle(law: Path, out: Path) -> int:
    """Write the whole law as one file, the same bytes for the same law; a broken law is refused."""
    files = files_of(law)
    Lawbook.of(files)  # what is written is what was found sound
    draft = out.with_name(out.name + ".new")
    draft.write_bytes(packed(files))
    draft.replace(out)
    say(digest_of(files))
    complain(f"已写入 {out}：{len(files)} 个文件 / written to {out}: {len(files)} files")
    return 0
