"""Text that is not kept as it was said: a code that no vocabulary knows, and what may be a person's in an identifier.

Either may be a name, a number or an address that a practice system put in the wrong place. A keyed hash takes its
place: the same text of the same clinic has the same one, so that it can still be counted and linked. It depends on the
text alone, or a correction would not find what it corrects.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import msgspec

from clinic_events.envelope import Record
from clinic_events.reasons import Reason
from network_registry.keys import Key
from network_registry.pseudonyms import keyed_hash

_UNKNOWN = {"unknown_code", "unknown_point"}
# Opaque is one word of a machine's; but no address of mail, the web or a computer, no telephone or social security
# number, and no day.
_OPAQUE = re.compile(
    r"\d*[a-z][\w-]*"  # nearly every one, at less than half the cost: none of these is any of those below
    r"|(?!www\.|https?:|\+"
    r"|\d{4}[-./]\d\d[-./]\d\d$|\d\d[-./]\d\d[-./]\d{4}$"
    r"|\d{3}-\d\d-\d{4}$|(\d{3}[.-])?\d{3}[.-]\d{4}$"
    r"|\d{1,3}(\.\d{1,3}){3}$|[0-9a-f]*:[0-9a-f:]+$)[\w.:/+=#-]+",
    re.ASCII | re.IGNORECASE,
)

Path = tuple[str | int, ...]


def masked(key: Key, clinic_id: str, text: str) -> str:
    """What is kept instead of a text of this clinic."""
    return "masked-" + keyed_hash(key.secret, f"{clinic_id}\0text\0{text}")[:16]


def kept_identifier(key: Key, clinic_id: str, text: str) -> str:
    """The identifier itself, unless it looks like a person's."""
    return text if _OPAQUE.fullmatch(text) else masked(key, clinic_id, text)


def without_personal_text(key: Key, clinic_id: str, data: Record, kept: bytes, reasons: Iterable[Reason]) -> bytes:
    """`kept`, the JSON of `data`, or what may be kept of it; `reasons` are all that the event was flagged for."""
    paths: list[Path] = [_steps(reason.path) for reason in reasons if reason.code in _UNKNOWN]
    for name in _identifiers(type(data)):
        if (text := getattr(data, name)) is not None and not _OPAQUE.fullmatch(text):
            paths.append((name,))
    if not paths and not _has_address(kept):
        return kept
    fields = msgspec.to_builtins(data)
    paths += [path for path, text in _texts(fields) if _has_address(text.encode())]
    for *steps, last in set(paths):
        place = fields
        for step in steps:
            place = place[step]
        place[last] = masked(key, clinic_id, place[last])
    return msgspec.json.encode(fields)


def _has_address(text: bytes) -> bool:
    # Of every event this is asked: looking for one byte, which is rare, takes a seventh of looking for several.
    return b"@" in text or (b"/" in text and b"://" in text) or (b"w" in text and b"www." in text)


def _steps(path: str) -> Path:
    """Of a path that begins with `/data`."""
    return tuple(int(step) if step.isdigit() else step for step in path.split("/")[2:])


@cache
def _identifiers(kind: type[Record]) -> tuple[str, ...]:
    """The fields of a record that hold an identifier of the clinic's own."""
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return tuple(field.encode_name for field in info.fields if _is_identifier(field.type))


def _is_identifier(kind: Any) -> bool:
    """Only they have a least length."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return any(map(_is_identifier, kind.types))
    if isinstance(kind, msgspec.inspect.Metadata):
        return _is_identifier(kind.type)
    return isinstance(kind, msgspec.inspect.StrType) and kind.min_length == 1


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, (*path, name))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _texts(inner, (*path, position))
