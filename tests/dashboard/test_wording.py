"""Numbers and times as a reader sees them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from quality_dashboard import wording

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=59), "59 seconds ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
        (timedelta(hours=-3), "in 3 hours"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_fits(ago, words):
    assert wording.age(NOW - ago, NOW) == words


def test_what_never_happened_has_no_age():
    assert wording.age(None, NOW) == "never"


def test_a_time_of_another_zone_is_shown_in_utc_and_says_so():
    at = datetime(2026, 3, 31, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert wording.moment(at) == "2026-03-30 23:30 UTC"


def test_counts_have_thousands_separators_and_nothing_known_is_not_zero():
    assert (wording.count(1_234_567), wording.count(0), wording.count(None)) == ("1,234,567", "0", "–")


def test_a_share_that_is_not_nothing_is_never_shown_as_nothing():
    assert wording.share(1, 100_000) == "< 0.1 %"
    assert wording.share(0, 100_000) == "0.0 %"
    assert wording.share(0, 0) == "–"


def test_what_does_not_look_like_a_code_is_not_repeated():
    assert wording.code("missing_field") == "missing field"
    assert wording.code("Jane Doe, born 1970") == "another reason"
