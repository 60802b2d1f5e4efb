"""The contracts of the versions that were released, in `schemas/released/<version>/`: never changed again."""

import json
from pathlib import Path

from clinic_events.json_schemas import Schema
from clinic_events.resources import bundled


def last_released(released: Path | None = None) -> tuple[str, dict[str, Schema]]:
    """The version, and its schemas by type of event."""
    folders = (released or bundled("schemas") / "released").iterdir()
    last = max(folders, key=lambda folder: [int(number) for number in folder.name.split(".")])
    schemas = (json.loads(path.read_text()) for path in sorted(last.glob("*.schema.json")))
    return last.name, {schema["title"]: schema for schema in schemas}
