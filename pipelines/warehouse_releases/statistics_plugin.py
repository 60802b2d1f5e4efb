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

from safety_statistics import rates


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


FUNCTIONS: dict[str, tuple[Callable[..., pa.Array], list[str]]] = {
    "poisson_ci_low": (_limit(rates.poisson_interval, 0), ["DOUBLE"] * 2),
    "poisson_ci_high": (_limit(rates.poisson_interval, 1), ["DOUBLE"] * 2),
}


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the functions known to one connection and its cursors: (events, confidence) and so on, to DOUBLE."""
    for name, (function, parameters) in FUNCTIONS.items():
        connection.create_function(name, function, parameters, "DOUBLE", type="arrow", null_handling="special")  # pyright: ignore[reportCallIssue, reportArgumentType]


class Plugin(BasePlugin):
    """Named by module in dbt/profiles.yml."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)
