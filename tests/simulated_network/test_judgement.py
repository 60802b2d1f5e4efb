"""The judgement tells found from missed and false from true, by release and quarantine alone."""

import pytest

from simulated_network.judgement import Finding, judge_findings
from simulated_network.summary import summary_lines
from simulated_network.truth import Decoy, Plant, Truth

TRUTH = Truth(
    plants=(
        Plant("elevated_risk", "elm", 3.0),
        Plant("silence", "mill", 21),
        Plant("broken_events", "elm", 4, "unreadable"),
        Plant("broken_events", "mill", 2, "unreadable"),
    ),
    decoys=(Decoy("asks_by_checklist", "safe"),),
)
SIGNALS = [
    {"signal": "elevated_risk", "clinic_id": "elm", "found": True},
    {"signal": "elevated_risk", "clinic_id": "safe", "found": False},
    {"signal": "silence", "clinic_id": "mill", "found": True},
]
QUARANTINE = [
    {"clinic_id": "elm", "event_type": "unknown", "reason": "unreadable", "events": 3},
    {"clinic_id": "elm", "event_type": None, "reason": "unreadable", "events": 1},
    {"clinic_id": "mill", "event_type": None, "reason": "unreadable", "events": 2},
]
NOTHING = Truth((), ())


def test_everything_found_and_nothing_else_is_right() -> None:
    judgement = judge_findings(TRUTH, SIGNALS, QUARANTINE)
    assert judgement.is_right
    assert len(judgement.found) == len(judgement.planted) == 4


@pytest.mark.parametrize("absent", [0, 2])
def test_a_plant_without_its_signal_is_missed(absent: int) -> None:
    signals = [row for number, row in enumerate(SIGNALS) if number != absent]
    judgement = judge_findings(TRUTH, signals, QUARANTINE)
    assert judgement.missed == (Finding(SIGNALS[absent]["signal"], SIGNALS[absent]["clinic_id"]),)
    assert not judgement.is_right


def test_a_signal_that_says_not_found_is_a_miss_as_well() -> None:
    signals = [row | {"found": False} for row in SIGNALS]
    assert len(judge_findings(TRUTH, signals, QUARANTINE).missed) == 2


def test_a_flagged_decoy_is_a_false_alarm_and_named() -> None:
    judgement = judge_findings(TRUTH, [*SIGNALS, SIGNALS[1] | {"found": True}], QUARANTINE)
    assert judgement.false_alarms == (Finding("elevated_risk", "safe"),)
    assert judgement.flagged_decoys == ("safe",)
    assert not judgement.is_right


def test_the_right_signal_about_the_wrong_clinic_is_a_miss_and_a_false_alarm() -> None:
    swapped = [SIGNALS[0] | {"clinic_id": "mill"}, SIGNALS[2]]
    judgement = judge_findings(TRUTH, swapped, QUARANTINE)
    assert judgement.missed == (Finding("elevated_risk", "elm"),)
    assert judgement.false_alarms == (Finding("elevated_risk", "mill"),)
    assert judgement.flagged_decoys == ()


def test_too_few_refusals_are_missed_and_too_many_are_false_alarms() -> None:
    fewer, more = [QUARANTINE[0], QUARANTINE[2]], [*QUARANTINE, QUARANTINE[2]]
    assert judge_findings(TRUTH, SIGNALS, fewer).missed == (Finding("broken_events", "elm", "unreadable"),)
    assert judge_findings(TRUTH, SIGNALS, more).false_alarms == (Finding("broken_events", "mill", "unreadable"),)


def test_a_refusal_that_nobody_planted_is_a_false_alarm() -> None:
    refused = [{"clinic_id": "elm", "event_type": "session.completed", "reason": "id_reused", "events": 1}]
    assert judge_findings(NOTHING, [], refused).false_alarms == (Finding("broken_events", "elm", "id_reused"),)


def test_where_nothing_is_planted_every_finding_is_a_false_alarm() -> None:
    assert judge_findings(NOTHING, [], []).is_right
    assert len(judge_findings(NOTHING, SIGNALS, []).false_alarms) == 2


def test_the_summary_names_each_plant_each_decoy_each_false_alarm_and_the_sum() -> None:
    judgement = judge_findings(TRUTH, [SIGNALS[0], SIGNALS[1] | {"found": True}], QUARANTINE)
    lines = summary_lines(TRUTH, judgement)
    assert [line.split()[0] for line in lines] == ["found", "missed", "found", "flagged", "false", "planted"]
    assert "6 broken events refused as unreadable" in lines[2]
    assert lines[-1] == "planted 4, found 3, missed 1, false alarms 1"
