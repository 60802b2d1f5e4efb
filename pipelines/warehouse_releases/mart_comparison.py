"""Are two builds' marts equal, cell by cell? Floats count as equal to nine digits: sums are added up in any order."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse_releases.audit_rules import MART_RULES
from warehouse_releases.quoting import quoted, text

_DIGITS = 9
_FLOATS = ("DOUBLE", "FLOAT")
_MARTS = """
select table_name, list((column_name, data_type) order by column_index)
from duckdb_columns()
where database_name = ? and schema_name = 'main'
group by table_name
order by table_name
"""

Columns = list[tuple[str, str]]


@dataclass(frozen=True)
class MartComparison:
    """`cells_different` are those of rows with the same key in both; `rows_missing` are in the release alone. Where a
    mart's key or columns differ, or the release's own rows are gone, only whole marts are compared: these are None."""

    mart: str
    equal: bool
    rows: int
    rows_missing: int | None = None
    rows_added: int | None = None
    cells_different: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def checksums(warehouse: Path) -> dict[str, dict[str, Any]]:
    """By mart its number of rows and a checksum of them that does not depend on their order."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        catalogue = connection.execute("select current_database()").fetchall()[0][0]
        return {
            mart: _checksum(connection, f"{quoted(catalogue)}.main.{quoted(mart)}", columns)
            for mart, columns in connection.execute(_MARTS, [catalogue]).fetchall()
        }


def compare_checksums(released: dict[str, dict[str, Any]], rebuilt: Path) -> list[MartComparison]:
    """Hold a rebuilt file against what the manifest says of the released one."""
    found = checksums(rebuilt)
    none = {"rows": 0, "checksum": None}
    return [
        MartComparison(mart, released.get(mart) == found.get(mart), found.get(mart, none)["rows"])
        for mart in sorted(released.keys() | found.keys())
    ]


def compare_cells(released: Path, rebuilt: Path) -> list[MartComparison]:
    """Hold a rebuilt file against the released one."""
    sums = checksums(released), checksums(rebuilt)
    with duckdb.connect() as connection:
        for name, path in (("released", released), ("rebuilt", rebuilt)):
            connection.execute(f"attach {text(str(path))} as {name} (read_only)")
        one, other = (dict(connection.execute(_MARTS, [name]).fetchall()) for name in ("released", "rebuilt"))
        return [
            _compared(connection, mart, one.get(mart), other.get(mart), sums)
            for mart in sorted(one.keys() | other.keys())
        ]


def _compared(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    one: Columns | None,
    other: Columns | None,
    sums: tuple[dict[str, Any], dict[str, Any]],
) -> MartComparison:
    rows = sums[1].get(mart, {}).get("rows", 0)
    key = MART_RULES[mart].key if mart in MART_RULES else ()
    if one is None or one != other or not key:
        return MartComparison(mart, sums[0].get(mart) == sums[1].get(mart), rows)
    missing, added, cells = connection.execute(_difference(mart, key, one)).fetchall()[0]
    return MartComparison(mart, not (missing or added or cells), rows, missing, added, cells)


def _difference(mart: str, key: tuple[str, ...], columns: Columns) -> str:
    on = " and ".join(f"a.{quoted(name)} is not distinct from b.{quoted(name)}" for name in key)
    cells = " + ".join(f"cast({_differs(name, kind)} as bigint)" for name, kind in columns if name not in key) or "0"
    return f"""
        select
            count(*) filter (where b.is_row is null),
            count(*) filter (where a.is_row is null),
            coalesce(sum(case when a.is_row and b.is_row then {cells} end), 0)::bigint
        from (select *, true as is_row from released.main.{quoted(mart)}) as a
        full join (select *, true as is_row from rebuilt.main.{quoted(mart)}) as b on {on}
    """


def _differs(name: str, kind: str) -> str:
    a, b = f"a.{quoted(name)}", f"b.{quoted(name)}"
    if kind not in _FLOATS:
        return f"({a} is distinct from {b})"
    near = f"abs({a} - {b}) <= 1e-{_DIGITS} * greatest(abs({a}), abs({b}))"
    return f"({a} is distinct from {b} and not coalesce({near}, false))"


def _checksum(connection: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> dict[str, Any]:
    cells = ", ".join(_cell(name, kind) for name, kind in columns)
    rows = f"select to_json([{cells}])::varchar as line from {table}"
    count, checksum = connection.execute(
        f"select count(*), sha256(coalesce(string_agg(line, chr(10) order by line), '')) from ({rows})"
    ).fetchall()[0]
    return {"rows": count, "checksum": checksum[:32]}


def _cell(name: str, kind: str) -> str:
    return f"printf('%.{_DIGITS}g', {quoted(name)})" if kind in _FLOATS else f"{quoted(name)}::varchar"
