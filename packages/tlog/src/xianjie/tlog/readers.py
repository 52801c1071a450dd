"""Where a published log is read from: a directory or a web address."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen


class Reader(Protocol):
    """Reads the files of a published log."""

    def read(self, path: str) -> bytes | None:
        """Return the file at a path below the log's prefix, None where there is none.

        Raises:
            OSError: it cannot be said whether the file is there.
        """
        ...


@dataclass(frozen=True, slots=True)
class DirectoryReader:
    """A log exported into a directory."""

    directory: Path

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, None where there is none."""
        try:
            return self.directory.joinpath(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


@dataclass(frozen=True, slots=True)
class HttpReader:
    """A log behind a web address.

    Attributes:
        prefix: address under which `checkpoint` and `tile/` stand.
        timeout_seconds: for each request.
    """

    prefix: str
    timeout_seconds: int = 30

    def __post_init__(self) -> None:
        if urlsplit(self.prefix).scheme not in {"http", "https"}:
            raise ValueError(f"{self.prefix!r} is not an address of the web")

    def read(self, path: str) -> bytes | None:
        """Return the body of a 200 answer, None for 404 and 410.

        Raises:
            OSError: no answer, or another status.
        """
        address = f"{self.prefix.rstrip('/')}/{path}"
        request = Request(address, headers={"Accept-Encoding": "gzip, identity"})
        try:
            with urlopen(request, timeout=self.timeout_seconds) as answer:
                body: bytes = answer.read()
                packed = answer.headers.get("Content-Encoding") == "gzip"
        except HTTPError as error:
            with error:
                if error.code in {404, 410}:
                    return None
                raise OSError(f"{address} answers {error.code}") from error
        return gzip.decompress(body) if packed else body
