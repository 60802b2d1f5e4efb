"""Conservation as the page shows it, asked of a real broker."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from kafka import KafkaProducer

from control_room.onboarding import onboard_clinic
from network_registry.connections import clinic_connection
from network_registry.topics import events_topic
from quality_dashboard.board import LiveBoard
from quality_dashboard.conservation_view import conservation_rows
from quality_dashboard.sources import PlatformSources
from quality_dashboard.web import Dashboard, application
from warehouse_releases.lake import prepare

SENT = 3


@pytest.fixture
def clinic(embedded_broker) -> str:
    """A clinic that sent three events, of which nobody has read any yet."""
    home, settings = embedded_broker.home, embedded_broker.settings
    clinic_id = f"clinic-{secrets.token_hex(4)}"
    onboard_clinic(home, settings, clinic_id)
    prepare(home.lake)
    producer = KafkaProducer(**clinic_connection(home, settings, clinic_id).kafka_python(), acks="all")
    try:
        for sending in [producer.send(events_topic(clinic_id), b"{}") for _ in range(SENT)]:
            sending.get(30)
    finally:
        producer.close(timeout=5)
    return clinic_id


def test_what_the_stream_has_not_read_yet_is_on_the_way(embedded_broker, clinic, ask, until):
    with ThreadPoolExecutor(8) as executor:
        sources = PlatformSources(embedded_broker.home, embedded_broker.settings)
        app = application(Dashboard(LiveBoard(sources, executor)))
        row = next(row for row in conservation_rows(sources.conservation()) if row.clinic_id == clinic)
        assert (row.sent, row.pending, row.verdict) == (SENT, SENT, "OK, 3 events on the way")
        page = until(lambda: ask(app, "/"), lambda answer: "accounted for" in answer.text)
        assert "OK, 3 events on the way" in page.text
