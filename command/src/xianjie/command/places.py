"""Where an embedded system keeps what it needs: one directory, with secrets that only the owner reads."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xianjie.chassis.migrations import SERVICES, Schema, bus_schema, service_schema

ROOT = Path(__file__).resolve().parents[4]
LAW = ROOT / "law"
REAL_CASES = ROOT / "cases"

# The role that each service works as; audit's may add to the log and read it, nothing else.
WORKING_ROLES = {
    "intake": "intake",
    "transfer": "transfer",
    "notification": "notification",
    "audit": "audit_writer",
    "bus": "bus",
}
ROLES = ("intake", "transfer", "notification", "audit", "audit_writer", "bus")


def schemas(passwords: Mapping[str, str]) -> list[Schema]:
    """Return every schema of the embedded shape with the roles that may use it."""
    writer = {"audit": {"audit_writer": passwords["audit_writer"]}}
    services = [service_schema(name, password=passwords[name], roles=writer.get(name)) for name in SERVICES]
    return [*services, bus_schema(password=passwords["bus"])]


def default_data() -> Path:
    """Return the data directory for this user.

    Root gets /var/lib/xianjie, because the database runs as an unprivileged user that cannot reach into
    root's home; everybody else the usual place below their own home.
    """
    stated = os.environ.get("XIANJIE_DATA")
    if stated:
        return Path(stated).resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/xianjie")
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "xianjie"


@dataclass(frozen=True, slots=True)
class Places:
    """The parts of one data directory."""

    data: Path

    @property
    def cluster(self) -> Path:
        """The directory of the embedded PostgreSQL."""
        return self.data / "postgres"

    @property
    def laws(self) -> Path:
        """The bundles of every law that was applied, by their digests."""
        return self.data / "law"

    @property
    def log_key(self) -> Path:
        """The private key that signs checkpoints."""
        return self.data / "secrets" / "log.key"

    @property
    def admin_key(self) -> Path:
        """The first key, with the scope `admin`."""
        return self.data / "secrets" / "admin.key"

    def passwords(self, roles: tuple[str, ...]) -> dict[str, str]:
        """Return the password of each database role; made once, kept in a file of mode 0600."""
        path = self.data / "secrets" / "roles.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = [role for role in roles if role not in known]
        if missing:
            known |= {role: secrets.token_urlsafe(32) for role in missing}
            write_secret(path, json.dumps(known))
        return {role: known[role] for role in roles}


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read; it is there whole or not at all, also after a crash."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
