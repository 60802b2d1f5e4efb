"""Read a file of JSON lines, whatever state it is in: each line becomes an event or a reason why it cannot be one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from clinic_publisher.outbox_records import OutgoingEvent

# The broker's limit of one mebibyte counts a record with its key and headers: an event may use all but this.
LARGEST_EVENT = 1_048_576 - 1024
_BOM = b"\xef\xbb\xbf"
_decoder = msgspec.json.Decoder()


@dataclass(frozen=True)
class Line:
    """One line that is not blank: its event, or in `refused` why it cannot be sent."""

    number: int
    event: OutgoingEvent | None = None
    refused: str | None = None


class NotSendable(Exception):
    """The bytes cannot be sent as an event. One line, without anything that stood in them."""


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a file, numbered from 1. Raises OSError when it cannot be opened or read."""
    with path.open("rb") as file:
        for number, text in enumerate(_bounded_lines(file), start=1):
            text = (text.removeprefix(_BOM) if number == 1 else text).strip()
            if not text:
                continue
            try:
                yield Line(number, event=outgoing(text))
            except NotSendable as reason:
                yield Line(number, refused=str(reason))


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines, cut short when too long to be sent: a file without line ends must not fill the memory."""
    while line := file.readline(LARGEST_EVENT + 16):
        yield line
        while line and not line.endswith(b"\n"):
            line = file.readline(LARGEST_EVENT)


def outgoing(body: bytes) -> OutgoingEvent:
    """Bytes as they will be sent. Only what is no JSON object, or too large for the broker, raises `NotSendable`."""
    if len(body) > LARGEST_EVENT:
        raise NotSendable("larger than an event can be (one mebibyte)")
    try:
        document = _decoder.decode(body)
    except UnicodeError:
        raise NotSendable("not UTF-8") from None
    except RecursionError:
        raise NotSendable("not JSON: nested too deeply") from None
    except msgspec.MsgspecError as error:
        raise NotSendable(f"not JSON: {str(error).removeprefix('JSON is malformed: ')}") from None
    if not isinstance(document, dict):
        raise NotSendable("not a JSON object")
    return OutgoingEvent(body, _text(document.get("id")), _key(document.get("subject")))


def lenient(body: bytes) -> OutgoingEvent:
    """Bytes that are sent whatever they are, as a clinic's own Kafka client may send them."""
    try:
        return outgoing(body)
    except NotSendable:
        return OutgoingEvent(body)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _key(subject: object) -> bytes | None:
    return subject.encode() if isinstance(subject, str) and subject else None
