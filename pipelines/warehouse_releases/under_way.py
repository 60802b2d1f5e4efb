"""The journal of a build of everything: what it is of, and which models stand, so that a killed one is gone on with.

It lies beside the working database. A model is noted when the database has it for good; one that was made and not noted
is made again.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.durable_files import flush_to_disk, write_durably
from warehouse_releases.manifest_ranges import resolve


@dataclass
class UnderWay:
    """`standing` are the models that stand, by dbt's id, with the seconds that each took."""

    path: Path
    standing: dict[str, float] = field(default_factory=dict)

    def note(self, model: str, seconds: float) -> None:
        self.standing[model] = seconds
        with self.path.open("a") as journal:
            journal.write(json.dumps({"model": model, "seconds": seconds}) + "\n")
        flush_to_disk(self.path)

    def end(self) -> None:
        self.path.unlink(missing_ok=True)


def begin(path: Path, inputs: BuildInputs, code: str) -> UnderWay:
    head = _identity(inputs, code) | {"as_of": inputs.as_of.isoformat(), "segments": inputs.segment_ranges}
    write_durably(path, lambda aside: aside.write_text(json.dumps(head) + "\n"))
    return UnderWay(path)


def gone_on_with(path: Path, inputs: BuildInputs, code: str) -> tuple[UnderWay, BuildInputs] | None:
    """The build that was killed and what it is of, of all that there is now; None when it cannot be gone on with.

    That is so with other code, another registry, or when somebody was erased meanwhile; or when segments that it has
    read are gone, or are parts of longer ones now.
    """
    head, standing = _read(path)
    if head is None or any(head.get(name) != value for name, value in _identity(inputs, code).items()):
        return None
    resolved = resolve(head["segments"], inputs.segments)
    if resolved.lost or resolved.parts:
        return None
    then = replace(inputs, segments=list(resolved.whole), as_of=datetime.fromisoformat(head["as_of"]))
    return UnderWay(path, standing), then


def _identity(inputs: BuildInputs, code: str) -> dict[str, Any]:
    registry = json.dumps(inputs.registry, default=str, sort_keys=True)
    return {"code": code, "erasures": inputs.erasures, "registry": hashlib.sha256(registry.encode()).hexdigest()}


def _read(path: Path) -> tuple[dict[str, Any] | None, dict[str, float]]:
    """The first line and the others; the last one may have been cut off."""
    try:
        head, *lines = path.read_text().splitlines()
        begun = json.loads(head)
    except (OSError, ValueError):
        return None, {}
    standing = {}
    for line in lines:
        try:
            model = json.loads(line)
        except ValueError:
            break
        standing[model["model"]] = model["seconds"]
    return begun, standing
