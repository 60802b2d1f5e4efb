"""mart_outcome_change, mart_outcome_course and mart_outcome_responders: who is counted, scored, lost or too early."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")

STUDY_IN_TIME, STUDY_TOO_LATE = "registered-in-time", "registered-too-late"


def _score(network: Any, patient: str, instrument: str, value: float, at: str) -> None:
    data = {"instrument": instrument, "value": value}
    network.say("poplar", "outcome.recorded", data, patient=patient, at=f"{at}T09:00:00+00:00")


def _treat(network: Any, patient: str, number: int, at: str) -> None:
    data = {"session_id": f"{patient}-{number}", "practitioner_id": f"dr-{len(patient) % 3}"}
    network.say("poplar", "session.completed", data, patient=patient, at=f"{at}T08:00:00+00:00")


def _tell_of_responders(network: Any) -> None:
    # The insomnia index falls by six for a responder, and nobody can fall by six from five.
    for number, (before, after) in enumerate([(20, 14), (20, 15), (12, 6), (20, None), (5, 0)]):
        _score(network, f"isi-{number}", "isi", before, "2025-01-05")
        _treat(network, f"isi-{number}" + "+" * (number % 2), 1, "2025-01-05")
        if after is not None:
            _score(network, f"isi-{number}", "isi", after, "2025-04-05")
    _score(network, "isi-early", "isi", 20, "2026-05-01")
    _score(network, "isi-withdrawn", "isi", 20, "2025-01-05")
    network.say("poplar", "consent.withdrawn", {"purposes": ["research"]}, patient="isi-withdrawn")


def _tell_of_a_course(network: Any) -> None:
    for number in range(1, 10):
        _treat(network, "weekly", number, str(date(2025, 1, 1) + number * timedelta(weeks=1)))
    # Two scores in one month: `outcomes` keeps one of them, the course by sessions needs both.
    for day, value in (("01-08", 20), ("01-29", 17), ("02-05", 15), ("02-26", 11)):
        _score(network, "weekly", "pss10", value, f"2025-{day}")
    _score(network, "stopped", "pss10", 30, "2025-01-08")
    _treat(network, "stopped", 1, "2025-01-08")


def _tell_of_strata(network: Any) -> None:
    condition = {"conditions": [{"code": "migraine", "chronicity_years": 6}]}
    for patient, assessed in (("known", "2025-01-05"), ("known-late", "2025-03-01")):
        enrolled = {"birth_year": 1980, "sex": "female", "first_time_acupuncture": True}
        network.say("poplar", "patient.enrolled", enrolled, patient=patient)
        _score(network, patient, "pss4", 12, "2025-01-04")
        _score(network, patient, "pss4", 8, "2025-04-04")
        _treat(network, patient, 1, "2025-01-06")
        network.say("poplar", "assessment.completed", condition, patient=patient, at=f"{assessed}T09:00:00+00:00")


def _tell_of_studies(network: Any) -> None:
    network.studies[STUDY_IN_TIME] = network.studies[STUDY_TOO_LATE] = "usual"
    for study, year in ((STUDY_IN_TIME, 2026), (STUDY_TOO_LATE, 2024)):
        for arm in ("usual", "needles"):
            patient = f"{study}-{arm}"
            network.say("poplar", "patient.enrolled", {"study": {"id": study, "arm": arm}}, patient=patient)
            _score(network, patient, "mymop2", 4, f"{year}-01-05")
            _score(network, patient, "mymop2", 2, f"{year}-04-05")
    network.say("poplar", "patient.enrolled", {"study": {"id": STUDY_IN_TIME, "arm": "needles"}}, patient="left")
    _score(network, "left", "mymop2", 4, "2025-01-05")
    network.say("poplar", "consent.withdrawn", {"purposes": ["study"]}, patient="left")


def tell(network: Any) -> None:
    _tell_of_responders(network)
    _tell_of_a_course(network)
    _tell_of_strata(network)
    _tell_of_studies(network)


@pytest.fixture
def responders(rows) -> dict[str, Any]:
    (row,) = rows("from mart_outcome_responders where instrument = 'isi' and stratifier = 'network' and month = 3")
    return row


@pytest.fixture
def course(rows) -> dict[str, dict[str, Any]]:
    found = rows("from mart_outcome_course where instrument = 'pss10' and stratifier = 'network' order by position")
    return {row["landmark"]: row for row in found}


def _change(rows, instrument: str, stratifier: str, stratum: str) -> list[dict[str, Any]]:
    return rows(
        "from mart_outcome_change where instrument = ? and stratifier = ? and stratum = ? and month = 3",
        instrument, stratifier, stratum,
    )  # fmt: skip


def test_a_baseline_without_room_for_the_smallest_important_change_is_counted_apart(responders) -> None:
    assert (responders["patients_with_baseline"], responders["patients_at_floor"], responders["patients"]) == (5, 1, 4)


def test_responders_are_told_of_all_of_those_scored_and_in_both_extremes(responders) -> None:
    assert (responders["responders"], responders["patients_scored"]) == (2, 3)
    shares = [responders[f"{name}_share"] for name in ("worst_case", "best_case")]
    assert (responders["share_of_all"], responders["share_of_scored"], shares) == (
        0.5,
        pytest.approx(2 / 3),
        [0.5, 0.75],
    )


def test_exact_limits_are_called_what_they_are(responders) -> None:
    # Clopper and Pearson 1934: two of four.
    low, high = (responders[f"share_of_all_counting_error_only_{end}"] for end in ("low", "high"))
    assert (low, high) == (pytest.approx(0.0676, abs=1e-4), pytest.approx(0.9324, abs=1e-4))


def test_who_withdrew_or_whose_month_is_to_come_is_in_no_denominator(rows) -> None:
    (row,) = _change(rows, "isi", "network", "all")
    assert (row["patients"], row["patients_scored"], row["completion_share"]) == (5, 4, 0.8)
    assert row["patients_too_early"] == 1


def test_change_is_score_minus_baseline_of_those_with_both(rows) -> None:
    (row,) = _change(rows, "isi", "network", "all")
    assert row["mean_change"] == pytest.approx((-6 - 5 - 6 - 5) / 4)
    assert (row["baseline_mean"], row["baseline_mean_of_all"]) == (pytest.approx(57 / 4), pytest.approx(77 / 5))
    assert row["mean"] == pytest.approx(35 / 4)


def test_the_course_finds_the_score_of_each_session_though_a_month_had_two(course) -> None:
    assert [course[name]["mean"] for name in ("session_4", "session_8")] == [17, 11]
    assert course["baseline"]["mean"] == 25


def test_completion_stands_beside_every_score(course) -> None:
    fourth = course["session_4"]
    assert (fourth["patients"], fourth["patients_reached"], fourth["patients_scored"]) == (2, 1, 1)
    assert fourth["completion_share"] == 0.5
    assert course["session_12"]["patients_reached"] == 0


def test_a_stratum_is_what_was_known_by_the_first_treatment(rows) -> None:
    (known,) = _change(rows, "pss4", "condition_group", "chronic_pain")
    (unknown,) = _change(rows, "pss4", "condition_group", "not_recorded")
    assert (known["patients"], unknown["patients"]) == (1, 1)
    assert _change(rows, "pss4", "age_and_sex", "female_40_to_64")[0]["patients"] == 2
    assert _change(rows, "pss4", "first_time_acupuncture", "first_time")[0]["patients"] == 2
    assert _change(rows, "pss4", "chronicity", "5_years_and_more")[0]["patients"] == 1


def test_only_arms_of_a_study_registered_before_its_first_outcome_are_randomised(rows) -> None:
    found = rows("select distinct stratum, design from mart_outcome_change where instrument = 'mymop2'")
    designs = {row["stratum"]: row["design"] for row in found}
    assert designs[f"{STUDY_IN_TIME}: needles"] == "randomised"
    assert designs[f"{STUDY_TOO_LATE}: needles"] == "uncontrolled before-after"
    assert designs["all"] == "uncontrolled before-after"


def test_the_marts_of_studies_say_the_same(rows) -> None:
    found = rows("select distinct study, design from mart_outcome_by_arm where study like 'registered-%' order by all")
    assert [row["design"] for row in found] == ["randomised", "uncontrolled before-after"]
    assert rows("select distinct design from mart_outcome_difference where study = 'better-low'") == [
        {"design": "randomised"}
    ]


def test_who_left_the_study_is_not_in_its_arm(rows) -> None:
    (row,) = rows(
        "from mart_outcome_by_arm where study = ? and arm = 'needles' and instrument = 'mymop2' and month = 0",
        STUDY_IN_TIME,
    )
    assert (row["n"], row["patients_with_baseline"]) == (1, 1)


WORDS_OF_CAUSE = ("effect", "efficacy", "benefit", "worked", "cured", "due to", "because of")


def test_no_column_and_no_description_words_a_change_as_an_effect(built) -> None:
    nodes = json.loads((built.file.parent / "target" / "manifest.json").read_text())["nodes"].values()
    marts = [node for node in nodes if node["name"].startswith("mart_outcome_") and node["resource_type"] == "model"]
    assert len(marts) == 5
    for mart in marts:
        texts = [mart["description"], *mart["columns"], *(one["description"] for one in mart["columns"].values())]
        assert [text for text in texts if any(word in text.lower() for word in WORDS_OF_CAUSE)] == []
