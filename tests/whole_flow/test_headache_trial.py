"""A real trial goes through the whole platform, broker and all, and its published table comes out of the marts."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRIAL = ROOT.parent / "shared" / "data" / "headache-trial" / "acupuncture.csv"

pytestmark = [
    pytest.mark.skipif(not TRIAL.exists(), reason="the trial's data are not part of the project: ../shared is absent"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def meridian(platform_home):
    """Run a command on a platform that is up; its answer."""

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "control_room", *arguments],
            env={**os.environ, "MERIDIAN_HOME": str(platform_home.root)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stdout} {done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="module")
def released(meridian):
    mapping = str(ROOT / "tests" / "whole_flow" / "headache_trial.yaml")
    report = json.loads(meridian("publish", str(TRIAL), "--mapping", mapping, "--register-clinics", "--wait", "--json"))
    meridian("build")
    return report


@pytest.fixture(scope="module")
def rows(meridian, released):
    return lambda statement: json.loads(meridian("sql", statement, "--tier", "officer", "--json"))


def test_every_event_of_the_trial_is_accepted(released: dict) -> None:
    assert released["verdicts"].get("quarantined", 0) == 0
    assert released["refused"] == []


@pytest.mark.parametrize(
    ("arm", "n", "baseline", "baseline_sd", "after", "after_sd"),
    [("acupuncture", 161, 24.6, 14.1, 16.2, 13.7), ("control", 140, 26.7, 16.8, 22.3, 17.0)],
)
def test_the_scores_at_twelve_months_are_those_of_the_paper(
    rows, arm: str, n: int, baseline: float, baseline_sd: float, after: float, after_sd: float
) -> None:
    (row,) = rows(
        "select * from mart_outcome_by_arm where study = 'headache-trial' and month = 12 "
        f"and instrument = 'headache_severity_score' and arm = '{arm}'"
    )
    found = [round(row[name], 1) for name in ("baseline_mean", "baseline_sd", "mean", "sd")]
    assert (row["n"], found) == (n, [baseline, baseline_sd, after, after_sd])


def test_the_adjusted_difference_is_that_of_the_paper(rows) -> None:
    (row,) = rows(
        "select * from mart_outcome_difference where study = 'headache-trial' and month = 12 "
        "and instrument = 'headache_severity_score'"
    )
    assert row["n"] == 301
    assert row["difference"] == pytest.approx(4.6, abs=0.1)
    assert (row["ci_low"], row["ci_high"]) == (pytest.approx(2.2, abs=0.1), pytest.approx(7.0, abs=0.1))


def test_a_missing_follow_up_is_missing_and_not_zero(meridian, released) -> None:
    with TRIAL.open(encoding="utf-8-sig", newline="") as file:
        recorded = sum(row["pk5"] != "" for row in csv.DictReader(file))
    said = meridian(
        "sql", "select count(*) as n from core.outcomes where instrument = 'headache_days' and month = 12",
        "--tier", "officer", "--json",
    )  # fmt: skip
    assert json.loads(said) == [{"n": recorded}]


def test_publishing_the_file_again_changes_nothing(meridian, released, rows) -> None:
    # Rounded: the last bits of a mean depend on the order in which its parts are summed.
    statement = (
        "select study, arm, instrument, month, n, responders, round(mean, 9) as mean, round(sd, 9) as sd "
        "from mart_outcome_by_arm order by all"
    )
    before = rows(statement)
    mapping = str(ROOT / "tests" / "whole_flow" / "headache_trial.yaml")
    meridian("publish", str(TRIAL), "--mapping", mapping, "--wait")
    meridian("build")
    assert rows(statement) == before
