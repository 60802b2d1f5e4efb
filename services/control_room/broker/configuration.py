"""Write the broker's configuration into its home, from the templates in `infra/kafka`."""

import os
import secrets
from pathlib import Path
from string import Template

from clinic_events.resources import bundled
from network_registry.connections import Connection
from network_registry.home import Home
from network_registry.settings import Settings


def data_folder(home: Home) -> Path:
    """Where the broker keeps its records and its metadata."""
    return home.broker / "data"


def logging_configuration() -> Path:
    return bundled("infra/kafka") / "log4j2.properties"


def write_configuration(home: Home, settings: Settings, platform: Connection, data: Path) -> Path:
    """Write `server.properties` for the ports of this start, readable by its owner alone: it holds a password."""
    template = Template((bundled("infra/kafka") / "server.properties.template").read_text())
    text = template.substitute(
        broker_port=settings.broker_port,
        controller_port=settings.controller_port,
        platform_user=platform.username,
        platform_password=platform.password,
        # Controller and broker are one process: nobody else ever needs this password.
        controller_password=secrets.token_urlsafe(24),
        # A properties file reads a backslash as an escape.
        data=str(data).replace("\\", "\\\\"),
    )
    return _write_private(home.broker / "server.properties", text)


def _write_private(path: Path, text: str) -> Path:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return aside.replace(path)
