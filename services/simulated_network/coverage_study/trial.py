"""Patients with a score before and after, in the shape of the core: practitioner, arm, baseline, change, drop-out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from simulated_network.random_streams import stream

# A score from 0 to 100 on which low is better; a responder falls by 20 points or more.
BASELINE_MEAN, BASELINE_SD = 60.0, 15.0
MEAN_CHANGE, CHANGE_SD, REGRESSION_TO_THE_MEAN = -18.0, 16.0, 0.4
RESPONSE = -20.0


@dataclass(frozen=True)
class Cohort:
    """`effect`: what the reference arm adds to the change. `practitioner_sd`: of the change between practitioners.
    `one_arm_each`: every practitioner treats one arm only; else patients are randomised.

    Drop-out is logistic, with about `dropout` of the patients: by `by_baseline` and by `by_change` for each standard
    deviation of those, the latter for the reference arm and for the other.
    """

    says: str
    patients: int = 400
    practitioners: int = 36
    effect: float = 0.0
    practitioner_sd: float = 0.0
    dropout: float = 0.0
    by_baseline: float = 0.0
    by_change: tuple[float, float] = (0.0, 0.0)
    one_arm_each: bool = False


class Patients(NamedTuple):
    """Arrays of seeds x patients."""

    practitioner: NDArray[np.int64]
    reference_arm: NDArray[np.bool_]
    baseline: NDArray[np.float64]
    change: NDArray[np.float64]
    completed: NDArray[np.bool_]


def draw_patients(cohort: Cohort, seeds: Iterable[int]) -> Patients:
    """The patients of one cohort for each seed; the change is known of those, too, who dropped out."""
    return Patients(*(np.stack(column) for column in zip(*(_replication(cohort, seed) for seed in seeds), strict=True)))


def responder_share(cohort: Cohort) -> float:
    """Of all patients, whether they complete or not; for a cohort whose arms do not differ."""
    return float(stats.norm.cdf((RESPONSE - MEAN_CHANGE) / _spread(cohort)))


def responder_difference(cohort: Cohort) -> float:
    """Responder share of the reference arm minus the other's."""
    reference, other = stats.norm.cdf((RESPONSE - MEAN_CHANGE - np.array([cohort.effect, 0.0])) / _spread(cohort))
    return float(reference - other)


def _replication(cohort: Cohort, seed: int) -> Patients:
    random = stream(seed, cohort.says)
    count = cohort.patients
    practitioner = random.integers(0, cohort.practitioners, count)
    reference = (practitioner if cohort.one_arm_each else random.permutation(count)) % 2 == 0
    baseline = random.normal(BASELINE_MEAN, BASELINE_SD, count)
    of_practitioner = random.normal(0, 1, cohort.practitioners)[practitioner] * cohort.practitioner_sd
    expected = MEAN_CHANGE - REGRESSION_TO_THE_MEAN * (baseline - BASELINE_MEAN) + cohort.effect * reference
    change = expected + of_practitioner + random.normal(0, CHANGE_SD, count)
    completed = random.random(count) >= _dropout(cohort, reference, baseline, change)
    return Patients(practitioner, reference, baseline, change, completed)


def _dropout(
    cohort: Cohort, reference: NDArray[np.bool_], baseline: NDArray[np.float64], change: NDArray[np.float64]
) -> NDArray[np.float64]:
    by_change = np.where(reference, *cohort.by_change) * (change - MEAN_CHANGE) / _spread(cohort)
    by_baseline = cohort.by_baseline * (baseline - BASELINE_MEAN) / BASELINE_SD
    return special.expit(special.logit(cohort.dropout) + by_baseline + by_change)


def _spread(cohort: Cohort) -> float:
    """Standard deviation of the change between patients of one arm."""
    return float(np.sqrt(CHANGE_SD**2 + (REGRESSION_TO_THE_MEAN * BASELINE_SD) ** 2 + cohort.practitioner_sd**2))
