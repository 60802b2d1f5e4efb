"""The schemas in `schemas/events/` stand alone, and promise no more than the platform keeps."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.publishing.event_schemas import address, file_name
from clinic_events.reasons import REASONS
from clinic_events.resources import bundled
from clinic_events.verdicts import judge

RECEIVED = datetime(2026, 7, 1, tzinfo=UTC)
# What a stranger has: the files, and nothing of the code.
SCHEMAS = {
    name: json.loads((bundled("schemas") / "events" / file_name(kind)).read_text())
    for name, kind in EVENT_TYPES.items()
}
VALIDATORS = {
    name: jsonschema_rs.Draft202012Validator(schema, validate_formats=True) for name, schema in SCHEMAS.items()
}
VALID = {
    name: [json.loads(path.read_bytes()) for path in sorted((bundled("schemas") / "examples" / name).glob("valid/*"))]
    for name in EVENT_TYPES
}

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=70)
    | st.sampled_from(["2026-03-02T09:30:00Z", "2026-03-02", "2026-02-30T00:00:00Z", "2026-03-02T09:30:00", "1.0", ""])
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner))


def objects(node: Any) -> Iterator[dict]:
    """Every object of a document, itself first."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(inner)


@st.composite
def mutated_events(draw) -> tuple[str, dict]:
    """A valid event of some type with up to three of its fields, at any depth, replaced, taken away or added."""
    name = draw(st.sampled_from(sorted(EVENT_TYPES)))
    document = json.loads(json.dumps(draw(st.sampled_from(VALID[name]))))
    for _ in range(draw(st.integers(0, 3))):
        target = draw(st.sampled_from(list(objects(document))))
        key = draw(st.sampled_from([*sorted(target), "stranger"]))
        if draw(st.booleans()):
            target[key] = draw(values)
        else:
            target.pop(key, None)
    return name, document


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_a_schema_is_valid_has_an_address_and_needs_no_other_file(name: str) -> None:
    assert jsonschema_rs.meta.is_valid(SCHEMAS[name])
    assert SCHEMAS[name]["$id"] == address(EVENT_TYPES[name])
    assert SCHEMAS[name]["title"] == name and SCHEMAS[name]["description"]
    assert all(reference.startswith("#/$defs/") for reference in references(SCHEMAS[name]))


def references(node: Any) -> Iterator[str]:
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "$ref":
            yield inner
        else:
            yield from references(inner)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_examples_in_a_schema_are_all_the_valid_ones_and_keep_to_it(name: str) -> None:
    by_id = {document["id"]: document for document in VALID[name]}
    assert {document["id"]: document for document in SCHEMAS[name]["examples"]} == by_id
    assert all(VALIDATORS[name].is_valid(document) for document in by_id.values())


@settings(max_examples=1500, deadline=None)
@given(mutated_events())
def test_what_a_schema_accepts_is_refused_only_for_a_listed_reason(case: tuple[str, dict]) -> None:
    name, document = case
    if not VALIDATORS[name].is_valid(document):
        return
    verdict = judge(json.dumps(document).encode(), "north-bridge", RECEIVED)
    refusals = [REASONS[reason.code] for reason in verdict.reasons if REASONS[reason.code].verdict == "refuse"]
    assert all(kind.beyond_schema for kind in refusals), verdict.reasons
