"""mart_treatment_patterns: which points for which conditions."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")


def _session(session_id: str, points: list[str], **more: Any) -> dict[str, Any]:
    return {"session_id": session_id, "needles": [{"point": point} for point in points], **more}


def tell(network: Any) -> None:
    assessed, treated = "assessment.completed", "session.completed"
    back, worry = [{"code": "low_back_pain"}, {"code": "anxiety"}], [{"code": "asthma"}]
    network.say("cedar", assessed, {"conditions": back}, at="2026-01-10T09:00:00+00:00")
    network.say("cedar", assessed, {"conditions": worry}, at="2026-03-10T09:00:00+00:00")
    network.say("cedar", assessed, {"conditions": []}, at="2026-03-20T09:00:00+00:00")
    # Before any assessment, on the day of the first, between both, and after the second.
    network.say("cedar", treated, _session("before", ["SP3"]), at="2026-01-09T09:00:00+00:00")
    network.say(
        "cedar", treated, _session("first", ["BL23", "BL23", "GV4"], retention_min=20), at="2026-01-10T08:00:00+00:00"
    )
    network.say(
        "cedar", treated, _session("second", ["GV4", "BL23"], needles_inserted=9), at="2026-02-01T09:00:00+00:00"
    )
    network.say("cedar", treated, _session("third", ["BL 40", "a sore spot"]), at="2026-02-02T09:00:00+00:00")
    network.say("cedar", treated, _session("without", []), at="2026-02-03T09:00:00+00:00")
    network.say("cedar", treated, _session("after", ["LU9"]), at="2026-04-01T09:00:00+00:00")


@pytest.fixture
def back(rows) -> dict[str, dict[str, Any]]:
    found = rows("select * from mart_treatment_patterns where condition_group = 'musculoskeletal'")
    return {row["point_code"]: row for row in found}


def test_a_session_belongs_to_the_condition_that_was_primary_on_its_day(rows, back) -> None:
    assert back.keys() == {"BL23", "GV4", "BL40"}
    groups = {row["session_id"]: row["condition_group"] for row in rows("from core.sessions where clinic_id = 'cedar'")}
    assert (groups["before"], groups["first"], groups["after"]) == ("not_recorded", "musculoskeletal", "respiratory")


def test_a_share_is_of_all_sessions_of_the_group_and_a_point_counts_once_a_session(back) -> None:
    assert (back["BL23"]["sessions"], back["BL23"]["share"]) == (2, 0.5)
    assert (back["BL40"]["sessions"], back["BL40"]["share"]) == (1, 0.25)


def test_points_are_ranked_by_sessions_and_ties_by_their_code(back) -> None:
    assert {code: row["rank"] for code, row in back.items()} == {"BL23": 1, "GV4": 2, "BL40": 3}


def test_needles_and_retention_are_means_over_the_sessions_that_recorded_them(back) -> None:
    # Three listed needles in one session, nine counted in the other; only one says how long they stayed.
    assert back["GV4"]["needles_per_session_mean"] == 6
    assert back["GV4"]["retention_min_mean"] == 20
    assert back["BL40"]["retention_min_mean"] is None


def test_a_point_that_the_network_does_not_know_is_in_no_pattern(rows) -> None:
    assert rows("select 1 from mart_treatment_patterns where point_code is null") == []
