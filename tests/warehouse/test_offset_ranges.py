"""Ranges are sets of offsets: every operation on ranges is the operation on the sets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from warehouse_releases.offset_ranges import clipped, merged, missing, ranges_of, size

offsets = st.integers(0, 40)
ranges = st.lists(st.tuples(offsets, offsets).map(lambda pair: (min(pair), max(pair))), max_size=8)
spans = st.tuples(offsets, st.integers(-1, 40))


def members(some_ranges):
    return {offset for first, last in some_ranges for offset in range(first, last + 1)}


@given(ranges)
def test_merging_keeps_the_set_and_leaves_no_two_ranges_that_touch(some_ranges):
    found = merged(some_ranges)
    assert members(found) == members(some_ranges)
    assert all(later[0] > earlier[1] + 1 for earlier, later in pairwise(found))


@given(ranges, spans)
def test_what_is_missing_and_what_is_clipped_make_up_the_span(some_ranges, span):
    inside = members([span]) if span[0] <= span[1] else set()
    absent, present = members(missing(span, some_ranges)), members(clipped(span, some_ranges))
    assert absent == inside - members(some_ranges)
    assert present == inside & members(some_ranges)


@given(ranges)
def test_the_size_is_the_number_of_distinct_offsets(some_ranges):
    assert size(some_ranges) == len(members(some_ranges))


@given(st.lists(offsets))
def test_offsets_in_any_order_and_number_become_their_ranges(some_offsets):
    assert members(ranges_of(some_offsets)) == set(some_offsets)
