"""Settings: read once, frozen, secrets by file and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from xianjie.chassis.settings import DatabaseSource, Directory, Secret, Settings


class Example(Settings):
    database: DatabaseSource
    key: Secret
    data: Directory
    every_seconds: int = 1


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("password", "geheim\n"), ("key", "schluessel")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    for name, value in {
        "XIANJIE_DATABASE__HOST": "db",
        "XIANJIE_DATABASE__USER": "intake",
        "XIANJIE_DATABASE__PASSWORD": str(tmp_path / "password"),
        "XIANJIE_KEY": str(tmp_path / "key"),
        "XIANJIE_DATA": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def test_settings_come_from_the_environment_and_secrets_from_files(environment) -> None:
    settings = Example()
    database = settings.database.settings(schema="intake")
    assert (database.host, database.port, database.schema, database.password) == (
        "db",
        5432,
        "intake",
        "geheim",
    )
    assert settings.key.get_secret_value() == "schluessel"
    assert settings.data == environment.resolve()


def test_settings_cannot_be_changed(environment) -> None:
    settings = Example()
    with pytest.raises(ValidationError):
        settings.every_seconds = 2


def test_secrets_are_not_shown(environment) -> None:
    settings = Example()
    shown = repr(settings) + repr(settings.database.settings(schema="intake"))
    assert "geheim" not in shown
    assert "schluessel" not in shown


@pytest.mark.parametrize("fault", ["missing", "empty", "open"])
def test_a_secret_file_that_is_no_secret_is_refused(fault, environment) -> None:
    key = environment / "key"
    match fault:
        case "missing":
            key.unlink()
        case "empty":
            key.write_text("\n")
        case "open":
            key.chmod(0o644)
    with pytest.raises(ValidationError, match="secret file"):
        Example()
