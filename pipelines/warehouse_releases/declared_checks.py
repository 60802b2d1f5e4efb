"""What the dbt project declares of single tables, as tests that need no more than a statement: checked at one go.

As nodes of dbt's graph these would be more than half of a small build, and take dbt longer than all models do; DuckDB
answers each in a few milliseconds. `dbt build` by hand runs them as dbt does.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from network_registry.settings import Settings
from warehouse_releases.node_results import NodeResult
from warehouse_releases.quoting import text

Arguments = dict[str, Any]


def check_declared(database: Path, manifest: dict[str, Any], settings: Settings) -> Iterator[NodeResult]:
    """The results of these tests, as dbt would give them, from dbt's manifest. Raises `duckdb.Error` where a table is
    not there, or memory and disk do not suffice."""
    limits = {"memory_limit": settings.build_memory, "threads": settings.build_threads}
    with duckdb.connect(str(database), read_only=True, config=limits) as connection:
        for node in manifest["nodes"].values():
            if (node.get("test_metadata") or {}).get("name") in CHECKED_AT_ONCE:
                yield _result(connection, node, manifest["nodes"][node["attached_node"]])


def _result(connection: duckdb.DuckDBPyConnection, test: dict[str, Any], table: dict[str, Any]) -> NodeResult:
    declared = test["test_metadata"]
    wrong = CHECKED_AT_ONCE[declared["name"]](table["relation_name"], declared["kwargs"])
    (found,) = connection.execute(f"select count(*) from ({wrong})").fetchall()[0]
    status, message = ("fail", f"found {found}, there should be none") if found else ("pass", None)
    about = (table["name"],) if table["resource_type"] == "model" else ()
    return NodeResult(test["name"], "test", status, message, about)


def _keys(table: str, declared: Arguments) -> str:
    """Keys that repeat, or of which a part is missing."""
    columns = declared["columns"]
    missing = " or ".join(f"{column} is null" for column in columns)
    return f"select 1 from {table} group by {', '.join(columns)} having count(*) > 1 or {missing}"


def _repeated(table: str, declared: Arguments) -> str:
    column = declared["column_name"]
    return f"select 1 from {table} where {column} is not null group by {column} having count(*) > 1"


def _missing(table: str, declared: Arguments) -> str:
    return f"select 1 from {table} where {declared['column_name']} is null"


def _other_values(table: str, declared: Arguments) -> str:
    column = declared["column_name"]
    values = ", ".join(text(str(value)) if declared.get("quote", True) else str(value) for value in declared["values"])
    return f"select distinct {column} from {table} where {column} not in ({values})"


CHECKED_AT_ONCE: dict[str, Callable[[str, Arguments], str]] = {
    "is_key": _keys,
    "unique": _repeated,
    "not_null": _missing,
    "accepted_values": _other_values,
}
