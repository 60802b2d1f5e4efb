"""The benchmark of the language measures what it says. How fast anything is, it tells; no test asks."""

from datetime import UTC, datetime

import pytest

from clinic_events.verdicts import judge
from control_room.benchmarks.language import PEERS, bench_language
from control_room.benchmarks.sample_sessions import NEEDLES, STREAM_NEEDLES, sample_sessions


def test_the_sample_is_of_distinct_sessions_that_no_rule_flags() -> None:
    raws = sample_sessions(500)
    verdicts = [judge(raw, "north-bridge", datetime.now(UTC)) for raw in raws]
    assert len(set(raws)) == 500
    assert {(verdict.status, len(verdict.data.needles)) for verdict in verdicts} == {("accepted", NEEDLES)}


def test_the_sessions_of_the_streams_benchmark_have_one_and_a_quarter_kilobytes() -> None:
    raws = sample_sessions(500, needles=STREAM_NEEDLES)
    assert round(sum(map(len, raws)) / len(raws) / 1000, 2) == 1.25


def test_the_answer_has_a_ratio_to_each_peer() -> None:
    told: list[str] = []
    measured = bench_language(events=50, rounds=2, tell=told.append)
    assert measured["ratios"].keys() == {"bare_msgspec", "pydantic", "jsonschema"}
    assert measured["microseconds"].keys() == {"meridian", *measured["ratios"]}
    assert told == ["round 1 of 2", "round 2 of 2"]


@pytest.mark.parametrize("name", ["pydantic", "jsonschema"])
@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (b'"needles_removed":8', b'"needles_removed":7'),
        (b'"stimulation":"manual"', b'"stimulation":"x"'),
        (b'"gauge_mm":0.25', b'"gauge_mm":25'),
        (b'"point":"', b'"point":"no '),
        (b'"time":"2026', b'"time":"1926'),
        (b'"session_id":', b'"session_":'),
    ],
)
def test_a_peer_makes_the_same_checks(name: str, found: bytes, instead: bytes) -> None:
    raw = next(raw for raw in sample_sessions(50) if found in raw)
    check = PEERS[name]()
    assert check(raw)
    with pytest.raises(ValueError):
        check(raw.replace(found, instead, 1))
