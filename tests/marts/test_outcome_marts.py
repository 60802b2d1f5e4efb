"""mart_outcome_by_arm and mart_outcome_difference: who counts, and which way the sign points."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")

PER_ARM = 12


def _patient(network: Any, name: str, scores: dict[int, float], instrument: str, study: dict[str, str] | None) -> None:
    network.say("dogwood", "patient.enrolled", {"age_years": 40, "study": study}, patient=name)
    for month, value in scores.items():
        data = {"instrument": instrument, "value": value, "planned_month": month}
        network.say("dogwood", "outcome.recorded", data, patient=name)


def tell(network: Any) -> None:
    network.studies["better-low"] = network.studies["better-high"] = network.studies["too-small"] = "control"
    for number in range(PER_ARM):
        # The treated end two points lower on a scale where low is better, twenty higher where high is.
        for arm, pain, well_being in (("control", 6, 40), ("needles", 4, 60)):
            wobble = number % 3 - 1
            low, high = {"id": "better-low", "arm": arm}, {"id": "better-high", "arm": arm}
            pain_scores = {0: 6 + number % 4, 3: pain + wobble}
            _patient(network, f"low-{arm}-{number}", pain_scores, "nrs_pain", low)
            _patient(network, f"high-{arm}-{number}", {0: 40 + number % 4, 3: well_being + wobble}, "who5", high)
            _patient(network, f"unregistered-{arm}-{number}", pain_scores, "nrs_pain", {"id": "elsewhere", "arm": arm})
            if number < 3:
                _patient(network, f"few-{arm}-{number}", pain_scores, "nrs_pain", {"id": "too-small", "arm": arm})
    _patient(network, "routine-1", {0: 8, 3: 5}, "nrs_pain", None)
    _patient(network, "routine-2", {0: 4, 3: 3}, "nrs_pain", None)
    _patient(network, "routine-lost", {0: 9}, "nrs_pain", None)
    _patient(network, "routine-without-baseline", {3: 0}, "nrs_pain", None)
    _patient(network, "routine-impossible", {0: 6, 3: 60}, "nrs_pain", None)
    _patient(network, "unruled", {0: 6, 3: 2}, "nrs_stress", None)


@pytest.fixture
def differences(rows) -> dict[str, dict[str, Any]]:
    return {row["study"]: row for row in rows("select * from mart_outcome_difference")}


def test_patients_without_a_study_are_routine_care(rows) -> None:
    found = rows("select distinct arm from mart_outcome_by_arm where study = 'none'")
    assert found == [{"arm": "routine_care"}]


def test_only_patients_with_a_baseline_and_a_score_count_and_nothing_missing_is_zero(rows) -> None:
    (row,) = rows("select * from mart_outcome_by_arm where study = 'none' and instrument = 'nrs_pain' and month = 3")
    assert (row["n"], row["mean"], row["baseline_mean"]) == (2, 4, 6)
    assert (row["sd"], row["baseline_sd"]) == (pytest.approx(2**0.5), pytest.approx(8**0.5))


def test_a_responder_reaches_the_instruments_threshold(rows) -> None:
    (row,) = rows("select * from mart_outcome_by_arm where study = 'none' and instrument = 'nrs_pain' and month = 3")
    assert (row["responders"], row["responder_share"]) == (1, 0.5)


def test_an_instrument_without_a_threshold_has_no_responders_rather_than_none(rows) -> None:
    (row,) = rows("select * from mart_outcome_by_arm where instrument = 'nrs_stress' and month = 3")
    assert (row["n"], row["responders"], row["responder_share"]) == (1, None, None)


def test_a_positive_difference_favours_the_treatment_where_low_is_better(differences) -> None:
    row = differences["better-low"]
    assert (row["month"], row["n"], row["difference"]) == (3, 2 * PER_ARM, pytest.approx(2))
    assert 0 < row["ci_low"] < row["difference"] < row["ci_high"]


def test_a_negative_one_where_high_is_better(differences) -> None:
    row = differences["better-high"]
    assert (row["n"], row["better"], row["difference"]) == (2 * PER_ARM, "high", pytest.approx(-20))
    assert row["ci_low"] < row["difference"] < row["ci_high"] < 0


def test_only_registered_studies_of_enough_patients_are_compared(differences, rows) -> None:
    assert differences.keys() == {"better-low", "better-high"}
    found = rows("select study, arm, n from mart_outcome_by_arm where month = 3 and study in ('elsewhere', 'unlisted')")
    # A name that nobody registered is a clinic's own text: its patients count, their study has no name.
    assert found == [{"study": "unlisted", "arm": "unlisted", "n": 2 * PER_ARM}]


def test_baselines_are_not_compared(rows) -> None:
    assert rows("select 1 from mart_outcome_difference where month <= 0") == []
