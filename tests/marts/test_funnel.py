"""Funnel limits and over-dispersion, against the tables of Spiegelhalter's method."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety_statistics.funnel import dispersion, exact_limits, overdispersed_limits, winsorised, z_scores


def test_exact_limits_are_those_of_the_published_table() -> None:
    assert np.array(exact_limits(20, 0.95)) == pytest.approx([0.6108260, 1.544419], rel=1e-6)
    # The table's outer limits take a tail of one in a thousand.
    assert np.array(exact_limits(20, 0.998))[1] > 1.902


def test_limits_that_allow_for_the_spread_between_clinics_are_those_of_the_fixture() -> None:
    # Clinic 3 of the fixture: 290 events in 2500, ratio 1.2405, variance .02334.
    low, high = overdispersed_limits(290 / 1.2405, 0.02334, 0.998)
    assert float(high) == pytest.approx(1.6712, abs=5e-5)
    assert float(low) == pytest.approx(1 / float(high))


@given(st.floats(0.1, 1e6), st.floats(0.5, 0.999))
def test_without_spread_and_with_many_events_both_kinds_of_limit_agree(expected: float, confidence: float) -> None:
    low, high = exact_limits(expected, confidence)
    assert low < 1 < high
    wide_low, wide_high = overdispersed_limits(expected, 0.1, confidence)
    plain_low, plain_high = overdispersed_limits(expected, 0, confidence)
    assert wide_low < plain_low < 1 < plain_high < wide_high


def test_clinics_that_differ_by_chance_alone_have_no_spread() -> None:
    expected = np.linspace(40, 400, 300)
    observed = np.random.default_rng(7).poisson(expected)
    found = dispersion(observed, expected)
    assert 0.5 < found.phi < 1.3
    assert found.tau_squared < 0.002


def test_the_spread_between_clinics_is_recovered_less_what_winsorising_takes() -> None:
    random = np.random.default_rng(11)
    true_ratios = np.exp(random.normal(0, 0.4, 500))
    expected = np.full(500, 200.0)
    found = dispersion(random.poisson(expected * true_ratios), expected)
    assert 0.08 < found.tau_squared < 0.16


def test_one_outlier_among_many_does_not_hide_itself_by_widening_the_limits() -> None:
    expected = np.full(20, 100.0)
    observed = np.full(20, 100.0)
    observed[3] = 1000
    assert dispersion(observed, expected).tau_squared == 0


def test_a_clinic_without_events_does_not_outweigh_all_others() -> None:
    assert np.isfinite(z_scores(0, 5))


@pytest.mark.parametrize(("observed", "expected"), [([], []), ([3], [2]), ([3, 4], [0, 2]), ([3, 4], [np.nan, 2])])
def test_fewer_than_two_usable_clinics_have_no_spread_to_speak_of(observed: list, expected: list) -> None:
    assert np.isnan(dispersion(observed, expected).tau_squared)


def test_winsorising_pulls_in_the_outer_tenths_and_leaves_the_rest() -> None:
    assert winsorised(np.arange(11.0)).tolist() == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


def test_nothing_expected_gives_no_limits() -> None:
    assert np.isnan(exact_limits([0, -1, np.nan])).all()
