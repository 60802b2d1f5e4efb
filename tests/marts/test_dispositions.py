"""What became of every event, and why some were refused."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")


def tell(network: Any) -> None:
    first = network.say("elm", "patient.enrolled", {"age_years": 50}, event_id="one", flags=("unknown_field",))
    network.land_again(first)
    network.say("elm", "patient.enrolled", {"age_years": 50}, event_id="one")
    network.say("elm", "patient.enrolled", {"age_years": 51}, event_id="one")
    # Another clinic may use the same id.
    network.say("elder", "patient.enrolled", {"age_years": 52}, event_id="one")
    network.refuse("elm", "patient.enrolled", "missing_field", "missing_field", "wrong_type")
    network.refuse("elm", "Anna Muster came by", "unknown_type")
    network.refuse("elm", None, "unreadable")


def test_every_origin_has_one_disposition_however_often_it_landed(rows) -> None:
    found = rows(
        "select disposition, count(*) as events from staging.stg_dispositions where clinic_id = 'elm' group by all"
    )
    assert {row["disposition"]: row["events"] for row in found} == {"accepted": 1, "duplicate": 1, "quarantined": 4}


def test_an_id_belongs_to_its_clinic_and_to_the_content_that_came_first(rows) -> None:
    found = rows("select clinic_id, age_years from core.patients where clinic_id in ('elm', 'elder') order by 1")
    assert [row["age_years"] for row in found] == [52, 50]


def test_an_accepted_event_keeps_its_flags(rows) -> None:
    (row,) = rows("from staging.stg_dispositions where clinic_id = 'elm' and disposition = 'accepted'")
    assert [reason["code"] for reason in row["reasons"]] == ["unknown_field"]


def test_a_reason_counts_events_and_not_fields(rows) -> None:
    found = rows("select event_type, reason, events from mart_quarantine_reasons where clinic_id = 'elm'")
    assert {tuple(row.values()) for row in found} == {
        ("patient.enrolled", "missing_field", 1),
        ("patient.enrolled", "wrong_type", 1),
        ("patient.enrolled", "id_reused", 1),
        ("unknown", "unknown_type", 1),
        ("unknown", "unreadable", 1),
    }


def test_a_text_in_the_place_of_a_type_is_repeated_in_no_mart(rows) -> None:
    assert rows("select 1 from mart_quarantine_reasons where event_type like '%Anna%'") == []
