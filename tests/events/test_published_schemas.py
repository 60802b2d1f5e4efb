"""The schemas in `schemas/events/` are those of the code, and promise no more than the platform keeps."""

import json
from datetime import UTC, datetime

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.export import rendered_schemas
from clinic_events.json_schemas import event_schema
from clinic_events.reasons import REASONS
from clinic_events.resources import bundled
from clinic_events.verdicts import judge

RECEIVED = datetime(2026, 4, 1, tzinfo=UTC)
SCHEMAS = bundled("schemas") / "events"
VALIDATORS = {
    name: jsonschema_rs.Draft202012Validator(event_schema(kind), validate_formats=True)
    for name, kind in EVENT_TYPES.items()
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


@st.composite
def mutated_events(draw) -> tuple[str, dict]:
    """A valid event of some type with up to three of its fields replaced, taken away or added."""
    name = draw(st.sampled_from(sorted(EVENT_TYPES)))
    document = json.loads(json.dumps(draw(st.sampled_from(VALID[name]))))
    for _ in range(draw(st.integers(0, 3))):
        target = document["data"] if isinstance(document.get("data"), dict) and draw(st.booleans()) else document
        key = draw(st.sampled_from([*sorted(target), "stranger"]))
        if draw(st.booleans()):
            target[key] = draw(values)
        else:
            target.pop(key, None)
    return name, document


def test_the_files_are_what_the_code_says() -> None:
    stored = {path.name: path.read_text() for path in SCHEMAS.glob("*.schema.json")}
    assert stored == rendered_schemas(), "stale: run `.venv/bin/python -m clinic_events.export`"


@settings(max_examples=1500, deadline=None)
@given(mutated_events())
def test_what_a_schema_accepts_is_refused_only_for_a_listed_reason(case: tuple[str, dict]) -> None:
    name, document = case
    if not VALIDATORS[name].is_valid(document):
        return
    verdict = judge(json.dumps(document).encode(), "north-bridge", RECEIVED)
    refusals = [REASONS[reason.code] for reason in verdict.reasons if REASONS[reason.code].verdict == "refuse"]
    assert all(kind.beyond_schema for kind in refusals), verdict.reasons


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_field_of_a_schema_is_described(name: str) -> None:
    for part in event_schema(EVENT_TYPES[name])["$defs"].values():
        assert part["description"]
