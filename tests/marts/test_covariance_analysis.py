"""The adjusted difference between two arms."""

import numpy as np
import pytest

from safety_statistics.covariance_analysis import adjusted_difference

EFFECT = 5.0


def _trial(seed: int = 3, patients: int = 200):
    random = np.random.default_rng(seed)
    reference = np.arange(patients) % 2 == 0
    baseline, age = random.normal(30, 8, patients), random.normal(45, 10, patients)
    outcome = 0.7 * baseline + 0.1 * age + EFFECT * reference + random.normal(0, 3, patients)
    return outcome, reference, baseline, age


def test_without_covariates_it_is_the_difference_of_means_and_students_interval() -> None:
    outcome, reference = [5, 6, 7, 8, 9, 1, 2, 3, 4, 5], [True] * 5 + [False] * 5
    found = adjusted_difference(outcome, reference, {}, {})
    assert found is not None
    # Pooled variance 2.5 in five and five: half width 2.306 * sqrt(2.5 * 2 / 5).
    assert (found.patients, found.difference) == (10, pytest.approx(4))
    assert (found.low, found.high) == (pytest.approx(4 - 2.306, abs=1e-3), pytest.approx(4 + 2.306, abs=1e-3))


def test_nineteen_of_twenty_intervals_hold_the_true_effect() -> None:
    held = 0
    for seed in range(300):
        outcome, reference, baseline, age = _trial(seed, patients=40)
        found = adjusted_difference(outcome, reference, {"baseline": baseline, "age": age}, {})
        assert found is not None
        held += found.low < EFFECT < found.high
    assert 0.92 < held / 300 < 0.98


def test_adjusting_for_what_matters_narrows_the_interval() -> None:
    outcome, reference, baseline, age = _trial()
    plain = adjusted_difference(outcome, reference, {}, {})
    adjusted = adjusted_difference(outcome, reference, {"baseline": baseline, "age": age}, {})
    assert plain is not None
    assert adjusted is not None
    assert adjusted.high - adjusted.low < (plain.high - plain.low) / 1.5


def test_swapping_the_arms_turns_the_sign_and_nothing_else() -> None:
    outcome, reference, baseline, _ = _trial()
    one = adjusted_difference(outcome, reference, {"baseline": baseline}, {})
    other = adjusted_difference(outcome, ~reference, {"baseline": baseline}, {})
    assert one is not None
    assert other is not None
    assert (other.difference, other.low, other.high) == pytest.approx((-one.difference, -one.high, -one.low))


def test_a_patient_with_a_missing_covariate_stays_in() -> None:
    outcome, reference, baseline, age = _trial()
    complete = adjusted_difference(outcome, reference, {"baseline": baseline, "age": age}, {})
    age[:20] = np.nan
    found = adjusted_difference(outcome, reference, {"baseline": baseline, "age": age}, {})
    assert complete is not None
    assert found is not None
    assert found.patients == 200
    assert found.difference == pytest.approx(complete.difference, abs=0.2)


def test_what_nobody_recorded_or_does_not_vary_changes_nothing() -> None:
    outcome, reference, baseline, _ = _trial()
    used = adjusted_difference(outcome, reference, {"baseline": baseline}, {})
    useless = {"baseline": baseline, "age": np.full(200, np.nan), "chronicity": np.full(200, 3.0)}
    found = adjusted_difference(outcome, reference, useless, {"sex": np.full(200, "female")})
    assert found == used


def test_a_covariate_given_twice_changes_nothing() -> None:
    outcome, reference, baseline, _ = _trial()
    once = adjusted_difference(outcome, reference, {"baseline": baseline}, {})
    twice = adjusted_difference(outcome, reference, {"baseline": baseline, "copy": baseline * 2}, {})
    assert once is not None
    assert twice is not None
    assert (twice.difference, twice.low, twice.high) == pytest.approx((once.difference, once.low, once.high))


@pytest.mark.parametrize(("reference", "other"), [(4, 100), (100, 4), (0, 100), (0, 0)])
def test_too_few_patients_in_an_arm_give_no_difference(reference: int, other: int) -> None:
    outcome = np.random.default_rng(3).normal(0, 1, reference + other)
    assert adjusted_difference(outcome, [True] * reference + [False] * other, {}, {}) is None


def test_too_many_covariates_for_the_patients_give_no_difference() -> None:
    outcome, reference, _, _ = _trial(patients=12)
    covariates = {str(seed): np.random.default_rng(seed).normal(0, 1, 12) for seed in range(8)}
    assert adjusted_difference(outcome, reference, covariates, {}) is None


def test_an_arm_that_a_covariate_tells_exactly_gives_no_difference() -> None:
    outcome, reference, _, _ = _trial()
    assert adjusted_difference(outcome, reference, {}, {"sex": np.where(reference, "male", "female")}) is None
