"""The home and the settings that a command works with."""

import os
from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import ValidationError

from control_room.broker.storage import ensure_platform_credential
from network_registry.home import Home
from network_registry.keys import mint_keys
from network_registry.settings import DEFAULT_HOME, Settings, load_settings


class SettingsInvalid(Exception):
    """A setting does not have a value that it may have."""


def present_home() -> tuple[Home, Settings]:
    """The home that the environment names. Raises `HomeMissing`, `SettingsInvalid`."""
    settings = checked_settings()
    return Home(settings.home).require(), settings


def created_home() -> tuple[Home, Settings]:
    """The same, made with its keys and the platform's credential when it is not there."""
    settings = checked_settings()
    home = Home(settings.home)
    furnish(home)
    return home, settings


def furnish(home: Home) -> None:
    """Give a home what every process of the platform needs of it; what is there stays as it is."""
    home.create()
    mint_keys(home)
    ensure_platform_credential(home)


def checked_settings(home: Home | None = None) -> Settings:
    try:
        return load_settings(home.root if home else None)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(step) for step in first["loc"])
        where = "" if f"MERIDIAN_{name.upper()}" in os.environ else f"{_settings_file(home)}: "
        raise SettingsInvalid(f"{where}setting {name}: {first['msg']}") from None
    except UnicodeDecodeError:
        raise SettingsInvalid(f"{_settings_file(home)}: not UTF-8") from None
    except TOMLDecodeError as error:
        raise SettingsInvalid(f"{_settings_file(home)}: not TOML: {error}") from None
    except OSError as error:
        raise SettingsInvalid(f"{_settings_file(home)}: {error.strerror or error}") from None


def _settings_file(home: Home | None) -> Path:
    return (home or Home(Path(os.environ.get("MERIDIAN_HOME") or DEFAULT_HOME))).settings_file
