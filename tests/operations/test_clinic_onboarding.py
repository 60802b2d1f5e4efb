"""Clinics on a real broker: what their credential may do, what it may not, and that a half-done step can be redone."""

import secrets
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from control_room.broker.failures import BrokerUnreachable, CredentialRefused
from control_room.broker.readiness import probe
from control_room.onboarding import ClinicUnknown, onboard_clinic, onboard_clinics, restore_clinics, suspend_clinic
from control_room.onboarding import clinics as steps
from control_room.onboarding.access import EVERY_ACL, clinic_acls
from network_registry.clinics import Clinic, list_clinics
from network_registry.connections import Connection, CredentialMissing, clinic_connection, clinic_credential
from network_registry.database import open_registry
from network_registry.topics import EVENTS, NETWORK_TOPICS, events_topic, receipts_topic


@dataclass(frozen=True)
class Network:
    """Two clinics of this test alone, on the broker that all tests share."""

    place: object
    own: str
    other: str

    @property
    def connection(self) -> Connection:
        return clinic_connection(self.place.home, self.place.settings, self.own)

    def registered(self) -> dict[str, Clinic]:
        return {clinic.clinic_id: clinic for clinic in list_clinics(open_registry(self.place.home))}


@pytest.fixture
def network(embedded_broker) -> Network:
    own, other = (f"clinic-{secrets.token_hex(4)}" for _ in range(2))
    onboard_clinics(embedded_broker.home, embedded_broker.settings, [own, other])
    return Network(embedded_broker, own, other)


def write(connection: Connection, topic: str) -> int:
    """The offset of one record."""
    producer = KafkaProducer(**connection.kafka_python(), acks="all", max_block_ms=20_000)
    try:
        return producer.send(topic, b"{}").get(20).offset
    finally:
        producer.close(timeout=5)


def read(connection: Connection, topic: str) -> dict:
    with KafkaConsumer(**connection.kafka_python(), auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        return consumer.poll(20_000)


def test_a_clinic_writes_its_own_events_and_reads_its_own_receipts(network: Network):
    assert write(network.connection, events_topic(network.own)) == 0
    write(network.place.platform, receipts_topic(network.own))
    [records] = read(network.connection, receipts_topic(network.own)).values()
    assert [record.value for record in records] == [b"{}"]


@pytest.mark.parametrize("topic", ["other events", "own receipts", *NETWORK_TOPICS])
def test_a_clinic_writes_nowhere_else(network: Network, topic: str):
    names = {"other events": events_topic(network.other), "own receipts": receipts_topic(network.own)}
    with pytest.raises(TopicAuthorizationFailedError):
        write(network.connection, names.get(topic, topic))


def test_a_clinic_does_not_read_its_own_events_back(network: Network):
    write(network.connection, events_topic(network.own))
    with pytest.raises(TopicAuthorizationFailedError):
        read(network.connection, events_topic(network.own))


@pytest.mark.parametrize("topic", ["other receipts", "other events", *NETWORK_TOPICS])
def test_a_clinic_is_not_even_told_about_what_is_not_its_own(network: Network, topic: str):
    names = {"other receipts": receipts_topic(network.other), "other events": events_topic(network.other)}
    with KafkaAdminClient(**network.connection.kafka_python()) as client:
        [described] = client.describe_topics([names.get(topic, topic)])
        assert described["error_code"] == TopicAuthorizationFailedError.errno
        assert set(client.list_topics()) == {events_topic(network.own), receipts_topic(network.own)}


@pytest.mark.parametrize("group", ["meridian-session-stream", "a-group-of-its-own"])
def test_a_clinic_takes_part_in_no_consumer_group(network: Network, group: str):
    with KafkaConsumer(**network.connection.kafka_python(), group_id=group, enable_auto_commit=False) as consumer:
        place = TopicPartition(receipts_topic(network.own), 0)
        consumer.assign([place])
        with pytest.raises(GroupAuthorizationFailedError):
            consumer.committed(place)


def test_topics_have_the_shape_that_the_contract_gives_them(network: Network):
    with KafkaAdminClient(**network.place.platform.kafka_python()) as admin:
        topics = admin.describe_topics([events_topic(network.own), receipts_topic(network.own), EVENTS])
    assert {topic["name"]: len(topic["partitions"]) for topic in topics} == {
        events_topic(network.own): 4,
        receipts_topic(network.own): 1,
        EVENTS: 4,
    }


def test_a_clinic_that_is_on_board_already_keeps_its_password(network: Network):
    before = network.connection
    onboard_clinic(network.place.home, network.place.settings, network.own)
    assert network.connection == before
    probe(before)


def test_the_credential_file_is_for_its_owner_alone(network: Network):
    assert clinic_credential(network.place.home, network.own).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut_before", ["install_credentials", "create_topics", "grant", "add_clinic"])
def test_onboarding_that_was_cut_short_is_ended_by_doing_it_again(network: Network, monkeypatch, cut_before: str):
    def cut(*_):
        raise InterruptedError(cut_before)

    place, newcomer = network.place, f"clinic-{secrets.token_hex(4)}"
    with monkeypatch.context() as patch, pytest.raises(InterruptedError):
        patch.setattr(steps, cut_before, cut)
        onboard_clinic(place.home, place.settings, newcomer, "The Newcomer")
    assert newcomer not in network.registered()
    password = clinic_connection(place.home, place.settings, newcomer).password
    onboard_clinic(place.home, place.settings, newcomer, "The Newcomer")
    assert network.registered()[newcomer].name == "The Newcomer"
    assert clinic_connection(place.home, place.settings, newcomer).password == password
    assert write(clinic_connection(place.home, place.settings, newcomer), events_topic(newcomer)) == 0


def test_a_suspended_clinic_can_do_nothing_and_its_open_connection_neither(network: Network):
    former = network.connection
    with KafkaProducer(**former.kafka_python(), acks="all") as producer:
        producer.send(events_topic(network.own), b"{}").get(20)
        suspend_clinic(network.place.home, network.place.settings, network.own)
        with pytest.raises(TopicAuthorizationFailedError):
            producer.send(events_topic(network.own), b"{}").get(20)
    with pytest.raises(CredentialRefused):
        probe(former)
    with pytest.raises(CredentialMissing):
        _ = network.connection
    assert not network.registered()[network.own].is_active
    assert network.registered()[network.other].is_active


def test_a_suspended_clinic_that_comes_back_gets_a_new_password_and_finds_its_topics(network: Network):
    former = network.connection
    write(former, events_topic(network.own))
    suspend_clinic(network.place.home, network.place.settings, network.own)
    onboard_clinic(network.place.home, network.place.settings, network.own)
    assert network.connection.password != former.password
    write(network.connection, events_topic(network.own))
    with KafkaConsumer(**network.place.platform.kafka_python()) as consumer:
        places = [TopicPartition(events_topic(network.own), partition) for partition in range(4)]
        assert sum(consumer.end_offsets(places).values()) == 2
    assert network.registered()[network.own].is_active


def test_nothing_is_done_for_any_clinic_when_one_id_is_no_clinic_id(network: Network):
    newcomer = f"clinic-{secrets.token_hex(4)}"
    with pytest.raises(ValueError, match="not a clinic id"):
        onboard_clinics(network.place.home, network.place.settings, [newcomer, "Clinic One!"])
    assert not clinic_credential(network.place.home, newcomer).exists()


def test_a_restart_of_the_broker_gives_no_rights_back_that_a_suspension_takes_away_beside_it(
    network: Network, monkeypatch: pytest.MonkeyPatch
):
    home, settings = network.place.home, network.place.settings

    restored: list[Future[None]] = []
    mark_suspended = steps.mark_suspended

    def restore_meanwhile(*given: object) -> None:
        restored.append(background.submit(restore_clinics, home, settings))
        with pytest.raises(TimeoutError):
            restored[0].result(timeout=0.5)
        mark_suspended(*given)

    monkeypatch.setattr(steps, "mark_suspended", restore_meanwhile)
    with ThreadPoolExecutor(1) as background:
        suspend_clinic(home, settings, network.own)
    restored[0].result()
    with KafkaAdminClient(**network.place.platform.kafka_python()) as admin:
        assert not set(clinic_acls(network.own)) & set(admin.describe_acls(EVERY_ACL)[0])


def test_an_unknown_clinic_cannot_be_suspended(network: Network):
    with pytest.raises(ClinicUnknown):
        suspend_clinic(network.place.home, network.place.settings, "never-seen")


def test_onboarding_without_a_broker_says_so(free_home):
    with pytest.raises(BrokerUnreachable):
        onboard_clinic(free_home.home, free_home.settings, "clinic-a")


def test_a_broker_that_lost_its_disk_gets_the_clinics_topics_and_rights_again(free_home, broker_running):
    home, settings = free_home.home, free_home.settings
    with broker_running(free_home):
        onboard_clinics(home, settings, ["clinic-a", "clinic-b"])
    shutil.rmtree(home.broker / "data")
    clinic_credential(home, "clinic-b").rename(home.root / "handed-over-to-the-clinic.toml")
    with broker_running(free_home):
        restore_clinics(home, settings)
        assert write(clinic_connection(home, settings, "clinic-a"), events_topic("clinic-a")) == 0
        # A password that the clinic has by now must not be replaced behind its back.
        assert not clinic_credential(home, "clinic-b").exists()
