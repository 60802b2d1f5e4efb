"""What a cluster-robust interval needs to know of a stratum, summed over its practitioners, patients and their pairs.

The macro `clustered_squares` of dbt computes the same in SQL.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from safety_statistics.rates import Floats

Integers = NDArray[np.int64]


class ClusterSums(NamedTuple):
    """One entry a stratum in each array; in the order of the arguments of the intervals in `cluster_robust`.

    `*_squares`: the jackknife variance of R = events / trials, times trials^2: (G - 1) / G times the sum over the G
    clusters g of ((events_g - R trials_g) / (1 - trials_g / trials))^2.
    `effective_clusters`: the smaller of trials^2 / sum(trials_g^2) over practitioners and over patients; as many equal
    clusters would be worth as much (Kish 1965; Carter, Schnepel and Steigerwald 2017, Rev Econ Stat 99:698).
    """

    events: Floats
    trials: Floats
    practitioner_squares: Floats
    patient_squares: Floats
    pair_squares: Floats
    effective_clusters: Floats


def cluster_sums(
    stratum: ArrayLike, practitioner: ArrayLike, patient: ArrayLike, events: ArrayLike, trials: ArrayLike
) -> ClusterSums:
    """The sums of each stratum, 0 to the largest number in `stratum`; one entry a row in every argument.

    `practitioner` and `patient` are numbers from 0; a stratum without trials gets no interval. `events` may be any
    quantity whose sum is divided by the sum of `trials`: scores give a mean.
    """
    strata, doctor, person = (np.asarray(column, dtype=np.int64) for column in (stratum, practitioner, patient))
    counted, tried = np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    rows = _Rows(strata, counted, tried, _sums(strata, counted), _sums(strata, tried))
    doctors, people = _of_clustering(rows, doctor), _of_clustering(rows, person)
    pairs = _of_clustering(rows, doctor * (person.max(initial=0) + 1) + person)
    effective = np.minimum(doctors.effective, people.effective)
    return ClusterSums(rows.events, rows.trials, doctors.squares, people.squares, pairs.squares, effective)


class _Rows(NamedTuple):
    """`stratum`, `counted`, `tried` by row; `events`, `trials` by stratum."""

    stratum: Integers
    counted: Floats
    tried: Floats
    events: Floats
    trials: Floats


class _Clustering(NamedTuple):
    squares: Floats
    effective: Floats


def _of_clustering(rows: _Rows, cluster: Integers) -> _Clustering:
    named, number = np.unique(rows.stratum * (cluster.max(initial=0) + 1) + cluster, return_inverse=True)
    stratum = named // (cluster.max(initial=0) + 1)
    counted, tried = _sums(number, rows.counted), _sums(number, rows.tried)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = tried / rows.trials[stratum]
        shift = (counted - rows.events[stratum] * share) / (1 - share)
        # A cluster that is the whole stratum cannot be left out, and the stratum has no interval.
        squares = np.bincount(stratum, np.where(share < 1, shift, 0) ** 2, minlength=len(rows.trials))
        clusters = np.bincount(stratum, minlength=len(rows.trials))
        effective = rows.trials**2 / np.bincount(stratum, tried**2, minlength=len(rows.trials))
        return _Clustering(squares * (clusters - 1) / clusters, effective)


def _sums(group: Integers, values: Floats) -> Floats:
    return np.bincount(group, values).astype(np.float64)
