"""Each STRICTA 2010 item that routine care can report has a field, and an example that carries it."""

import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.publishing.contract_fields import data_fields
from clinic_events.publishing.event_schemas import published_schema
from clinic_events.publishing.examples import example_paths
from clinic_events.publishing.stricta_page import ItemField, item_fields

# All of its 17 but 6a and 6b, which describe the control group of a trial.
USABLE = ["1a", "1b", "1c", "2a", "2b", "2c", "2d", "2e", "2f", "2g", "3a", "3b", "4a", "4b", "5"]
FIELDS = item_fields()

each_field = pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.item}-{field.path}")


def test_all_fifteen_usable_items_have_a_field() -> None:
    assert sorted({field.item for field in FIELDS}) == USABLE


@each_field
def test_the_field_is_in_the_contract(field: ItemField) -> None:
    assert field.path in {known.path for known in data_fields(published_schema(EVENT_TYPES[field.event_type]))}


@each_field
def test_the_example_holds_a_value_there_and_is_one_that_is_accepted_without_a_flag(field: ItemField) -> None:
    # `test_examples` proves that every valid example is.
    valid = {"/".join(path.parts[-3:]) for path in example_paths(field.event_type, "valid")}
    assert field.example in valid
    assert field.values()


def test_an_item_is_called_the_same_in_all_its_fields() -> None:
    assert len({(field.item, field.title) for field in FIELDS}) == len(USABLE)
