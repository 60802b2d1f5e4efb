"""The registry of rules and what decides them: none without code, no code without its rule, and what the mart says."""

import json
from pathlib import Path
from typing import Any

import pytest

from clinic_events.reasons import REASONS
from clinic_events.resources import bundled

pytestmark = pytest.mark.xdist_group("marts")

RULES = Path(bundled("dbt")) / "models" / "quality" / "rules"
DECIDED_HERE = sorted(
    code for code, rule in REASONS.items() if (rule.decided_in, rule.verdict) == ("warehouse", "flag")
)


def tell(network: Any) -> None:
    network.time_zones["sorrel"] = "Asia/Tokyo"
    for number, day in enumerate(("01-31T12:00", "01-31T20:00", "02-02T09:00")):
        flags = ("needles_unaccounted", "out_of_range") if number else ("needles_unaccounted",)
        session = {"session_id": f"s{number}", "needles_inserted": 8, "needles_removed": 7}
        network.say("sorrel", "session.completed", session, at=f"2025-{day}:00+00:00", flags=flags)
    for number, named in enumerate(("s0", "s1", "nowhere")):
        report = {"term": "nausea", "session_id": named}
        network.say("sorrel", "adverse_event.reported", report, at=f"2025-02-0{number + 3}T09:00:00+00:00")


@pytest.fixture(scope="module")
def manifest(built) -> dict[str, Any]:
    return json.loads((built.file.parent / "target" / "manifest.json").read_text())


@pytest.fixture
def findings(rows) -> dict[tuple[str, str], dict[str, Any]]:
    found = rows("select * from mart_rule_findings where clinic_id = 'sorrel'")
    return {(str(row["month"]), row["code"]): row for row in found}


def test_every_rule_that_the_warehouse_decides_has_a_model_and_no_model_is_without_its_rule() -> None:
    assert sorted(path.stem for path in RULES.glob("*.sql")) == DECIDED_HERE


def test_the_verdicts_are_those_of_every_such_model(manifest) -> None:
    read = manifest["nodes"]["model.meridian.warehouse_verdicts"]["depends_on"]["nodes"]
    assert sorted(node.removeprefix("model.meridian.") for node in read) == DECIDED_HERE


def test_every_such_model_has_a_test_of_its_own(manifest) -> None:
    assert set(DECIDED_HERE) <= {test["model"] for test in manifest["unit_tests"].values()}


@pytest.mark.parametrize("code", DECIDED_HERE)
def test_every_such_rule_was_broken_and_kept_by_an_event_of_this_network(rows, code: str) -> None:
    found = rows("select distinct is_broken from quality.warehouse_verdicts where code = ? order by 1", code)
    assert [row["is_broken"] for row in found] == [False, True]


def test_every_flag_is_a_rule_of_the_registry(rows) -> None:
    found = {row["code"] for row in rows("select distinct code from quality.event_flags")}
    assert found <= REASONS.keys()
    assert {REASONS[code].verdict for code in found} == {"flag"}


def test_an_event_is_flagged_once_for_each_rule_and_never_without_having_been_accepted(rows) -> None:
    assert rows("select 1 from quality.event_flags group by clinic_id, event_id, code having count(*) > 1") == []
    assert rows("from quality.event_flags anti join staging.stg_events using (clinic_id, event_id)") == []


def test_findings_count_flagged_events_in_the_clinics_own_month(findings) -> None:
    # The second of the three sessions is in February on the clinic's clock.
    unaccounted = [findings[month, "needles_unaccounted"]["events"] for month in ("2025-01-01", "2025-02-01")]
    assert unaccounted == [1, 2]
    assert findings["2025-02-01", "out_of_range"]["events"] == 2


def test_a_rule_of_the_warehouse_says_of_how_many_events_and_one_of_the_stream_does_not(findings) -> None:
    unknown = findings["2025-02-01", "session_unknown"]
    assert (unknown["events"], unknown["events_judged"], unknown["decided_in"]) == (1, 3, "warehouse")
    assert findings["2025-02-01", "out_of_range"]["events_judged"] is None


def test_what_is_said_of_a_rule_is_the_registrys(rows) -> None:
    for row in rows("select distinct code, decided_in, severity, endangers, title from mart_rule_findings"):
        rule = REASONS[row["code"]]
        said = (rule.decided_in, rule.severity, "; ".join(rule.endangers) or "none", rule.title)
        assert (row["decided_in"], row["severity"], row["endangers"], row["title"]) == said


def test_every_flag_is_in_the_mart(rows) -> None:
    (flags,) = rows("select count(*) as n from quality.event_flags")
    assert rows("select sum(events)::bigint as n from mart_rule_findings") == [flags]
