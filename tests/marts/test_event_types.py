"""The project names the types of event twice in its own language; both are the catalogue's."""

import re
from pathlib import Path

import yaml

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.resources import bundled

DBT = Path(bundled("dbt"))


def test_the_macro_names_the_types_of_the_catalogue() -> None:
    (body,) = re.findall(r"macro event_types.*?endmacro", (DBT / "macros" / "event_types.sql").read_text(), re.DOTALL)
    assert re.findall(r"'([^']+)'", body) == list(EVENT_TYPES)


def test_staging_accepts_the_types_of_the_catalogue_and_no_other() -> None:
    (model,) = yaml.safe_load((DBT / "models" / "staging" / "stg_events.yml").read_text())["models"]
    (column,) = [column for column in model["columns"] if column["name"] == "event_type"]
    (test,) = column["data_tests"]
    assert test["accepted_values"]["arguments"]["values"] == list(EVENT_TYPES)
