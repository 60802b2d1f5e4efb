"""The network is decided by its seed, and looks like the clinics that it stands for."""

from collections import Counter
from datetime import timedelta
from statistics import mean, median

import jsonschema_rs
import msgspec
import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.resources import bundled
from simulated_network.network import simulate
from simulated_network.occurrences import TOLD_TYPES


@pytest.fixture(scope="module")
def whole_events(nothing_planted) -> list[dict]:
    return [msgspec.json.decode(message.raw) for message in nothing_planted.network.messages]


def test_the_same_seed_gives_the_same_bytes(planted, as_of) -> None:
    again = simulate(1, null=False, as_of=as_of)
    assert again == planted.network


def test_another_seed_gives_other_clinics_other_parts_and_other_events(planted, as_of) -> None:
    one, other = planted.network, simulate(2, null=False, as_of=as_of)
    assert {clinic.clinic_id for clinic in one.clinics} != {clinic.clinic_id for clinic in other.clinics}
    assert [plant.clinic_id for plant in one.truth.plants[:5]] != [plant.clinic_id for plant in other.truth.plants[:5]]
    assert not {message.raw for message in one.messages} & {message.raw for message in other.messages}


def test_a_network_has_twelve_clinics_and_about_fifty_thousand_events(planted) -> None:
    assert len(planted.network.clinics) == 12
    assert 40_000 < len(planted.network.messages) < 60_000


def test_the_demo_tells_seven_types_of_the_catalogue_and_each_of_them(whole_events) -> None:
    assert {event["type"] for event in whole_events} == TOLD_TYPES
    assert len(TOLD_TYPES) == 7
    assert set(EVENT_TYPES) >= TOLD_TYPES


def test_every_event_is_dated_and_recorded_within_the_ninety_days(whole_events, as_of) -> None:
    times = [msgspec.convert(event[name], type(as_of)) for event in whole_events for name in ("time", "recordedtime")]
    assert as_of - timedelta(days=91) < min(times)
    assert max(times) < as_of


def test_messages_come_in_the_order_in_which_they_were_recorded(whole_events, as_of) -> None:
    recorded = [msgspec.convert(event["recordedtime"], type(as_of)) for event in whole_events]
    assert recorded == sorted(recorded)


def test_event_ids_are_unique_and_patients_are_the_keys(nothing_planted, whole_events) -> None:
    assert len({event["id"] for event in whole_events}) == len(whole_events)
    assert [event.get("subject") for event in whole_events] == [m.key for m in nothing_planted.network.messages]


def test_a_patient_is_named_in_the_subject_and_nowhere_else(whole_events) -> None:
    named = [event for event in whole_events if "subject" in event]
    assert len(named) > 40_000
    assert not [event for event in named if event["subject"].encode() in msgspec.json.encode(event["data"])]


def test_sessions_have_six_to_twenty_needles_and_one_to_two_kilobytes(nothing_planted, whole_events) -> None:
    sessions = [event["data"] for event in whole_events if event["type"] == "session.completed"]
    sizes = [
        len(m.raw)
        for m, e in zip(nothing_planted.network.messages, whole_events, strict=True)
        if "needles" in e["data"]
    ]
    assert {len(session["needles"]) for session in sessions} <= set(range(6, 21))
    assert 1000 < median(sizes) < 2000
    assert 11 < mean(len(session["needles"]) for session in sessions) < 13


@pytest.mark.parametrize("network", ["planted", "nothing_planted"])
def test_six_to_eight_percent_of_treatments_have_an_adverse_event(network: str, request: pytest.FixtureRequest) -> None:
    judged = request.getfixturevalue(network)
    sessions = {(clinic, name) for clinic, held in judged.sessions.items() for name in held}
    named = {(clinic, event.session_id) for clinic, events in judged.adverse_events.items() for event in events}
    assert 0.06 < len(sessions & named) / len(sessions) < 0.08


def test_each_way_of_asking_is_used_by_several_clinics(nothing_planted) -> None:
    asked = Counter(
        (clinic, data.ae_screen_method)
        for clinic, sessions in nothing_planted.sessions.items()
        for data, _ in sessions.values()
    )
    often = Counter(way for (_, way), sessions in asked.items() if sessions >= 50)
    assert set(often) == {"checklist", "open_question", "spontaneous", "not_asked"}
    assert min(often.values()) >= 3


def test_every_event_is_valid_by_its_published_schema(whole_events) -> None:
    schemas = {name: bundled("schemas") / "events" / f"{name}.schema.json" for name in TOLD_TYPES}
    validators = {name: jsonschema_rs.validator_for(path.read_text()) for name, path in schemas.items()}
    assert [event for event in whole_events if not validators[event["type"]].is_valid(event)] == []


def test_nothing_is_refused_and_little_is_flagged_where_nothing_is_planted(nothing_planted) -> None:
    statuses = nothing_planted.statuses
    assert statuses["quarantined"] == 0
    assert 0 < statuses["flagged"] < 0.02 * statuses.total()
