"""A bundle of FHIR R4 with one resource of each kind that the network takes, and ways to vary it."""

import copy
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from clinic_publisher.fhir.bundles import ConvertedEntry

BUNDLE = json.loads((Path(__file__).parent / "fhir_bundle.json").read_text())
BERLIN = ZoneInfo("Europe/Berlin")


def resource(kind: str, **changes: Any) -> dict[str, Any]:
    """The bundle's resource of a kind; a change of None takes an element away."""
    found = next(entry["resource"] for entry in BUNDLE["entry"] if entry["resource"]["resourceType"] == kind)
    return {name: value for name, value in {**copy.deepcopy(found), **changes}.items() if value is not None}


def events(entries: list[ConvertedEntry]) -> list[dict[str, Any]]:
    return [json.loads(body) for entry in entries for body in entry.converted.bodies]


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {**BUNDLE, "entry": [BUNDLE["entry"][0], *({"resource": each} for each in resources)]}
