"""One set of criteria finds what was planted, leaves the decoys alone, and is quiet where nothing was planted."""

import pytest

from simulated_network.judgement import judge_findings


def test_every_plant_is_found_and_no_decoy_is_flagged(planted) -> None:
    judgement = judge_findings(planted.network.truth, planted.signals, planted.quarantine)
    assert (judgement.missed, judgement.false_alarms) == ((), ())
    assert len(judgement.found) > 5


def test_nothing_is_found_where_nothing_was_planted(nothing_planted) -> None:
    judgement = judge_findings(nothing_planted.network.truth, nothing_planted.signals, nothing_planted.quarantine)
    assert (judgement.planted, judgement.false_alarms) == ((), ())


@pytest.mark.parametrize("signal", ["elevated_risk", "under_reporting", "silence"])
def test_the_margin_is_wide(signal: str, planted) -> None:
    """The planted clinic's limit lies well beyond the threshold, every other clinic's well on this side of it."""
    guilty = planted.network.truth.clinic_of(signal)
    rows = [row for row in planted.signals if row["signal"] == signal]
    if signal == "elevated_risk":
        assert min(row["ratio_low"] for row in rows if row["clinic_id"] == guilty) > 1.65
        assert max(row["ratio_low"] for row in rows if row["clinic_id"] != guilty) < 1.35
    else:
        assert max(row["ratio_high"] for row in rows if row["clinic_id"] == guilty) < 0.4
        assert min(row["ratio_high"] or 1 for row in rows if row["clinic_id"] != guilty) > 0.6
