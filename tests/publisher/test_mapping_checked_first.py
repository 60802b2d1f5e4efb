"""A mapping is checked whole before the first row is read; every problem has its place."""

from pathlib import Path

import pytest

from clinic_publisher.check import check_file
from clinic_publisher.mapping.inspection import MappingInvalid
from clinic_publisher.mapping.mapping import load_mapping
from clinic_publisher.publish import publish_file
from clinic_publisher.report import PublishReport
from network_registry.home import Home
from network_registry.settings import Settings

VALUE = "events.outcome.recorded.data.value"


def _problems(path: Path) -> list[str]:
    with pytest.raises(MappingInvalid) as found:
        load_mapping(path)
    return found.value.problems


def _event(**change: object) -> list[dict]:
    return [{"type": "outcome.recorded", "data": {"instrument": "nrs_pain", "value": 1}, **change}]


def _value(value: object) -> list[dict]:
    return _event(data={"instrument": "nrs_pain", "value": value})


@pytest.mark.parametrize(
    ("events", "problem"),
    [
        (_event(type="session.ended"), "events.session.ended: an event has a `type` (known: "),
        (_event(tpye=1), "events.outcome.recorded: unknown keyword `tpye`; did you mean `type`?"),
        (_event(data={"instrument": "x", "valeu": 1}), "events.outcome.recorded.data: unknown field `valeu`"),
        (_event(data={"instrument": "x"}), "events.outcome.recorded.data: the required field `value` is not mapped"),
        (_event() * 2, "events.outcome.recorded: two events have this name"),
        (_value({"column": "a", "constant": 1}), f"{VALUE}: a value has one of column, constant, template"),
        (_value({"column": "a", "casts": "number"}), f"{VALUE}: unknown keyword `casts`; did you mean `cast`?"),
        (_value({"column": "a", "cast": "date"}), f"{VALUE}: cast date, but the field takes a number"),
        (_value({"column": "a", "cast": "float"}), f"{VALUE}: unknown cast `float`"),
        (_value({"column": "a", "offset": {"days": 1}}), f"{VALUE}: `offset` goes with a date or datetime"),
        (_value({"column": "a", "otherwise": 1}), f"{VALUE}: `otherwise` goes with `values`"),
        (_value({"column": "a", "values": {"x": "much"}}), f"{VALUE}.values.x: constant: not a number"),
        (_value({"column": "a", "values": {True: 1}}), f"{VALUE}.values: YAML reads yes, no, true and false"),
        (_value({"template": "{a.b!r}"}), f"{VALUE}: a template holds {{column}} and nothing else in braces"),
        (_value({"template": "{a"}), f"{VALUE}: a template is a text with {{column}}s in it"),
        (
            _event(time={"column": "a", "format": "%Q"}),
            "outcome.recorded.time: `format` is a text that `strptime`",
        ),
        (_event(time={"column": "a", "format": "%d %d"}), "`format` is a text that `strptime` understands"),
        (
            [{"type": "session.completed", "data": {"session_id": "s", "needles_inserted": True}}],
            "needles_inserted: constant: an integer is wanted",
        ),
        (_value("much"), f"{VALUE}: constant: not a number"),
        (_value(True), f"{VALUE}: constant: a number is wanted"),
        (_value({"column": 1}), f"{VALUE}: a column is named by a text"),
        (_event(when={"column": "a"}), "events.outcome.recorded.when: a condition has one of is, not, in, filled"),
        (_event(when={"is": 1}), "events.outcome.recorded.when: a condition names its `column`"),
        (_event(when={"column": "a", "is": True}), "events.outcome.recorded.when.is: a text or a number is wanted"),
        (
            _event(time={"constant": "2026-01-01T10:00:00"}),
            "events.outcome.recorded.time: constant: a time without a zone",
        ),
        (_event(time={"column": "a", "offset": {"day": 1}}), "events.outcome.recorded.time.offset: unknown unit `day`"),
        (
            _event(data={"instrument": 5, "value": 1}),
            "events.outcome.recorded.data.instrument: constant: a text is wanted",
        ),
        (
            [{"type": "assessment.completed", "data": {"conditions": {"code": "x"}}}],
            "data.conditions: a list is wanted",
        ),
        ([{"type": "patient.enrolled", "data": {"study": "x"}}], "data.study: fields are wanted, written name: value"),
        (["x"], "events[0]: an event has a `type`"),
    ],
)
def test_a_mistake_in_an_event_is_named_with_its_place(write_mapping, events: list, problem: str) -> None:
    assert any(problem in found for found in _problems(write_mapping(events)))


@pytest.mark.parametrize(
    ("top", "problem"),
    [
        ({"versoin": 2}, "mapping: unknown keyword `versoin`; did you mean `version`?"),
        ({"mapping": None}, "mapping: a mapping has a name"),
        ({"version": "two"}, "version: a whole number is wanted"),
        ({"row_key": []}, "row_key: the column, or the list of columns"),
        ({"delimiter": ";;"}, "delimiter: one character is wanted"),
        ({"timezone": "Mars/Olympus"}, "timezone: not the name of a time zone"),
        ({"missing": "x"}, "missing: a list of texts is wanted"),
        ({"studies": [{"id": "s"}]}, "studies[0]: `id`, `reference_arm` and `title` are texts"),
        ({"studies": [{"id": "s", "reference_arm": "a", "arm": "b"}]}, "studies[0]: unknown keyword `arm`"),
        ({"events": []}, "events: a list of events is wanted"),
    ],
)
def test_a_mistake_at_the_top_is_named(write_mapping, top: dict, problem: str) -> None:
    assert any(problem in found for found in _problems(write_mapping(**top)))


@pytest.mark.parametrize("attribute", ["time", "patient"])
def test_an_event_needs_time_and_patient_from_somewhere(tmp_path: Path, attribute: str) -> None:
    given = {"time": "time: 2026-01-01T00:00:00Z", "patient": "patient: p"}
    del given[attribute]
    path = tmp_path / "mapping.yaml"
    head = "mapping: m\nrow_key: id\n" + "\n".join(given.values())
    path.write_text(head + "\nevents:\n  - {type: outcome.recorded, data: {instrument: x, value: 1}}\n")
    assert _problems(path) == [f"events.outcome.recorded: `{attribute}` is missing, here and at the top of the mapping"]


def test_all_mistakes_are_named_at_once(write_mapping) -> None:
    assert len(_problems(write_mapping(_value({"column": "a", "cast": "float", "offset": {}}), version="x"))) == 3


def test_a_key_that_stands_twice_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("mapping: a\nrow_key: id\nmapping: b\n")
    assert _problems(path) == [f"{path}: line 3: a key stands twice"]


@pytest.mark.parametrize("text", ["a: [", "\t- x", "just words", "- a list", "", "a: !!python/object:os.system {}"])
def test_what_is_no_mapping_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    (problem,) = _problems(path)
    assert problem.startswith(str(path)) and "\n" not in problem


@pytest.mark.parametrize("pattern", ["%d/%m/%Y", "%d %b %y %I:%M %p", "%Y%m%dT%H%M%S.%f%z", "%j %Y", "%G-W%V-%u"])
def test_a_format_that_can_be_read_with_is_no_mistake(write_mapping, pattern: str) -> None:
    load_mapping(write_mapping(_event(time={"column": "a", "format": pattern}), timezone="Europe/London"))


@pytest.mark.parametrize("use", [check_file, lambda data, _, mapping: publish(data, mapping)], ids=["check", "publish"])
def test_a_problem_names_the_file_that_it_is_about_and_once(tmp_path: Path, write_mapping, use) -> None:
    broken, data = tmp_path / "broken.yaml", tmp_path / "data.csv"
    broken.write_text("a: [")
    data.touch()
    (problem,) = use(data, None, broken).problems
    assert problem.startswith(f"{broken}: line ") and problem.count(str(broken)) == 1
    mapping = write_mapping(clinic="clinic-a")
    assert use(data, None, mapping).problems == [f"{data}: the file is empty"]
    mapping = write_mapping(delimiter="")
    assert use(data, None, mapping).problems == [f"{mapping}: delimiter: one character is wanted"]


def publish(data: Path, mapping: Path) -> PublishReport:
    home = Home(data.parent / "home").create()
    return publish_file(home, Settings(home=home.root), data, mapping=mapping)


def test_a_mapping_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert _problems(tmp_path / "none.yaml") == [f"{tmp_path / 'none.yaml'}: No such file or directory"]


def test_every_column_that_the_file_lacks_is_named_before_the_first_row(mapped) -> None:
    with pytest.raises(MappingInvalid) as found:
        mapped("key,score\n1,1\n", clinic={"template": "practice-{site}"})
    assert found.value.problems == [
        "row_key: the file has no column `id`",
        "events.outcome.recorded.clinic: the file has no column `site`",
    ]


def test_two_columns_of_one_name_are_a_mistake(mapped) -> None:
    with pytest.raises(MappingInvalid, match="two columns are called `score`"):
        mapped("id,score,score\n1,1,2\n")
