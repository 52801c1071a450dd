"""Reading a published log over HTTP, as a stranger would."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.tlog.published_log import KEY, entries, publish

from xianjie.tlog.readers import DirectoryReader, HttpReader
from xianjie.tlog.verify import verify


class Files(BaseHTTPRequestHandler):
    """Serves a directory; entry bundles gzipped without being asked, as the specification allows."""

    directory: Path

    def do_GET(self) -> None:
        if self.path == "/log/broken":
            self.send_error(500)
            return
        content = DirectoryReader(self.directory).read(self.path.removeprefix("/log/"))
        if content is None:
            self.send_error(404)
            return
        packed = "/entries/" in self.path
        body = gzip.compress(content) if packed else content
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""


@pytest.fixture
def prefix(tmp_path: Path) -> Iterator[str]:
    publish(tmp_path, entries(300))
    handler = type("FilesOfTest", (Files,), {"directory": tmp_path})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/log/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_log_is_verified_over_http(prefix: str) -> None:
    verification = verify(HttpReader(prefix), KEY.verifier)
    assert verification.holds
    assert verification.leaves == 300


def test_what_is_not_there_is_told_from_what_cannot_be_read(prefix: str) -> None:
    assert HttpReader(prefix).read("tile/0/009") is None
    with pytest.raises(OSError, match="answers 500"):
        HttpReader(prefix).read("broken")


def test_only_addresses_of_the_web_are_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not an address of the web"):
        HttpReader(tmp_path.as_uri())


def test_a_directory_in_the_place_of_a_file_is_no_file(tmp_path: Path) -> None:
    publish(tmp_path, entries(3))
    assert DirectoryReader(tmp_path).read("tile/0") is None
    assert DirectoryReader(tmp_path).read("checkpoint/0") is None
