"""A process's log tells what happened, one JSON object a line, and never what an event says."""

import json
import logging
import subprocess
import sys

import pytest

from process_telemetry.process_log import OnceInAWhile, described, without_values
from session_stream.broker_admin import BrokerUnreachable


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


@pytest.fixture
def line():
    def of(message: str, *args, error: BaseException | None = None, name: str = "faust") -> str:
        info = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, args, info)
        assert without_values(record)
        return logging.Formatter("%(levelname)s %(message)s").format(record)

    return of


def test_of_an_error_that_may_quote_an_event_only_type_and_place_are_shown():
    assert described(raised(ValueError("PATIENT-4711"))).startswith("ValueError < test_process_log.py:")


def test_an_error_of_ours_is_shown_with_its_message():
    assert described(BrokerUnreachable("no answer")) == "BrokerUnreachable: no answer"


def test_an_attached_error_is_shown_without_its_message_or_source_lines(line):
    shown = line("crashed", error=raised(KeyError("PATIENT-4711")))
    assert "KeyError" in shown and "PATIENT-4711" not in shown and "raise" not in shown


def test_an_error_among_the_arguments_is_shown_without_its_message(line):
    assert "PATIENT-4711" not in line("Crashed reason=%r", raised(KeyError("PATIENT-4711")))


@pytest.mark.parametrize("argument", ["PATIENT-4711", b"PATIENT-4711", ["PATIENT-4711"], {"subject": "PATIENT-4711"}])
def test_of_what_a_library_says_only_numbers_are_told(line, argument):
    shown = line("record %s at offset %d", argument, 7)
    assert "4711" not in shown and shown.endswith("at offset 7")


def test_what_we_say_ourselves_is_told_as_it_is(line):
    assert line("reading %s", "clinic.north.events", name="session_stream.app").endswith("clinic.north.events")


def test_a_message_that_a_library_repeats_is_shown_every_ten_seconds():
    often = OnceInAWhile()

    def shown(name: str, at: float) -> bool:
        record = logging.LogRecord(name, logging.ERROR, "x.py", 1, "no connection to node %d", (1,), None)
        record.created = at
        return often.filter(record)

    assert [shown("aiokafka", at) for at in (0.0, 1.0, 9.0, 10.0, 11.0)] == [True, False, False, True, False]
    assert [shown("session_stream.worker", at) for at in (0.0, 1.0)] == [True, True]


def test_each_line_is_one_json_object_that_says_when_who_and_what():
    program = """
import logging, structlog
from process_telemetry.process_log import log_to_stderr
log_to_stderr("lander")
structlog.get_logger("lander").error("expired records", topic="network.events", offsets=[(3, 5)])
logging.getLogger("aiokafka.consumer").warning("group %s is at %d", "PATIENT-4711", 7)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    ours, theirs = map(json.loads, said.splitlines())
    assert ours.pop("at").endswith("Z") and ours == {
        "process": "lander",
        "logger": "lander",
        "level": "error",
        "event": "expired records",
        "topic": "network.events",
        "offsets": [[3, 5]],
    }
    assert (theirs["logger"], theirs["event"]) == ("aiokafka.consumer", "group <str> is at 7")
