"""A source is read off the event loop, by one reader at a time, and its fault never hides what is known."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from quality_dashboard.facts import UNREAD, Unreadable
from quality_dashboard.refreshed import Refreshed

WITHIN_S = 30


@pytest.fixture
def executor():
    with ThreadPoolExecutor(4) as running:
        yield running


def read_now(source: Refreshed) -> None:
    running = source.start()
    assert running is not None
    wait([running], WITHIN_S)


def test_a_value_is_not_read_again_while_it_is_fresh(executor):
    source = Refreshed(iter([1, 2]).__next__, executor, max_age_s=3600)
    read_now(source)
    assert source.start() is None
    assert source.reading.value == 1


def test_an_old_value_is_read_again(executor):
    source = Refreshed(iter([1, 2]).__next__, executor, max_age_s=0)
    read_now(source)
    while (running := source.start()) is None:
        pass
    wait([running], WITHIN_S)
    assert source.reading.value == 2


def test_many_who_look_at_once_wait_for_one_reader(executor):
    may_go_on, calls = threading.Event(), []

    def read() -> int:
        calls.append(1)
        may_go_on.wait(WITHIN_S)
        return 1

    source = Refreshed(read, executor, max_age_s=3600)
    running = [source.start() for _ in range(20)]
    assert source.reading is UNREAD
    may_go_on.set()
    wait([reading for reading in running if reading], WITHIN_S)
    assert len(calls) == 1 and source.reading.value == 1


def test_a_fault_stands_beside_the_last_value_and_its_time(executor):
    answers = iter([1])
    source = Refreshed(lambda: next(answers), executor, max_age_s=0)
    read_now(source)
    taken_at = source.reading.taken_at
    while (running := source.start()) is None:
        pass
    wait([running], WITHIN_S)
    assert (source.reading.value, source.reading.taken_at) == (1, taken_at)
    assert source.reading.fault == "cannot be read (StopIteration)"


def test_a_library_s_own_words_reach_neither_the_page_nor_the_log(executor, caplog):
    def read() -> None:
        raise ValueError("could not convert 'Jane Doe'")

    source = Refreshed(read, executor, max_age_s=0)
    read_now(source)
    assert source.reading.fault == "cannot be read (ValueError)"
    assert "ValueError at test_refreshed.py" in caplog.text
    assert "Jane" not in caplog.text


def test_words_that_were_written_for_the_page_are_shown(executor):
    def read() -> None:
        raise Unreadable("cannot be checked: the broker does not answer")

    source = Refreshed(read, executor, max_age_s=0)
    read_now(source)
    assert source.reading.fault == "cannot be checked: the broker does not answer"
