"""The embedded broker as a process: it starts on its own ports, stops cleanly, and comes back with its records."""

import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from control_room.broker.failures import BrokerUnreachable, CredentialRefused
from control_room.broker.launch import child_environment
from control_room.broker.readiness import probe, wait_until_ready
from control_room.onboarding import create_network_topics
from network_registry.connections import Connection
from network_registry.topics import ALERTS

WITHIN_S = 90
PLACE = TopicPartition(ALERTS, 0)


def write(connection: Connection, *values: bytes) -> None:
    with KafkaProducer(**connection.kafka_python(), acks="all") as producer:
        for sent in [producer.send(ALERTS, value) for value in values]:
            sent.get(30)


def read(connection: Connection, count: int) -> list[bytes]:
    with KafkaConsumer(**connection.kafka_python(), auto_offset_reset="earliest") as consumer:
        consumer.assign([PLACE])
        assert consumer.end_offsets([PLACE])[PLACE] == count
        values: list[bytes] = []
        while len(values) < count:
            values += [record.value for batch in consumer.poll(1000).values() for record in batch]
        return values


def second_broker(place) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "control_room.broker"]
    environment = child_environment(place.home, place.settings)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False)


def test_the_broker_stops_cleanly_even_where_its_first_format_was_cut_short(free_home, broker_running):
    half = free_home.home.broker / "data.partial"
    half.mkdir()
    (half / "meta.properties").write_text("half a file")
    with broker_running(free_home) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN_S) == 128 + signal.SIGTERM
    assert (free_home.home.broker / "data" / ".kafka_cleanshutdown").exists()
    assert not half.exists()


def test_a_killed_broker_comes_back_with_every_acknowledged_record(free_home, broker_running):
    sent = [b"first", b"second", b"third"]
    with broker_running(free_home) as process:
        create_network_topics(free_home.platform)
        write(free_home.platform, *sent)
        process.kill()
        process.wait()
    with broker_running(free_home):
        assert read(free_home.platform, len(sent)) == sent


def test_a_wrong_password_is_told_apart_from_a_broker_that_is_not_there(embedded_broker, free_home):
    wrong = replace(embedded_broker.platform, password="not this one")
    with pytest.raises(CredentialRefused, match=r"refuses the credential of meridian$"):
        wait_until_ready(wrong, WITHIN_S)
    with pytest.raises(CredentialRefused):
        probe(replace(embedded_broker.platform, username="clinic.nobody"))
    with pytest.raises(BrokerUnreachable, match="no broker answers at"):
        probe(free_home.platform)


def test_a_taken_port_is_told_in_one_line_with_the_setting_to_change(embedded_broker, free_home):
    port = embedded_broker.settings.broker_port
    taken = replace(free_home, settings=free_home.settings.model_copy(update={"broker_port": port}))
    ended = second_broker(taken)
    assert ended.returncode == 1
    assert ended.stderr == f"port {port} on 127.0.0.1 (the broker) is taken; set MERIDIAN_BROKER_PORT to a free one\n"
    assert not (free_home.home.broker / "data").exists()


def test_a_second_broker_of_one_home_is_told_in_one_line_even_on_other_ports(embedded_broker, free_home):
    ended = second_broker(replace(embedded_broker, settings=free_home.settings))
    assert ended.returncode == 1
    assert "already runs (process" in ended.stderr
    assert ended.stderr.count("\n") == 1
    probe(embedded_broker.platform)


def test_two_homes_run_side_by_side_and_do_not_know_each_other(embedded_broker, free_home, broker_running):
    with broker_running(free_home):
        create_network_topics(free_home.platform)
        write(free_home.platform, b"here alone")
        assert read(free_home.platform, 1) == [b"here alone"]
        probe(embedded_broker.platform)
        with pytest.raises(CredentialRefused):
            probe(replace(embedded_broker.platform, password=free_home.platform.password))


def test_the_broker_s_files_that_hold_a_password_are_for_their_owner_alone(embedded_broker):
    for file in (
        embedded_broker.home.broker / "server.properties",
        embedded_broker.home.credentials / "_platform.toml",
    ):
        assert file.stat().st_mode & 0o077 == 0


def test_the_broker_s_log_shows_no_password(embedded_broker):
    assert embedded_broker.platform.password not in (embedded_broker.home.logs / "broker.log").read_text()
