"""Exact and score intervals for counts and proportions.

All functions take numbers or arrays that broadcast, and return a pair of arrays (low, high). What cannot be a count
(negative, not finite, more successes than trials, no trials) gives NaN: an interval is never made up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]


def poisson_interval(events: ArrayLike, confidence: ArrayLike = 0.95) -> Interval:
    """Exact interval of a Poisson mean, in events.

    Source: Garwood 1936, Biometrika 28:437: chi2(a/2; 2x)/2 and chi2(1-a/2; 2x+2)/2, the lower limit 0 for x = 0.
    """
    count, tail = _counts(events), tail_of(confidence)
    with np.errstate(invalid="ignore"):
        low = np.where(count == 0, 0.0, special.gammaincinv(np.maximum(count, 1e-300), tail))
        high = special.gammainccinv(count + 1, tail)
    return where_valid(np.isfinite(count + tail), low, high)


def clopper_pearson(successes: ArrayLike, trials: ArrayLike, confidence: ArrayLike = 0.95) -> Interval:
    """Exact interval of a proportion, between 0 and 1. Source: Clopper and Pearson 1934, Biometrika 26:404."""
    hits, total, tail = np.broadcast_arrays(_counts(successes), _counts(trials), tail_of(confidence))
    with np.errstate(invalid="ignore"):
        low = np.where(hits == 0, 0.0, stats.beta.ppf(tail, hits, total - hits + 1))
        high = np.where(hits == total, 1.0, stats.beta.ppf(1 - tail, hits + 1, total - hits))
    return where_valid(_possible(hits, total, tail), low, high)


def wilson(successes: ArrayLike, trials: ArrayLike, confidence: ArrayLike = 0.95) -> Interval:
    """Score interval of a proportion, between 0 and 1. Source: Wilson 1927; Newcombe 1998, Stat Med 17:857."""
    hits, total, tail = np.broadcast_arrays(_counts(successes), _counts(trials), tail_of(confidence))
    z = stats.norm.isf(tail)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = hits + z**2 / 2
        half = z * np.sqrt(hits * (total - hits) / total + z**2 / 4)
        low, high = (middle - half) / (total + z**2), (middle + half) / (total + z**2)
    return where_valid(_possible(hits, total, tail), np.clip(low, 0, 1), np.clip(high, 0, 1))


def _counts(values: ArrayLike) -> Floats:
    count = np.asarray(values, dtype=np.float64)
    return np.where(np.isfinite(count) & (count >= 0), count, np.nan)


def tail_of(confidence: ArrayLike) -> Floats:
    """The probability left out on each side; NaN unless 0 < confidence < 1."""
    level = np.asarray(confidence, dtype=np.float64)
    return np.where((level > 0) & (level < 1), (1 - level) / 2, np.nan)


def _possible(hits: Floats, total: Floats, tail: Floats) -> NDArray[np.bool_]:
    return np.isfinite(hits) & np.isfinite(total) & np.isfinite(tail) & (total > 0) & (hits <= total)


def where_valid(valid: NDArray[np.bool_], low: Floats, high: Floats) -> Interval:
    """The interval, NaN where it is not valid."""
    return np.where(valid, low, np.nan), np.where(valid, high, np.nan)
