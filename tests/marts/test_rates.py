"""Intervals of counts and proportions, against published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from safety_statistics.rates import clopper_pearson, poisson_interval, wilson


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (10, 4.7954, 18.3904), (43, 31.1193, 57.9207)],
)
def test_exact_poisson_limits_are_garwoods(events: int, low: float, high: float) -> None:
    assert np.array(poisson_interval(events)) == pytest.approx([low, high], abs=5e-5)


def test_the_rate_of_macpherson_2001_comes_out() -> None:
    low, high = (1000 * limit / 34_407 for limit in poisson_interval(43))
    assert (round(float(low), 4), round(float(high), 4)) == (0.9044, 1.6834)


@pytest.mark.parametrize(
    ("hits", "trials", "exact", "score"),
    [
        (81, 263, (0.2527, 0.3676), (0.2553, 0.3662)),
        (15, 148, (0.0578, 0.1617), (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1684), (0.0, 0.1611)),
        (1, 29, (0.0009, 0.1776), (0.0061, 0.1718)),
    ],
)
def test_proportions_are_those_of_newcombe_1998(
    hits: int, trials: int, exact: tuple[float, float], score: tuple[float, float]
) -> None:
    assert np.array(clopper_pearson(hits, trials)) == pytest.approx(exact, abs=5e-5)
    assert np.array(wilson(hits, trials)) == pytest.approx(score, abs=5e-5)


@given(st.integers(1, 5000), st.data(), st.floats(0.5, 0.999))
def test_exact_limits_of_a_share_are_those_of_statsmodels(trials: int, data: st.DataObject, confidence: float) -> None:
    hits = data.draw(st.integers(0, trials))
    expected = proportion_confint(hits, trials, alpha=1 - confidence, method="beta")
    assert np.array(clopper_pearson(hits, trials, confidence)) == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 10_000), st.floats(0.5, 0.999))
def test_an_exact_limit_is_where_the_count_becomes_improbable(events: int, confidence: float) -> None:
    low, high = (float(limit) for limit in poisson_interval(events, confidence))
    tail = (1 - confidence) / 2
    assert low <= events <= high
    assert stats.poisson.cdf(events, high) == pytest.approx(tail, rel=1e-6)
    assert events == 0 or stats.poisson.sf(events - 1, low) == pytest.approx(tail, rel=1e-6)


@given(st.integers(1, 500), st.data())
def test_proportions_lie_in_their_intervals_and_intervals_in_0_to_1(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    for interval in (clopper_pearson, wilson):
        low, high = (float(limit) for limit in interval(hits, trials))
        assert 0 <= low <= hits / trials + 1e-12
        assert hits / trials - 1e-12 <= high <= 1


@pytest.mark.parametrize("impossible", [-1, float("nan"), float("inf")])
def test_what_is_no_count_has_no_interval(impossible: float) -> None:
    for low, high in (poisson_interval(impossible), clopper_pearson(impossible, 9), wilson(1, impossible)):
        assert np.isnan(low)
        assert np.isnan(high)


def test_more_hits_than_trials_or_no_trials_have_no_interval() -> None:
    low, high = clopper_pearson([3, 0], [2, 0])
    assert np.isnan([*low, *high]).all()


def test_columns_are_answered_row_by_row() -> None:
    low, high = poisson_interval([0, 10], [0.95, 0.998])
    assert low.shape == high.shape == (2,)
    assert low[1] < 4.7954
