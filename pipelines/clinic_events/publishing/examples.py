"""The examples in `schemas/examples/`, and what stands at a path of one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from clinic_events.resources import bundled

Sort = Literal["valid", "flagged", "invalid"]

# The one a reader should see first, and the fullest one next.
_ORDER = ("minimal", "complete", "every_attribute")


def example_paths(event_type: str, sort: Sort) -> list[Path]:
    paths = (bundled("schemas") / "examples" / event_type / sort).glob("*.json")
    return sorted(paths, key=lambda path: (_ORDER.index(path.stem) if path.stem in _ORDER else len(_ORDER), path.stem))


def valid_examples(event_type: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in example_paths(event_type, "valid"):
        yield path, json.loads(path.read_bytes())


def valid_example(event_type: str, name: str) -> dict[str, Any]:
    """The valid example of that name; nothing where there is none yet."""
    return next((document for path, document in valid_examples(event_type) if path.stem == name), {})


def values_at(document: Any, path: str) -> list[Any]:
    """What `document` holds at a path such as `needles[].depth_mm`: one value for each item of its lists."""
    found = [document]
    for step in path.split("."):
        name = step.removesuffix("[]")
        found = [value[name] for value in found if isinstance(value, dict) and value.get(name) is not None]
        if step.endswith("[]"):
            found = [item for items in found for item in items]
    return found
