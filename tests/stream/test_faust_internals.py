"""The transport replaces and relies on insides of Faust and aiokafka: when they change, somebody must look again."""

import hashlib
import inspect
from importlib.metadata import version
from types import SimpleNamespace

import faust
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition, codec
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.subscription_state import Assignment, TopicPartitionState
from aiokafka.producer.message_accumulator import MessageAccumulator
from aiokafka.producer.sender import SendProduceReqHandler
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from faust.tables.recovery import Recovery
from faust.transport.conductor import Conductor
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode import Service

from session_stream.consumer_thread import ConsumerThread
from session_stream.record_batches import IdempotentProducer, RecordBatchApp, RecordBatchConsumer

# The source of each as it was when the transport was written: what is replaced, then what is relied on.
REPLACED = {
    "Consumer.getmany": "4b168d84882a70d6",
    "Consumer.perform_seek": "0e8c130ff4b0afd8",
    "Consumer.on_partitions_assigned": "29ce96596f05a18c",
    "Consumer.on_partitions_revoked": "d04b7ae72c6fc206",
    "Consumer.wait_empty": "e4662fe24f094819",
    "Consumer._new_consumer_thread": "0870ec53dea75083",
    "ConsumerThread.assignment": "61f105132ae619f6",
    "ConsumerThread.verify_event_path": "b983e7735f647cb3",
    "ConsumerThread._create_worker_consumer": "c2701bfc3e6f6cad",
    "Consumer._filter_tps_with_pending_acks": "f6f9239774234e7e",
    "Consumer._new_offset": "1d2c7ea89a7ad4f1",
    "Consumer._add_gap": "4df2573ded7c1c2c",
    "Consumer.ack": "5fcf41cf45153475",
    "Producer._settings_extra": "a4c7bc41b6382223",
    "App._new_transport": "42db531312dd776f",
    "Service._crash": "7bc0c709a151d556",
}
RELIED_ON = {
    "Consumer.commit": "a354437baaa08bf8",
    "Consumer.maybe_wait_for_commit_to_finish": "d687f63a0b5ef0c5",
    "Consumer._drain_messages": "44a2500309e83c63",
    "Consumer._wait_next_records": "6218e1969a636b3f",
    "Consumer._commit_tps": "a20e230b05ae8b15",
    "Consumer._filter_committable_offsets": "dc5e9baf5d994485",
    "Consumer._should_commit": "5ce941793947ad42",
    "Consumer._commit_offsets": "1a69799041188441",
    "ConsumerThread._commit": "932852ce7a23f658",
    "ConsumerThread._fetch_records": "39a2c6c79fc1455a",
    "Producer._new_producer": "e72355c3430ed02f",
    "App._on_partitions_revoked": "d5c895bbe57dc73a",
    "App._stop_consumer": "55854a5de12c3f52",
    "Service.crash": "14980000465df0af",
    "Conductor._subscriber": "2a79085834048049",
    "Conductor._update_indices": "619b3247b96ac7d5",
    "Conductor._flag_changes": "43eb94e0048312fc",
    "Recovery._resume_streams": "d986a6710c1aca98",
    "AIOKafkaProducer.create_batch": "c4efda4bb7a09741",
    "AIOKafkaProducer.send_batch": "bf42b0f0c5c0646d",
    "MessageAccumulator.add_batch": "5ed1c5b1367ad854",
    "SendProduceReqHandler._can_retry": "7ff5d491d977aacf",
    "FetchRequest.build": "952ef0f41192efc3",
    "AIOKafkaClient.send": "246b277687d7b687",
    "Fetcher._fetch_requests_routine": "2a8ec5932644c9b0",
    "Fetcher._get_actions_per_node": "1dab2cf937d165d0",
    "Fetcher._proc_fetch_request": "59bf948fff47eed5",
    "Assignment.state_value": "183fea82ef48f3e6",
    "TopicPartitionState.__init__": "f0b391da1b87af04",
    "TopicPartitionState.await_reset": "7b5a780dd629b44e",
}
SEEN = REPLACED | RELIED_ON
# Of a record batch, before its records.
HEAD_BYTES = 61


def test_record_batches_are_compressed_by_the_quick_way_which_every_reader_reads():
    assert digest(codec.lz4_encode) == "a27f1d0da7e18dcb", "it changed: read it again"
    builder = DefaultRecordBatchBuilder(2, 3, False, -1, -1, 0, 2**20)
    for number in range(500):
        builder.append(number, None, b"ST36 left 12 mm, " * (number % 7), b"key", [])
    batch = bytes(builder.build())
    assert len(list(DefaultRecordBatch(batch))) == 500
    # At its own level aiokafka makes other bytes of the same records.
    compressed = batch[HEAD_BYTES:]
    records = codec.lz4_decode(compressed)
    assert compressed == codec.lz4_encode(records, level=1) != codec.lz4_encode(records)


def digest(member) -> str:
    # Faust wraps its background tasks in an object that holds the function.
    function = getattr(member, "fun", member)
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


def test_the_versions_are_the_ones_the_transport_was_written_against():
    assert (version("faust-streaming"), version("aiokafka")) == ("0.15.3", "0.14.0")


@pytest.mark.parametrize("name", sorted(SEEN))
def test_the_source_is_the_one_the_transport_was_written_against(name):
    holder, member = name.split(".")
    holders = {
        "Consumer": driver.Consumer, "Producer": driver.Producer, "App": faust.App,
        "ConsumerThread": driver.AIOKafkaConsumerThread, "Service": Service, "Conductor": Conductor,
        "Recovery": Recovery, "AIOKafkaProducer": AIOKafkaProducer, "MessageAccumulator": MessageAccumulator,
        "SendProduceReqHandler": SendProduceReqHandler, "FetchRequest": FetchRequest, "AIOKafkaClient": AIOKafkaClient,
        "Fetcher": Fetcher, "Assignment": Assignment, "TopicPartitionState": TopicPartitionState,
    }  # fmt: skip
    assert digest(getattr(holders[holder], member)) == SEEN[name], f"{name} changed: read it again"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (RecordBatchConsumer, driver.Consumer),
        (ConsumerThread, driver.AIOKafkaConsumerThread),
        (IdempotentProducer, driver.Producer),
        (RecordBatchApp, faust.App),
    ],
)
def test_whatever_is_replaced_is_among_the_sources_that_are_watched(ours, theirs):
    replaced = {name for name, member in vars(ours).items() if inspect.isfunction(member) and hasattr(theirs, name)}
    watched = {name.split(".")[1] for name in REPLACED}
    assert replaced - {"__init__"} <= watched


def test_the_partitions_are_made_once_for_an_assignment_and_anew_for_the_next():
    theirs = {TopicPartition("clinic.alpha.events", 0)}
    thread = ConsumerThread.__new__(ConsumerThread)
    thread._consumer = SimpleNamespace(assignment=lambda: theirs)  # pyright: ignore[reportAttributeAccessIssue]
    first = thread.assignment()
    assert first == {TP("clinic.alpha.events", 0)} and thread.assignment() is first
    theirs = {TopicPartition("clinic.beta.events", 1)}
    assert thread.assignment() == {TP("clinic.beta.events", 1)}
