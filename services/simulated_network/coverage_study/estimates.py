"""What one method says of each seed, and how that compares with the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from safety_statistics.rates import Floats

NOMINAL = 0.95
# With 1,000 seeds an interval that holds 95 % lies within these in all but about 1 of 30 runs.
LOWEST, HIGHEST = 0.935, 0.965


class Estimates(NamedTuple):
    """One entry a seed. `oracle`: the estimate of somebody who misses no outcome, where it is another.

    An interval that bounds what cannot be known has no estimate: NaN.
    """

    estimate: Floats
    low: Floats
    high: Floats
    oracle: Floats | None = None


@dataclass(frozen=True)
class Coverage:
    """`coverage`: share of the intervals that hold the truth; one that is not given does not. `bias`: mean estimate
    minus truth. `width`: mean, and `relative_width`: over that of an oracle, who knows the true variance and gives the
    estimate +- 1.96 standard deviations, as they are over all seeds.
    """

    coverage: float
    bias: float | None
    width: float
    relative_width: float

    @property
    def verdict(self) -> str:
        if self.coverage < LOWEST:
            return "fails"
        return "conservative" if self.coverage > HIGHEST else "holds"


def coverage_of(estimates: Estimates, truth: float) -> Coverage:
    """Over all seeds, at least two."""
    estimate, low, high = (np.asarray(column, dtype=np.float64) for column in estimates[:3])
    known = estimate if estimates.oracle is None else estimates.oracle
    held, width = (low <= truth) & (truth <= high), float(np.nanmean(high - low))
    bias = float(np.mean(estimate) - truth)
    oracle_width = float(2 * stats.norm.isf((1 - NOMINAL) / 2) * np.std(known, ddof=1))
    return Coverage(float(held.mean()), bias if np.isfinite(bias) else None, width, width / oracle_width)
