"""Outputs travel in record batches; an input batch is confirmed when every batch that holds one of its outputs is."""

import asyncio

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder

from session_stream.confirmations import RecordBatch
from session_stream.decide import Output
from session_stream.outputs import Outputs


class Broker:
    """Takes aiokafka's own batch builders and leaves it to the test when, and whether, each batch is confirmed."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int, BatchBuilder, asyncio.Future]] = []

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(400, 0)

    async def send_batch(self, builder: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future:
        future = asyncio.get_running_loop().create_future()
        self.sent.append((topic, partition, builder, future))
        return future

    async def partitions_for(self, topic: str) -> set[int]:
        return {0, 1, 2, 3} if topic == "network.events" else {0}

    async def answer(self, number: int, error: BaseException | None = None) -> None:
        future = self.sent[number][3]
        future.set_exception(error) if error else future.set_result(None)
        await asyncio.sleep(0)


def input_batch() -> RecordBatch:
    return RecordBatch(("clinic.alpha.events", 0), (), 0, 10, 1, 0.0)


def run(scenario) -> None:
    asyncio.run(scenario())


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def failures() -> list[BaseException]:
    return []


@pytest.fixture
def outputs(broker, failures) -> Outputs:
    return Outputs(broker, lambda: None, failures.append)


def test_an_input_batch_is_confirmed_by_its_last_output_in_whatever_order_they_come(broker, outputs):
    async def scenario():
        batch = input_batch()
        for topic in ("network.events", "clinic.alpha.receipts", "network.alerts"):
            await outputs.add(Output(topic, b"k", b"value"), batch)
        batch.is_decided = True
        await outputs.flush()
        for number, confirmed in ((2, False), (0, False), (1, True)):
            await broker.answer(number)
            assert batch.is_confirmed is confirmed

    run(scenario)


def test_outputs_of_several_inputs_share_a_record_batch_and_wait_for_it_together(broker, outputs):
    async def scenario():
        first, second = input_batch(), input_batch()
        for batch in (first, second, first):
            await outputs.add(Output("network.alerts", b"k", b"value"), batch)
        first.is_decided = second.is_decided = True
        await outputs.flush()
        assert len(broker.sent) == 1 and not first.is_confirmed and not second.is_confirmed
        await broker.answer(0)
        assert first.is_confirmed and second.is_confirmed

    run(scenario)


def test_a_full_record_batch_is_sent_at_once_and_nothing_is_left_behind(broker, outputs):
    async def scenario():
        batch = input_batch()
        for _ in range(10):
            await outputs.add(Output("network.alerts", None, b"v" * 100), batch)
        await outputs.flush()
        assert len(broker.sent) > 2 and sum(builder.record_count() for _, _, builder, _ in broker.sent) == 10
        assert batch.outputs_open == len(broker.sent)

    run(scenario)


def test_an_output_larger_than_a_whole_batch_still_goes(broker, outputs):
    async def scenario():
        await outputs.add(Output("network.alerts", None, b"v" * 5000), input_batch())
        await outputs.flush()
        assert broker.sent[0][2].record_count() == 1

    run(scenario)


def test_a_failed_send_is_reported_and_confirms_nothing(broker, outputs, failures):
    async def scenario():
        batch = input_batch()
        await outputs.add(Output("network.alerts", None, b"value"), batch)
        batch.is_decided = True
        await outputs.flush()
        refused = ConnectionError("refused")
        await broker.answer(0, refused)
        assert failures == [refused] and not batch.is_confirmed

    run(scenario)


def test_one_patient_stays_in_one_partition(broker, outputs):
    async def scenario():
        for _ in range(5):
            await outputs.add(Output("network.events", b"patient-1", b"value"), input_batch())
            await outputs.flush()
        assert len({partition for _, partition, _, _ in broker.sent}) == 1

    run(scenario)


def test_without_waiting_it_takes_what_has_room_in_an_open_batch_and_nothing_else(broker, outputs):
    async def scenario():
        first, second = input_batch(), input_batch()
        output = Output("network.alerts", b"k", b"v" * 100)
        assert outputs.take(iter([output]), first) is output, "nobody knows the topic's partitions yet"
        await outputs.add(output, first)
        waiting = iter([output] * 10)
        assert outputs.take(waiting, second) is output and not broker.sent
        await outputs.add(output, second)
        left = len(list(waiting))
        assert 5 < left < 9, "the others wait behind the one that had no room"
        assert outputs.take(iter(()), second) is None
        await outputs.flush()
        assert [builder.record_count() for _, _, builder, _ in broker.sent] == [1 + 9 - left, 1]
        assert (first.outputs_open, second.outputs_open) == (1, 2)

    run(scenario)
