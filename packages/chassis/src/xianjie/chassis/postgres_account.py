"""Whom the embedded PostgreSQL runs as.

PostgreSQL refuses to run as root. Started by root, the server runs as an unprivileged user that exists
already; no user is created and the mode of no existing directory is changed.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Tried in this order when root starts the server and no user is set.
UNPRIVILEGED = ("xianjie", "nobody")


class PostgresRefusal(Exception):
    """The embedded PostgreSQL cannot be started as things stand; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system's user that the server process belongs to.

    Attributes:
        name: its name, for messages.
        uid: its number.
        gid: number of its group.
        switched: whether processes must be started as another user than ours.
    """

    name: str
    uid: int
    gid: int
    switched: bool

    @property
    def process(self) -> dict[str, Any]:
        """Arguments for `subprocess` that start a process as this user."""
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand `path`, which we just created, to this user."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def enters(self, directory: Path) -> bool:
        """Whether this user may pass into `directory`."""
        return not self.switched or self._enters(directory)

    def check_reaches(self, directory: Path, purpose: str) -> None:
        """Check that this user may enter `directory`.

        Raises:
            PostgresRefusal: it may not; names the directory that stops it.
        """
        if not self.switched or self._enters(directory):
            return
        closed = next(d for d in [*reversed(directory.parents), directory] if not self._enters(d))
        raise PostgresRefusal(
            f"PostgreSQL runs as the user {self.name!r} (it never runs as root), and that user may not enter "
            f"{closed}, which holds {purpose} ({directory}). Modes of existing directories are not changed "
            f"here. Choose a place that every user may pass through, for example /var/lib/xianjie, or start "
            f"Xianjie as an ordinary user, or allow passing with: chmod o+x {closed}"
        )

    def _enters(self, directory: Path) -> bool:
        probe = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)],
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.process,
        )
        return probe.returncode == 0


def account(wanted: str | None) -> Account:
    """Return the user to run as: ourselves, or for root the wanted or the first suitable one.

    Raises:
        PostgresRefusal: the user does not exist, is root, or cannot be switched to.
    """
    if os.geteuid() != 0:
        ours = pwd.getpwuid(os.geteuid())
        if wanted is not None and wanted != ours.pw_name:
            raise PostgresRefusal(
                f"PostgreSQL shall run as {wanted!r}, but only root may start processes as another user; "
                f"we are {ours.pw_name!r}. Leave the setting empty or start as {wanted!r}."
            )
        return Account(ours.pw_name, ours.pw_uid, ours.pw_gid, switched=False)
    for name in (wanted,) if wanted is not None else UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switched=True)
    raise PostgresRefusal(
        f"PostgreSQL never runs as root, and there is no unprivileged user "
        f"{wanted or ' or '.join(UNPRIVILEGED)!r} to run it as. Start Xianjie as an ordinary user, or create "
        f"a user without login (useradd --system --shell /usr/sbin/nologin xianjie) and set it."
    )
