"""`python -m control_room.broker`: the broker of the home that the environment names."""

import sys

from control_room.broker.failures import BrokerFailure
from control_room.broker.launch import run_broker
from network_registry.connections import CredentialMissing
from network_registry.home import Home
from network_registry.settings import load_settings


def main() -> int:
    settings = load_settings()
    try:
        run_broker(Home(settings.home), settings)
    except (BrokerFailure, CredentialMissing) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
