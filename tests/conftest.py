"""Fixtures that every part may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# A loaded machine is no defect: what an example may take is not asserted, what it finds is.
settings.register_profile("xianjie", deadline=None)
settings.load_profile("xianjie")

# Real databases: `database_for`, `postgres`, `eventually`.
pytest_plugins = ["tests.postgres_fixtures"]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference material beside the repository, where it is present."""
    path = ROOT.parent / "shared"
    if not (path / "design" / "events.yaml").is_file():
        pytest.skip("the reference material does not stand beside this checkout; nothing was compared")
    return path
