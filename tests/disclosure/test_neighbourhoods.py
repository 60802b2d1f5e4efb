"""The few counts around a protected one: enough to prove that it is wide, and few however much hangs together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_control.knowledge import Knowledge, Part, Parts, as_terms
from disclosure_control.linear_programs import PartProgram
from disclosure_control.neighbourhoods import Neighbourhoods

COUNTS = 8
sums = st.lists(st.sets(st.integers(0, COUNTS - 1), min_size=2, max_size=4), max_size=8)


def told(truth: list[int], known: set[int], groups: list[set[int]]) -> Knowledge:
    """Counts, those that can be read off, and the sums of some of them."""
    knowledge = Knowledge([float(value) for value in truth], known)
    for group in groups:
        total = float(sum(truth[count] for count in group))
        knowledge.relate(dict.fromkeys(group, 1.0), total, total, "a sum")
    return knowledge


def room(knowledge: Knowledge, part: Part, count: int) -> float:
    """How far the count can go down and up, in fractions."""
    program = PartProgram(knowledge, part)
    direction = program.direction(((count, 1.0),))
    low, high = (program.furthest(sign * direction) @ direction for sign in (-1.0, 1.0))
    return float(high - low)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=COUNTS, max_size=COUNTS), st.sets(st.integers(0, COUNTS - 1)), sums)
def test_nearby_a_count_has_as_much_room_as_among_all_and_never_more(truth, known, groups) -> None:
    knowledge = told(truth, known, groups)
    parts, nearby = Parts(knowledge), Neighbourhoods(knowledge)
    for count in set(range(COUNTS)) - known:
        terms = as_terms({count: 1.0})
        if parts.of(terms):
            everything = parts.part(parts.of(terms))
            assert abs(room(knowledge, nearby.around(terms), count) - room(knowledge, everything, count)) < 1e-6


def chain(length: int) -> Knowledge:
    knowledge = Knowledge([10.0] * length)
    for count in range(length - 1):
        knowledge.relate({count: 1.0, count + 1: 1.0}, 20.0, 20.0, "a pair")
    return knowledge


def test_it_is_small_and_what_it_leaves_out_stays_as_it_is() -> None:
    knowledge = chain(5_000)
    part = Neighbourhoods(knowledge).around(((2_500, 1.0),))
    assert 2_500 in part.counts and len(part.counts) < 200
    # The pair at the border is broken when one of it moves and the other does not.
    assert room(knowledge, part, 2_500) == 0.0


def test_a_count_of_no_equation_is_its_own_neighbourhood() -> None:
    assert Neighbourhoods(chain(3)).around(((7, 1.0),)) == Part((7,), ())
