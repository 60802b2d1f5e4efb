"""What the metrics say of what was decided: read off the outputs, so that deciding stays a pure function."""

import time
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter

from network_registry.topics import ALERTS, EVENTS, QUARANTINE
from process_telemetry.metric_vocabulary import STREAM_ALERTS, STREAM_DELAY, STREAM_EVENTS
from process_telemetry.process_metrics import ProcessMetrics
from session_stream.decide import Output

_topic_of = attrgetter("topic")
_OUTCOMES = {EVENTS: "accepted", QUARANTINE: "quarantined"}


def tell_decided(metrics: ProcessMetrics, clinic_id: str, outputs: Iterable[Output]) -> None:
    counts = Counter(map(_topic_of, outputs))
    for topic, outcome in _OUTCOMES.items():
        if counts[topic]:
            metrics.add(STREAM_EVENTS, counts[topic], clinic=clinic_id, outcome=outcome)
    if counts[ALERTS]:
        metrics.add(STREAM_ALERTS, counts[ALERTS], clinic=clinic_id)


def tell_delay(metrics: ProcessMetrics, received_ms: int) -> None:
    """`received_ms` is the broker's time of a batch's last event, in milliseconds since 1970."""
    metrics.observe(STREAM_DELAY, max(0.0, time.time() - received_ms / 1000))
