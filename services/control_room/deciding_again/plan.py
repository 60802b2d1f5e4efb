"""What is to be decided again, and what of it is done: kept in a file, so that an interruption costs seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

import clinic_events
import session_stream
from clinic_events.resources import bundled
from network_registry.home import Home
from session_stream.decide import Source
from warehouse_releases.durable_files import write_durably
from warehouse_releases.manifest import sources_fingerprint
from warehouse_releases.offset_ranges import Range, clipped, merged, missing, size

PLAN = "plan.json"
# What one process decides before it is noted that it is done.
_STRETCH = 5_000


class Part(msgspec.Struct):
    """A partition's offsets from `first` to `last`, both included, and those of them that are `done`."""

    source: Source
    first: int
    last: int
    done: list[Range] = []

    def left(self) -> list[Range]:
        return missing((self.first, self.last), self.done)

    def is_within(self, now: "Part | None") -> bool:
        """Whether this is of what there is `now`, apart from what retention has taken, and makes sense at all."""
        makes_sense = 0 <= self.first <= self.last and clipped((self.first, self.last), self.done) == self.done
        return makes_sense and now is not None and self.last <= now.last


class Plan(msgspec.Struct):
    """`code` names the rules; `dry_run` and `parts` are what was asked for; `counts` is of what is done."""

    code: str
    dry_run: bool
    parts: list[Part]
    counts: dict[str, int] = {}

    @property
    def total(self) -> int:
        return sum(part.last - part.first + 1 for part in self.parts)

    @property
    def done(self) -> int:
        return sum(size(part.done) for part in self.parts)

    def goes_on_with(self, now: "Plan") -> bool:
        """Whether this plan is still one for what a plan that is made `now` is for."""
        here = {part.source: part for part in now.parts}
        adds_up = sum(self.counts.values()) == self.done and all(count >= 0 for count in self.counts.values())
        fits = bool(self.parts) and all(part.is_within(here.get(part.source)) for part in self.parts)
        return (self.code, self.dry_run) == (now.code, now.dry_run) and adds_up and fits

    def stretches(self) -> Iterator["Stretch"]:
        """What is left, in pieces, the partitions in turn: several at once come from several partitions."""
        waiting = [iter(list(_pieces(number, part))) for number, part in enumerate(self.parts)]
        while waiting:
            again = []
            for pieces in waiting:
                if (piece := next(pieces, None)) is not None:
                    again.append(pieces)
                    yield piece
            waiting = again

    def note(self, stretch: "Stretch", counts: dict[str, int]) -> None:
        part = self.parts[stretch.part]
        part.done = merged([*part.done, (stretch.first, stretch.last)])
        self.counts = {name: self.counts.get(name, 0) + counts.get(name, 0) for name in {**self.counts, **counts}}


@dataclass(frozen=True)
class Stretch:
    """Offsets of one part, both ends included."""

    part: int
    source: Source
    first: int
    last: int


def _pieces(number: int, part: Part) -> Iterator[Stretch]:
    for first, last in part.left():
        for start in range(first, last + 1, _STRETCH):
            yield Stretch(number, part.source, start, min(start + _STRETCH - 1, last))


def rules_in_force() -> str:
    """The same for as long as every event would be decided as it is now."""
    rooms = [Path(room.__path__[0]) for room in (clinic_events, session_stream)]
    return " ".join(sources_fingerprint(folder) for folder in (*rooms, bundled("schemas") / "vocabularies"))


def plan_folder(home: Home) -> Path:
    """Among the builds, all of which an erasure removes."""
    return home.builds / "rebuild-topics"


def read_plan(folder: Path) -> Plan | None:
    """None when there is none that can be read."""
    try:
        return msgspec.json.decode((folder / PLAN).read_bytes(), type=Plan)
    except (OSError, msgspec.MsgspecError):
        return None


def write_plan(folder: Path, plan: Plan) -> None:
    write_durably(folder / PLAN, lambda aside: aside.write_bytes(msgspec.json.encode(plan)))
