"""Write the JSON Schemas to `schemas/events/`: `python -m clinic_events.export`."""

import json
from pathlib import Path

from clinic_events.json_schemas import all_event_schemas
from clinic_events.resources import bundled


def rendered_schemas() -> dict[str, str]:
    """File name to content, as it must stand in `schemas/events/`."""
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in all_event_schemas().items()}


def export(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in rendered_schemas().items():
        (folder / name).write_text(content)


if __name__ == "__main__":
    export(bundled("schemas") / "events")
