"""`python -m control_room.supervision`: the supervisor that a detached `up` leaves behind."""

import sys
from contextlib import suppress
from datetime import datetime

from control_room.supervision.up import supervise
from network_registry.home import Home
from network_registry.settings import load_settings


def main() -> int:
    settings = load_settings()
    try:
        return supervise(Home(settings.home), settings, _log)
    except Exception as fault:
        # One line without the time: it is what `up --detach` says to the person who called it.
        with suppress(OSError):
            sys.stderr.write(f"{' '.join(str(fault).split()) or type(fault).__name__}\n")
            sys.stderr.flush()
        return 1


def _log(text: str) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z} {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
