"""The analyst's file: what a lock shows of the analysts' marts, and beside each measure whether it may be shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from disclosure_control.declarations import Declaration, DeclarationIncomplete, declare
from disclosure_control.locks import SHOWN, Lock, Row, Table
from disclosure_control.restatements import Restatement
from warehouse_releases.quoting import quoted, text

_TIER = "analyst"
SINCE = "shown_since"
_ABOUT_SINCE = "The lock whose figures the row shows: an earlier one where they have changed by too few patients."
_ABOUT_RESTATEMENTS = "Figures of closed periods that a lock shows otherwise than the one before, and why."


@dataclass(frozen=True)
class Layout:
    """How a mart looks to its readers: the type and the description of each of its columns."""

    types: Mapping[str, str]
    comments: Mapping[str, str]
    comment: str


def analyst_declarations(dbt_manifest: Mapping[str, Any]) -> dict[str, Declaration]:
    """What the models that the project gives to analysts say of their cells, by name, from dbt's `manifest.json`.

    Raises `DeclarationIncomplete`.
    """
    found = {}
    for node in _models(dbt_manifest):
        declaration = declare(node["name"], node["config"]["meta"])
        if lacking := declaration.columns - node["columns"].keys():
            raise DeclarationIncomplete(f"{node['name']} has no column {', '.join(sorted(lacking))}")
        found[node["name"]] = declaration
    if not found:
        raise DeclarationIncomplete("the dbt project gives no mart to the analyst tier")
    return dict(sorted(found.items()))


def layouts(dbt_manifest: Mapping[str, Any], types: Mapping[str, Mapping[str, str]]) -> dict[str, Layout]:
    """By mart; `types` are those of the columns that were built."""
    return {
        node["name"]: Layout(
            types[node["name"]],
            {name: column.get("description", "") for name, column in node["columns"].items()},
            node.get("description", ""),
        )
        for node in _models(dbt_manifest)
    }


def write_analyst_file(path: Path, lock: Lock, layout: Mapping[str, Layout], restated: Iterable[Restatement]) -> None:
    """Write what the lock shows into a new file. Raises `duckdb.Error`."""
    with duckdb.connect() as connection:
        # Readers of DuckDB 1.5 must be able to open the file.
        connection.execute(f"attach {text(str(path))} as analyst (storage_version 'v1.0.0')")
        for name, table in lock.tables.items():
            _write_mart(connection, table, layout[name])
        _write_restatements(connection, restated)
        connection.execute("checkpoint analyst")


def said_too_much(path: Path, lock: Lock) -> list[str]:
    """Measures of which the written file does not say what the lock shows of them."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {text(str(path))} as analyst (read_only)")
        return [f"{name}.{measure}" for name, table in lock.tables.items()
                for measure in _wrong_measures(connection, table)]  # fmt: skip


def _wrong_measures(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[str]:
    name, shown = quoted(table.declaration.table), _listed(table)
    for measure in table.declaration.measures:
        value, status = quoted(measure.name), quoted(f"{measure.name}_status")
        hidden = f"count(*) filter (where {status} <> '{SHOWN}' and {value} is not null)"
        told = connection.execute(f"select {hidden}, count({value}), count(*) from analyst.main.{name}").fetchall()[0]
        expected = (0, sum(row.published.get(measure.name) is not None for row in shown), len(shown))
        if told != expected:
            yield measure.name


def _models(dbt_manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for node in dbt_manifest["nodes"].values():
        if node["resource_type"] == "model" and node["config"].get("meta", {}).get("tier") == _TIER:
            yield node


def _write_mart(connection: duckdb.DuckDBPyConnection, table: Table, layout: Layout) -> None:
    declaration = table.declaration
    measures = [measure.name for measure in declaration.measures]
    named = [*declaration.dimensions, *declaration.attributes]
    written = _listed(table)
    columns = {name: [_values(declaration, row)[name] for row in written] for name in (*named, *measures)}
    columns |= {f"{name}_status": [row.status[name] for row in written] for name in measures}
    columns[SINCE] = [row.since for row in written]
    numbers = pa.table({name: pa.array(values, _arrow(name in measures)) for name, values in columns.items()})
    connection.register("written", numbers)
    select = [f"cast({quoted(name)} as {layout.types.get(name, 'VARCHAR')}) as {quoted(name)}" for name in columns]
    ordered = ", ".join(quoted(name) for name in declaration.dimensions) or "1"
    target = f"analyst.main.{quoted(declaration.table)}"
    connection.execute(f"create table {target} as select {', '.join(select)} from written order by {ordered}")
    connection.unregister("written")
    for comment in _comments(target, layout, columns):
        connection.execute(comment)


def _listed(table: Table) -> list[Row]:
    return [row for row in table.rows.values() if row.status and row.is_listed]


def _values(declaration: Declaration, row: Row) -> dict[str, Any]:
    return {**dict(zip(declaration.dimensions, row.key, strict=True)), **row.attributes, **row.published}


def _arrow(is_number: bool) -> pa.DataType:
    return pa.float64() if is_number else pa.string()


def _write_restatements(connection: duckdb.DuckDBPyConnection, restated: Iterable[Restatement]) -> None:
    schema = pa.schema([(each.name, _arrow(each.name in ("old", "new"))) for each in fields(Restatement)])
    connection.register("written", pa.Table.from_pylist([asdict(each) for each in restated], schema))
    connection.execute('create table analyst.main.restatements as select * rename ("table" as mart) from written')
    connection.execute(f"comment on table analyst.main.restatements is {text(_ABOUT_RESTATEMENTS)}")
    connection.unregister("written")


def _comments(table: str, layout: Layout, columns: Iterable[str]) -> Iterator[str]:
    yield f"comment on table {table} is {text(layout.comment)}"
    for column in columns:
        if column in layout.comments or column == SINCE:
            said = layout.comments.get(column, _ABOUT_SINCE)
            yield f"comment on column {table}.{quoted(column)} is {text(said)}"
