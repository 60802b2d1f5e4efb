"""The difference between two arms of a study, adjusted for how patients were at baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import OLS

from safety_statistics.rates import Floats

FEWEST_PER_ARM = 5
FEWEST_DEGREES_OF_FREEDOM = 5


@dataclass(frozen=True)
class AdjustedDifference:
    """Mean of the reference arm minus mean of the other, on the outcome's own scale, with its interval."""

    patients: int
    difference: float
    low: float
    high: float


def adjusted_difference(
    outcome: ArrayLike,
    in_reference_arm: ArrayLike,
    numbers: Mapping[str, ArrayLike],
    categories: Mapping[str, ArrayLike],
    confidence: float = 0.95,
) -> AdjustedDifference | None:
    """Analysis of covariance by ordinary least squares; None where there are too few patients to fit it.

    `outcome`, `in_reference_arm` and each covariate: one entry a patient; a missing number is NaN, and a missing
    category is a category of its own. A covariate that does not vary, or that nobody recorded, is left out; a missing
    number becomes the mean. In a randomised comparison that keeps every patient and does not bias the difference
    (White and Thompson 2005, Stat Med 24:993).
    """
    values, reference = np.asarray(outcome, dtype=np.float64), np.asarray(in_reference_arm, dtype=np.float64)
    if min(reference.sum(), (1 - reference).sum()) < FEWEST_PER_ARM:
        return None
    columns = [np.ones(len(values)), *filter(_varies, map(_centred, numbers.values()))]
    columns += [column for name in categories.values() for column in _indicators(name)]
    covariates = _independent(columns)
    design = np.column_stack([reference, *covariates])
    # An arm that the covariates tell exactly (every control a man, every other a woman) cannot be told from them.
    if np.linalg.matrix_rank(design) == len(covariates) or len(values) - design.shape[1] < FEWEST_DEGREES_OF_FREEDOM:
        return None
    fit = OLS(values, design).fit()
    low, high = np.asarray(fit.conf_int(alpha=1 - confidence))[0]
    return AdjustedDifference(len(values), float(np.asarray(fit.params)[0]), float(low), float(high))


def _centred(numbers: ArrayLike) -> Floats:
    """Missing numbers become the mean, 0; all 0 where none is recorded."""
    values = np.asarray(numbers, dtype=np.float64)
    recorded = values[np.isfinite(values)]
    return np.where(np.isfinite(values), values - recorded.mean(), 0.0) if len(recorded) else np.zeros(len(values))


def _varies(column: Floats) -> bool:
    return bool(np.ptp(column) > 0)


def _indicators(categories: ArrayLike) -> list[Floats]:
    values = np.asarray(categories, dtype=str)
    return [(values == level).astype(np.float64) for level in np.unique(values)[1:]]


def _independent(columns: list[Floats]) -> list[Floats]:
    """The columns that say something that those before them do not."""
    kept: list[Floats] = []
    for column in columns:
        if np.linalg.matrix_rank(np.column_stack([*kept, column])) > len(kept):
            kept.append(column)
    return kept
