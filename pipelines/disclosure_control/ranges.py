"""How vague a protected count is: the range of its possible values, given all that is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from disclosure_control.knowledge import TOLERANCE, Knowledge, Parts, Protected
from disclosure_control.linear_programs import PartProgram
from disclosure_control.thresholds import MIN_WIDTH

# Most hidden counts have ample room: a few programs that push all of them at once prove it, and the rest is asked one
# by one.
_PUSHES = 4


@dataclass(frozen=True)
class Narrow:
    """A protected count whose range of possible values is not wide enough."""

    protected: Protected
    width: float


def narrow_ranges(knowledge: Knowledge, parts: Parts | None = None) -> list[Narrow]:
    """Every protected count that can be told too exactly, in the order of their names."""
    parts = parts or Parts(knowledge)
    groups: dict[frozenset[int], list[Protected]] = {}
    found: list[Narrow] = []
    for each in knowledge.protected.values():
        unknown = parts.unknown(each.terms)
        if not unknown:
            found.append(Narrow(each, 0.0))
        elif parts.of(each.terms):
            groups.setdefault(parts.of(each.terms), []).append(each)
        # Else no equation is about it: it may be anything.
    for leaders, members in groups.items():
        found += _narrow_in(knowledge, parts, leaders, members)
    return sorted(found, key=lambda one: one.protected.name)


def _narrow_in(
    knowledge: Knowledge, parts: Parts, leaders: Iterable[int], members: list[Protected]
) -> Iterator[Narrow]:
    loose = tuple(term for each in members for term in parts.unknown(each.terms))
    program = PartProgram(knowledge, parts.part(leaders, loose))
    room = _Room(np.array([program.direction(each.terms) for each in members]))
    for number in range(_PUSHES):
        room.push_all(program, number)
    for place in range(len(members)):
        if room.is_open()[place]:
            width = room.measure(program, place)
            if width < MIN_WIDTH - TOLERANCE:
                yield Narrow(members[place], width)


class _Room:
    """For each direction, how far down and up whole counts have been seen to go."""

    def __init__(self, directions: np.ndarray) -> None:
        self._directions = directions
        self._down, self._up = np.zeros(len(directions)), np.zeros(len(directions))

    def is_open(self) -> np.ndarray:
        return self._up - self._down < MIN_WIDTH

    def push_all(self, program: PartProgram, number: int) -> None:
        """Push every open direction, some up and some down, by signs that are the same in every run."""
        if not self.is_open().any():
            return
        signs = np.random.default_rng(number).choice([-1.0, 1.0], len(self._directions))
        weights = (signs * self.is_open()) @ self._directions
        self._see(program, program.furthest(weights))

    def measure(self, program: PartProgram, place: int) -> float:
        """The width of one direction's range; of whole counts where fractions alone would make it wide."""
        ends = [program.furthest(sign * self._directions[place]) for sign in (1.0, -1.0)]
        for end in ends:
            self._see(program, end)
        width = float((ends[0] - ends[1]) @ self._directions[place])
        if width < MIN_WIDTH - TOLERANCE or not self.is_open()[place]:
            return max(width, float(self._up[place] - self._down[place]))
        for sign in (1.0, -1.0):
            self._see(program, program.furthest(sign * self._directions[place], whole=True))
        return float(self._up[place] - self._down[place])

    def _see(self, program: PartProgram, deviations: np.ndarray) -> None:
        if program.is_exact(deviations):
            moved = self._directions @ deviations
            self._down, self._up = np.minimum(self._down, moved), np.maximum(self._up, moved)
