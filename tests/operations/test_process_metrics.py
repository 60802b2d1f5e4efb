"""The metrics of the processes: a closed vocabulary, told in files that neither a full disk nor a kill can spoil."""

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from clinic_events.resources import bundled
from process_telemetry import process_metrics
from process_telemetry.metric_files import exposition
from process_telemetry.metric_vocabulary import (
    LAKE_FAULTS,
    LANDED_RECORDS,
    LANDING_DELAY,
    METRICS,
    STREAM_ALERTS,
    STREAM_EVENTS,
    WRITTEN_AT,
)
from process_telemetry.process_metrics import ProcessMetrics, telling
from session_stream.decide import Output
from session_stream.decided_metrics import tell_decided

A_FAULT = '# TYPE meridian_lake_faults_total counter\nmeridian_lake_faults_total{fault="expired"} 2.0\n'
ALERT_RULES = bundled("schemas").parent / "infra" / "prometheus" / "alerts.yml"


@pytest.fixture
def told(tmp_path):
    """What is exposed of the metrics of these processes: sample by name, process and labels."""

    def of(**processes: ProcessMetrics) -> dict[tuple, float]:
        for name, metrics in processes.items():
            with telling(tmp_path, name.replace("_", "-"), metrics):
                pass
        return samples(exposition(tmp_path))

    return of


def samples(text: bytes) -> dict[tuple, float]:
    families = text_string_to_metric_families(text.decode())
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def counted(*counts) -> ProcessMetrics:
    metrics = ProcessMetrics()
    for metric, amount, labels in counts:
        metrics.add(metric, amount, **labels)
    return metrics


def test_each_sample_says_which_process_it_is_from(told):
    one = {"clinic": "north", "outcome": "accepted"}
    found = told(stream=counted((STREAM_EVENTS, 3, one)), stream_2=counted((STREAM_EVENTS, 4, one)))
    of = {labels[2][1]: value for name, *labels in found if name == "meridian_stream_events_total" for value in [
        found[(name, *labels)]]}  # fmt: skip
    assert of == {"stream": 3.0, "stream-2": 4.0}


def test_a_word_that_a_label_does_not_have_is_told_as_other(told):
    found = told(lander=counted((LAKE_FAULTS, 1, {"fault": "Mrs Smith"})))
    assert found["meridian_lake_faults_total", ("fault", "other"), ("process", "lander")] == 1
    assert "Smith" not in str(found)


def test_a_histogram_keeps_its_buckets(told):
    metrics = ProcessMetrics()
    metrics.observe(LANDING_DELAY, 0.2)
    found = told(lander=metrics)
    assert found["meridian_landing_delay_seconds_bucket", ("le", "0.3"), ("process", "lander")] == 1
    assert found["meridian_landing_delay_seconds_bucket", ("le", "0.1"), ("process", "lander")] == 0


def test_what_is_not_of_the_vocabulary_is_left_out(tmp_path):
    (tmp_path / "stream.prom").write_text(f"patients_seen 4\n{A_FAULT}")
    assert b"patients" not in exposition(tmp_path) and b"expired" in exposition(tmp_path)


@pytest.mark.parametrize("content", [b"{{{", b"\xff\xfe", b""])
def test_a_file_that_cannot_be_read_hides_no_other(tmp_path, content):
    (tmp_path / "builder.prom").write_bytes(content)
    (tmp_path / "lander.prom").write_text(A_FAULT)
    assert b"expired" in exposition(tmp_path)


def test_before_any_process_has_told_there_is_nothing(tmp_path):
    assert exposition(tmp_path / "nowhere") == b""


def test_a_process_on_a_full_disk_goes_on(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(process_metrics, "write_to_textfile", full)
    with telling(tmp_path, "lander", counted((LANDED_RECORDS, 1, {"topic": "network.events"}))):
        pass
    assert not list(tmp_path.iterdir())


def test_a_process_tells_its_last_counts_at_its_end_and_when_that_was(told):
    found = told(lander=counted((LANDED_RECORDS, 7, {"topic": "network.events"})))
    assert found["meridian_landed_records_total", ("process", "lander"), ("topic", "network.events")] == 7
    assert found[WRITTEN_AT.name, ("process", "lander")] > 1.7e9


def test_events_are_counted_by_where_they_went():
    topics = [
        "network.events",
        "clinic.north.receipts",
        "network.quarantine",
        "clinic.north.receipts",
        "network.alerts",
    ]
    metrics = ProcessMetrics()
    tell_decided(metrics, "north", [Output(topic, None, b"") for topic in topics])
    value = metrics.registry.get_sample_value
    for outcome in ("accepted", "quarantined"):
        assert value(STREAM_EVENTS.exposed, {"clinic": "north", "outcome": outcome}) == 1
    assert value(STREAM_ALERTS.exposed, {"clinic": "north"}) == 1


def test_every_name_is_prometheus_s_own_way_of_naming():
    for metric in METRICS:
        assert re.fullmatch(r"meridian_[a-z_]+[a-z]", metric.name) and not metric.name.endswith("_total")
        assert metric.meaning.endswith(".")


def test_the_alert_rules_ask_for_nothing_that_is_not_exposed():
    known = {metric.exposed for metric in METRICS}
    rules = [rule for group in yaml.safe_load(Path(ALERT_RULES).read_text())["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"meridian_\w+", rule["expr"])}
    assert asked and asked <= known
