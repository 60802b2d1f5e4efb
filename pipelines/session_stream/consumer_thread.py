"""The thread in which aiokafka's consumer lives, for hundreds of partitions.

- `ConsumerThread._create_worker_consumer`: the consumer fetches in sessions.
- `ConsumerThread.assignment`: a commit asks for it once for every partition, and Faust makes the set anew each time:
  with 800 partitions that was some 30 ms of every commit in a profile. Here it is made once for an assignment.
- `ConsumerThread.verify_event_path`: logs, every few seconds, each partition of which aiokafka has had no answer for
  long. A quiet one has none in a session. `confirmations` and `passed_over` find what stands still.
"""

from typing import Any

from aiokafka import AIOKafkaConsumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP

from session_stream.confirmations import Partition
from session_stream.fetch_sessions import fetch_in_sessions


class ConsumerThread(AIOKafkaConsumerThread):
    """Faust's, with what costs too much for many partitions replaced."""

    # aiokafka's set of partitions, the same object for as long as an assignment holds, and ours of it.
    _assigned: tuple[Any, set[TP]] = (None, set())

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        fetch_in_sessions(consumer._client)
        return consumer

    def assignment(self) -> set[TP]:
        theirs = self._ensure_consumer().assignment()
        if theirs is not self._assigned[0]:
            self._assigned = (theirs, super().assignment())
        return self._assigned[1]

    def positions(self) -> dict[Partition, int]:
        """The offset that aiokafka hands over next, of each partition of which it knows it."""
        subscription = self._ensure_consumer()._subscription.subscription
        assignment = subscription and subscription.assignment
        # Read once each: the thread may set one to None at any moment, which `position` takes for a defect.
        found = [(tp, assignment.state_value(tp)._position) for tp in assignment.tps] if assignment else []
        return {(tp.topic, tp.partition): position for tp, position in found if position is not None}

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: see above."""
