"""The few counts around a protected one: what is wide while all others stay as they are, is wide."""

from collections import defaultdict
from collections.abc import Iterable

from disclosure_control.knowledge import Equation, Knowledge, Part, Terms

# So many counts are moved at most: a program over them is solved at once, however long the history is.
_MOST = 150


class Neighbourhoods:
    """Which equations each unknown count stands in."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._unknown: dict[int, Terms] = {}
        self._equations: list[Equation] = []
        self._of: dict[int, list[int]] = defaultdict(list)
        for equation in knowledge.equations.values():
            if terms := knowledge.unknown(equation.terms):
                self._unknown[len(self._equations)] = terms
                for count, _ in terms:
                    self._of[count].append(len(self._equations))
                self._equations.append(equation)

    def around(self, terms: Terms) -> Part:
        """The unknown counts of `terms`, and those that stand with them in the shortest equations, up to so many."""
        near = {count for count, _ in self._knowledge.unknown(terms)}
        begun: set[int] = set()
        while short := sorted(self._touching(near) - begun, key=lambda number: (len(self._unknown[number]), number)):
            begun |= set(short)
            before = len(near)
            for number in short:
                more = {count for count, _ in self._unknown[number]}
                if len(near | more) <= _MOST:
                    near |= more
            if len(near) == before:
                break
        held = (self._equations[number] for number in sorted(self._touching(near)))
        return Part(tuple(sorted(near)), tuple(held))

    def _touching(self, counts: Iterable[int]) -> set[int]:
        return {number for count in counts for number in self._of.get(count, ())}
