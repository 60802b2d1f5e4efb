"""What the marts would say of one cohort's outcomes: estimate and interval, by the functions behind the SQL."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safety_statistics.cluster_robust import clustered_mean, clustered_share
from safety_statistics.cluster_sums import ClusterSums, cluster_sums
from safety_statistics.covariance_analysis import adjusted_difference
from safety_statistics.rates import clopper_pearson
from safety_statistics.risk_difference import risk_difference_interval
from simulated_network.coverage_study.estimates import Estimates
from simulated_network.coverage_study.trial import RESPONSE, Patients


def mean_change_clustered(patients: Patients) -> Estimates:
    sums = _sums(patients, patients.change)
    return Estimates(sums.events / sums.trials, *clustered_mean(*sums), patients.change.mean(axis=1))


def responder_share_exact(patients: Patients) -> Estimates:
    """Of the completers."""
    hits, trials = (_responded(patients) & patients.completed).sum(axis=1), patients.completed.sum(axis=1)
    return Estimates(hits / trials, *clopper_pearson(hits, trials), _of_all(patients))


def responder_share_clustered(patients: Patients) -> Estimates:
    sums = _sums(patients, _responded(patients))
    return Estimates(sums.events / sums.trials, *clustered_share(*sums))


def responder_share_over_all(patients: Patients) -> Estimates:
    """Over all with a baseline: who dropped out has not responded. It is the worst case, too."""
    hits, trials = (_responded(patients) & patients.completed).sum(axis=1), patients.completed.shape[1]
    return Estimates(hits / trials, *clopper_pearson(hits, trials), _of_all(patients))


def responder_share_bounds(patients: Patients) -> Estimates:
    """From the lower limit when nobody who dropped out has responded to the upper one when all have."""
    hits, trials = (_responded(patients) & patients.completed).sum(axis=1), patients.completed.shape[1]
    low, _ = clopper_pearson(hits, trials)
    _, high = clopper_pearson(hits + (~patients.completed).sum(axis=1), trials)
    return Estimates(np.full(len(hits), np.nan), low, high, _of_all(patients))


def responder_share_clustered_bounds(patients: Patients) -> Estimates:
    """The same bounds by practitioner and patient."""
    everybody = patients._replace(completed=np.ones_like(patients.completed))
    worst = _sums(everybody, _responded(patients) & patients.completed)
    best = _sums(everybody, _responded(patients) | ~patients.completed)
    low, high = clustered_share(*worst)[0], clustered_share(*best)[1]
    return Estimates(np.full(len(low), np.nan), low, high, _of_all(patients))


def arm_difference_adjusted(patients: Patients) -> Estimates:
    """Analysis of covariance of the score after, adjusted for the baseline, among completers."""
    return Estimates(*np.array([_adjusted(*arrays) for arrays in zip(*patients, strict=True)]).T)


def responder_difference_newcombe(patients: Patients) -> Estimates:
    arms = [patients.reference_arm & patients.completed, ~patients.reference_arm & patients.completed]
    hits, trials = (np.array([(_responded(patients) & arm).sum(axis=1) for arm in arms]), np.array(arms).sum(axis=2))
    share = hits / trials
    return Estimates(share[0] - share[1], *risk_difference_interval(hits[0], trials[0], hits[1], trials[1]))


def _responded(patients: Patients) -> NDArray[np.bool_]:
    return patients.change <= RESPONSE


def _of_all(patients: Patients) -> NDArray[np.float64]:
    return _responded(patients).mean(axis=1)


def _sums(patients: Patients, quantity: NDArray) -> ClusterSums:
    """Of the completers: a row a patient, who has one practitioner."""
    replication, person = np.nonzero(patients.completed)
    practitioner, value = patients.practitioner[patients.completed], quantity[patients.completed]
    return cluster_sums(replication, practitioner, person, value, np.ones(len(person)))


def _adjusted(
    _practitioner: NDArray, reference: NDArray, baseline: NDArray, change: NDArray, completed: NDArray
) -> tuple[float, float, float]:
    after, numbers = (baseline + change)[completed], {"baseline": baseline[completed]}
    found = adjusted_difference(after, reference[completed], numbers, {})
    return (found.difference, found.low, found.high) if found else (np.nan, np.nan, np.nan)
