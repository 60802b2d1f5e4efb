"""Say that a port is taken before anything slow is started on it."""

import socket

from control_room.broker.failures import PortTaken


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        # As servers do: connections that are still closing down do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def require_free_port(port: int, purpose: str, variable: str) -> None:
    """Raises `PortTaken`, naming the setting to change, when something listens on 127.0.0.1:`port`."""
    if not is_free(port):
        raise PortTaken(f"port {port} on 127.0.0.1 ({purpose}) is taken; set {variable} to a free one")
