"""Two deliveries of one event hash alike, whatever happened to their bytes on the way; another event does not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_stream.decide import decide


@pytest.fixture
def hash_of(arriving, source, keys):
    def hashed(raw: bytes, clinic_source=source, offset: int = 7) -> str:
        outputs = decide([arriving(raw, offset)], clinic_source, keys)
        return json.loads(outputs[0].value)["content_hash"]

    return hashed


@pytest.fixture
def document(a_session) -> dict:
    return json.loads(a_session("e-1"))


def test_white_space_key_order_nulls_and_another_offset_change_nothing(hash_of, document):
    shuffled = {**dict(reversed(document.items())), "recordedtime": None, "traceparent": "00-1-2-01"}
    assert hash_of(json.dumps(document).encode()) == hash_of(json.dumps(shuffled, indent=3).encode(), offset=9)


def test_an_unknown_field_changes_nothing_for_it_is_not_kept(hash_of, document):
    assert hash_of(json.dumps(document).encode()) == hash_of(json.dumps({**document, "nickname": "Bo"}).encode())


def test_twelve_and_twelve_point_zero_are_one_number(hash_of, document):
    text = json.dumps(document)
    assert hash_of(text.encode()) == hash_of(text.replace('"depth_mm": 12}', '"depth_mm": 12.0}').encode())


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "PATIENT-4712"},
        {"time": "2024-03-01T10:00:01+02:00"},
        {"type": "patient.enrolled", "data": {}},
        {"data": {"session_id": "s-e-1", "needles": [{"point": "St-36", "side": "right", "depth_mm": 12}]}},
        {"supersedes": "e-0"},
        {"testdata": True},
    ],
    ids=["patient", "time", "type", "data", "correction", "test"],
)
def test_another_content_has_another_hash(hash_of, document, change):
    assert hash_of(json.dumps(document).encode()) != hash_of(json.dumps({**document, **change}).encode())


@given(number=st.from_regex(r"[A-Z]{2}[0-9]{6}", fullmatch=True))
def test_a_credential_is_hashed_without_its_number(number, arriving, source, keys):
    data = {"practitioner_id": "pr-1", "credential": "licence", "issuer": "Board", "valid_from": "2020-01-01"}
    event = {"specversion": "1.0", "id": "c-1", "source": "pms", "type": "practitioner.credential_recorded",
             "time": "2024-03-01T10:00:00Z", "data": {**data, "number": number}}  # fmt: skip
    accepted = decide([arriving(json.dumps(event).encode())], source, keys)[0].value
    record = json.loads(accepted)
    assert number not in accepted.decode() and "number" not in record["data"]
    assert len(record["facts"]["credential_key"]) == 64


def test_hashes_stay_what_they_were(hash_of, document):
    """A hash that changed with the code would make every event that is sent again another event under a used id."""
    assert hash_of(json.dumps(document).encode()) == "91be2dfc9571557f056591fffb7e9d2f2b75f88eee12d203fae6df8edc5c664b"
