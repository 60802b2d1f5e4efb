"""Format the broker's storage once, with the platform's own user in it from the start."""

import base64
import secrets
import shutil
import subprocess
import uuid

from control_room.broker.configuration import data_folder, write_configuration
from control_room.broker.failures import BrokerFailure
from control_room.broker.virtual_machine import VirtualMachine
from network_registry.connections import PLATFORM_USER, platform_connection, platform_credential, write_credential
from network_registry.home import Home
from network_registry.settings import Settings


def is_formatted(home: Home) -> bool:
    return data_folder(home).is_dir()


def new_cluster_id() -> str:
    """A Kafka cluster id: 16 random bytes in URL-safe base64, never with a leading dash (it reads as an option)."""
    while (cluster_id := base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()).startswith("-"):
        pass
    return cluster_id


def ensure_platform_credential(home: Home) -> None:
    """Mint the platform's password for storage that is not formatted yet; one that is there stays as it is."""
    if not platform_credential(home).exists() and not is_formatted(home):
        write_credential(platform_credential(home), PLATFORM_USER, secrets.token_urlsafe(24))


def ensure_formatted(home: Home, settings: Settings, machine: VirtualMachine) -> None:
    """Format where nothing is formatted yet; aside and renamed, so that a kill leaves nothing half done."""
    if is_formatted(home):
        return
    ensure_platform_credential(home)
    platform = platform_connection(home, settings)
    aside = home.broker / "data.partial"
    shutil.rmtree(aside, ignore_errors=True)
    configuration = write_configuration(home, settings, platform, aside)
    user = f"SCRAM-SHA-512=[name={platform.username},password={platform.password}]"
    _format(machine, ["--config", str(configuration), "--cluster-id", new_cluster_id(), "--add-scram", user])
    aside.rename(data_folder(home))


def _format(machine: VirtualMachine, arguments: list[str]) -> None:
    command = machine.command("kafka.tools.StorageTool", "format", *arguments)
    # What it prints is not logged: it repeats the salted password.
    done = subprocess.run(command, env=machine.environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise BrokerFailure(f"Kafka's storage could not be formatted: {said[-1]}")
