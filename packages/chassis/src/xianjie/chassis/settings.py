"""Settings from the environment: read once by a composition root, frozen, secrets only by the path of a file.

A service declares what may vary as a subclass:

    class AuditSettings(Settings):
        database: DatabaseSource
        log_key: Secret          # XIANJIE_LOG_KEY=/run/secrets/log-key
        checkpoint_every_seconds: int = 1
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from xianjie.chassis.database import DatabaseSettings


class Settings(BaseSettings):
    """Base of the settings of a process. `XIANJIE_DATABASE__HOST` sets the member `host` of `database`."""

    model_config = SettingsConfigDict(
        env_prefix="XIANJIE_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )


def read_secret(path: Path) -> str:
    """Return the text of a secret file without the line end.

    Raises:
        ValueError: the file is missing, empty, or open to every user of the machine.
    """
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"the secret file {path} cannot be read: {error.strerror}") from error
    if mode & stat.S_IROTH:
        raise ValueError(f"the secret file {path} may be read by everybody; run: chmod o-rwx {path}")
    if not text:
        raise ValueError(f"the secret file {path} is empty")
    return text


def _from_file(value: Any) -> Any:
    return value if isinstance(value, SecretStr) else SecretStr(read_secret(Path(value)))


#: A setting whose value is the path of a file; the member holds the file's text and never shows it.
Secret = Annotated[SecretStr, BeforeValidator(_from_file)]


def _existing(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError(f"{path} is not a directory")
    return path.resolve()


#: A directory that must exist.
Directory = Annotated[Path, AfterValidator(_existing)]


class DatabaseSource(BaseModel):
    """Where a service finds its database in the cluster shape.

    Attributes:
        host: name, address, or directory of the unix socket.
        port: TCP port.
        user: role of the service.
        password: path of the file that holds its password.
        name: name of the database.
        pool_size: most connections at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: int = 5432
    user: str
    password: Secret
    name: str = "xianjie"
    pool_size: int = 8

    def settings(self, *, schema: str) -> DatabaseSettings:
        """Return how to reach a schema there."""
        return DatabaseSettings(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password.get_secret_value(),
            database=self.name,
            schema=schema,
            pool_size=self.pool_size,
        )
