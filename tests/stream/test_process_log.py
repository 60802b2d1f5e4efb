"""The worker's log tells what happened and never what an event says."""

import logging

import pytest

from session_stream.broker_admin import BrokerUnreachable
from session_stream.process_log import OnceInAWhile, WithoutValues, described


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


@pytest.fixture
def line():
    def of(message: str, *args, error: BaseException | None = None) -> str:
        info = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord("faust", logging.ERROR, "x.py", 1, message, args, info)
        return WithoutValues("%(levelname)s %(message)s").format(record)

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


def test_a_message_that_a_library_repeats_is_shown_every_ten_seconds():
    often = OnceInAWhile()

    def shown(name: str, at: float) -> bool:
        record = logging.LogRecord(name, logging.ERROR, "x.py", 1, "no connection to node %d", (1,), None)
        record.created = at
        return often.filter(record)

    assert [shown("aiokafka", at) for at in (0.0, 1.0, 9.0, 10.0, 11.0)] == [True, False, False, True, False]
    assert [shown("session_stream.worker", at) for at in (0.0, 1.0)] == [True, True]
