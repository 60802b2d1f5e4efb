"""Every setting of the platform, from `MERIDIAN_*` variables, then `meridian.toml` in the home, then the defaults."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from network_registry.home import Home

DEFAULT_HOME = Path(".meridian")


class Settings(BaseSettings):
    """One machine's settings. Times are in seconds, ports are loopback ports, `as_of` carries its zone."""

    model_config = SettingsConfigDict(env_prefix="MERIDIAN_", extra="ignore")

    home: Path = DEFAULT_HOME
    broker_port: int = Field(default=19092, ge=1, le=65535)
    controller_port: int = Field(default=19093, ge=1, le=65535)
    dashboard_port: int = Field(default=8600, ge=1, le=65535)
    bootstrap: str | None = None
    as_of: datetime | None = None
    # Of this machine; they share the clinics' partitions among them, and with those of other machines.
    stream_workers: int = Field(default=1, ge=1, le=64)
    build_interval_s: float = Field(default=10.0, gt=0)
    lock_period: Literal["week", "month"] = "week"
    build_threads: int = Field(default=2, ge=1)
    # Of the database that a build works in; less on a machine that has not so much to spare.
    build_memory: str = Field(default="6GiB", pattern=r"^[1-9][0-9]*(MiB|GiB)$")
    segment_rows: int = Field(default=20_000, ge=1)
    segment_seconds: float = Field(default=1.0, gt=0)
    # Small segments of closed hours are merged into one of up to so many records; 0 leaves them as they are.
    compacted_rows: int = Field(default=500_000, ge=0)
    # Versions of the warehouse that are kept: the one on show, and those before it.
    keep_versions: int = Field(default=3, ge=1)

    @property
    def bootstrap_servers(self) -> str:
        return self.bootstrap or f"127.0.0.1:{self.broker_port}"

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given, environment = named["init_settings"], named["env_settings"]
        home = given().get("home") or environment().get("home") or DEFAULT_HOME
        return given, environment, TomlConfigSettingsSource(settings_cls, Home(Path(home)).settings_file)


def load_settings(home: Path | str | None = None) -> Settings:
    """The settings of `home`, or of the home that the environment names. Raises `pydantic.ValidationError`."""
    return Settings(home=Path(home)) if home is not None else Settings()


def environment_for(home: Home) -> dict[str, str]:
    """The environment in which a child process finds the same home and settings."""
    return {**os.environ, "MERIDIAN_HOME": str(home.root)}
