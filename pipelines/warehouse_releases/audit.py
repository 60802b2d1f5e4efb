"""Audit a built warehouse with Great Expectations: a file context, a suite per mart, Data Docs to look at.

Importing this module imports Great Expectations: eight seconds.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

# Nothing about a release leaves the machine. Read when Great Expectations is imported.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import Expectation

from warehouse_releases.audit_expectations import BROKEN, none_broken, of_rows
from warehouse_releases.audit_rules import INVARIANTS, MART_RULES
from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.lake_faults import read_faults
from warehouse_releases.mart_rule import MartRule, broken_rules
from warehouse_releases.offset_ranges import Range
from warehouse_releases.quoting import text
from warehouse_releases.segments import Segment

_INVARIANTS = "invariants"
_COLUMN_KEYS = ("column", "column_list")


@dataclass(frozen=True)
class CheckResult:
    """One expectation of one table. `detail` says in a few words what was found instead; never whose."""

    table: str
    check: str
    passed: bool
    detail: str = ""


def audit(build: BuildFolder, lake: Path, segments: list[Segment]) -> list[CheckResult]:
    """Hold the officer's file against the rules, and against the segments that it was built from."""
    found = [_without_gaps(lake, segments)]
    frames: list[tuple[str, pd.DataFrame, list[Expectation]]] = []
    with _built(build.warehouse("officer"), lake, segments) as connection:
        for mart, rule in MART_RULES.items():
            try:
                frames.append((mart, connection.execute(_rows(mart, rule)).df(), of_rows(rule.key)))
            except duckdb.CatalogException:
                found.append(CheckResult(mart, "mart_exists", False, "there is no such mart"))
        broken, failed = _broken(connection)
    frames.append((_INVARIANTS, pd.DataFrame({BROKEN: broken}), [none_broken()]))
    return [*found, *failed, *_validated(build.audit, frames)]


def _without_gaps(lake: Path, segments: list[Segment]) -> CheckResult:
    """Offsets that no segment covers and no recorded fault explains are events that the release would lack."""
    gaps = [fault for fault in read_faults(lake, segments) if fault.kind == "unexplained"]
    told = [f"{gap.source.topic}, partition {gap.source.partition}: {_offsets(gap.ranges)}" for gap in gaps]
    return CheckResult("lake", "no_unexplained_gaps", not gaps, "; ".join(told))


def _offsets(ranges: Iterable[Range]) -> str:
    return "offsets " + ", ".join(f"{first} to {last}" for first, last in ranges)


@contextmanager
def _built(warehouse: Path, lake: Path, segments: list[Segment]) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_dispositions(lake, segments) as connection:
        connection.execute(f"attach {text(str(warehouse))} as built (read_only)")
        connection.execute("use built.main")
        yield connection


def _rows(mart: str, rule: MartRule) -> str:
    """The key of each row of the mart, and the rules that it breaks."""
    broken = [f"case when {condition} then '{name}' end" for name, condition in broken_rules(rule).items()]
    key = ", ".join(f'"{column}"' for column in rule.key)
    return f"select {key}, concat_ws('; ', {', '.join(broken)}) as {BROKEN} from {mart}"


def _broken(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[CheckResult]]:
    """For each invariant that could be asked its name, or nothing where it holds."""
    answers, failed = [], []
    for name, sql in INVARIANTS.items():
        try:
            answers.append(name if connection.execute(sql).fetchall()[0][0] else "")
        except duckdb.Error as error:
            failed.append(CheckResult(_INVARIANTS, name, False, f"cannot be asked: {type(error).__name__}"))
    return answers, failed


def _validated(folder: Path, frames: list[tuple[str, pd.DataFrame, list[Expectation]]]) -> Iterator[CheckResult]:
    context = gx.get_context(mode="file", project_root_dir=str(folder))
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # Each asset that is added writes the whole configuration again: all tables come by one, one after the other.
    rows = context.data_sources.add_pandas("release").add_dataframe_asset("rows")
    batch = rows.add_batch_definition_whole_dataframe("whole")
    for name, frame, expectations in frames:
        suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))
        definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
        validated = definition.run(batch_parameters={"dataframe": frame})
        yield from (_check(name, one) for one in validated.results)
    context.build_data_docs()


def _check(table: str, result: Any) -> CheckResult:
    config = result.expectation_config
    columns = [str(config.kwargs[key]) for key in _COLUMN_KEYS if key in config.kwargs]
    name = f"{config.type.removeprefix('expect_')}({', '.join(columns)})"
    return CheckResult(table, name, bool(result.success), "" if result.success else _detail(result))


def _detail(result: Any) -> str:
    found = result.result or {}
    count = found.get("unexpected_count")
    if count is None:
        return "it could not be checked"
    told = found.get("partial_unexpected_list", ()) if _names_rules(result) else ()
    rules = sorted({rule for row in told for rule in row.split("; ")})
    return ": ".join(filter(None, (f"{count} rows break it", "; ".join(rules))))


def _names_rules(result: Any) -> bool:
    """Only these are told: the values of any other column are the clinics'."""
    return result.expectation_config.kwargs.get("column") == BROKEN
