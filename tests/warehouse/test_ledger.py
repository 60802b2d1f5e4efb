"""The ledger: requests outlive the builder that works on them, and verdicts are written once."""

from datetime import UTC, datetime

import pytest

from network_registry.database import open_registry
from warehouse_releases.ledger import (
    Release,
    finish_requests,
    list_recorded,
    newest_id,
    read_request,
    record_release,
    request_build,
    start_requests,
    take_up_orphans,
)

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture
def ledger(home):
    return open_registry(home)


def release(release_id: int, status: str = "released", folder: str = "somewhere") -> Release:
    return Release(release_id, NOW, NOW, status, folder, {"release_id": release_id})


def test_one_build_answers_everyone_who_waits_and_nobody_who_asks_later(ledger):
    first, second = request_build(ledger, "anna"), request_build(ledger, "ben")
    assert start_requests(ledger) == [first, second]
    later = request_build(ledger, "cleo")
    finish_requests(ledger, [first, second], 7, None)
    assert [read_request(ledger, one).status for one in (first, second, later)] == ["released", "released", "waiting"]
    assert read_request(ledger, second).release_id == 7


def test_a_request_whose_builder_died_is_taken_up_again(ledger):
    request = request_build(ledger, "anna")
    assert start_requests(ledger) == [request]
    assert start_requests(ledger) == []
    assert take_up_orphans(ledger) == 1
    assert start_requests(ledger) == [request]


def test_a_failed_request_says_why(ledger):
    request = request_build(ledger, "anna")
    finish_requests(ledger, start_requests(ledger), None, "the audit is red")
    assert (read_request(ledger, request).status, read_request(ledger, request).error) == ("failed", "the audit is red")


def test_a_verdict_that_is_written_again_stays_one_verdict(ledger):
    for folder in ("builds/3", "versions/3"):
        record_release(ledger, release(3, folder=folder))
    record_release(ledger, release(4, "audit_failed"))
    assert [(one.release_id, one.status) for one in list_recorded(ledger)] == [(4, "audit_failed"), (3, "released")]
    assert list_recorded(ledger)[1] == release(3, folder="versions/3")
    assert newest_id(ledger) == 4
