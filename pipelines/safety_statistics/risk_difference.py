"""The difference between two independent proportions, such as the responder shares of two arms."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from safety_statistics.rates import Interval, where_valid, wilson


def risk_difference_interval(
    successes: ArrayLike,
    trials: ArrayLike,
    other_successes: ArrayLike,
    other_trials: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Interval of the first proportion minus the other, between -1 and 1, from the score intervals of both.

    Source: Newcombe 1998, Stat Med 17:873, method 10. Total like the functions of `rates`.
    """
    first, other = _share(successes, trials), _share(other_successes, other_trials)
    low, high = wilson(successes, trials, confidence)
    other_low, other_high = wilson(other_successes, other_trials, confidence)
    difference = first - other
    below, above = np.hypot(first - low, other_high - other), np.hypot(high - first, other - other_low)
    return where_valid(np.isfinite(below + above), difference - below, difference + above)


def _share(successes: ArrayLike, trials: ArrayLike) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(successes, dtype=np.float64) / np.asarray(trials, dtype=np.float64)
