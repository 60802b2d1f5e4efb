"""Text that may be a person's does not go on: a code that no vocabulary knows, and what is no machine's identifier."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network_registry.keys import Key
from session_stream.masking import kept_identifier, masked

KEY = Key(1, b"n" * 32)
OPAQUE = [
    "S-2071",
    "0198f0d2-7c1a-7a00-8000-000000110003",
    "4711",
    "dr-7",
    "visit/2024/17",
    "north:17",
    "E+4=f",
    "0-17",
    "2024-0017",
]
PERSONAL = [
    "Wilhelmina Quill", "Müller", "17 Larch Lane", "1951-02-03", "+1-202-555-0142", "(202)555-0142",
    "555.0142", "202-555-0142",
    "w.quill@example.org", "078-05-1120", "https://example.org/quill", "www.example.org", "192.168.7.9", "2001:db8::7",
]  # fmt: skip


@pytest.mark.parametrize("identifier", OPAQUE)
def test_a_machine_s_identifier_is_kept(identifier):
    assert kept_identifier(KEY, "north", identifier) == identifier


@pytest.mark.parametrize("text", PERSONAL)
def test_what_looks_like_a_person_s_is_masked(text):
    assert kept_identifier(KEY, "north", text) == masked(KEY, "north", text)


# Days, social security and telephone numbers, addresses of the web and of computers.
SHAPES = [
    r"\d{4}[-./]\d\d[-./]\d\d", r"\d\d[-./]\d\d[-./]\d{4}", r"\d{3}-\d\d-\d{4}", r"(\d{3}[.-])?\d{3}[.-]\d{4}",
    r"\+[\w-]+", r"[wW]{3}\.[\w.-]+", r"[hH]ttps?:[\w./-]*", r"\d{1,3}(\.\d{1,3}){3}", r"[0-9a-fA-F]*:[0-9a-f:]+",
]  # fmt: skip


@given(st.one_of([st.from_regex(re.compile(shape, re.ASCII), fullmatch=True) for shape in SHAPES]))
def test_of_these_shapes_nothing_is_kept(text):
    assert kept_identifier(KEY, "north", text) == masked(KEY, "north", text)


@given(st.from_regex(re.compile(r"\w*[a-zA-Z][\w-]*", re.ASCII), fullmatch=True))
def test_a_word_that_begins_without_a_hyphen_and_has_a_letter_before_any_is_kept(text):
    assert kept_identifier(KEY, "north", text) == text


@given(st.text(max_size=64), st.text(max_size=64))
def test_one_text_has_one_mask_and_two_have_two(one, other):
    assert (masked(KEY, "north", one) == masked(KEY, "north", other)) == (one == other)
    assert masked(KEY, "north", one) != masked(KEY, "south", one)


@given(st.text(min_size=1, max_size=64))
def test_a_mask_stays_what_it_is_when_it_comes_again(text):
    assert kept_identifier(KEY, "north", masked(KEY, "north", text)) == masked(KEY, "north", text)


@pytest.fixture
def accepted(outcome, a_session):
    """The record of a session in `network.events`, with these data and attributes."""

    def of(data: dict, **attributes) -> dict:
        return json.loads(outcome(a_session(attributes.pop("id", "e-1"), data=data, **attributes))["network.events"])

    return of


def test_an_unknown_code_is_flagged_and_only_its_mask_is_kept(accepted):
    needles = [{"point": "ST36"}, {"point": "Wilhelmina Quill", "side": "Quill", "stimulation": "manual"}]
    found = accepted({"session_id": "s-1", "needles": needles})
    assert "Quill" not in json.dumps(found)
    assert {(flag["code"], flag["path"]) for flag in found["flags"]} >= {
        ("unknown_point", "/data/needles/1/point"),
        ("unknown_code", "/data/needles/1/side"),
    }
    one, other = found["data"]["needles"]
    assert one["point"] == "ST36" and other["stimulation"] == "manual"
    assert other["point"].startswith("masked-") and other["point"] != other["side"]


def test_an_address_in_any_text_is_masked(accepted):
    found = accepted({"session_id": "s-1", "needles": [{"point": "ST36", "manufacturer": "quill@example.org"}]})
    assert "quill" not in json.dumps(found)


def test_what_an_identifier_links_it_still_links(accepted, outcome, a_session, keys):
    session = accepted({"session_id": "Quill 17", "needles": []}, id="visit of Quill")
    report = {"term": "haematoma_bruise", "severity": "mild", "session_id": "Quill 17"}
    harm = json.loads(outcome(a_session("e-2", type="adverse_event.reported", data=report))["network.events"])
    assert session["data"]["session_id"] == harm["data"]["session_id"] == masked(keys.network, "alpha", "Quill 17")


def test_a_correction_finds_what_it_corrects(accepted, outcome, a_session):
    first = accepted({"session_id": "s-1", "needles": []}, id="visit of Quill")
    second = accepted({"session_id": "s-1", "needles": []}, supersedes="visit of Quill")
    retraction = a_session("e-9", type="event.retracted", data={"event_id": "visit of Quill", "reason": "duplicate"})
    retracts = json.loads(outcome(retraction)["network.events"])["data"]["event_id"]
    assert first["event_id"] == second["supersedes"] == retracts


def test_the_receipt_and_a_quarantined_event_have_the_id_as_it_is_kept(outcome, a_session, keys):
    found = outcome(a_session("visit of Quill", time="noon"))
    known = masked(keys.network, "alpha", "visit of Quill")
    assert {json.loads(value)["event_id"] for value in found.values()} == {known}


def test_what_is_well_stays_byte_for_byte(accepted):
    data = {"session_id": "s-1", "needles": [{"point": "St-36", "side": "left", "manufacturer": "Seirin J-Type"}]}
    assert accepted(data)["data"] == data
