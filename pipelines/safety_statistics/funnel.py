"""Funnel plots of observed over expected counts, with limits that allow for the spread between clinics.

Source: Spiegelhalter 2005, Stat Med 24:1185 (exact limits, winsorised over-dispersion, additive random effects);
the logarithmic scale of the ratio as in the NHS summary hospital mortality indicator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from safety_statistics.rates import Floats, Interval

TRIMMED_TAIL = 0.10


@dataclass(frozen=True)
class Dispersion:
    """`phi`: mean squared z-score, 1 when chance explains all. `tau_squared`: variance between clinics, log scale."""

    phi: float
    tau_squared: float


def exact_limits(expected: ArrayLike, confidence: ArrayLike = 0.95) -> Interval:
    """Limits of observed/expected when only chance is at work: chi2(a/2; 2E)/2E and chi2(1-a/2; 2E+2)/2E."""
    mean = _positive(expected)
    tail = (1 - np.asarray(confidence, dtype=np.float64)) / 2
    return special.gammaincinv(mean, tail) / mean, special.gammainccinv(mean + 1, tail) / mean


def overdispersed_limits(expected: ArrayLike, tau_squared: ArrayLike, confidence: ArrayLike = 0.95) -> Interval:
    """Limits of observed/expected for one more clinic of the same kind: exp(-+ z sqrt(1/E + tau2))."""
    z = stats.norm.isf((1 - np.asarray(confidence, dtype=np.float64)) / 2)
    reach = z * np.sqrt(1 / _positive(expected) + np.maximum(np.asarray(tau_squared, dtype=np.float64), 0))
    return np.exp(-reach), np.exp(reach)


def z_scores(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """ln(O/E) sqrt(E). No event at all counts as half of one: the logarithm of 0 would outweigh every clinic."""
    count, mean = np.asarray(observed, dtype=np.float64), _positive(expected)
    return np.log(np.maximum(count, 0.5) / mean) * np.sqrt(mean)


def winsorised(scores: ArrayLike, tail: float = TRIMMED_TAIL) -> Floats:
    """The scores with the outermost pulled in to the quantiles `tail` and 1 - `tail`, so no outlier hides itself."""
    values = np.asarray(scores, dtype=np.float64)
    return np.clip(values, *np.quantile(values, [tail, 1 - tail]))


def dispersion(observed: ArrayLike, expected: ArrayLike) -> Dispersion:
    """How much clinics differ beyond chance (DerSimonian-Laird on winsorised z). NaN for fewer than two clinics.

    Takes two arrays of the same length, one entry a clinic; clinics that expect nothing are left out.
    """
    count, mean = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    usable = np.isfinite(count) & np.isfinite(mean) & (mean > 0)
    count, weight = count[usable], mean[usable]
    clinics = len(weight)
    if clinics < 2:
        return Dispersion(np.nan, np.nan)
    phi = float(np.mean(winsorised(z_scores(count, weight)) ** 2))
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return Dispersion(phi, max(0.0, float((clinics * phi - (clinics - 1)) / scale)))


def _positive(expected: ArrayLike) -> Floats:
    mean = np.asarray(expected, dtype=np.float64)
    return np.where(np.isfinite(mean) & (mean > 0), mean, np.nan)
