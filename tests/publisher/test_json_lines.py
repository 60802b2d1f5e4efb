"""A file of JSON lines, whatever state it is in: a line is an event, or has a reason why it is none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_publisher.json_lines import LARGEST_EVENT, Line, NotSendable, outgoing, read_lines


@pytest.fixture
def lines(tmp_path: Path):
    def read(content: bytes) -> list[Line]:
        path = tmp_path / "events.jsonl"
        path.write_bytes(content)
        return list(read_lines(path))

    return read


def test_byte_order_mark_carriage_returns_and_blank_lines_are_no_part_of_an_event(lines) -> None:
    found = lines(b'\xef\xbb\xbf{"id":"a"}\r\n\r\n  {"id":"b"}  \n')
    assert [(line.number, line.event.body, line.event.event_id) for line in found] == [
        (1, b'{"id":"a"}', "a"),
        (3, b'{"id":"b"}', "b"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON: Input data was truncated"),
        (b'{"id":1} {"id":2}', "not JSON: trailing characters (byte 10)"),
        (b"[1]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b'{"id":"\xff"}', "not UTF-8"),
        (b"[" * 100_000, "not JSON: nested too deeply"),
        (b'{"a":NaN}', "not JSON: invalid character (byte 5)"),
    ],
)
def test_a_line_that_is_no_json_object_is_refused_and_does_not_stop_the_rest(lines, line: bytes, reason: str) -> None:
    bad, good = lines(line + b'\n{"id":"good"}\n')
    assert (bad.number, bad.event, bad.refused) == (1, None, reason)
    assert good.event.event_id == "good"


@pytest.mark.parametrize("document", [b"{}", b'{"id":7}', b'{"id":null,"subject":""}', b'{"id":""}'])
def test_whatever_is_a_json_object_can_be_sent(document: bytes) -> None:
    assert outgoing(document).body == document


def test_a_line_larger_than_the_broker_takes_is_refused_and_not_held_in_memory(lines) -> None:
    huge, good = lines(b'{"id":"' + b"x" * (5 * LARGEST_EVENT) + b'"}\n{}\n')
    assert (huge.number, huge.refused) == (1, "larger than an event can be (one mebibyte)")
    assert (good.number, good.event.body) == (2, b"{}")


def test_an_event_of_the_largest_size_is_an_event(lines) -> None:
    body = b'{"id":"' + b"x" * (LARGEST_EVENT - 9) + b'"}'
    (line,) = lines(body + b"\r\n")
    assert line.event.body == body


def test_the_patient_reference_is_the_message_key() -> None:
    assert outgoing('{"subject":"Ä1"}'.encode()).message_key == "Ä1".encode()


@given(st.binary(max_size=60))
def test_no_bytes_at_all_end_the_reading(body: bytes) -> None:
    try:
        assert outgoing(body).body == body
    except NotSendable as reason:
        assert "\n" not in str(reason)
