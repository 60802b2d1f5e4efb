"""What the marts would say of one network's sessions: estimate and interval, by the functions behind the SQL."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safety_statistics.cluster_robust import clustered_rate, clustered_share
from safety_statistics.cluster_sums import ClusterSums, cluster_sums
from safety_statistics.rates import Floats, clopper_pearson, poisson_interval
from simulated_network.coverage_study.care import Sessions
from simulated_network.coverage_study.estimates import Estimates


def event_rate_exact(sessions: Sessions) -> Estimates:
    events, trials = _counted(sessions, sessions.events)
    low, high = poisson_interval(events)
    return Estimates(events / trials, low / trials, high / trials)


def event_rate_clustered(sessions: Sessions) -> Estimates:
    return _rate(_sums(sessions, sessions.events))


def event_rate_clustered_by_clinic(sessions: Sessions) -> Estimates:
    return event_rate_clustered(sessions._replace(practitioner=sessions.clinic))


def sessions_with_event_exact(sessions: Sessions) -> Estimates:
    events, trials = _counted(sessions, sessions.events > 0)
    return Estimates(events / trials, *clopper_pearson(events, trials))


def sessions_with_event_clustered(sessions: Sessions) -> Estimates:
    return _share(_sums(sessions, sessions.events > 0))


def patients_with_event_exact(sessions: Sessions) -> Estimates:
    replication, _, _, had_event = _patients(sessions)
    events, trials = np.bincount(replication, had_event), np.bincount(replication)
    return Estimates(events / trials, *clopper_pearson(events, trials))


def patients_with_event_clustered(sessions: Sessions) -> Estimates:
    replication, practitioner, patient, had_event = _patients(sessions)
    return _share(cluster_sums(replication, practitioner, patient, had_event, np.ones(len(patient))))


def patients_with_event_clustered_by_clinic(sessions: Sessions) -> Estimates:
    return patients_with_event_clustered(sessions._replace(practitioner=sessions.clinic))


def _rate(sums: ClusterSums) -> Estimates:
    return Estimates(sums.events / sums.trials, *clustered_rate(*sums))


def _share(sums: ClusterSums) -> Estimates:
    return Estimates(sums.events / sums.trials, *clustered_share(*sums))


def _counted(sessions: Sessions, events: NDArray) -> tuple[Floats, Floats]:
    trials = np.bincount(sessions.replication)
    return np.bincount(sessions.replication, events).astype(np.float64), trials.astype(np.float64)


def _sums(sessions: Sessions, events: NDArray) -> ClusterSums:
    return cluster_sums(sessions.replication, sessions.practitioner, sessions.patient, events, np.ones(len(events)))


def _patients(sessions: Sessions) -> tuple[NDArray, ...]:
    """A row a patient: replication, practitioner of most sessions, patient, whether there was an event."""
    people = sessions.patient.max() + 1
    person, first = np.unique(sessions.replication * people + sessions.patient, return_inverse=True)
    doctors = sessions.practitioner.max() + 1
    seen = np.zeros((len(person), doctors), dtype=np.int64)
    np.add.at(seen, (first, sessions.practitioner), 1)
    had_event = np.bincount(first, sessions.events) > 0
    return person // people, seen.argmax(axis=1), person % people, had_event
