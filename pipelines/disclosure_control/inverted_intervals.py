"""Which counts a limit of an interval may have been computed of."""

from collections.abc import Callable

from safety_statistics.rates import clopper_pearson, poisson_interval, wilson

_METHODS: dict[str, Callable] = {"clopper_pearson": clopper_pearson, "wilson": wilson}
_FURTHEST = 200


def counts_with_limit(
    method: str, end: str, near: float, total: float, limit: float, rounding: float
) -> tuple[float, float]:
    """The least and the most events, or successes of `total`, whose limit is `limit` when it is rounded.

    `near` is the true count, from which the search goes both ways: a limit grows with its count.
    """
    low = high = near
    while near - low < _FURTHEST and low >= 1 and _matches(method, end, low - 1, total, limit, rounding):
        low -= 1
    while high - near < _FURTHEST and _matches(method, end, high + 1, total, limit, rounding):
        high += 1
    return low, high


def _matches(method: str, end: str, count: float, total: float, limit: float, rounding: float) -> bool:
    place = 0 if end == "low" else 1
    if method == "poisson":
        found = float(poisson_interval(count)[place]) / total
    else:
        found = float(_METHODS[method](count, total)[place])
    return abs(found - limit) <= rounding
