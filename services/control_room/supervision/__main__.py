"""`python -m control_room.supervision`: the supervisor that a detached `up` leaves behind."""

import sys
from datetime import datetime

from control_room.broker.failures import BrokerFailure
from control_room.supervision.failures import SupervisionFailure
from control_room.supervision.up import supervise
from network_registry.home import Home
from network_registry.settings import load_settings


def main() -> int:
    settings = load_settings()
    try:
        return supervise(Home(settings.home), settings, _log)
    except (BrokerFailure, SupervisionFailure) as fault:
        # Without the time: it is what `up --detach` says to the person who called it.
        sys.stderr.write(f"{fault}\n")
        return 1


def _log(text: str) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z} {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
