"""Read what the processes of a home have told of themselves, as one exposition for Prometheus."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric as Family
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from process_telemetry.metric_vocabulary import METRICS, PROCESS

# What prometheus-client itself tells of a process.
_OF_THE_SYSTEM = "process_"
_NAMES = {metric.name for metric in METRICS}


def exposition(folder: Path | None, own: Iterable[Family] = (), process: str = "dashboard") -> bytes:
    """All that stands in the folder and what is given beside it, in Prometheus's text format.

    Each sample says which process it is from: the file's name, or `process` where the sample does not say itself.
    What is not of the vocabulary is left out, and so is a file that cannot be read.
    """
    registry = CollectorRegistry()
    told = _told(folder) if folder else ()
    registry.register(_Together([*told, *((process, family) for family in own)]))
    return generate_latest(registry)


class _Together(Collector):
    def __init__(self, told: Iterable[tuple[str, Family]]) -> None:
        self._families: dict[str, Family] = {}
        for process, family in told:
            together = self._families.setdefault(
                family.name, Family(family.name, family.documentation, family.type, family.unit)
            )
            for sample in family.samples:
                if not sample.name.endswith("_created"):
                    together.samples.append(sample._replace(labels={PROCESS.name: process} | sample.labels))

    def collect(self) -> Iterator[Family]:
        yield from self._families.values()


def _told(folder: Path) -> Iterator[tuple[str, Family]]:
    for path in sorted(folder.glob("*.prom")):
        try:
            families = list(text_string_to_metric_families(path.read_text()))
        except (OSError, ValueError):
            continue
        for family in families:
            if family.name in _NAMES or family.name.startswith(_OF_THE_SYSTEM):
                yield path.stem, family
