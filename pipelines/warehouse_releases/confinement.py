"""What a statement on a release may reach: the tier's own file, for officers what its views read, and nothing else."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from warehouse_releases.quoting import text

# A statement must not see a variable of this process, load an extension, or fill the release's folder with what does
# not fit into memory.
_CONFIG = {
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
}
# A pivot is several statements in one.
_QUERIES = (duckdb.StatementType.SELECT, duckdb.StatementType.MULTI)
# What writes, and what runs a statement that the plan does not show.
_FORBIDDEN = ("COPY", "JSON_EXECUTE_SERIALIZED_SQL")


def connect_confined(file: Path, readable: Iterable[Path] = ()) -> duckdb.DuckDBPyConnection:
    """Open a file read-only. No statement reaches another one but those named, nor undoes this."""
    connection = duckdb.connect(str(file), read_only=True, config=dict(_CONFIG))
    if paths := ", ".join(text(str(path)) for path in readable):
        connection.execute(f"set allowed_paths = [{paths}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def only_reads(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    """Whether a statement is a query that writes nowhere. DuckDB would let it write to the paths that it may read, by
    a COPY, also one within a query; so its plan is looked through. Raises `duckdb.Error` when it has none."""
    if statement.type not in _QUERIES:
        return False
    plans = connection.execute(f"explain (format json) {statement.query}").fetchall()
    operators = [name.upper() for _, plan in plans for name in _operators(json.loads(plan))]
    return not any(word in operator for operator in operators for word in _FORBIDDEN)


def _operators(plan: Any) -> Iterator[str]:
    """The names in a plan and in what lies under it."""
    if isinstance(plan, list):
        for one in plan:
            yield from _operators(one)
    elif isinstance(plan, dict):
        yield plan.get("name", "")
        yield from _operators(plan.get("children", []))
