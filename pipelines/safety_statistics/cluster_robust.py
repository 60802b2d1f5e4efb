"""Intervals of rates, shares and means when the sessions of one practitioner, or of one patient, resemble each other.

An exact interval knows the counting error only: it takes every session for a stranger to every other. Here the
variance is estimated from how far the clusters lie from the whole. What was chosen, and why (docs/coverage.md shows
what it comes to):

- Variance of the ratio R of two sums, by one clustering of G clusters: the jackknife, (G - 1) / G times the sum of
  (R without cluster g - R)^2. With few or unequal clusters it is less too small than the others (Bell and McCaffrey
  2002, Surv Methodol 28:169; MacKinnon, Nielsen and Webb 2024, arXiv:2406.08880).
- Two clusterings: practitioner + patient - pairs (Cameron, Gelbach and Miller 2011, J Bus Econ Stat 29:238), and never
  less than the larger of the first two, because the subtraction can leave too little or less than nothing (as
  MacKinnon, Nielsen and Webb advise). Where nothing clusters that is a little too wide.
- Rates and shares: the exact interval of the counts that would be worth as much if all trials were strangers: both are
  divided by the design effect, the variance over that of independent trials, times the square of t over z, with
  (effective clusters - 1) degrees of freedom, at least 1 (Korn and Graubard 1998, Surv Methodol 24:193, as US health
  statistics do; Fay and Feuer 1997, Stat Med 16:791). No limit is impossible, and few events are not trusted too much.
- Clusters can only make an interval wider: a design effect under 1 counts as 1, which is the exact interval.
- No event tells nothing of how events cluster. The lower limit is 0, the upper one is where no event becomes
  improbable when rates vary between clusters like a gamma distribution of shape 1: m ((2/a)^(1/m) - 1) events in m
  effective clusters; 3.69 for many, 4.46 for ten, 11 for two. The shape is an assumption of ours, on the cautious side.
  All trials with an event are the mirror image.
- Fewer than two clusters, by either clustering, have no interval: NaN, and the exact one, named so, is what there is.

Every function takes the fields of `ClusterSums` as arrays that broadcast, and is total like those of `rates`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from safety_statistics.rates import Floats, Interval, clopper_pearson, poisson_interval, tail_of, where_valid

# Below this two clusters are one with a rounding error beside it.
FEWEST_EFFECTIVE_CLUSTERS = 1 + 1e-9


def clustered_rate(
    events: ArrayLike,
    trials: ArrayLike,
    practitioner_squares: ArrayLike,
    patient_squares: ArrayLike,
    pair_squares: ArrayLike,
    effective_clusters: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Interval of events per trial, when a trial (a session, a needle) can have several events; at least 0."""
    squares, clusters = _squares(practitioner_squares, patient_squares, pair_squares), _clusters(effective_clusters)
    count, total = np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    with np.errstate(all="ignore"):
        effect = _design_effect(squares, count, clusters, confidence)
        low, high = poisson_interval(count / effect, confidence)
        high = np.where(count == 0, _when_none(clusters, confidence), high * effect)
        return _valid((count >= 0) & (total > 0), low * effect / total, high / total)


def clustered_share(
    events: ArrayLike,
    trials: ArrayLike,
    practitioner_squares: ArrayLike,
    patient_squares: ArrayLike,
    pair_squares: ArrayLike,
    effective_clusters: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Interval of the share of trials (sessions, patients) with an event, between 0 and 1."""
    squares, clusters = _squares(practitioner_squares, patient_squares, pair_squares), _clusters(effective_clusters)
    count, total = np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    with np.errstate(all="ignore"):
        effect = _design_effect(squares, count * (1 - count / total), clusters, confidence)
        low, high = clopper_pearson(count / effect, total / effect, confidence)
        few = np.minimum(_when_none(clusters, confidence) / total, 1)
        low, high = np.where(count == total, 1 - few, low), np.where(count == 0, few, high)
        return _valid((count >= 0) & (count <= total) & (total > 0), low, high)


def clustered_mean(
    scores: ArrayLike,
    trials: ArrayLike,
    practitioner_squares: ArrayLike,
    patient_squares: ArrayLike,
    pair_squares: ArrayLike,
    effective_clusters: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Interval of a mean, sum of scores over number of them, on the scale of the score; it may be negative."""
    squares, clusters = _squares(practitioner_squares, patient_squares, pair_squares), _clusters(effective_clusters)
    total = np.asarray(trials, dtype=np.float64)
    with np.errstate(all="ignore"):
        mean, reach = np.asarray(scores, dtype=np.float64) / total, _t(clusters, confidence) * np.sqrt(squares) / total
        return _valid(total > 0, mean - reach, mean + reach)


def _squares(practitioners: ArrayLike, patients: ArrayLike, pairs: ArrayLike) -> Floats:
    """Variance of the ratio times the squared number of trials."""
    doctors, people, both = (np.asarray(sums, dtype=np.float64) for sums in (practitioners, patients, pairs))
    with np.errstate(invalid="ignore", over="ignore"):
        return np.maximum(doctors + people - both, np.maximum(doctors, people))


def _clusters(effective: ArrayLike) -> Floats:
    """NaN where there is but one."""
    clusters = np.asarray(effective, dtype=np.float64)
    return np.where(clusters > FEWEST_EFFECTIVE_CLUSTERS, clusters, np.nan)


def _design_effect(squares: Floats, independent: Floats, clusters: Floats, confidence: ArrayLike) -> Floats:
    """At least 1; 1 where no event, or nothing but events, leaves nothing to estimate it from.

    `independent`: what the squares would be if every trial were a stranger to the others.
    """
    z = stats.norm.isf(tail_of(confidence))
    estimated = np.where(independent > 0, squares / independent, squares * 0) * (_t(clusters, confidence) / z) ** 2
    return np.maximum(estimated, 1)


def _t(clusters: Floats, confidence: ArrayLike) -> Floats:
    return stats.t.isf(tail_of(confidence), np.maximum(clusters - 1, 1))


def _when_none(clusters: Floats, confidence: ArrayLike) -> Floats:
    """Upper limit of the expected events when there was none."""
    return clusters * np.expm1(-np.log(tail_of(confidence)) / clusters)


def _valid(possible: np.ndarray, low: Floats, high: Floats) -> Interval:
    return where_valid(possible & np.isfinite(low + high), low, high)
