"""The examples beside the schemas are what they say they are."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.json_schemas import event_schema
from clinic_events.publishing.contract_fields import data_fields, envelope_fields
from clinic_events.publishing.event_schemas import published_schema
from clinic_events.publishing.examples import valid_example, values_at
from clinic_events.reasons import REASONS
from clinic_events.resources import bundled
from clinic_events.verdicts import judge

EXAMPLES = bundled("schemas") / "examples"
RECEIVED = datetime(2026, 7, 1, tzinfo=UTC)


def examples(sort: str) -> list[Path]:
    return sorted(EXAMPLES.glob(f"*/{sort}/*.json"))


def label(path: Path) -> str:
    return f"{path.parts[-3]}/{path.stem}"


def verdict_of(path: Path):
    return judge(path.read_bytes(), "north-bridge", RECEIVED)


@pytest.mark.parametrize("name", EVENT_TYPES)
@pytest.mark.parametrize("sort", ["valid", "flagged", "invalid"])
def test_every_type_of_event_has_examples_of_each_sort(name: str, sort: str) -> None:
    assert list((EXAMPLES / name / sort).glob("*.json"))


@pytest.mark.parametrize("path", examples("valid"), ids=label)
def test_a_valid_example_is_accepted_without_a_flag(path: Path) -> None:
    verdict = verdict_of(path)
    assert (verdict.status, verdict.reasons) == ("accepted", ())


@pytest.mark.parametrize("path", examples("flagged"), ids=label)
def test_a_flagged_example_earns_the_flags_in_its_name(path: Path) -> None:
    verdict = verdict_of(path)
    assert verdict.status == "flagged"
    assert "+".join(sorted({reason.code for reason in verdict.reasons})) == path.stem


@pytest.mark.parametrize("path", examples("invalid"), ids=label)
def test_an_invalid_example_is_quarantined_for_the_reasons_in_its_name(path: Path) -> None:
    verdict = verdict_of(path)
    assert verdict.status == "quarantined"
    assert "+".join(sorted({reason.code for reason in verdict.reasons})) == path.stem


@pytest.mark.parametrize("path", examples("valid"), ids=label)
def test_a_valid_example_satisfies_its_published_schema(path: Path) -> None:
    document = json.loads(path.read_bytes())
    jsonschema_rs.validate(event_schema(EVENT_TYPES[path.parts[-3]]), document, validate_formats=True)


def test_every_reason_of_the_stream_has_an_example() -> None:
    shown = {code for sort in ("flagged", "invalid") for path in examples(sort) for code in path.stem.split("+")}
    # It needs a document that no reviewer wants to read; `test_hostile_bytes` sends it.
    expected = {code for code, kind in REASONS.items() if kind.decided_in == "stream"} - {"too_large"}
    assert expected - shown == set()


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_complete_example_uses_every_field_of_its_type(name: str) -> None:
    data = valid_example(name, "complete")["data"]
    fields = data_fields(published_schema(EVENT_TYPES[name]))
    assert [field.path for field in fields if not values_at(data, field.path)] == []


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_example_of_every_attribute_has_them_all(name: str) -> None:
    attributes = {field.path for field in envelope_fields()} - (
        set() if EVENT_TYPES[name].about_patient else {"subject"}
    )
    assert valid_example(name, "every_attribute").keys() == attributes | {"data"}


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_minimal_example_has_only_what_is_required(name: str) -> None:
    schema, document = event_schema(EVENT_TYPES[name]), valid_example(name, "minimal")
    assert document.keys() == set(schema["required"])
    required = [field.path for field in data_fields(schema) if field.required and "." not in field.path]
    assert document["data"].keys() == {path.removesuffix("[]") for path in required}


def test_no_two_examples_claim_to_be_one_event() -> None:
    documents = (json.loads(path.read_bytes()) for path in examples("*") if path.stem != "unreadable")
    ids = [document["id"] for document in documents if document.get("id")]
    assert len(ids) == len(set(ids))
