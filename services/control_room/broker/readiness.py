"""Ask a broker whether it is there and takes a credential: one SCRAM exchange, no client library's long patience.

A client of kafka-python waits 30 s on a wrong password and then says only that it could not bootstrap.
"""

import socket
import time
from collections.abc import Callable
from subprocess import Popen
from typing import Any

from kafka.errors import KafkaError, for_code
from kafka.net.sasl.scram import ScramClient
from kafka.protocol.parser import KafkaProtocol
from kafka.protocol.sasl import SaslAuthenticateRequest, SaslHandshakeRequest

from control_room.broker.failures import BrokerUnreachable, CredentialRefused
from network_registry.connections import Connection

MECHANISM = "SCRAM-SHA-512"
ATTEMPT_S = 2.0
PAUSE_S = 0.1
_REFUSED = 58  # SASL_AUTHENTICATION_FAILED

Ask = Callable[[Any], Any]


def probe(connection: Connection, timeout_s: float = ATTEMPT_S) -> None:
    """Prove the credential once. Raises `BrokerUnreachable` or `CredentialRefused`."""
    try:
        with socket.create_connection(_first_address(connection.bootstrap), timeout_s) as wire:
            wire.settimeout(timeout_s)
            _prove(connection, _asker(wire))
    except (OSError, KafkaError, ValueError):
        raise BrokerUnreachable(f"no broker answers at {connection.bootstrap}") from None


def wait_until_ready(connection: Connection, timeout_s: float = 60.0, process: Popen[bytes] | None = None) -> None:
    """Return when the broker takes the credential.

    Raises `CredentialRefused` at once; `BrokerUnreachable` when the time is up, or as soon as `process`, where it is
    given, has ended.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return probe(connection)
        except BrokerUnreachable:
            if process is not None and process.poll() is not None:
                raise BrokerUnreachable(f"the broker ended ({process.returncode}) before it answered") from None
            if time.monotonic() > deadline:
                raise BrokerUnreachable(f"no broker answers at {connection.bootstrap} after {timeout_s:g} s") from None
            time.sleep(PAUSE_S)


def _first_address(bootstrap: str) -> tuple[str, int]:
    host, _, port = bootstrap.split(",")[0].strip().rpartition(":")
    return host.strip("[]"), int(port)


def _prove(connection: Connection, ask: Ask) -> None:
    scram = ScramClient(connection.username, connection.password, MECHANISM)
    _refuse(connection, ask(SaslHandshakeRequest(version=1, mechanism=MECHANISM)).error_code)
    first = ask(SaslAuthenticateRequest(version=1, auth_bytes=scram.first_message()))
    _refuse(connection, first.error_code)
    scram.process_server_first_message(first.auth_bytes)
    final = ask(SaslAuthenticateRequest(version=1, auth_bytes=scram.final_message()))
    _refuse(connection, final.error_code)
    # The broker proves in turn that it knows the password.
    scram.process_server_final_message(final.auth_bytes)


def _refuse(connection: Connection, error_code: int) -> None:
    if error_code == _REFUSED:
        raise CredentialRefused(f"the broker at {connection.bootstrap} refuses the credential of {connection.username}")
    if error_code:
        raise for_code(error_code)()


def _asker(wire: socket.socket) -> Ask:
    protocol = KafkaProtocol(client_id="meridian-probe")

    def ask(request: Any) -> Any:
        protocol.send_request(request)
        wire.sendall(protocol.send_bytes())
        while not (answers := protocol.receive_bytes(_some_bytes(wire))):
            pass
        return answers[0][1]

    return ask


def _some_bytes(wire: socket.socket) -> bytes:
    received = wire.recv(4096)
    if not received:
        raise ConnectionError("closed by the other side")
    return received
