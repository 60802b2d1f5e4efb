"""What an analyst can know of the counts: a system of linear equations over the cells of all locks together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

# How far the sides of an equation may be apart for the rounding of a computer's arithmetic.
TOLERANCE = 1e-6

Terms = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Equation:
    """The weighted sum of some counts lies in `low` to `high`; `source` says in a few words what is wrong if not.

    It comes from tables that add up to the same, or from a shown figure, which can be withheld.
    """

    terms: Terms
    low: float
    high: float
    source: str = ""
    of_figure: bool = False


@dataclass(frozen=True)
class Protected:
    """A count, or a difference of two, that must stay vague. `name` names the cell, never its value."""

    name: str
    terms: Terms


@dataclass
class Knowledge:
    """Every count has a number; `truth` gives its value, `known` those that can be read off."""

    truth: list[float] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    equations: dict[tuple[Terms, float, float], Equation] = field(default_factory=dict)
    protected: dict[Terms, Protected] = field(default_factory=dict)

    def add_count(self, truth: float) -> int:
        self.truth.append(truth)
        return len(self.truth) - 1

    def relate(self, terms: Mapping[int, float], low: float, high: float, source: str, of_figure: bool = False) -> None:
        """Add an equation, once: what did not change from one lock to the next says nothing new."""
        merged = as_terms(terms)
        if merged:
            self.equations.setdefault((merged, low, high), Equation(merged, low, high, source, of_figure))

    def protect(self, name: str, terms: Mapping[int, float]) -> None:
        merged = as_terms(terms)
        self.protected.setdefault(merged, Protected(name, merged))

    def broken(self, after: int = 0) -> Equation | None:
        """An equation, past the first `after`, that the true counts do not fulfil: then the tables do not add up as
        they were declared to."""
        return next((each for each in islice(self.equations.values(), after, None) if not self._holds(each)), None)

    def copy(self) -> "Knowledge":
        return Knowledge(list(self.truth), set(self.known), dict(self.equations), dict(self.protected))

    def drop_settled(self) -> None:
        """Forget the equations all of whose counts are known: what is known stays so."""
        self.equations = {name: each for name, each in self.equations.items() if self.unknown(each.terms)}

    def unknown(self, terms: Terms) -> Terms:
        return tuple(term for term in terms if term[0] not in self.known)

    def without(self, known: Iterable[int]) -> "Knowledge":
        """The same, where these counts cannot be read off, nor any figure."""
        sums = {name: each for name, each in self.equations.items() if not each.of_figure}
        return Knowledge(self.truth, self.known - set(known), sums, self.protected)

    def value(self, terms: Terms) -> float:
        return sum(weight * self.truth[count] for count, weight in terms)

    def _holds(self, equation: Equation) -> bool:
        slack = TOLERANCE * (1 + sum(abs(weight * self.truth[count]) for count, weight in equation.terms))
        return equation.low - slack <= self.value(equation.terms) <= equation.high + slack


def as_terms(weights: Mapping[int, float]) -> Terms:
    return tuple(sorted((count, float(weight)) for count, weight in weights.items() if weight))


@dataclass(frozen=True)
class Part:
    """Unknown counts that hang together, with the equations among them."""

    counts: tuple[int, ...]
    equations: tuple[Equation, ...]


class Parts:
    """The unknown counts, divided into parts that know nothing of each other."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge, self._leader = knowledge, np.arange(len(knowledge.truth))
        open_equations = [each for each in knowledge.equations.values() if knowledge.unknown(each.terms)]
        for equation in open_equations:
            first, *others = (count for count, _ in knowledge.unknown(equation.terms))
            for other in others:
                self._leader[self._find(other)] = self._find(first)
        self._equations: dict[int, list[Equation]] = {}
        for equation in open_equations:
            self._equations.setdefault(self._find(knowledge.unknown(equation.terms)[0][0]), []).append(equation)
        self._members: dict[int, list[int]] = {}
        for count in range(len(knowledge.truth)):
            if count not in knowledge.known and self._find(count) in self._equations:
                self._members.setdefault(self._find(count), []).append(count)

    def of(self, terms: Terms) -> frozenset[int]:
        """The parts that the unknown counts of `terms` belong to; none for counts that no equation is about."""
        found = (self._find(count) for count, _ in self._knowledge.unknown(terms))
        return frozenset(leader for leader in found if leader in self._equations)

    def part(self, leaders: Iterable[int], also: Terms = ()) -> Part:
        """The named parts as one, together with further counts that no equation is about."""
        named = sorted(leaders)
        members = {count for leader in named for count in self._members[leader]}
        loose = {count for count, _ in self._knowledge.unknown(also)}
        return Part(tuple(sorted(members | loose)), tuple(self._of_all(named)))

    def labels(self, counts: Iterable[int]) -> np.ndarray:
        """Of each count the part that it belongs to."""
        return np.array([self._find(count) for count in counts])

    def _of_all(self, leaders: list[int]) -> Iterator[Equation]:
        for leader in leaders:
            yield from self._equations[leader]

    def _find(self, count: int) -> int:
        while self._leader[count] != count:
            self._leader[count] = self._leader[self._leader[count]]
            count = int(self._leader[count])
        return count
