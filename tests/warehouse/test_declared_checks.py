"""What the dbt project declares of single tables is checked as dbt would, all tables at one go."""

from typing import Any

import duckdb
import pytest

from clinic_events.resources import bundled
from network_registry.settings import Settings
from warehouse_releases.declared_checks import CHECKED_AT_ONCE, check_declared
from warehouse_releases.parsed_project import parse_project

KEY = ("is_key", {"columns": ["clinic", "number"]})
UNIQUE, PRESENT = ("unique", {"column_name": "clinic"}), ("not_null", {"column_name": "clinic"})
ONE_OF = ("accepted_values", {"column_name": "clinic", "values": ["a", "b's"]})
ONE_NUMBER_OF = ("accepted_values", {"column_name": "number", "values": [1, 2], "quote": False})


def manifest(name: str, declared: dict[str, Any]) -> dict[str, Any]:
    visits = {"name": "visits", "resource_type": "model", "relation_name": '"warehouse"."core"."visits"'}
    test = {"name": "of_visits", "attached_node": "model.visits"}
    other = {"name": "relationships", "kwargs": {}}
    return {
        "nodes": {
            "model.visits": visits,
            "test.declared": {**test, "test_metadata": {"name": name, "kwargs": declared}},
            "test.of_two_tables": {**test, "test_metadata": other},
            "test.singular": {"name": "every_visit_is_in_a_mart"},
        }
    }


@pytest.mark.parametrize(
    ("declared", "rows", "found"),
    [
        (KEY, "('a', 1), ('a', 2), ('b', 1)", 0),
        (KEY, "('a', 1), ('a', 1), ('b', 1), ('b', 1), ('b', 1)", 2),
        (KEY, "('a', null), ('b', 1)", 1),
        (UNIQUE, "('a', 1), ('b', 1), (null, 1), (null, 1)", 0),
        (UNIQUE, "('a', 1), ('a', 2)", 1),
        (PRESENT, "('a', null)", 0),
        (PRESENT, "(null, 1), (null, 2)", 2),
        (ONE_OF, "('a', 1), ('b''s', 1), (null, 1)", 0),
        (ONE_OF, "('c', 1), ('c', 2), ('d', 3), ('a', 4)", 2),
        (ONE_NUMBER_OF, "('c', 1), ('c', 2), ('d', 3)", 1),
    ],
)
def test_what_breaks_a_declaration_is_counted(tmp_path, declared, rows, found):
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema core; create table core.visits (clinic varchar, number integer)")
        connection.execute(f"insert into core.visits values {rows}")
    (result,) = check_declared(database, manifest(*declared), Settings(home=tmp_path))
    assert (result.name, result.kind, result.models) == ("of_visits", "test", ("visits",))
    expected = ("fail", f"found {found}, there should be none") if found else ("pass", None)
    assert (result.status, result.message) == expected


def test_no_test_of_the_project_asks_for_what_is_not_looked_at_here():
    nodes = parse_project(bundled("dbt"), bundled("schemas") / "vocabularies").nodes.values()
    metadata = [(node, getattr(node, "test_metadata", None)) for node in nodes]
    at_once = [(node, about) for node, about in metadata if about and about.name in CHECKED_AT_ONCE]
    assert len(at_once) > 250
    for node, about in at_once:
        config = node.config
        assert (config.severity, config.where, config.limit, config.error_if) == ("ERROR", None, None, "!= 0")
        assert about.kwargs.keys() <= {"model", "columns", "column_name", "values", "quote"}
