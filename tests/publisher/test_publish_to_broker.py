"""Publishing to a real broker: what is sent, what is heard back, and what is said when it cannot be."""

import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from clinic_events.network_records import Landed, encode
from clinic_publisher.broker_access import look
from clinic_publisher.dispatch import Patience
from clinic_publisher.intake import outbox_path
from clinic_publisher.json_lines import LARGEST_EVENT
from clinic_publisher.mapping.mapping import DeclaredStudy
from clinic_publisher.outbox import Outbox
from clinic_publisher.publish import publish_events, publish_file, send_pending
from control_room.onboarding import onboard_clinics
from network_registry.connections import clinic_connection, clinic_credential, write_credential

from .conftest import PlatformSide, event

pytestmark = pytest.mark.timeout(180)
SHORT = Patience(outage_s=5, landing_s=2)


@pytest.fixture
def clinic(embedded_broker) -> str:
    clinic_id = f"clinic-{uuid.uuid4().hex[:8]}"
    onboard_clinics(embedded_broker.home, embedded_broker.settings, [clinic_id])
    return clinic_id


@pytest.fixture
def platform(embedded_broker) -> PlatformSide:
    return PlatformSide(embedded_broker.platform)


@pytest.fixture
def publish(embedded_broker, tmp_path: Path) -> Callable:
    """Publish a file of these lines, or of this table."""

    def run(content: bytes, clinic_id: str | None = None, mapping: Path | None = None, **how):
        path = tmp_path / ("table.csv" if mapping else "events.jsonl")
        path.write_bytes(content)
        return publish_file(embedded_broker.home, embedded_broker.settings, path, clinic_id, mapping, **how)

    return run


def test_what_can_be_sent_is_sent_byte_for_byte_and_the_rest_is_refused_by_its_line(publish, clinic, platform) -> None:
    flagged, odd = event("e2", value=99), b'{"no":"event"}'
    report = publish(b"\n".join([event("e1"), b"no json", flagged, odd]), clinic)
    assert (report.sent, report.exit_code) == (3, 1)
    assert [line.line for line in report.refused] == [2]
    assert [(line.line, line.verdict) for line in report.warnings] == [(3, "flagged"), (4, "quarantined")]
    assert sorted(body for _, _, body in platform.records(clinic)) == sorted([event("e1"), flagged, odd])


def test_one_patient_stays_in_order_in_one_partition(publish, clinic, platform) -> None:
    publish(b"\n".join(event(f"e{i:03}", patient=f"p{i % 7}") for i in range(210)), clinic)
    by_patient: dict[bytes, list] = {}
    for partition, offset, body in platform.records(clinic):
        by_patient.setdefault(body.split(b'"subject": ')[1][:4], []).append((partition, offset, body))
    assert len(by_patient) == 7
    for records in by_patient.values():
        assert len({partition for partition, _, _ in records}) == 1
        assert [body for _, _, body in sorted(records)] == sorted(body for _, _, body in records)


def test_publishing_again_sends_nothing_but_an_id_with_other_content_is_sent(publish, clinic, platform) -> None:
    publish(event("e1"), clinic)
    again = publish(event("e1") + b"\n" + event("e1", value=4), clinic)
    assert (again.sent, again.already_published, again.exit_code) == (1, 1, 0)
    assert len(platform.records(clinic)) == 2


def test_a_wait_ends_when_everything_has_landed_and_sums_up_the_verdicts(publish, clinic, platform) -> None:
    publish(b"\n".join(event(f"e{i}") for i in range(10)), clinic)
    platform.answer(clinic, quarantine=lambda body: b'"e3"' in body)
    report = publish(b"\n".join(event(f"e{i}") for i in range(10)), clinic, wait=True)
    assert (report.verdicts, report.reasons) == ({"accepted": 9, "quarantined": 1}, {"missing_patient": 1})
    assert (report.sent, report.unlanded, report.exit_code) == (0, 0, 0)
    assert "receipts: 9 accepted, 0 flagged, 1 quarantined" in report.lines()


def test_a_wait_without_news_ends_and_says_so(publish, clinic) -> None:
    report = publish(event("e1"), clinic, wait=True, patience=SHORT)
    assert (report.sent, report.unlanded, report.exit_code) == (1, 1, 2)
    assert "1 events were sent and have not landed yet" in report.problems[0]


def test_what_has_landed_lets_its_bytes_go_at_the_next_publish(publish, clinic, platform, embedded_broker) -> None:
    publish(event("e1"), clinic)
    platform.answer(clinic)
    publish(event("e2"), clinic)
    with closing(Outbox(outbox_path(embedded_broker.home.outbox, clinic))) as outbox:
        assert outbox.tally().states == {"landed": 1, "sent": 1}
        assert [body for (body,) in outbox.rows("select body from bodies")] == [event("e2")]


def test_a_receipt_that_nobody_understands_is_passed_over(publish, clinic, platform, embedded_broker) -> None:
    publish(event("e1"), clinic)
    platform.send(clinic, [b"no receipt", b'{"kind":"praised"}'])
    topic_id = look(clinic_connection(embedded_broker.home, embedded_broker.settings, clinic), clinic).events_topic_id
    everywhere = [encode(Landed(topic_id=topic_id, partition=p, ranges=[(0, 9)])) for p in range(4)]
    platform.send(clinic, everywhere)
    report = send_pending(embedded_broker.home, embedded_broker.settings, clinic)
    assert report.unlanded == 0


def test_a_wrong_password_is_one_clear_line_and_the_events_go_later(publish, clinic, embedded_broker) -> None:
    path = clinic_credential(embedded_broker.home, clinic)
    right = path.read_text()
    write_credential(path, f"clinic.{clinic}", "wrong")
    report = publish(event("e1"), clinic)
    assert report.exit_code == 2
    assert report.problems == [
        f"the broker at {embedded_broker.settings.bootstrap_servers} refused the credential of clinic {clinic}",
        "1 events wait in the outbox and go with the next publish",
    ]
    path.write_text(right)
    later = send_pending(embedded_broker.home, embedded_broker.settings, clinic)
    assert (later.sent, later.exit_code) == (1, 0)


def test_an_unknown_clinic_is_refused_before_anything_is_kept(publish, embedded_broker) -> None:
    report = publish(event("e1"), "clinic-nobody")
    assert report.problems == [
        "clinic clinic-nobody is not registered here (`meridian clinic add`, or --register-clinics)"
    ]
    assert not outbox_path(embedded_broker.home.outbox, "clinic-nobody").exists()


def test_one_table_feeds_many_clinics_and_registers_those_that_are_new(
    publish, embedded_broker, platform, write_mapping
) -> None:
    prefix, seen = uuid.uuid4().hex[:6], []

    def onboard(clinics, studies) -> None:
        seen.append((list(clinics), list(studies)))
        onboard_clinics(embedded_broker.home, embedded_broker.settings, clinics)

    mapping = write_mapping(
        clinic={"template": f"{prefix}-{{site}}"}, studies=[{"id": "trial", "reference_arm": "usual-care"}]
    )
    table = b"id,site,score\n1,a,1\n2,b,2\n3,a,3\n4,A B,1\n"
    report = publish(table, mapping=mapping, onboard=onboard)
    assert seen == [([f"{prefix}-a", f"{prefix}-b"], [DeclaredStudy("trial", "usual-care")])]
    assert (report.sent, report.clinics, [line.line for line in report.refused]) == (3, 2, [5])
    assert [len(platform.records(f"{prefix}-{site}")) for site in "ab"] == [2, 1]


def test_rows_of_clinics_that_are_not_registered_are_refused_and_the_others_sent(
    publish, clinic, write_mapping
) -> None:
    mapping = write_mapping(clinic={"column": "site"})
    report = publish(f"id,site,score\n1,{clinic},1\n2,nobody,1\n".encode(), mapping=mapping)
    assert (report.sent, [line.line for line in report.refused], report.exit_code) == (1, [3], 1)


def test_a_failed_registration_sends_nothing_and_keeps_everything(publish, embedded_broker, write_mapping) -> None:
    def onboard(clinics, studies) -> None:
        raise RuntimeError("not an administrator")

    unknown = f"clinic-{uuid.uuid4().hex[:8]}"
    report = publish(b"id,score\n1,1\n", mapping=write_mapping(clinic=unknown), onboard=onboard)
    assert report.problems == ["not registered, and nothing sent (the outbox keeps it): not an administrator"]
    with closing(Outbox(outbox_path(embedded_broker.home.outbox, unknown))) as outbox:
        assert outbox.tally().queued == 1


def test_a_history_is_sent_once_more_from_an_outbox_of_its_own(embedded_broker, clinic, platform, tmp_path) -> None:
    history = [(clinic, event("e1")), (clinic, b"not even json")]
    home, settings = embedded_broker.home, embedded_broker.settings
    sent = [
        publish_events(home, settings, history, outbox_folder=folder).sent
        for folder in (None, None, tmp_path / "forgetful")
    ]
    assert sent == [2, 0, 2]
    assert len(platform.records(clinic)) == 4


def test_a_problem_with_the_file_or_the_mapping_is_one_line_and_exit_2(embedded_broker, clinic, tmp_path) -> None:
    home, settings = embedded_broker.home, embedded_broker.settings
    (tmp_path / "bad.yaml").write_text("mapping: m")
    for path, clinic_id, mapping in (
        (tmp_path / "none.jsonl", clinic, None),
        (tmp_path, clinic, None),
        (tmp_path / "none.jsonl", None, None),
        (tmp_path / "none.csv", clinic, tmp_path / "none.yaml"),
        (tmp_path / "none.csv", clinic, tmp_path / "bad.yaml"),
    ):
        report = publish_file(home, settings, path, clinic_id, mapping)
        assert report.exit_code == 2 and all("\n" not in line for line in report.problems)


def test_the_largest_event_is_taken_and_a_larger_one_waits_without_holding_up_the_rest(
    embedded_broker, clinic, platform
) -> None:
    # Random letters: the broker counts what is left after compression, and of these everything is left.
    letters = random.Random(1).randbytes(LARGEST_EVENT).hex().encode()
    bodies = [b"small", letters[:LARGEST_EVENT], letters[: 2 * 10**6], b"last"]
    report = publish_events(embedded_broker.home, embedded_broker.settings, [(clinic, body) for body in bodies])
    assert report.problems == ["1 events are larger than the broker takes; they stay in the outbox"]
    assert {body for _, _, body in platform.records(clinic)} == {bodies[0], bodies[1], bodies[3]}


def test_two_publishes_of_one_clinic_at_once_send_each_event_once(embedded_broker, clinic, platform) -> None:
    def publish_part(part: int) -> int:
        events = [(clinic, event(f"e{part}-{i}")) for i in range(500)] + [
            (clinic, event(f"both-{i}")) for i in range(500)
        ]
        return publish_events(embedded_broker.home, embedded_broker.settings, events).sent

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(publish_part, (1, 2))) == 1500
    assert len(platform.records(clinic)) == 1500
