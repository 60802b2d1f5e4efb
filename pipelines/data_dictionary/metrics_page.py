"""The metrics for reading: every name, and every value that a label can have."""

from clinic_events.publishing.markdown import code, table
from process_telemetry.metric_vocabulary import METRICS, PROCESS, Label, Metric


def metrics_blocks() -> dict[str, str]:
    """The generated parts of `docs/metrics.md`."""
    labels = {label.name: label for metric in METRICS for label in (*metric.labels, PROCESS)}
    return {
        "metrics": table(("metric", "kind", "labels", "meaning"), map(_metric, METRICS)),
        "labels": table(("label", "meaning", "values"), (_label(labels[name]) for name in sorted(labels))),
    }


def _metric(metric: Metric) -> tuple[str, ...]:
    names = ", ".join(code(label.name) for label in metric.labels)
    return code(metric.exposed), metric.kind, names, metric.meaning


def _label(label: Label) -> tuple[str, ...]:
    return code(label.name), label.meaning, ", ".join(map(code, label.values or ())) or "ids"
