"""The metrics of one process: counted in memory, and written to a file that the dashboard reads.

A file and not a port: every process of a machine is told at one address, and a disk that is full stops nobody.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, write_to_textfile

from process_telemetry.metric_vocabulary import OTHER, WRITTEN_AT, Label, Metric

WRITTEN_EVERY_S = 5.0
# From a segment of a second to a build of minutes.
_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)


class ProcessMetrics:
    """Of one process, or of a part of it. May be used from any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._families: dict[str, Counter | Gauge | Histogram] = {}
        self._making = threading.Lock()

    def add(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        self._of(metric, labels).inc(amount)

    def set(self, metric: Metric, value: float, **labels: str) -> None:
        self._of(metric, labels).set(value)

    def observe(self, metric: Metric, value: float, **labels: str) -> None:
        self._of(metric, labels).observe(value)

    def _of(self, metric: Metric, labels: dict[str, str]) -> Any:
        family = self._families.get(metric.name) or self._made(metric)
        return family.labels(*(_known(label, labels[label.name]) for label in metric.labels)) if labels else family

    def _made(self, metric: Metric) -> Counter | Gauge | Histogram:
        with self._making:
            if metric.name not in self._families:
                names = [label.name for label in metric.labels]
                if metric.kind == "histogram":
                    made = Histogram(metric.name, metric.meaning, names, registry=self.registry, buckets=_BUCKETS)
                else:
                    kind = Counter if metric.kind == "counter" else Gauge
                    made = kind(metric.name, metric.meaning, names, registry=self.registry)
                self._families[metric.name] = made
            return self._families[metric.name]


@contextmanager
def telling(folder: Path, process: str, metrics: ProcessMetrics) -> Iterator[None]:
    """Write the metrics, and what the system knows of the process, every few seconds while the block runs."""
    ProcessCollector(registry=metrics.registry)
    ended = threading.Event()
    teller = threading.Thread(target=_tell, args=(folder, process, metrics, ended), name="metrics", daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def _tell(folder: Path, process: str, metrics: ProcessMetrics, ended: threading.Event) -> None:
    goes_on = True
    while goes_on:
        goes_on = not ended.wait(WRITTEN_EVERY_S)
        metrics.set(WRITTEN_AT, time.time())
        # No room on the disk: the file stays as old as its own time says.
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_to_textfile(str(folder / f"{process}.prom"), metrics.registry)


def _known(label: Label, value: str) -> str:
    return value if label.values is None or value in label.values else OTHER
