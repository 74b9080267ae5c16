"""Sets of addresses, compared with sets of numbers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.changes.addresses import Intervals, both, minus, size, union

numbers = st.integers(0, 9)
intervals = st.lists(st.tuples(numbers, numbers).map(lambda e: (min(e), max(e))), max_size=4)


def members(found: Intervals) -> set[int]:
    return {number for first, last in found for number in range(first, last + 1)}


def in_order(found: Intervals) -> bool:
    return all(one[1] + 1 < other[0] for one, other in pairwise(found))


@given(intervals, intervals)
def test_sums_and_differences_are_those_of_sets(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    whole, taken = union(one), union(other)
    assert members(whole) == {n for first, last in one for n in range(first, last + 1)}
    assert members(minus(whole, taken)) == members(whole) - members(taken)
    assert members(both(whole, taken)) == members(whole) & members(taken)
    assert size(whole) == len(members(whole))
    assert all(in_order(found) for found in (whole, minus(whole, taken), both(whole, taken)))
