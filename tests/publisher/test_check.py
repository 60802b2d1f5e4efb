"""`check`: the platform's verdicts, offline."""

from pathlib import Path

from clinic_publisher.check import check_file
from clinic_publisher.report import RefusedLine

GOOD = (
    '{"specversion":"1.0","id":"e1","source":"s","type":"outcome.recorded","time":"2026-01-05T09:00:00Z",'
    '"subject":"p","clinicid":"clinic-a","data":{"instrument":"nrs_pain","value":3}}'
)


def _file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_every_event_has_the_verdict_that_the_platform_would_give(tmp_path: Path) -> None:
    odd, refused = GOOD.replace("3}", "30}"), GOOD.replace('"subject":"p",', "")
    report = check_file(_file(tmp_path, GOOD, odd, refused, "no json"), "clinic-a")
    assert [(event.line, event.verdict, event.reasons) for event in report.events] == [
        (1, "accepted", []),
        (2, "flagged", [{"code": "out_of_range", "path": "/data/value"}]),
        (3, "quarantined", [{"code": "missing_patient", "path": "/subject"}]),
    ]
    assert [line.line for line in report.refused] == [4]
    assert report.exit_code == 1


def test_an_event_of_another_clinic_would_be_refused(tmp_path: Path) -> None:
    (event,) = check_file(_file(tmp_path, GOOD), "clinic-b").events
    assert event.reasons == [{"code": "wrong_clinic", "path": "/clinicid"}]


def test_without_a_clinic_the_one_that_an_event_names_is_taken(tmp_path: Path) -> None:
    assert check_file(_file(tmp_path, GOOD)).exit_code == 0


def test_the_rules_that_need_other_events_are_named_as_not_decided(tmp_path: Path) -> None:
    report = check_file(_file(tmp_path, GOOD))
    assert "id_reused" in {rule["code"] for rule in report.as_json()["undecided"]}
    assert "id_reused" in report.lines()[-1]


def test_a_table_is_checked_under_its_mapping(tmp_path: Path, write_mapping) -> None:
    table = tmp_path / "scores.csv"
    table.write_text("id,score\n1,3\n2,many\n3,\n")
    report = check_file(table, mapping=write_mapping())
    assert [(event.line, event.verdict) for event in report.events] == [(2, "accepted"), (4, "quarantined")]
    assert report.refused == [RefusedLine(3, "events.outcome.recorded.data.value: not a number")]


def test_a_mapping_or_file_that_cannot_be_used_is_one_line_and_exit_2(tmp_path: Path, write_mapping) -> None:
    for report in (
        check_file(tmp_path / "none.jsonl"),
        check_file(tmp_path, "clinic-a"),
        check_file(_file(tmp_path, GOOD), "Not A Clinic"),
        check_file(_file(tmp_path, "id,score"), "clinic-b", write_mapping()),
        check_file(_file(tmp_path, "id"), mapping=write_mapping()),
    ):
        assert report.exit_code == 2
        assert (len(report.problems), report.lines()) == (1, [])
