"""What a release says of itself: what it was built from, by which code, and how each of its marts was checked. Pure but
for the reading of the bundled files' fingerprints."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from warehouse_releases.audit_rules import MART_RULES
from warehouse_releases.build_inputs import BuildInputs

_DISTRIBUTION = "meridian-network"
_SOURCES = ("sql", "py", "yml", "csv")


def describe(
    release_id: int, created_at: datetime, inputs: BuildInputs, code: dict[str, Any], checks: list[dict[str, Any]]
) -> dict[str, Any]:
    """The manifest. `checks` are {table, check, source, status, detail}; `status` is passed, warned or failed."""
    return {
        "release_id": release_id,
        "created_at": created_at.isoformat(),
        "as_of": inputs.as_of.isoformat(),
        "inputs": inputs.fingerprint,
        "segments": inputs.segment_ranges,
        "erasures": inputs.erasures,
        "clinics": len(inputs.registry["clinics"]),
        "studies": len(inputs.registry["studies"]),
        "code": code,
        "checks_total": len(checks),
        "checks_passed": sum(check["status"] != "failed" for check in checks),
        "checks": checks,
        "verdicts": verdicts(checks),
    }


def verdicts(checks: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The worst status of each mart's checks; `not_checked` when there was none."""
    found: dict[str, set[str]] = defaultdict(set)
    for check in checks:
        found[check["table"]].add(check["status"])
    return {mart: _worst(found[mart]) for mart in sorted(MART_RULES)}


def code_versions(dbt_project: Path, vocabularies: Path) -> dict[str, Any]:
    """The code that built a release: the distribution's version, and fingerprints of models and vocabularies."""
    return {
        "version": _version(),
        "dbt_project": sources_fingerprint(dbt_project),
        "vocabularies": {path.stem: _fingerprint([path]) for path in sorted(vocabularies.glob("*.csv"))},
    }


def sources_fingerprint(folder: Path) -> str:
    """The same for as long as no model, macro, module, vocabulary or setting in it changes."""
    return _fingerprint(sorted(path for kind in _SOURCES for path in folder.rglob(f"*.{kind}")))


def _worst(statuses: set[str]) -> str:
    return next((status for status in ("failed", "warned", "passed") if status in statuses), "not_checked")


def _fingerprint(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


def _version() -> str:
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed"
