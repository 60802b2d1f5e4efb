"""A broker that hangs up has refused a credential, or was killed while it was asked."""

import socket
import threading
from contextlib import suppress
from dataclasses import replace

import pytest

from clinic_publisher.broker_access import BrokerUnreachable, try_credential
from network_registry.connections import Connection, platform_connection


class WayThatBreaks:
    """A way to the broker. It breaks behind the broker's first answer, once; then it is whole, or gone."""

    def __init__(self, connection: Connection, stays: bool) -> None:
        host, _, port = connection.bootstrap.rpartition(":")
        self._broker, self._stays, self.has_broken = (host, int(port)), stays, False
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.connection = replace(connection, bootstrap=f"127.0.0.1:{self._entrance.getsockname()[1]}")
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._carry, args=(self._entrance.accept()[0],), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with suppress(OSError), near, socket.create_connection(self._broker) as far:
            answers = 0
            while said := near.recv(65_536):
                if answers and not self.has_broken:
                    self._break()
                    return
                far.sendall(said)
                near.sendall(far.recv(65_536))
                answers += 1

    def _break(self) -> None:
        self.has_broken = True
        if not self._stays:
            # A thread that waits in `accept` is not woken by `close` alone.
            self._entrance.shutdown(socket.SHUT_RDWR)
            self._entrance.close()


@pytest.fixture
def connection(embedded_broker) -> Connection:
    return platform_connection(embedded_broker.home, embedded_broker.settings)


def test_a_broker_that_hung_up_once_and_then_lets_the_clinic_in_has_not_refused_it(connection) -> None:
    way = WayThatBreaks(connection, stays=True)
    try_credential(way.connection, "north")
    assert way.has_broken, "the test proves nothing otherwise"


def test_a_broker_that_hung_up_and_is_gone_can_be_waited_for(connection) -> None:
    with pytest.raises(BrokerUnreachable):
        try_credential(WayThatBreaks(connection, stays=False).connection, "north")
