"""Checks, signals, releases and processes: what of them is shown, and in which words."""

from datetime import UTC, datetime

import pytest

from quality_dashboard.facts import BuildFact, CheckFact, Criterion, Releases, SignalFact, TierFact
from quality_dashboard.process_states import parse_processes
from quality_dashboard.quality_view import check_rows, checks_line
from quality_dashboard.releases_view import failed_since_release, mart_rows, tier_cards
from quality_dashboard.signals_view import evidence, signal_rows, signals_line

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


def check(clinic_id: str, status: str = "fail", severity: str = "major", days: int = 1) -> CheckFact:
    return CheckFact(clinic_id, "refused_share", "2026-03-30", 9, 100, 0.05, status, severity, days)


def tier(name: str, passed: int = 34, verdicts=()) -> TierFact:
    return TierFact(name, 7, NOW, NOW, passed, 34, verdicts)


def test_only_failing_checks_are_shown_the_severe_and_the_lasting_first():
    checks = (check("a", days=9), check("b", "pass"), check("c", severity="critical"), check("d", days=12))
    assert [row.clinic_id for row in check_rows(checks, {})] == ["c", "d", "a"]


def test_a_check_has_its_title_its_figures_and_its_threshold():
    row = check_rows((check("a"),), {"refused_share": Criterion("refused_share", "Events that were refused")})[0]
    assert (row.check, row.found, row.threshold) == ("Events that were refused", "9 of 100 (9.0 %)", "5 %")


def test_a_check_that_could_not_be_made_says_so():
    assert check_rows((check("a", "error"),), {})[0].found == "could not be assessed"


def test_no_failing_check_is_not_the_same_as_no_check():
    assert "All 1 check pass" in checks_line((check("a", "pass"),))
    assert "No check has been made yet" in checks_line(())


def test_a_signal_gives_its_counts_and_where_it_compares_the_ratio_with_its_interval():
    compared = SignalFact(
        "elevated_risk", "a", True, True, "182 of 900 sessions with an event", 182, 61.24, 2.97, 2.4, 3.66
    )
    counted = SignalFact("lapsed_licence", "a", True, True, "22 of 309 sessions", 22, 0, None, None, None)
    assert evidence(compared, 0.998) == (
        "182 of 900 sessions with an event; 61.2 expected; ratio 2.97 (99.8 % interval 2.40 to 3.66)"
    )
    assert evidence(counted, None) == "22 of 309 sessions"


def test_the_number_of_comparisons_is_told_and_those_without_enough_data_are_not_among_them():
    signals = (
        SignalFact("silence", "a", True),
        SignalFact("silence", "b", False),
        SignalFact("silence", "c", False, False),
    )
    assert [row.clinic_id for row in signal_rows(signals, {})] == ["a"]
    assert signals_line(signals).startswith("1 signal found in 2 comparisons")
    assert "1 other had too few data" in signals_line(signals)


def test_both_tiers_are_shown_before_and_after_the_first_release():
    assert [card.verdict for card in tier_cards(None)] == ["No release yet", "No release yet"]
    assert [card.verdict for card in tier_cards(Releases((tier("officer"),)))][1] == "No data lock yet"
    officer, analyst = tier_cards(Releases((tier("officer"), tier("analyst", passed=33))))
    assert officer.verdict == "Audit passed: 34 of 34 checks"
    assert (analyst.level, analyst.verdict) == ("bad", "Audit failed: 33 of 34 checks")


def test_marts_with_a_warning_come_first():
    rows = mart_rows(Releases((tier("officer", verdicts=(("mart_a", "passed"), ("mart_b", "warned"))),)))
    assert [(row.mart, row.level) for row in rows] == [("mart_b", "warn"), ("mart_a", "good")]


def test_a_failed_build_matters_until_the_next_release():
    failed, released = BuildFact(8, NOW, "audit_failed"), BuildFact(9, NOW, "released")
    assert failed_since_release(Releases(builds=(failed,))) == failed
    assert failed_since_release(Releases(builds=(released, failed))) is None


@pytest.mark.parametrize(
    ("supervisor", "worker", "state"),
    [
        ({"pid": 1}, {"pid": 2, "state": "running"}, "running"),
        ({"pid": 1}, {"pid": 99, "state": "running"}, "restarting"),
        ({"pid": 98}, {"pid": 99, "state": "running"}, "gone"),
        (None, {"pid": 99, "state": "running"}, "gone"),
        ({"pid": 98}, {"pid": 2, "state": "running"}, "running"),
        ({"pid": 1}, {"pid": None, "state": "waiting"}, "waiting"),
        ({"pid": 98}, {"pid": None, "state": "waiting"}, "gone"),
        ({"pid": 98}, {"pid": None, "state": "stopped"}, "stopped"),
    ],
)
def test_a_process_is_looked_for_and_a_dead_one_is_back_soon_only_if_somebody_brings_it_back(supervisor, worker, state):
    document = {"supervisor": supervisor, "processes": [{"name": "worker"} | worker]}
    assert parse_processes(document, lambda pid: pid in (1, 2))[0].state == state


@pytest.mark.parametrize("since", [1_700_000_000, 1_700_000_000.5, "2026-03-31T12:00:00Z", "2026-03-31T12:00:00"])
def test_the_time_since_when_a_process_runs_always_has_a_zone(since):
    process = parse_processes({"processes": [{"name": "a", "since": since}]}, bool)[0]
    assert process.since is not None and process.since.tzinfo is not None


@pytest.mark.parametrize(
    "odd", [{"state": 5, "restarts": "x", "since": []}, {"pid": "x", "since": "yesterday"}, {"since": 1e30}]
)
def test_what_cannot_be_understood_of_a_process_is_left_out(odd):
    process = parse_processes({"processes": [{"name": "a"} | odd, "nonsense", {}]}, bool)
    assert len(process) == 1 and process[0].since is None


@pytest.mark.parametrize("document", [None, [], {}, {"processes": 3}])
def test_a_state_file_of_another_shape_is_refused(document):
    with pytest.raises(ValueError, match="no list of processes"):
        parse_processes(document, bool)
