"""Every metric there is, and every value that its labels can have: nothing else is exposed.

A label's values are words of the platform's own, or ids of the registry; none is taken from an event.
"""

from dataclasses import dataclass
from typing import Literal

OTHER = "other"


@dataclass(frozen=True)
class Label:
    """`values` are all that it can have; None where they are ids, of the registry or of the platform's plan."""

    name: str
    meaning: str
    values: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Metric:
    """One family in Prometheus's terms. Every sample also has the label `process`."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    labels: tuple[Label, ...] = ()

    @property
    def exposed(self) -> str:
        """The name by which queries know it: a counter ends in `_total`, of a histogram it is how the names begin."""
        return f"{self.name}_total" if self.kind == "counter" else self.name


PROCESS = Label("process", "The process, as `meridian status` names it.")
CLINIC = Label("clinic", "The clinic's id in the registry.")
OUTCOME = Label("outcome", "Where the stream put an event.", ("accepted", "quarantined"))
TOPIC = Label("topic", "A topic of the network.", ("network.events", "network.quarantine", "network.alerts"))
FAULT = Label(
    "fault",
    "What the lander could not do (`meridian status` explains each).",
    ("undecodable", "expired", "truncated", "unexplained", "overlapping"),
)
VERDICT = Label("verdict", "What became of a build.", ("released", "audit_failed", "build_failed"))
DISPOSITION = Label(
    "disposition",
    "What became of an event.",
    ("sent", "accepted", "quarantined", "duplicates", "erased", "pending"),
)
TIER = Label("tier", "Of releases.", ("officer", "analyst"))

STREAM_EVENTS = Metric("meridian_stream_events", "counter", "Events that were decided.", (CLINIC, OUTCOME))
STREAM_ALERTS = Metric("meridian_stream_alerts", "counter", "Events that say or imply serious harm.", (CLINIC,))
STREAM_DELAY = Metric(
    "meridian_stream_delay_seconds", "histogram", "From the broker's time of a batch's last event until it was decided."
)
STREAM_BATCHES = Metric("meridian_stream_unconfirmed_batches", "gauge", "Batches whose outputs are under way.")
STREAM_BYTES = Metric("meridian_stream_unconfirmed_bytes", "gauge", "What these batches weigh.")
STREAM_PASSED_OVER = Metric(
    "meridian_stream_partitions_passed_over", "counter", "Partitions of which records that were passed over were found."
)
LANDED_RECORDS = Metric("meridian_landed_records", "counter", "Records that were made durable.", (TOPIC,))
LANDED_SEGMENTS = Metric("meridian_landed_segments", "counter", "Segments that were written.", (TOPIC,))
LANDING_DELAY = Metric(
    "meridian_landing_delay_seconds", "histogram", "From a segment's first record reaching the lander until durable."
)
LAKE_FAULTS = Metric("meridian_lake_faults", "counter", "Faults of the platform that the lander met.", (FAULT,))
LAST_BUILD = Metric("meridian_last_build", "gauge", "1 for what became of the latest build, else 0.", (VERDICT,))
LAST_BUILD_AT = Metric("meridian_last_build_timestamp_seconds", "gauge", "When that build began, since 1970.")
CONSERVED_EVENTS = Metric(
    "meridian_conservation_events", "gauge", "Events of a clinic's topic by what became of them.", (CLINIC, DISPOSITION)
)
CONSERVATION_PROBLEMS = Metric(
    "meridian_conservation_problems", "gauge", "Partitions whose events do not add up, or that are not there."
)
RELEASE = Metric("meridian_release_number", "gauge", "The release that is shown.", (TIER,))
RELEASED_AT = Metric(
    "meridian_release_created_timestamp_seconds", "gauge", "When that release was made, since 1970.", (TIER,)
)
CHECKS_FAILED = Metric("meridian_release_checks_failed", "gauge", "Checks of its audit that failed.", (TIER,))
CLINIC_CHECKS = Metric(
    "meridian_clinic_checks_failing", "gauge", "Quality checks that a clinic fails in the shown release.", (CLINIC,)
)
PLATFORM_FAULTS = Metric("meridian_platform_faults", "gauge", "Faults of the platform on the dashboard.")
PROCESS_READY = Metric("meridian_process_ready", "gauge", "1 for a process that is ready, else 0.", (PROCESS,))
PROCESS_RESTARTS = Metric("meridian_process_restarts", "gauge", "How often a process was started again.", (PROCESS,))
WRITTEN_AT = Metric(
    "meridian_metrics_written_timestamp_seconds", "gauge", "When a process last told its metrics, since 1970."
)

METRICS = (
    STREAM_EVENTS, STREAM_ALERTS, STREAM_DELAY, STREAM_BATCHES, STREAM_BYTES, STREAM_PASSED_OVER, LANDED_RECORDS,
    LANDED_SEGMENTS, LANDING_DELAY, LAKE_FAULTS, LAST_BUILD, LAST_BUILD_AT, CONSERVED_EVENTS, CONSERVATION_PROBLEMS,
    RELEASE, RELEASED_AT, CHECKS_FAILED, CLINIC_CHECKS, PLATFORM_FAULTS, PROCESS_READY, PROCESS_RESTARTS, WRITTEN_AT,
)  # fmt: skip
