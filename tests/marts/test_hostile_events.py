"""Whatever a clinic sends, the build goes through and says so in the data."""

from pathlib import Path
from typing import Any

import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.resources import bundled

pytestmark = pytest.mark.xdist_group("marts")

ODD_NUMBERS = ["1e999", "-1e999", "NaN", "1e308", "99999999999999999999999", '"many"', "[1]", "{}", "true", "-0.0"]
ODD_DATA = ["", "null", "7", "[]", '"text"', '{"session_id": "\\ud800"}', "{broken", '{"needles": {"a": 1}}']
ODD_TIMES = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00"]


def tell(network: Any) -> None:
    network.time_zones["hawthorn"] = "Mars/Olympus_Mons"
    session, outcome = "session.completed", "outcome.recorded"
    for number, odd in enumerate(ODD_NUMBERS):
        needle = f'{{"point": "LI4", "depth_mm": {odd}, "de_qi": {odd}}}'
        network.say(
            "hawthorn", session,
            f'{{"session_id": "h{number}", "needles": [{needle}, 3, null], "needles_inserted": {odd}, '
            f'"needles_removed": {odd}, "retention_min": {odd}, "duration_min": {odd}, "needles_left_in": {odd}, '
            f'"started_at": {odd}, "techniques": {odd}, "electrostimulation": {odd}, "moxibustion": [{odd}]}}',
        )  # fmt: skip
        for month in (0, 3):
            score = f'{{"instrument": "nrs_energy", "planned_month": {month}, "value": {odd}}}'
            network.say("hawthorn", outcome, score, patient=f"h{number}")
        network.say("hawthorn", outcome, f'{{"instrument": "nrs_energy", "planned_month": {odd}, "value": 5}}')
        enrolled = f'{{"age_years": {odd}, "birth_year": {odd}, "study": {odd}, "risk_factors": {odd}}}'
        network.say("hawthorn", "patient.enrolled", enrolled)
        network.say(
            "hawthorn", "assessment.completed",
            f'{{"conditions": [{{"code": {odd}, "chronicity_years": {odd}}}], "pregnant": {odd}, '
            f'"gestation_weeks": {odd}, "risk_factors": [{odd}]}}',
        )  # fmt: skip
        for kind in ("needle_lot.received", "needle_lot.recalled"):
            lot = f'{{"lot": {odd}, "manufacturer": {odd}, "sterile_until": {odd}}}'
            network.say("hawthorn", kind, lot, patient=None)
        network.say(
            "hawthorn", "practitioner.credential_recorded",
            f'{{"practitioner_id": "dr", "valid_from": {odd}, "valid_until": {odd}, "status": {odd}}}', patient=None,
        )  # fmt: skip
    for kind in EVENT_TYPES:
        for odd in ODD_DATA:
            network.say("hazel", kind, odd)
    for number, at in enumerate(ODD_TIMES):
        network.say("hazel", session, {"session_id": f"t{number}"}, at=at)
        network.say("hazel", outcome, {"instrument": "nrs_energy", "value": 5}, at=at, patient=f"t{number}")
        network.say("hazel", "assessment.completed", {"pregnant": True}, at=at, patient=f"t{number}")
        report = {"term": "pneumothorax", "session_id": f"t{number}", "onset_at": at}
        network.say("hazel", "adverse_event.reported", report, at=at, patient=f"t{number}")
    network.say("hazel", session, {"session_id": 'it\'s "quoted" \\ \x00'}, patient="o'clock; drop table x")


def test_the_build_goes_through(built) -> None:
    assert built.exit_code == 0, built.output[-3000:]


def test_no_session_is_lost_for_what_it_says(rows) -> None:
    found = rows(
        "select clinic_id, count(*) as sessions from core.sessions where clinic_id like 'ha%' group by all order by 1"
    )
    assert [row["sessions"] for row in found] == [len(ODD_NUMBERS), len(ODD_DATA) + len(ODD_TIMES) + 1]


def test_an_odd_number_is_not_recorded_rather_than_believed(rows) -> None:
    (row,) = rows(
        "select max(needles_inserted) as inserted, max(retention_min) as retention from core.sessions "
        "where clinic_id = 'hawthorn'"
    )
    assert row == {"inserted": 0, "retention": 0}
    (row,) = rows("select max(depth_mm) as depth, count(*) as needles from core.needles where clinic_id = 'hawthorn'")
    assert row == {"depth": 0, "needles": 3 * len(ODD_NUMBERS)}


def test_no_mart_holds_a_number_that_is_none(rows) -> None:
    measures = rows(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'main' and data_type = 'DOUBLE'"
    )
    assert measures
    for row in measures:
        table, column = row.values()
        assert rows(f'select 1 from "{table}" where not isfinite("{column}")') == []


def test_a_build_writes_nothing_beside_the_project(built) -> None:
    project = Path(bundled("dbt"))
    assert not any((project / name).exists() for name in ("target", "logs", "dbt_packages", ".user.yml"))
