"""Linear and integer programs over the counts of one part, solved by HiGHS (scipy)."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from disclosure_control.knowledge import TOLERANCE, Knowledge, Part, Terms

# A count is taken to be no more than this above its true value: it keeps every program bounded, and is far beyond what
# has to be shown of a hidden cell.
_FAR = 10_000.0
# Whole counts are looked for near the truth: a small tree has fewer branches.
_NEAR = 50.0
_SECONDS = 20.0


class PartProgram:
    """The feasible values of a part's counts, as deviations from the truth: all zero is always feasible."""

    def __init__(self, knowledge: Knowledge, part: Part) -> None:
        self.place = {count: place for place, count in enumerate(part.counts)}
        self.truth = np.array([knowledge.truth[count] for count in part.counts])
        self.matrix = self.directions([each.terms for each in part.equations])
        values = np.array([knowledge.value(each.terms) for each in part.equations])
        self.low = np.array([each.low for each in part.equations]) - values
        self.high = np.array([each.high for each in part.equations]) - values
        # The truth is feasible; what arithmetic took from that is given back.
        self.low, self.high = np.minimum(self.low, 0.0), np.maximum(self.high, 0.0)
        self.is_whole = bool(np.all(self.truth == np.round(self.truth)))

    def direction(self, terms: Terms) -> np.ndarray:
        return self.directions([terms]).toarray()[0]

    def directions(self, rows: list[Terms]) -> csr_array:
        """The weight of each count in each of the rows."""
        entries = [
            (row, self.place[count], weight)
            for row, terms in enumerate(rows)
            for count, weight in terms
            if count in self.place
        ]
        numbers, places, weights = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((weights, (numbers, places)), shape=(len(rows), len(self.place)))

    def furthest(self, weights: np.ndarray) -> np.ndarray:
        """The feasible deviations for which their weighted sum is largest."""
        limits = (-self.truth, np.full(len(weights), _FAR))
        found = _solved(-weights, limits, [(self.matrix, self.low, self.high)])
        return np.zeros(len(weights)) if found is None else found[1]

    def furthest_whole(self, weights: np.ndarray, enough: float) -> np.ndarray:
        """The same among whole counts, and no further than `enough`: then the first that gets there will do."""
        limits = (-np.minimum(self.truth, _NEAR), np.full(len(weights), _NEAR))
        no_further = (csr_array(weights[None, :]), np.array([-np.inf]), np.array([enough]))
        found = _solved(-weights, limits, [(self.matrix, self.low, self.high), no_further], self.is_whole)
        return np.zeros(len(weights)) if found is None else found[1]

    def cheapest(self, target: np.ndarray, distance: float, costs: np.ndarray) -> tuple[float, np.ndarray] | None:
        """The cheapest deviations that move `target` by `distance`, and their cost; None where there are none.

        Every deviation costs its amount times `costs`. Source: Kelly, Golden and Assad 1992, Networks 22:397.
        """
        counts = len(self.place)
        limits = (np.zeros(2 * counts), np.concatenate([np.full(counts, _FAR), self.truth]))
        moves = csr_array(np.concatenate([target, -target])[None, :])
        far_enough = (moves, np.array([distance]), np.array([np.inf]))
        both_ways = (csr_array(hstack([self.matrix, -self.matrix])), self.low, self.high)
        found = _solved(np.concatenate([costs, costs]), limits, [far_enough, both_ways])
        return None if found is None else (found[0], found[1][:counts] - found[1][counts:])

    def is_exact(self, deviations: np.ndarray) -> bool:
        """Whether the deviations lead to counts that are whole, as the true ones are."""
        return not self.is_whole or bool(np.all(np.abs(deviations - np.round(deviations)) < TOLERANCE))


def _solved(
    costs: np.ndarray,
    limits: tuple[np.ndarray, np.ndarray],
    rows: list[tuple[csr_array, np.ndarray, np.ndarray]],
    whole: bool = False,
) -> tuple[float, np.ndarray] | None:
    """The least cost and where it is reached; None when there is no solution, or none in time."""
    found = milp(
        costs,
        integrality=np.full(len(costs), int(whole)),
        bounds=Bounds(*limits),  # pyright: ignore[reportArgumentType]
        constraints=[LinearConstraint(*each) for each in rows if each[0].shape[0]],  # pyright: ignore
        options={"time_limit": _SECONDS},
    )
    return None if found.x is None else (float(found.fun), np.asarray(found.x))
