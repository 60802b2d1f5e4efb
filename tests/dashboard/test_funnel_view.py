"""The funnel compares like with like, with the published limits, and never speaks of effects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality_dashboard.facts import RateFact
from quality_dashboard.funnel_chart import drawn
from quality_dashboard.funnel_statistics import OUTER, band
from quality_dashboard.funnel_view import funnel
from safety_statistics import funnel as statistics

RATES = st.lists(
    st.builds(
        RateFact,
        st.sampled_from("abcdef"),
        st.sampled_from(["checklist", "open_question", "spontaneous", "not_asked", "unlinked"]),
        st.integers(0, 5000),
        st.integers(0, 500),
    ),
    unique_by=lambda rate: (rate.clinic_id, rate.method),
).map(tuple)


def test_a_clinic_that_asks_by_checklist_is_only_compared_with_others_that_do():
    rates = (
        RateFact("list-one", "checklist", 1000, 600),
        RateFact("list-two", "checklist", 1000, 600),
        RateFact("open-one", "open_question", 1000, 100),
        RateFact("open-two", "open_question", 1000, 100),
    )
    assert [point.ratio for point in funnel(rates, statistics).points] == pytest.approx([1, 1, 1, 1])


def test_the_limits_are_the_exact_ones():
    # Spiegelhalter 2005 by way of the domain reference, D7: 20 expected events.
    inner, outer = band(20, statistics), band(20, statistics, OUTER)
    assert inner == pytest.approx((0.6108260, 1.544419), rel=1e-6)
    assert outer == pytest.approx((0.4479107, 1.902094), rel=1e-6)


def test_sessions_in_which_nobody_asked_are_left_out_and_counted():
    rates = (
        RateFact("a", "open_question", 100, 10),
        RateFact("b", "open_question", 100, 10),
        RateFact("a", "not_asked", 1234, 0),
        RateFact("c", "spontaneous", 50, 5),
    )
    found = funnel(rates, statistics)
    assert [point.sessions for point in found.points] == [100, 100]
    assert "1,284 sessions in which nobody asked" in found.left_out
    assert found.clinics_left_out == ("c",)


def test_a_clinic_that_asks_in_a_way_of_its_own_is_not_compared_with_itself():
    rates = (
        RateFact("alone", "checklist", 300, 100),
        RateFact("b", "open_question", 100, 10),
        RateFact("c", "open_question", 100, 10),
    )
    found = funnel(rates, statistics)
    assert found.clinics_left_out == ("alone",)
    assert "300 sessions asked in a way that no other clinic uses" in found.left_out


def test_a_clinic_far_above_the_others_stands_out():
    rates = (
        *(RateFact(f"c{n}", "open_question", 2000, 100 + n) for n in range(9)),
        RateFact("x", "open_question", 2000, 400),
    )
    assert [point.clinic_id for point in funnel(rates, statistics).points if point.stands_out] == ["x"]


def test_the_picture_names_the_clinics_and_changes_its_address_with_its_content():
    one = (RateFact("a", "open_question", 500, 10), RateFact("<b>", "open_question", 500, 90))
    other = (RateFact("a", "open_question", 500, 11), RateFact("<b>", "open_question", 500, 90))
    first, second = (drawn(funnel(rates, statistics), statistics) for rates in (one, other))
    assert set(first.pictures) == {"light", "dark"}
    assert "&lt;b&gt;" in first.pictures["light"] and "<b>" not in first.pictures["light"]
    assert first.digest != second.digest


def test_without_an_event_there_is_no_picture_and_it_says_who_is_missing():
    rates = (RateFact("a", "open_question", 100, 0), RateFact("b", "open_question", 100, 0))
    nothing = drawn(funnel(rates, statistics), statistics)
    assert nothing.pictures == {}
    assert nothing.funnel.clinics_left_out == ("a", "b")


@given(RATES)
def test_whatever_the_network_reports_expected_events_add_up_to_the_observed_ones(rates):
    found = funnel(rates, statistics)
    assert sum(point.expected for point in found.points) == pytest.approx(sum(point.observed for point in found.points))
    assert {point.clinic_id for point in found.points}.isdisjoint(found.clinics_left_out)
