"""Whether anything listens where the broker should be: known in an instant, where a Kafka client takes many seconds."""

import socket

_PATIENCE_S = 1.0


def broker_listens(bootstrap: str) -> bool:
    """Whether one of the comma-separated `host:port` addresses accepts a connection."""
    return any(_accepts(address.strip()) for address in bootstrap.split(","))


def _accepts(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_S):
            return True
    except (OSError, ValueError):
        return False
