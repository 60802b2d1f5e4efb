"""The difference between two proportions, against published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from safety_statistics.risk_difference import risk_difference_interval


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_method_10_of_newcombe_1998(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    assert np.array(risk_difference_interval(*counts)) == pytest.approx([low, high], abs=5e-5)


@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_it_is_that_of_statsmodels_and_turns_with_the_arms(trials: int, others: int, data: st.DataObject) -> None:
    hits, other_hits = data.draw(st.integers(0, trials)), data.draw(st.integers(0, others))
    low, high = risk_difference_interval(hits, trials, other_hits, others)
    expected = confint_proportions_2indep(hits, trials, other_hits, others, method="newcomb", compare="diff")
    assert (float(low), float(high)) == pytest.approx(expected, abs=1e-9)
    turned = risk_difference_interval(other_hits, others, hits, trials)
    assert (float(low), float(high)) == pytest.approx((-float(turned[1]), -float(turned[0])))


@pytest.mark.parametrize("impossible", [(1, 0, 1, 2), (3, 2, 1, 2), (1, 2, -1, 2), (1, 2, np.nan, 2)])
def test_what_cannot_be_computed_is_not_made_up(impossible: tuple[float, ...]) -> None:
    assert np.isnan(risk_difference_interval(*impossible)).all()
