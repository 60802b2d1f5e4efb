"""The journal of a build of everything: what it is of, and which models stand, so that a killed one is gone on with.

It lies beside the working database. A model is noted when the database has it for good; one that was made and not noted
is made again.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import msgspec

from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.durable_files import flush_to_disk, write_durably
from warehouse_releases.manifest_ranges import resolve
from warehouse_releases.offset_ranges import Range


class _Ranges(msgspec.Struct):
    topic: str
    cluster_id: str
    topic_id: str
    partition: int
    ranges: list[Range]


class _Head(msgspec.Struct):
    """The first line. `registry` is a hash of what the registry said."""

    code: str
    erasures: int
    registry: str
    as_of: datetime
    segments: list[_Ranges]

    def is_of(self, other: "_Head") -> bool:
        return (self.code, self.erasures, self.registry) == (other.code, other.erasures, other.registry)


class _Stood(msgspec.Struct):
    """Each further line: a model by dbt's id, and the seconds that it took."""

    model: str
    seconds: float


@dataclass
class UnderWay:
    """`standing` are the models that stand, by dbt's id, with the seconds that each took. `goes_on`: another process
    began it."""

    path: Path
    standing: dict[str, float] = field(default_factory=dict)
    goes_on: bool = False

    def note(self, model: str, seconds: float) -> None:
        self.standing[model] = seconds
        with self.path.open("ab") as journal:
            # Before it, so that a line that a kill has cut off spoils none but itself.
            journal.write(b"\n" + msgspec.json.encode(_Stood(model, seconds)))
        flush_to_disk(self.path)

    def end(self) -> None:
        self.path.unlink(missing_ok=True)


def begin(path: Path, inputs: BuildInputs, code: str) -> UnderWay:
    write_durably(path, lambda aside: aside.write_bytes(msgspec.json.encode(_head(inputs, code))))
    return UnderWay(path)


def gone_on_with(path: Path, inputs: BuildInputs, code: str) -> tuple[UnderWay, BuildInputs] | None:
    """The build that was killed and what it is of, of all that there is now; None when it cannot be gone on with.

    That is so with other code, another registry, or when somebody was erased meanwhile; or when segments that it has
    read are gone, or are parts of longer ones now.
    """
    begun = _read(path)
    if begun is None or not begun[0].is_of(_head(inputs, code)):
        return None
    head, standing = begun
    resolved = resolve(msgspec.to_builtins(head.segments), inputs.segments)
    if resolved.lost or resolved.parts:
        return None
    return UnderWay(path, standing, True), replace(inputs, segments=list(resolved.whole), as_of=head.as_of)


def _head(inputs: BuildInputs, code: str) -> _Head:
    registry = hashlib.sha256(json.dumps(inputs.registry, default=str, sort_keys=True).encode()).hexdigest()
    segments = msgspec.convert(inputs.segment_ranges, list[_Ranges])
    return _Head(code, inputs.erasures, registry, inputs.as_of, segments)


def _read(path: Path) -> tuple[_Head, dict[str, float]] | None:
    try:
        head, *lines = path.read_bytes().splitlines()
        begun = msgspec.json.decode(head, type=_Head)
    except (OSError, ValueError):
        return None
    return begun, {stood.model: stood.seconds for line in lines if (stood := _stood(line))}


def _stood(line: bytes) -> _Stood | None:
    """None for a line that was cut off."""
    try:
        return msgspec.json.decode(line, type=_Stood)
    except msgspec.MsgspecError:
        return None
