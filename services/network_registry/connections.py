"""How a process reaches the broker: an address and a SCRAM credential from a file of the home."""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from network_registry.home import Home
from network_registry.settings import Settings

PLATFORM_USER = "meridian"
# An underscore cannot stand in a clinic id, so no clinic's credential can take this name.
PLATFORM_CREDENTIAL = "_platform.toml"


class CredentialMissing(Exception):
    """There is no credential file for this clinic in this home."""


@dataclass(frozen=True)
class Connection:
    bootstrap: str
    username: str
    password: str = field(repr=False)

    def kafka_python(self) -> dict[str, Any]:
        """Keyword arguments for every client of kafka-python."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
        }

    def librdkafka(self) -> dict[str, str]:
        """Settings for every client of librdkafka, as confluent-kafka and many practice systems have it."""
        return {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": self.username,
            "sasl.password": self.password,
        }


def clinic_user(clinic_id: str) -> str:
    return f"clinic.{clinic_id}"


def write_credential(path: Path, username: str, password: str) -> None:
    """Write a credential that its owner alone can read, whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f'username = "{username}"\npassword = "{password}"\n')
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def platform_credential(home: Home) -> Path:
    return home.credentials / PLATFORM_CREDENTIAL


def clinic_credential(home: Home, clinic_id: str) -> Path:
    return home.credentials / f"{clinic_id}.toml"


def platform_connection(home: Home, settings: Settings) -> Connection:
    return _read(platform_credential(home), settings)


def clinic_connection(home: Home, settings: Settings, clinic_id: str) -> Connection:
    return _read(clinic_credential(home, clinic_id), settings)


def _read(path: Path, settings: Settings) -> Connection:
    try:
        kept = tomllib.loads(path.read_text())
        return Connection(settings.bootstrap_servers, kept["username"], kept["password"])
    except FileNotFoundError:
        raise CredentialMissing(f"no credential {path.name} in {path.parent}") from None
    except (tomllib.TOMLDecodeError, KeyError, UnicodeDecodeError):
        raise CredentialMissing(f"{path} is not a credential file (username, password)") from None
