"""mart_point_pairs and mart_points_by_pattern: what is needled together, and for which pattern."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")


def _treat(network: Any, patient: str, day: int, points: list[str]) -> None:
    data = {"session_id": f"{patient}-{day}", "needles": [{"point": point} for point in points]}
    network.say("juniper", "session.completed", data, patient=patient, at=f"2025-02-{day:02}T09:00:00+00:00")


def _assess(network: Any, patient: str, day: int, **said: Any) -> None:
    network.say("juniper", "assessment.completed", said, patient=patient, at=f"2025-02-{day:02}T08:00:00+00:00")


def tell(network: Any) -> None:
    reflux = [{"code": "reflux"}, {"code": "migraine"}]
    for patient in ("both", "apart", "one", "other", "withdrawn"):
        _assess(network, patient, 1, conditions=reflux, patterns=["SF12", "SF13"])
    _treat(network, "both", 1, ["ST36", "CV12", "CV12"])
    _treat(network, "both", 8, ["ST36", "CV12", "LI4"])
    _treat(network, "apart", 1, ["ST36"])
    _treat(network, "apart", 8, ["CV12"])
    _treat(network, "one", 1, ["ST36"])
    _treat(network, "other", 1, ["a sore spot"])
    # The pattern changes with the assessment; one that names none changes nothing.
    _assess(network, "one", 7, patterns=["SF15", "a feeling"])
    _assess(network, "one", 9, conditions=reflux)
    _treat(network, "one", 14, ["CV12"])
    _treat(network, "withdrawn", 1, ["ST36", "CV12"])
    network.say("juniper", "consent.withdrawn", {"purposes": ["benchmarking"]}, patient="withdrawn")


@pytest.fixture
def pair(rows) -> dict[str, Any]:
    (found,) = rows(
        "from mart_point_pairs where stratum = 'digestive' and grouping_kind = 'condition_group' "
        "and point_a = 'CV12' and point_b = 'ST36'"
    )
    return found


def test_sessions_with_both_and_patients_with_both_are_two_measures(pair) -> None:
    assert (pair["sessions"], pair["patients_in_one_session"], pair["patients_with_both"]) == (2, 1, 3)


def test_the_expected_number_is_that_of_points_chosen_independently(pair) -> None:
    # Of seven sessions four have CV12 and four ST36; of four patients three have each.
    assert (pair["stratum_sessions"], pair["sessions_with_a"], pair["sessions_with_b"]) == (7, 4, 4)
    assert pair["sessions_expected"] == pytest.approx(16 / 7)
    assert pair["session_lift"] == pytest.approx(2 * 7 / 16)
    assert (pair["patients"], pair["patients_with_a"], pair["patients_with_b"]) == (4, 3, 3)
    assert pair["patient_lift"] == pytest.approx(3 / (9 / 4))


def test_a_session_counts_in_its_primary_condition_only(rows) -> None:
    assert rows("from mart_point_pairs where stratum = 'chronic_pain'") == []


def test_and_in_each_of_its_patterns(rows) -> None:
    found = rows("select stratum, sessions from mart_point_pairs where point_a = 'CV12' and stratum like 'SF1%' "
                 "and point_b = 'ST36' order by all")  # fmt: skip
    # The patient whose pattern changed had ST36 under one and CV12 under another.
    assert found == [{"stratum": "SF12", "sessions": 2}, {"stratum": "SF13", "sessions": 2}]


def test_a_pattern_holds_from_its_assessment_until_the_next_that_names_any(rows) -> None:
    found = {(row["pattern"], row["point_code"]): row for row in rows("from mart_points_by_pattern")}
    assert found["SF15", "CV12"]["sessions"] == 1
    assert found["unlisted", "CV12"]["sessions"] == 1
    assert ("SF15", "ST36") not in found
    assert found["SF12", "CV12"]["patients_with_point"] == 2
    assert found["SF12", "CV12"]["pattern_title"]


def test_whoever_does_not_agree_to_comparisons_is_in_no_pattern(rows) -> None:
    (point,) = rows("from mart_treatment_patterns where condition_group = 'digestive' and point_code = 'ST36'")
    assert (point["patients"], point["patients_with_point"], point["patient_share"]) == (4, 3, 0.75)


def test_the_clinics_behind_a_cell_are_counted(rows) -> None:
    found = rows("select clinics, largest_clinic_share from mart_treatment_patterns where condition_group='digestive'")
    assert {(row["clinics"], row["largest_clinic_share"]) for row in found} == {(1, 1.0)}


def test_no_pair_is_told_twice_or_in_both_orders(rows) -> None:
    assert rows("from mart_point_pairs where point_a >= point_b") == []
