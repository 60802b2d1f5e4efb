"""Care in a network, in the shape of the core: one row a session, with its clinic, practitioner, patient and events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulated_network.random_streams import stream

# Visits of a patient: one, and as many again as a Poisson count of this mean.
FURTHER_SESSIONS = 7.0
# Now and then a colleague of the same clinic, always the same one, stands in for the patient's own practitioner.
STANDS_IN = 0.2
# How unequally patients choose practitioners: weights from a gamma distribution of this shape.
CASELOAD_SHAPE = 2.0


@dataclass(frozen=True)
class Network:
    """`events_per_session`: the mean over all care. `*_frailty`: variance of the factor, gamma-distributed with mean 1,
    by which one clinic, practitioner or patient has or reports more; 0 when all are alike.
    """

    says: str
    events_per_session: float = 0.08
    clinics: int = 12
    practitioners_per_clinic: int = 3
    patients: int = 600
    clinic_frailty: float = 0.0
    practitioner_frailty: float = 0.0
    patient_frailty: float = 0.0


class Sessions(NamedTuple):
    """Columns of equal length; `replication` counts the seeds from 0, all other numbers count within it."""

    replication: NDArray[np.int64]
    clinic: NDArray[np.int64]
    practitioner: NDArray[np.int64]
    patient: NDArray[np.int64]
    events: NDArray[np.int64]


def draw_sessions(network: Network, seeds: Iterable[int]) -> Sessions:
    """The sessions of one network for each seed; a seed gives the same whichever others are asked for."""
    replications = [_replication(network, number, seed) for number, seed in enumerate(seeds)]
    return Sessions(*(np.concatenate(column) for column in zip(*replications, strict=True)))


def _replication(network: Network, number: int, seed: int) -> Sessions:
    random = stream(seed, network.says)
    own, colleague = _choices(network, random)
    visits = 1 + random.poisson(FURTHER_SESSIONS, network.patients)
    patient = np.repeat(np.arange(network.patients), visits)
    practitioner = np.where(random.random(len(patient)) < STANDS_IN, colleague[patient], own[patient])
    clinic = practitioner // network.practitioners_per_clinic
    of_clinic = _frailty(random, network.clinic_frailty, network.clinics)[clinic]
    practitioners = network.clinics * network.practitioners_per_clinic
    of_practitioner = _frailty(random, network.practitioner_frailty, practitioners)[practitioner]
    of_patient = _frailty(random, network.patient_frailty, network.patients)[patient]
    events = random.poisson(network.events_per_session * of_clinic * of_practitioner * of_patient)
    return Sessions(np.full(len(patient), number), clinic, practitioner, patient, events)


def _choices(network: Network, random: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each patient's own practitioner, and the colleague who stands in."""
    team = network.practitioners_per_clinic
    weights = random.gamma(CASELOAD_SHAPE, size=network.clinics * team)
    own = random.choice(len(weights), network.patients, p=weights / weights.sum())
    step = random.integers(1, team, network.patients)
    return own, own // team * team + (own % team + step) % team


def _frailty(random: np.random.Generator, variance: float, count: int) -> NDArray[np.float64]:
    return random.gamma(1 / variance, variance, count) if variance else np.ones(count)
