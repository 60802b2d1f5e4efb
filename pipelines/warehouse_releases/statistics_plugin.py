"""The statistics of `safety_statistics` as SQL functions, for dbt (as a dbt-duckdb plugin) or any DuckDB connection.

Every function is total: what cannot be computed is NULL, so no odd row can stop a build.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import duckdb
import numpy as np
import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin

from safety_statistics import cluster_robust, rates


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.cast(pa.float64()).fill_null(float("nan")))


def _limit(interval: Callable[..., rates.Interval], end: int) -> Callable[..., pa.Array]:
    """One end (0 low, 1 high) of an interval, over columns of numbers; NaN becomes NULL."""

    # DuckDB counts the parameters that a function declares: those of the interval itself.
    @wraps(interval)
    def limit(*columns: pa.ChunkedArray) -> pa.Array:
        values = np.asarray(interval(*map(_numbers, columns))[end], dtype=np.float64)
        return pa.array(values, mask=~np.isfinite(values))

    return limit


# The interval behind each pair of functions `<name>_low` and `<name>_high`, and how many numbers it takes.
_INTERVALS: dict[str, tuple[Callable[..., rates.Interval], int]] = {
    "poisson_ci": (rates.poisson_interval, 2),
    "clopper_pearson": (rates.clopper_pearson, 3),
    "clustered_rate": (cluster_robust.clustered_rate, 7),
    "clustered_share": (cluster_robust.clustered_share, 7),
    "clustered_mean": (cluster_robust.clustered_mean, 7),
}

FUNCTIONS: dict[str, tuple[Callable[..., pa.Array], list[str]]] = {
    f"{name}_{end}": (_limit(interval, position), ["DOUBLE"] * numbers)
    for name, (interval, numbers) in _INTERVALS.items()
    for position, end in enumerate(("low", "high"))
}


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the functions known to one connection and its cursors: (events, confidence) and so on, to DOUBLE."""
    for name, (function, parameters) in FUNCTIONS.items():
        connection.create_function(name, function, parameters, "DOUBLE", type="arrow", null_handling="special")  # pyright: ignore[reportCallIssue, reportArgumentType]


class Plugin(BasePlugin):
    """Named by module in dbt/profiles.yml."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)
