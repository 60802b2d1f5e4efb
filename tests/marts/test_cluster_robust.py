"""Intervals that allow for sessions of one practitioner, or of one patient, that resemble each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from safety_statistics.cluster_robust import clustered_mean, clustered_rate, clustered_share
from safety_statistics.cluster_sums import ClusterSums, cluster_sums
from safety_statistics.rates import clopper_pearson, poisson_interval

KINDS = [clustered_rate, clustered_share, clustered_mean]

few = st.integers(0, 3)
rows = st.lists(st.tuples(few, few, st.integers(0, 4), st.integers(4, 9)), min_size=1, max_size=30)
squares = st.floats(0, 1e6)


def _sums(listed: list[tuple[int, int, int, int]]) -> ClusterSums:
    practitioner, patient, events, trials = np.array(listed).T
    return cluster_sums(np.zeros(len(listed), dtype=int), practitioner, patient, events, trials)


def _left_out(listed: list[tuple[int, int, int, int]], keys: list) -> float:
    """The jackknife as it is defined: the ratio again without each cluster."""
    events, trials = np.array([row[2] for row in listed]), np.array([row[3] for row in listed])
    names = sorted(set(keys))
    kept = [np.array([key != name for key in keys]) for name in names]
    ratios = np.array([events[rest].sum() / trials[rest].sum() for rest in kept if rest.any()])
    return (len(names) - 1) / len(names) * float(np.sum((ratios - events.sum() / trials.sum()) ** 2))


@given(rows)
def test_the_squares_are_the_jackknife_of_each_clustering(listed: list[tuple[int, int, int, int]]) -> None:
    found = _sums(listed)
    clusterings = [[row[0] for row in listed], [row[1] for row in listed], [row[:2] for row in listed]]
    expected = [_left_out(listed, keys) * found.trials[0] ** 2 for keys in clusterings]
    given_squares = [found.practitioner_squares[0], found.patient_squares[0], found.pair_squares[0]]
    assert given_squares == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_two_practitioners_by_hand() -> None:
    # 8 events in 40 sessions: R = 0.2. One has 2 in 10, the other 6 in 30: no difference, no variance between them.
    found = _sums([(0, 0, 2, 10), (1, 1, 6, 30)])
    assert (found.events[0], found.trials[0], found.practitioner_squares[0]) == (8, 40, 0)
    # 5 in 10 and 3 in 30: (5 - 2) / (1 - 1/4) = 4 and (3 - 6) / (1 - 3/4) = -12, half of 16 + 144.
    found = _sums([(0, 0, 5, 10), (1, 1, 3, 30)])
    assert found.practitioner_squares[0] == pytest.approx(80)
    # 40^2 / (10^2 + 30^2): they are worth 1.6 equal ones.
    assert found.effective_clusters[0] == pytest.approx(1.6)


def test_strata_do_not_touch_each_other() -> None:
    listed = [(0, 0, 2, 10), (1, 1, 6, 30), (1, 2, 1, 7)]
    practitioner, patient, events, trials = np.array(listed + listed).T
    both = np.array(cluster_sums(np.repeat([0, 2], 3), practitioner, patient, events, trials))
    assert both[:, 0] == pytest.approx(both[:, 2])
    assert both[:, 0] == pytest.approx(np.array(_sums(listed))[:, 0])
    assert both[1, 1] == 0
    assert np.isnan(clustered_rate(*both[:, 1])).all()


def test_a_patient_who_is_the_trial_leaves_the_variance_between_practitioners() -> None:
    random = np.random.default_rng(1)
    listed = [(patient % 5, patient, int(random.random() < 0.1 + 0.2 * (patient % 5)), 1) for patient in range(100)]
    found = _sums(listed)
    assert found.patient_squares == pytest.approx(found.pair_squares)
    one_way = found._replace(patient_squares=np.zeros(1), pair_squares=np.zeros(1))
    assert np.array(clustered_share(*found)) == pytest.approx(np.array(clustered_share(*one_way)))


def test_the_larger_clustering_counts_when_the_subtraction_leaves_too_little() -> None:
    assert clustered_mean(5, 10, 4, 3, 6.9, 8) == clustered_mean(5, 10, 4, 0, 0, 8)
    low, high = clustered_mean(5, 10, 4, 3, 2, 8)
    # Variance 5 / 10^2, seven degrees of freedom.
    assert (float(low), float(high)) == pytest.approx((0.5 - 2.3646 * 0.2236, 0.5 + 2.3646 * 0.2236), abs=1e-4)


@given(st.integers(0, 500), st.integers(1, 5000), squares, st.floats(1.01, 500))
def test_a_clustered_interval_is_never_inside_the_exact_one(
    events: int, trials: int, spread: float, clusters: float
) -> None:
    rate, share = (kind(events, trials, spread, 0, 0, clusters) for kind in (clustered_rate, clustered_share))
    exact = [limit / trials for limit in poisson_interval(events)]
    assert rate[0] <= exact[0] * (1 + 1e-9)
    assert rate[1] >= exact[1] * (1 - 1e-9)
    if events <= trials:
        exact = clopper_pearson(events, trials)
        assert share[0] <= exact[0] + 1e-9
        assert share[1] >= exact[1] - 1e-9
        assert 0 <= share[0] <= events / trials <= share[1] <= 1


def test_without_any_spread_and_with_many_clusters_it_is_the_exact_one() -> None:
    many = 1e9
    assert np.array(clustered_rate(43, 34_407, 0, 0, 0, many)) * 34_407 == pytest.approx([31.1193, 57.9207], abs=1e-4)
    exact = np.array(clopper_pearson(81, 263))
    assert np.array(clustered_share(81, 263, 0, 0, 0, many)) == pytest.approx(exact)


def test_a_share_is_the_exact_interval_of_the_counts_that_are_worth_as_much() -> None:
    # Variance of 30 in 100: independent trials 21, the clusters 63: a third, and (t of 9 over z) squared less.
    effect = 3 * (2.262157 / 1.959964) ** 2
    expected = proportion_confint(30 / effect, 100 / effect, method="beta")
    assert np.array(clustered_share(30, 100, 63, 0, 0, 10)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("clusters", "most"), [(1e7, 3.6889), (10, 4.4612), (2, 10.6491)])
def test_without_an_event_the_upper_limit_allows_for_clusters_that_nobody_saw(clusters: float, most: float) -> None:
    low, high = clustered_rate(0, 1000, 0, 0, 0, clusters)
    assert (float(low), 1000 * float(high)) == (0, pytest.approx(most, abs=1e-4))
    # Nobody reports with probability (1 + events / clusters)^-clusters when rates are gamma of shape 1.
    assert (1 + most / clusters) ** -clusters == pytest.approx(0.025, abs=1e-5)


@given(st.integers(1, 400), st.data(), squares, st.floats(1.01, 100))
def test_the_share_without_an_event_is_the_rest(
    trials: int, data: st.DataObject, spread: float, clusters: float
) -> None:
    events = data.draw(st.integers(0, trials))
    low, high = clustered_share(events, trials, spread, 0, 0, clusters)
    other_low, other_high = clustered_share(trials - events, trials, spread, 0, 0, clusters)
    assert (float(low), float(high)) == pytest.approx((1 - float(other_high), 1 - float(other_low)), abs=1e-6)


@given(st.integers(1, 300), squares, st.floats(1.5, 100))
def test_more_spread_or_fewer_clusters_make_it_wider(events: int, spread: float, clusters: float) -> None:
    for kind in KINDS:
        low, high = kind(events, 400, [spread, spread * 2, spread], 0, 0, [clusters, clusters, clusters * 0.7])
        assert (np.diff(low[[0, 1]]) <= 1e-12).all()
        assert (np.diff(high[[0, 1]]) >= -1e-12).all()
        assert low[2] <= low[0] + 1e-12
        assert high[2] >= high[0] - 1e-12


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "impossible",
    [
        (3, 0, 1, 1, 1, 5),
        (3, -1, 1, 1, 1, 5),
        (3, 9, np.nan, 1, 1, 5),
        (3, 9, 1, 1, 1, 1),
        (3, 9, 1, 1, 1, np.nan),
        (np.nan, 9, 1, 1, 1, 5),
        (3, 9, 1, 1, 1, 5, 1.0),
        (3, 9, 1, 1, 1, 5, 0.0),
    ],
)
def test_what_cannot_be_computed_is_not_made_up(kind, impossible: tuple[float, ...]) -> None:
    assert np.isnan(kind(*impossible)).all()


def test_one_practitioner_alone_has_no_interval() -> None:
    found = _sums([(0, patient, 1, 10) for patient in range(9)])
    assert [np.isnan(kind(*found)).all() for kind in KINDS] == [True] * 3


def test_more_events_than_trials_are_a_rate_and_no_share() -> None:
    assert np.isnan(clustered_share(12, 10, 5, 5, 5, 4)).all()
    assert np.isfinite(clustered_rate(12, 10, 5, 5, 5, 4)).all()
    assert np.isnan(clustered_rate(-1, 10, 5, 5, 5, 4)).all()
    assert np.isfinite(clustered_mean(-12, 10, 5, 5, 5, 4)).all()
