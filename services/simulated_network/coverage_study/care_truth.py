"""What is true of all care in a network: the values that an endless run of seeds would give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from simulated_network.coverage_study.care import FURTHER_SESSIONS, STANDS_IN, Network

_NODES = 40
_MOST_SESSIONS = 40


def events_per_session(network: Network) -> float:
    """Every factor has mean 1 and none depends on how much care is given: the rate itself."""
    return network.events_per_session


def share_of_sessions_with_event(network: Network) -> float:
    """1 - E[exp(-rate x factors)]."""
    return 1 - _nobody_reports(network, np.array([1.0]), np.array([0.0]))[0]


def share_of_patients_with_event(network: Network) -> float:
    """The same over all sessions of a patient, of whom the own practitioner gave some and a colleague the others."""
    # All ways to divide up to so many sessions between the two, each with its probability.
    own, stood_in = np.indices((_MOST_SESSIONS, _MOST_SESSIONS), dtype=np.float64).reshape(2, -1)
    sessions = own + stood_in
    weight = stats.poisson.pmf(sessions - 1, FURTHER_SESSIONS) * stats.binom.pmf(stood_in, sessions, STANDS_IN)
    return 1 - float(np.sum(weight * _nobody_reports(network, own, stood_in)) / weight.sum())


def _nobody_reports(network: Network, own: NDArray[np.float64], stood_in: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(no event in `own` + `stood_in` sessions of one patient), by Gauss-Laguerre quadrature over patient and clinic;
    the two practitioners are integrated in closed form: E[exp(-x f)] = (1 + v x)^(-1/v) for a gamma factor f."""
    none = np.zeros(len(own))
    for patient, patient_weight in _nodes(network.patient_frailty):
        for clinic, clinic_weight in _nodes(network.clinic_frailty):
            rate = network.events_per_session * patient * clinic
            given = [_laplace(rate * sessions, network.practitioner_frailty) for sessions in (own, stood_in)]
            none += patient_weight * clinic_weight * given[0] * given[1]
    return none


def _laplace(exponent: NDArray[np.float64], variance: float) -> NDArray[np.float64]:
    return np.exp(-np.log1p(variance * exponent) / variance) if variance else np.exp(-exponent)


def _nodes(variance: float) -> list[tuple[float, float]]:
    """Points and weights that stand for a gamma factor of mean 1."""
    if not variance:
        return [(1.0, 1.0)]
    points, weights = special.roots_genlaguerre(_NODES, 1 / variance - 1)
    return list(zip(points * variance, weights / weights.sum(), strict=True))
