"""A clinic that keeps to the last released contracts is understood; what would break it is told by type and field."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.json_schemas import Schema, event_schema
from clinic_events.publishing.compatibility import breaks
from clinic_events.publishing.released import last_released
from clinic_events.resources import bundled

SESSION = "session.completed"
CURRENT = {name: event_schema(kind) for name, kind in EVENT_TYPES.items()}


def test_the_current_contracts_accept_all_that_the_last_released_ones_did() -> None:
    _, released = last_released()
    assert [str(found) for found in breaks(released, CURRENT)] == []


def test_the_first_version_had_seven_types_and_keeps_them() -> None:
    first = bundled("schemas") / "released" / "0.1.0"
    assert len(list(first.glob("*.schema.json"))) == 7


def test_the_last_version_is_the_highest_number(tmp_path: Path) -> None:
    for version in ("0.9.0", "0.10.0", "0.2.11"):
        (tmp_path / version).mkdir()
        (tmp_path / version / f"{SESSION}.schema.json").write_text(json.dumps({"title": SESSION, "const": version}))
    assert last_released(tmp_path) == ("0.10.0", {SESSION: {"title": SESSION, "const": "0.10.0"}})


def changed(change: Callable[[Any, Any], object]) -> list[str]:
    """What is said of a session's contract after `change` of its needle and its session."""
    new = deepcopy(CURRENT[SESSION])
    change(new["$defs"]["Needle"], new["$defs"]["SessionCompleted"])
    return [f"{found.field}: {found.change}" for found in breaks({SESSION: CURRENT[SESSION]}, {SESSION: new})]


def field(record: Schema, name: str) -> Schema:
    """A field's schema, without the null that stands for "not recorded"."""
    return record["properties"][name].get("anyOf", [record["properties"][name]])[0]


NARROWER = {
    "a new field that is required": (
        lambda needle, _: (needle["properties"].update(brand={"type": "string"}), needle["required"].append("brand")),
        "data.needles[].brand: it is new and required",
    ),
    "an optional field that is required now": (
        lambda _, session: session["required"].append("started_at"),
        "data.started_at: it was optional and is required",
    ),
    "a required field that is gone": (
        lambda needle, _: (needle["properties"].pop("point"), needle["required"].remove("point")),
        "data.needles[].point: there is no such field any more",
    ),
    "an optional field that is gone": (
        lambda needle, _: needle["properties"].pop("lot"),
        "data.needles[].lot: there is no such field any more",
    ),
    "a number that has to be whole": (
        lambda needle, _: field(needle, "depth_mm").update(type="integer"),
        "data.needles[].depth_mm: it no longer may be of type integer or number",
    ),
    "a field that may no longer be null": (
        lambda _, session: session["properties"]["plan_id"]["anyOf"].pop(),
        "data.plan_id: it no longer may be of type null",
    ),
    "a list that has become a text": (
        lambda _, session: session["properties"]["techniques"].update(type="string"),
        "data.techniques: it no longer may be of type array",
    ),
    "a longer least length": (
        lambda _, session: field(session, "session_id").update(minLength=2),
        "data.session_id: its min length was 1 and is 2",
    ),
    "a shorter greatest length": (
        lambda needle, _: field(needle, "lot").update(maxLength=10),
        "data.needles[].lot: its max length was 64 and is 10",
    ),
    "a minimum that was none": (
        lambda needle, _: field(needle, "depth_mm").update(minimum=0),
        "data.needles[].depth_mm: its minimum was not set and is 0",
    ),
    "a lower maximum": (
        lambda _, session: field(session, "needles_inserted").update(maximum=200),
        "data.needles_inserted: its maximum was 9007199254740991 and is 200",
    ),
    "fewer items": (
        lambda _, session: session["properties"]["needles"].update(maxItems=100),
        "data.needles: its max items was not set and is 100",
    ),
    "a pattern": (
        lambda needle, _: field(needle, "point").update(pattern="^[A-Z]{2}[0-9]+$"),
        "data.needles[].point: its pattern was not set and is ^[A-Z]{2}[0-9]+$",
    ),
    "another format": (
        lambda _, session: field(session, "started_at").update(format="date"),
        "data.started_at: its format was date-time and is date",
    ),
    "certain values only": (
        lambda needle, _: field(needle, "side").update(enum=["left", "right"]),
        "data.needles[].side: it accepts only certain values",
    ),
    "one value only": (
        lambda needle, _: field(needle, "angle").update(const="oblique"),
        "data.needles[].angle: it accepts only certain values",
    ),
    "a limit beside a reference": (
        lambda _, session: session["properties"]["needles"]["items"].update(minProperties=2),
        "data.needles[]: its min properties was not set and is 2",
    ),
    "items of one type only": (
        lambda _, session: session["properties"]["advice"].update(items={"type": "string", "maxLength": 9}),
        "data.advice[]: its max length was 64 and is 9",
    ),
    "a keyword that the comparison does not know": (
        lambda _, session: session.update(dependentRequired={"ended_at": ["started_at"]}),
        "data: its dependent required was not set and is {'ended_at': ['started_at']}",
    ),
}


@pytest.mark.parametrize("kind", NARROWER)
def test_a_narrower_contract_is_told_by_its_field(kind: str) -> None:
    change, told = NARROWER[kind]
    assert changed(change) == [told]


WIDER = {
    "a new optional field": lambda needle, _: needle["properties"].update(brand={"type": "string"}),
    "a required field that is optional now": lambda needle, _: needle["required"].remove("point"),
    "a whole number that may be any": lambda _, session: field(session, "needles_inserted").update(type="number"),
    "a shorter least length": lambda _, session: field(session, "session_id").update(minLength=0),
    "a longer greatest length": lambda needle, _: field(needle, "lot").update(maxLength=100),
    "no maximum": lambda _, session: field(session, "needles_inserted").pop("maximum"),
    "a second form": lambda needle, _: needle["properties"]["lot"]["anyOf"].append({"type": "integer"}),
    "other words": lambda needle, _: field(needle, "lot").update(description="The lot.", title="Lot", examples=["1"]),
    "another plausible range": lambda needle, _: field(needle, "depth_mm").update({"x-plausible": [1, 2]}),
}


@pytest.mark.parametrize("kind", WIDER)
def test_a_wider_contract_breaks_nobody(kind: str) -> None:
    assert changed(WIDER[kind]) == []


def test_a_type_that_is_gone_is_told() -> None:
    assert [str(found) for found in breaks(CURRENT, {name: CURRENT[name] for name in CURRENT if name != SESSION})] == [
        "session.completed: there is no such type any more"
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [(["left", "right", "both"], []), (["left"], ["data.needles[].side: it no longer accepts 'right'"])],
)
def test_a_list_of_values_may_grow_and_not_shrink(values: list[str], told: list[str]) -> None:
    old, new = deepcopy(CURRENT[SESSION]), deepcopy(CURRENT[SESSION])
    field(old["$defs"]["Needle"], "side").update(enum=["left", "right"])
    field(new["$defs"]["Needle"], "side").update(enum=values)
    found = breaks({SESSION: old}, {SESSION: new})
    assert [f"{one.field}: {one.change}" for one in found] == told


def test_items_that_were_of_any_type_may_not_become_of_one() -> None:
    old, new = deepcopy(CURRENT[SESSION]), deepcopy(CURRENT[SESSION])
    del old["$defs"]["SessionCompleted"]["properties"]["needles"]["items"]
    (found,) = breaks({SESSION: old}, {SESSION: new})
    assert (found.field, found.change.startswith("it no longer may be of type")) == ("data.needles[]", True)


def test_a_change_of_the_envelope_is_told_for_its_type() -> None:
    new = deepcopy(CURRENT)
    new[SESSION]["required"].append("recordedtime")
    new[SESSION]["properties"]["schemaversion"]["const"] = 2
    assert [str(found) for found in breaks(CURRENT, new)] == [
        "session.completed: recordedtime: it was optional and is required",
        "session.completed: schemaversion: it no longer accepts 1",
    ]
