"""The Faust application: record batches in, outputs out, and a commit only of what every output confirmed.

Besides the transport (`record_batches`) the only file that knows Faust.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, cast

import faust
from faust.transport.conductor import Conductor

from network_registry.connections import Connection
from network_registry.erased_patients import ErasedList
from network_registry.topics import STREAM_GROUP
from process_telemetry.metric_vocabulary import STREAM_BATCHES, STREAM_BYTES, STREAM_PASSED_OVER
from process_telemetry.process_log import described
from process_telemetry.process_metrics import ProcessMetrics
from session_stream.clinics_followed import ClinicsFollowed
from session_stream.confirmations import RecordBatch, has_gone_astray
from session_stream.decide import decide
from session_stream.decided_metrics import tell_decided, tell_delay
from session_stream.outputs import Outputs
from session_stream.pseudonyms import StreamKeys
from session_stream.record_batches import IdempotentProducer, RecordBatchApp, RecordBatchConsumer

# Records decided without giving way to the event loop, some ten milliseconds' worth: it sends what was decided before.
SLICE = 250
POLL_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
STOP_SECONDS = 25.0

_SETTINGS: dict[str, Any] = {
    "web_enabled": False,  # it would serve tables to anyone
    "table_standby_replicas": 0,  # no tables: aiokafka's round robin assigns the partitions
    "topic_disable_leader": True,
    "topic_allow_declare": False,
    "value_serializer": "raw",
    "key_serializer": "raw",
    "processing_guarantee": "at_least_once",
    "consumer_auto_offset_reset": "earliest",
    "consumer_metadata_max_age_ms": 10_000,  # until a topic that was made anew is noticed
    "broker_session_timeout": 10.0,
    "broker_heartbeat_interval": 3.0,
    "broker_request_timeout": 30.0,
    "broker_commit_interval": 1.0,
    "broker_max_poll_records": 2000,
    "stream_wait_empty": True,  # on stop and on a rebalance: see RecordBatchConsumer.wait_empty
    "stream_buffer_maxsize": 8192,  # never full: RecordBatchConsumer bounds what is in flight
    "producer_acks": -1,
    "producer_compression_type": "lz4",
    "producer_linger": 0.0,  # outputs are batched before they reach the producer
    "producer_max_batch_size": 512 * 1024,
    "producer_request_timeout": 30.0,
}

Fail = Callable[[str], Any]


class SessionStream:
    """One worker: the Faust application with its agent and timers. `fail` must end the process without a commit."""

    def __init__(
        self,
        connection: Connection,
        client_id: str,
        datadir: str,
        keys: StreamKeys,
        clinics: ClinicsFollowed,
        erased: ErasedList,
        fail: Fail,
        metrics: ProcessMetrics,
    ) -> None:
        self._keys, self._clinics, self._erased_list, self._fail = keys, clinics, erased, fail
        self._erased = erased.read()
        self._metrics = metrics
        self._decided_at, self._since_pause = monotonic(), 0
        self.app = _application(connection, client_id, datadir, fail)
        self.app.before_reading = self._verify_topics
        topic = self.app.topic(*clinics.topics, value_type=bytes, value_serializer="raw")
        self.app.agent(topic, name="session_stream")(self._process)
        self.app.timer(POLL_SECONDS)(self._follow_clinics)
        self.app.timer(POLL_SECONDS)(self._check_progress)

    def run(self) -> int:
        """Run in this thread until a signal stops it; 0."""
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self.app.loop = loop
        worker = _Worker(self.app, loop=loop, quiet=True, override_logging=False, redirect_stdouts=False)
        try:
            worker.execute_from_commandline()
        except SystemExit as ended:
            return int(ended.code or 0)

    @property
    def _consumer(self) -> RecordBatchConsumer:
        return cast(RecordBatchConsumer, self.app.consumer)

    async def _process(self, stream: Any) -> None:
        producer = cast(IdempotentProducer, self.app.producer).aiokafka_producer
        outputs = Outputs(producer, self._consumer.batch_confirmed.set, self._send_failed)
        self.app.flush_outputs = outputs.flush
        try:
            async for event in stream.noack().events():
                for batch in event.value:
                    await self._decide(batch, outputs)
                    if outputs.is_due():
                        await outputs.flush()
                if stream.channel.queue.empty():
                    await outputs.flush()
        except Exception as error:
            self._fail(f"a batch could not be decided or sent: {described(error)}")

    async def _decide(self, batch: RecordBatch, outputs: Outputs) -> None:
        if not self._consumer.confirmations.holds(batch):
            return
        batch.is_started = True
        source = self._clinics.source(*batch.partition)
        for start in range(0, len(batch.records), SLICE):
            records = batch.records[start : start + SLICE]
            decided = decide(records, source, self._keys, self._erased)
            waiting = iter(decided)
            while (output := outputs.take(waiting, batch)) is not None:
                await outputs.add(output, batch)
            tell_decided(self._metrics, source.clinic_id, decided)
            self._decided_at = monotonic()
            await self._give_way(len(records))
        tell_delay(self._metrics, batch.records[-1].timestamp)
        batch.records, batch.is_decided, batch.touched_at = (), True, self._decided_at

    async def _give_way(self, decided: int) -> None:
        self._since_pause += decided
        if self._since_pause >= SLICE:
            self._since_pause = 0
            await asyncio.sleep(0)

    def _send_failed(self, error: BaseException) -> None:
        self._fail(f"an output was not taken by the broker: {described(error)}")

    async def _follow_clinics(self) -> None:
        try:
            await asyncio.to_thread(self._clinics.refresh)
            # What passes before an erasure is heard of here is made a tombstone when it lands.
            self._erased = await asyncio.to_thread(self._erased_list.read)
        except Exception as error:
            self._fail(described(error))
        self._read(self._clinics.topics)

    def _read(self, names: list[str]) -> None:
        conductor = cast(Conductor, self.app.topics)
        for channel in conductor:  # the agent's copy of the topic
            channel.topics = names
        # Again each time until it is done: Faust drops a change that falls into a rebalance.
        if set(names) != set(conductor._topic_name_index):
            conductor._flag_changes()

    async def _verify_topics(self) -> None:
        try:
            await asyncio.to_thread(self._clinics.verify)
        except Exception as error:
            self._fail(described(error))

    async def _check_progress(self) -> None:
        if self._consumer.has_left_its_group() and not self.app.should_stop:
            self._fail("the worker is no longer part of its group")
        batches = self._consumer.confirmations.unconfirmed()
        self._metrics.add(STREAM_PASSED_OVER, self._consumer.passed_over.taken_count())
        self._metrics.set(STREAM_BATCHES, len(batches))
        self._metrics.set(STREAM_BYTES, sum(batch.size for batch in batches))
        if has_gone_astray(batches, self._decided_at, monotonic() - PATIENCE_SECONDS):
            self._fail("a batch went astray: it was fetched and will never be confirmed")


class _Worker(faust.Worker):
    """Faust's worker, which otherwise can hang in its own shutdown, after a failure as well as after a signal."""

    app: RecordBatchApp

    def __init__(self, app: RecordBatchApp, **options: Any) -> None:
        super().__init__(app, stdout=sys.stderr, **options)
        self.spinner = None

    def _on_sigint(self) -> None:
        self._on_sigterm()

    def _on_sigterm(self) -> None:
        late = threading.Timer(STOP_SECONDS, self.app.fail, ["the worker did not stop in time"])
        late.daemon = True
        late.start()
        super()._on_sigterm()

    def on_worker_shutdown(self) -> None:
        if not self._shutdown_immediately:  # set by a signal
            self.app.fail("the worker ended by itself")


def _application(connection: Connection, client_id: str, datadir: str, fail: Fail) -> RecordBatchApp:
    app = RecordBatchApp(
        STREAM_GROUP,
        broker=[f"kafka://{address}" for address in connection.bootstrap.split(",")],
        broker_credentials=faust.SASLCredentials(
            username=connection.username, password=connection.password, mechanism="SCRAM-SHA-512"
        ),
        broker_client_id=client_id,
        datadir=datadir,
        **_SETTINGS,
    )
    app.fail = fail
    # Several clinics that are added at once still make one rebalance.
    cast(Conductor, app.topics)._resubscribe_sleep_lock_seconds = 1.0
    return app
