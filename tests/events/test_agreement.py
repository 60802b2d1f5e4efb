"""The fast path that accepts and the slow path that explains say the same of every event, 200,000 of them."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from clinic_events.explain import explain
from clinic_events.reading import Reading, read, read_plausible
from clinic_events.rules import flags_of
from clinic_events.verdicts import judge

from .generated_events import generated

RECEIVED = datetime(2026, 4, 1, tzinfo=UTC)
SHARDS, EVENTS = 20, 5_000


def content(reading: Reading) -> Any:
    event, data = reading
    envelope = {name: value for name, value in msgspec.structs.asdict(event).items() if name != "data"}
    return envelope, msgspec.to_builtins(data)


def disagreement(raw: bytes) -> str | None:
    """Where the paths part; None when they say the same."""
    plausible, agreed, found = (
        read_plausible(raw, "north-bridge"),
        read(raw, "north-bridge"),
        explain(raw, "north-bridge"),
    )
    verdict = judge(raw, "north-bridge", RECEIVED)
    if (found.reading is None) != bool(found.refusals):
        return "explained without an answer"
    if found.reading is None:
        return None if plausible is agreed is None and verdict.status == "quarantined" else "refused by one path alone"
    if agreed is not None and (found.flags or content(agreed) != content(found.reading)):
        return "read otherwise than explained"
    whole = {*found.flags, *flags_of(*found.reading, RECEIVED)}
    if set(verdict.reasons) != whole or (verdict.status == "flagged") != bool(whole):
        return "judged otherwise than explained"
    if plausible is None:
        return None
    if agreed is None or content(plausible) != content(agreed):
        return "plausible and not as agreed"
    return None if set(flags_of(*plausible, RECEIVED, fields_are_plausible=True)) == whole else "a flag was passed over"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_both_paths_agree(shard: int) -> None:
    parted = [(why, raw) for raw in generated(shard, EVENTS) if (why := disagreement(raw))]
    assert parted[:3] == []


def test_the_made_up_events_meet_every_path() -> None:
    raws = generated(0, EVENTS)
    paths = {"plausible": read_plausible, "as agreed": read}
    shares = {name: sum(path(raw, "north-bridge") is not None for raw in raws) / EVENTS for name, path in paths.items()}
    statuses = {judge(raw, "north-bridge", RECEIVED).status for raw in raws}
    assert statuses == {"accepted", "flagged", "quarantined"}
    assert 0.05 < shares["plausible"] < shares["as agreed"] < 0.9
