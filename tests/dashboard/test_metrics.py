"""`/metrics`: what the processes tell and what the dashboard knows, for Prometheus, and nothing of any event."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from process_telemetry.metric_vocabulary import LANDED_RECORDS, METRICS
from process_telemetry.process_metrics import ProcessMetrics, telling
from quality_dashboard.board import LiveBoard
from quality_dashboard.sources import PlatformSources
from quality_dashboard.web import Dashboard, application


@pytest.fixture
def metrics(network, ask, until):
    """The answer of `/metrics`, once every source has been read, and its samples."""

    def read() -> tuple[str, dict[tuple, float]]:
        with ThreadPoolExecutor(8) as executor:
            board = LiveBoard(PlatformSources(network.home, network.settings), executor)
            app = application(Dashboard(board, metrics_folder=network.home.metrics))
            until(lambda: ask(app, "/"), lambda answer: "being read" not in answer.text)
            answer = ask(app, "/metrics")
        assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain")
        families = text_string_to_metric_families(answer.text)
        found = {(one.name, *sorted(one.labels.items())): one.value for family in families for one in family.samples}
        return answer.text, found

    return read


def test_an_empty_home_has_metrics_too(metrics):
    _, found = metrics()
    assert found["meridian_platform_faults", ("process", "dashboard")] >= 1


def test_the_board_is_told(network, metrics):
    network.join("alder")
    network.release(checks=[("alder", datetime.now(UTC).date(), "a check", 9, 10, 0.5, "fail")])
    network.supervise({"name": "stream-2", "state": "waiting", "restarts": 3})
    _, found = metrics()
    assert found["meridian_process_ready", ("process", "stream-2")] == 0
    assert found["meridian_process_restarts", ("process", "stream-2")] == 3
    assert found["meridian_release_number", ("process", "dashboard"), ("tier", "officer")] == 1
    assert found["meridian_clinic_checks_failing", ("clinic", "alder"), ("process", "dashboard")] == 1


def test_what_another_process_told_is_beside_it(network, metrics):
    lander = ProcessMetrics()
    lander.add(LANDED_RECORDS, 7, topic="network.events")
    with telling(network.home.metrics, "lander", lander):
        pass
    _, found = metrics()
    assert found["meridian_landed_records_total", ("process", "lander"), ("topic", "network.events")] == 7


def test_only_names_of_the_vocabulary_are_exposed_and_nothing_of_an_event(network, metrics):
    network.join("alder")
    network.land("alder", 3, flagged=1)
    network.quarantine("alder", "missing_field", 2)
    text, found = metrics()
    known = tuple(metric.name for metric in METRICS)
    assert all(name.startswith((*known, "process_")) for name, *_ in found)
    assert "secret" not in text and "topic-of" not in text
