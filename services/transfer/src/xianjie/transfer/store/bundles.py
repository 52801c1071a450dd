"""The law as files: every bundle that was applied is kept, so that what was decided by it can be replayed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from xianjie.contracts.errors import Problem, Unavailable
from xianjie.lawbook.bundle import Lawbook, read_files
from xianjie.lawbook.files.archive import ArchiveError, packed, unpacked
from xianjie.lawbook.files.problems import LawError

# A law takes some tens of megabytes in memory; questions about the past mostly concern the last change.
_LOADED_AT_ONCE = 2


class KeptLaws:
    """The law in use, and every law that was, by its digest.

    Attributes:
        current: the law in use.
    """

    def __init__(
        self, current: Lawbook, directory: Path, *, files: Mapping[str, bytes] = MappingProxyType({})
    ) -> None:
        """Use `open`, except where nothing is kept.

        Args:
            directory: of the kept bundles, `<hexadecimal part of the digest>.zip` each.
            files: the files of the law in use, for keeping them.
        """
        self.current = current
        self._directory = directory
        self._files = files
        self._load = lru_cache(maxsize=_LOADED_AT_ONCE)(self._loaded)

    @classmethod
    def open(cls, law: Path, *, kept: Path) -> KeptLaws:
        """Load the law below a directory; `keep` has to follow before anything is judged by it.

        Args:
            kept: directory of the kept bundles.

        Raises:
            LawError: a file breaks the format of the law.
            OSError: a file cannot be read.
        """
        files = read_files(law)
        return cls(Lawbook.of(files), kept, files=files)

    def keep(self) -> None:
        """Write the bundle of the law in use; it is there whole or not at all, also after a crash.

        Raises:
            OSError: it cannot be written.
        """
        path = self.path(self.current.digest)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".new")
        with draft.open("wb") as file:
            file.write(packed(self._files))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        for directory in (path.parent, path.parent.parent):  # the name of the file, and that of its directory
            _make_durable(directory)

    def get(self, digest: str) -> Lawbook:
        """Return the law with this digest.

        Raises:
            Unavailable: its bundle is not kept here, is damaged, or its format is no longer read.
        """
        return self.current if digest == self.current.digest else self._load(digest)

    def path(self, digest: str) -> Path:
        """Return where the bundle with this digest is kept."""
        return self._directory / f"{digest.removeprefix('sha-256:')}.zip"

    def _loaded(self, digest: str) -> Lawbook:
        try:
            law = Lawbook.of(unpacked(self.path(digest).read_bytes()))
        except (OSError, ArchiveError, LawError) as error:
            raise _missing(digest, str(error)) from error
        if law.digest != digest:
            raise _missing(digest, law.digest)
        return law


def _make_durable(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _missing(digest: str, why: str) -> Unavailable:
    return Unavailable(
        Problem(
            code="law.bundle_missing",
            detail=f"当时适用的法律数据 {digest} 不能读取：{why}",
            detail_en=f"The law that was in use, {digest}, cannot be read: {why}",
            todo="请从备份恢复数据目录下 law 中的该文件，或者查询启用现行法律数据之后的时点。",
            todo_en="Put its file in `law` of the data directory back from a backup, "
            "or ask about a moment since the present law is in use.",
        )
    )
