"""How vague a protected count is: the range of its possible values, given all that is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from disclosure_control.knowledge import TOLERANCE, Knowledge, Part, Parts, Protected
from disclosure_control.linear_programs import PartProgram
from disclosure_control.neighbourhoods import Neighbourhoods
from disclosure_control.thresholds import MIN_WIDTH

# Most hidden counts have ample room: a few programs that push all of them at once prove it, and the rest is asked one
# by one.
_PUSHES = 16


@dataclass(frozen=True)
class Narrow:
    """A protected count whose range of possible values is not wide enough."""

    protected: Protected
    width: float


def narrow_ranges(knowledge: Knowledge, proven: Knowledge | None = None) -> list[Narrow]:
    """Every protected count that can be told too exactly, in the order of their names.

    `proven` is what was known before, and was found to be wide: only what tells more since is looked at again.
    """
    parts = Parts(knowledge)
    protected = list(_moved_since(proven, knowledge, parts) if proven else knowledge.protected.values())
    known = [each for each in protected if not knowledge.unknown(each.terms)]
    # What no equation is about may be anything.
    related = [each for each in protected if parts.of(each.terms)]
    found = [Narrow(each, 0.0) for each in known] + list(_narrow_among(knowledge, parts, related))
    return sorted(found, key=lambda one: one.protected.name)


def _moved_since(proven: Knowledge, knowledge: Knowledge, parts: Parts) -> Iterator[Protected]:
    """Those that are new, that have become known in part, or that hang together with something that has."""
    learnt = knowledge.known - proven.known
    news = [each.terms for name, each in knowledge.equations.items()
            if name not in proven.equations or any(count in learnt for count, _ in each.terms)]  # fmt: skip
    moved = frozenset(leader for terms in news for leader in parts.of(terms))
    for terms, each in knowledge.protected.items():
        is_new = terms not in proven.protected or any(count in learnt for count, _ in terms)
        if is_new or not moved.isdisjoint(parts.of(terms)):
            yield each


def _narrow_among(knowledge: Knowledge, parts: Parts, related: Sequence[Protected]) -> Iterator[Narrow]:
    alone: dict[frozenset[int], PartProgram] = {}
    nearby = Neighbourhoods(knowledge)
    for each in _left_open(knowledge, parts, related):
        if _is_wide(knowledge, nearby.around(each.terms), each):
            continue
        leaders = parts.of(each.terms)
        loose = tuple(term for term in knowledge.unknown(each.terms) if not parts.of((term,)))
        if loose or leaders not in alone:
            alone[leaders] = PartProgram(knowledge, parts.part(leaders, loose))
        width = _width(alone[leaders], alone[leaders].direction(each.terms))
        if width < MIN_WIDTH - TOLERANCE:
            yield Narrow(each, width)


def _is_wide(knowledge: Knowledge, part: Part, protected: Protected) -> bool:
    program = PartProgram(knowledge, part)
    return _width(program, program.direction(protected.terms)) >= MIN_WIDTH - TOLERANCE


def _left_open(knowledge: Knowledge, parts: Parts, related: Sequence[Protected]) -> list[Protected]:
    """Those that the pushes do not prove to be wide: all parts are pushed by the same programs."""
    if not related:
        return []
    leaders = frozenset(leader for each in related for leader in parts.of(each.terms))
    loose = tuple(term for each in related for term in knowledge.unknown(each.terms) if not parts.of((term,)))
    program = PartProgram(knowledge, parts.part(leaders, loose))
    room = _Room(program.directions([each.terms for each in related]), parts.labels(program.place))
    for number in range(_PUSHES):
        if room.is_open().any():
            room.see(program.furthest(room.push(number)))
    return [each for each, is_open in zip(related, room.is_open(), strict=True) if is_open]


def _width(program: PartProgram, direction: np.ndarray) -> float:
    """The width of one direction's range; of whole counts where fractions alone would make it wide."""
    ends = [program.furthest(sign * direction) for sign in (1.0, -1.0)]
    width = float((ends[0] - ends[1]) @ direction)
    if width < MIN_WIDTH - TOLERANCE or all(map(program.is_exact, ends)):
        return width
    ends = [program.furthest_whole(sign * direction, np.ceil(MIN_WIDTH)) for sign in (1.0, -1.0)]
    return float((ends[0] - ends[1]) @ direction)


class _Room:
    """For each direction, how far down and up whole counts have been seen to go. `labels` tell each count's part."""

    def __init__(self, directions: csr_array, labels: np.ndarray) -> None:
        self._directions, self._labels = directions, labels
        self._down = np.zeros(len(directions.indptr) - 1)
        self._up = self._down.copy()

    def is_open(self) -> np.ndarray:
        return self._up - self._down < MIN_WIDTH

    def push(self, number: int) -> np.ndarray:
        """Weights that push every open direction, some up and some down, by signs that are the same in every run."""
        signs = np.random.default_rng(number).choice([-1.0, 1.0], len(self._up))
        return np.asarray((signs * self.is_open()) @ self._directions)

    def see(self, deviations: np.ndarray) -> None:
        """Where a part was pushed to fractions, nothing has been seen of it: it is left where it was."""
        broken = np.abs(deviations - np.round(deviations)) >= TOLERANCE
        kept = np.where(np.isin(self._labels, self._labels[broken]), 0.0, deviations)
        moved = np.asarray(self._directions @ kept)
        self._down, self._up = np.minimum(self._down, moved), np.maximum(self._up, moved)
