"""Whatever arrives, both paths answer, agree, and never tell a value."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_events.explain import explain
from clinic_events.reading import read
from clinic_events.reasons import REASONS
from clinic_events.verdicts import judge

RECEIVED = datetime(2026, 4, 1, tzinfo=UTC)
SESSION = {
    "specversion": "1.0",
    "id": "e1",
    "source": "s",
    "type": "session.completed",
    "time": "2026-03-02T09:30:00Z",
    "subject": "P-1",
    "data": {"session_id": "S-1", "needles": [{"point": "ST36"}]},
}


def codes_of(raw: bytes | None) -> set[str]:
    return {reason.code for reason in judge(raw, "north-bridge", RECEIVED).reasons}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        b"",
        b"\xff\xfe{}",
        b"[]",
        b"null",
        b"NaN",
        b'{"id": NaN}',
        b'{"id": 1e999}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"id": "\\ud800"}',
        b'{"id": "x"',
        b"9" * 5_000,
    ],
    ids=lambda raw: repr(raw)[:24],
)
def test_bytes_that_are_no_document_are_unreadable(raw: bytes | None) -> None:
    assert codes_of(raw) == {"unreadable"}


def test_an_event_of_two_megabytes_is_too_large() -> None:
    assert codes_of(json.dumps({**SESSION, "source": "s" * 2_000_000}).encode()) == {"too_large"}


def test_a_list_of_a_quarter_of_a_million_broken_needles_has_a_thousand_reasons() -> None:
    raw = json.dumps({**SESSION, "data": {"session_id": "S-1", "needles": [{}] * 250_000}}).encode()
    assert len(judge(raw, "north-bridge", RECEIVED).reasons) == 1_000


def test_a_broken_needle_behind_a_thousand_good_ones_is_found() -> None:
    needles = [{"point": "ST36"}] * 1_500 + [{"point": 36}]
    raw = json.dumps({**SESSION, "data": {"session_id": "S-1", "needles": needles}}).encode()
    (reason,) = judge(raw, "north-bridge", RECEIVED).reasons
    assert (reason.code, reason.path) == ("wrong_type", "/data/needles/1500/point")


def test_a_line_end_behind_the_version_is_another_version() -> None:
    assert codes_of(json.dumps({**SESSION, "specversion": "1.0\n"}).encode()) == {"unknown_version"}


@settings(max_examples=500)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_judgement_fail(raw: bytes) -> None:
    assert judge(raw, "north-bridge", RECEIVED).status in {"accepted", "flagged", "quarantined"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=800, deadline=None)
@given(st.dictionaries(st.sampled_from([*SESSION, "clinicid", "schemaversion", "oddity"]), json_values), st.booleans())
def test_what_the_fast_path_accepts_the_slow_path_does_not_refuse(changes: dict, whole: bool) -> None:
    document = {**SESSION, **changes} if whole else changes
    raw = json.dumps(document).encode()
    reading, found = read(raw, "north-bridge"), explain(raw, "north-bridge")
    if reading is not None:
        assert found.refusals == set() and found.reading is not None
        assert msgspec.structs.asdict(found.reading[0]) == {
            **msgspec.structs.asdict(reading[0]),
            "data": found.reading[0].data,
        }
        assert found.reading[1] == reading[1]
    assert (found.reading is None) == bool(found.refusals)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["data", "needle", "root"]), st.text(min_size=1, max_size=20).map(lambda text: f"Zq{text}"))
def test_an_unknown_key_is_told_at_its_parent_and_never_by_name(place: str, key: str) -> None:
    document = json.loads(json.dumps(SESSION))
    parent = {"root": document, "data": document["data"], "needle": document["data"]["needles"][0]}[place]
    parent[key] = "Zq-value"
    verdict = judge(json.dumps(document).encode(), "north-bridge", RECEIVED)
    paths = {"root": "", "data": "/data", "needle": "/data/needles/0"}
    assert [(reason.code, reason.path) for reason in verdict.reasons] == [("unknown_field", paths[place])]
    assert verdict.event is not None and "Zq" not in repr((verdict.event, verdict.data))


def test_every_code_that_is_given_is_in_the_closed_vocabulary() -> None:
    assert codes_of(b"{}") <= set(REASONS)
