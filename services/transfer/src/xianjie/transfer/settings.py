"""What may vary between installations of the service."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TransferSettings(BaseSettings):
    """Settings of the service; environment variables begin with XIANJIE_TRANSFER_."""

    model_config = SettingsConfigDict(env_prefix="XIANJIE_TRANSFER_", frozen=True, extra="forbid")

    batch: int = Field(default=500, ge=1, le=5000, description="most events in one transaction")
    timer_batch: int = Field(default=200, ge=1, le=2000, description="most cases woken in one transaction")
    timer_grace_seconds: float = Field(
        default=2.0, ge=0.0, le=60.0, description="how long a term waits for acts that are still on their way"
    )
