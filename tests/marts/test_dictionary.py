"""The data dictionary describes the tables that a build makes, no more and no fewer, by their real columns and keys."""

import pytest

from clinic_events.resources import bundled
from data_dictionary.measures import read_measures
from data_dictionary.tables import read_tables

pytestmark = pytest.mark.xdist_group("marts")

TABLES = read_tables(bundled("dbt"))
# DuckDB's names for the types that a contract may call otherwise.
SAME = {"int": "integer", "text": "varchar", "float8": "double", "int8": "bigint"}


def test_every_table_of_core_and_every_mart_is_in_the_dictionary(rows) -> None:
    built = rows(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('core', 'main', 'line_lists') and table_catalog = current_database()"
    )
    assert {(each.schema, each.name) for each in TABLES} == {(row["table_schema"], row["table_name"]) for row in built}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_its_columns_have_the_types_that_the_dictionary_says(rows, table) -> None:
    built = {row["column_name"]: row["column_type"].lower() for row in rows(f"describe {table.full_name}")}
    assert {column.name: SAME.get(column.type, column.type) for column in table.columns} == built


@pytest.mark.parametrize("table", [table for table in TABLES if table.key], ids=lambda table: table.full_name)
def test_its_key_tells_its_rows_apart(rows, table) -> None:
    key = ", ".join(table.key)
    assert rows(f"select {key} from {table.full_name} group by {key} having count(*) > 1") == []


def test_officers_have_the_measures_as_a_table_too(rows) -> None:
    columns = ("measure", "mart", "value", "denominator", "meaning", "not_to_compare", "source")
    told = [tuple(row[name] for name in columns) for row in rows("from vocabularies.measures")]
    assert sorted(told) == sorted(tuple(getattr(each, name) for name in columns) for each in read_measures().values())
