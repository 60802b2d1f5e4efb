"""The study of coverage: its generator is what it says, its truths are true, and its page tells what it found."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from control_room.benchmarks.coverage import bench_coverage, page_writer
from simulated_network.coverage_study.care import Network, draw_sessions
from simulated_network.coverage_study.care_truth import share_of_patients_with_event, share_of_sessions_with_event
from simulated_network.coverage_study.estimands import ESTIMANDS, Estimand
from simulated_network.coverage_study.estimates import HIGHEST, LOWEST, Estimates, coverage_of
from simulated_network.coverage_study.study import chosen, study
from simulated_network.coverage_study.trial import MEAN_CHANGE, RESPONSE, Cohort, draw_patients, responder_share

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "coverage.md"
FRAIL = Network("for the tests", practitioner_frailty=0.5, patient_frailty=1.0, clinic_frailty=0.3)
SEEDS = 200


def _documented() -> dict[str, list[str]]:
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


@pytest.fixture(scope="module")
def many():
    """Enough patients to know what is true of them, in networks that do not share their luck."""
    return draw_sessions(FRAIL, range(400))


def test_a_network_has_the_events_that_it_says(many) -> None:
    by_network = np.bincount(many.replication, many.events) / np.bincount(many.replication)
    error = by_network.std() / np.sqrt(len(by_network))
    assert by_network.mean() == pytest.approx(FRAIL.events_per_session, abs=4 * error)


def test_the_computed_truths_are_what_many_networks_show(many) -> None:
    with_event = np.bincount(many.replication, many.events > 0) / np.bincount(many.replication)
    events = np.bincount(many.replication * FRAIL.patients + many.patient, many.events).reshape(-1, FRAIL.patients)
    for shares, truth in (
        (with_event, share_of_sessions_with_event(FRAIL)),
        ((events > 0).mean(axis=1), share_of_patients_with_event(FRAIL)),
    ):
        assert shares.mean() == pytest.approx(truth, abs=4 * shares.std() / np.sqrt(len(shares)))


def test_the_variance_between_networks_is_that_of_the_frailties() -> None:
    network = replace(FRAIL, says="one level", clinic_frailty=0.0, patient_frailty=0.0)
    drawn = draw_sessions(network, range(1500))
    sessions = np.bincount(drawn.replication)
    by_practitioner = np.bincount(drawn.replication * 36 + drawn.practitioner, minlength=1500 * 36).reshape(-1, 36)
    rate = network.events_per_session
    # Counting error, and what practitioners add by how unequally the sessions are theirs.
    variance = rate / sessions + rate**2 * 0.5 * (by_practitioner**2).sum(axis=1) / sessions**2
    found = np.bincount(drawn.replication, drawn.events) / sessions
    assert found.var() == pytest.approx(variance.mean(), rel=0.15)


def test_a_seed_gives_the_same_whichever_others_are_asked_for() -> None:
    both, alone = draw_sessions(FRAIL, [5, 6]), draw_sessions(FRAIL, [6])
    of_six = both.replication == 1
    for name in ("clinic", "practitioner", "patient", "events"):
        assert np.array_equal(getattr(both, name)[of_six], getattr(alone, name))
    cohort = Cohort("for the tests", dropout=0.2)
    assert np.array_equal(draw_patients(cohort, [5, 6]).change[1], draw_patients(cohort, [6]).change[0])


def test_who_fares_worse_drops_out_more_and_the_truth_is_of_all() -> None:
    cohort = Cohort("for the tests", dropout=0.25, by_change=(1.0, 1.0))
    drawn = draw_patients(cohort, range(300))
    responded = drawn.change <= RESPONSE
    assert responded.mean() == pytest.approx(responder_share(cohort), abs=0.006)
    assert responded[drawn.completed].mean() > responder_share(cohort) + 0.05
    assert drawn.change.mean() == pytest.approx(MEAN_CHANGE, abs=0.3)
    by_chance = draw_patients(replace(cohort, by_change=(0.0, 0.0)), range(300))
    assert by_chance.completed.mean() == pytest.approx(0.75, abs=0.01)


def test_coverage_bias_and_width_by_hand() -> None:
    estimates = Estimates(np.array([1.0, 3.0]), np.array([0.0, 2.5]), np.array([2.0, np.nan]))
    found = coverage_of(estimates, truth=1.5)
    assert (found.coverage, found.bias, found.width, found.verdict) == (0.5, 0.5, 2.0, "fails")
    assert found.relative_width == pytest.approx(2.0 / (2 * 1.959964 * np.sqrt(2)))


@pytest.mark.parametrize("estimand", ESTIMANDS.values(), ids=list(ESTIMANDS))
def test_an_interval_does_what_theory_expects(estimand: Estimand) -> None:
    found, error = study(estimand, SEEDS), 3 * np.sqrt(0.95 * 0.05 / SEEDS)
    if estimand.expected == "fails":
        assert found.coverage < LOWEST + error
    else:
        assert found.coverage > LOWEST - error
        assert found.coverage < (1.01 if estimand.expected == "conservative" else HIGHEST + error)


def test_the_page_has_every_estimand_as_the_code_has_it() -> None:
    documented = _documented()
    assert list(documented) == list(ESTIMANDS)
    for name, estimand in ESTIMANDS.items():
        row = documented[name]
        assert row[1:5] == [estimand.measure, estimand.population, estimand.interval, f"{estimand.truth:.4g}"], name
        assert row[9] == estimand.expected


def test_the_page_is_of_a_thousand_seeds_or_more_and_its_verdicts_follow_from_its_numbers() -> None:
    seeds = re.search(r"^([\d,]+) seeds\.$", PAGE.read_text(), re.MULTILINE)
    assert seeds is not None
    assert int(seeds[1].replace(",", "")) >= 1000
    for name, row in _documented().items():
        coverage = float(row[5]) / 100
        verdict = "fails" if coverage < LOWEST else "conservative" if coverage > HIGHEST else "holds"
        assert row[10] == verdict, name


def test_the_table_is_written_between_the_marks_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- begin coverage -->\nold\n<!-- end coverage -->\nafter\n")
    told: list[str] = []
    page_writer(page)(bench_coverage(3, ["responders.bounds.by_outcome"], told.append))
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| `responders.bounds.by_outcome` | share of responders |" in text
    assert told == ["1 of 1: responders.bounds.by_outcome"]


def test_estimands_are_chosen_by_name_or_by_how_it_begins() -> None:
    assert [estimand.name for estimand in chosen(["arm_difference.frail"])] == ["arm_difference.frail"]
    assert {estimand.name.split(".")[0] for estimand in chosen(["mean_change", "responders"])} == {
        "mean_change",
        "responders",
    }
    assert len(chosen([])) == len(ESTIMANDS)
    with pytest.raises(ValueError, match="--estimand arm: there are event_rate"):
        chosen(["arm"])


def _meridian(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "control_room", "bench", "coverage", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_answers_as_its_page_of_shapes_says() -> None:
    shapes = (ROOT / "docs" / "json.md").read_text()
    example = re.search(r"## `meridian bench coverage --json`\n.*?```json\n(.*?)```", shapes, re.DOTALL)
    assert example is not None
    expected = json.loads(example[1])
    answer = json.loads(_meridian("--seeds", "2", "--estimand", "mean_change", "--json").stdout)
    assert answer.keys() == expected.keys()
    assert answer["estimands"][0].keys() == expected["estimands"][0].keys()
    assert answer["seeds"] == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--seeds", "1"], "--seeds: at least 2"),
        (["--estimand", "luck"], "--estimand luck: there are"),
        (["--page", "p.md", "--estimand", "mean_change"], "--page: the page has all estimands"),
        (["--page", "/nowhere/p.md"], "No such file"),
        (["--page", "README.md"], "the page has 0 places for its block"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(arguments: list[str], why: str) -> None:
    done = _meridian(*arguments)
    last = done.stderr.strip().splitlines()[-1]
    assert (done.returncode, done.stdout) == (2, "")
    assert why in last
    assert "Traceback" not in done.stderr
