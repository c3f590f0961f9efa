"""Figures of different units as points from 0 to 1, by hand."""

import pytest

from geo.lib.normalising import HIGHER, LOWER, min_max, normalise, percentile_rank


def test_min_max_keeps_distances():
    assert min_max([10, 30, 15]) == [0, 1, 0.25]


def test_percentile_rank_keeps_only_the_order():
    assert percentile_rank([10, 3000, 15]) == [0, 1, 0.5]


def test_equals_share_the_middle_of_their_places():
    assert percentile_rank([1, 1, 2]) == [0.25, 0.25, 1]


@pytest.mark.parametrize("method", [min_max, percentile_rank])
def test_missing_stays_missing_and_moves_nobody(method):
    with_gap = method([10, None, 30, 20])
    assert with_gap[1] is None
    assert [point for point in with_gap if point is not None] == method([10, 30, 20])


@pytest.mark.parametrize("method", [min_max, percentile_rank])
@pytest.mark.parametrize(
    ("values", "points"),
    [([], []), ([None], [None]), ([7], [0.5]), ([7, 7, None], [0.5, 0.5, None])],
)
def test_what_tells_nobody_apart_is_in_the_middle(method, values, points):
    assert method(values) == points


def test_nought_is_a_value():
    assert min_max([0, None, 4]) == [0, None, 1]


def test_less_can_be_better():
    assert normalise([10, None, 50], method="minmax", direction=LOWER) == [1, None, 0]
    assert normalise([10, None, 50], method="minmax", direction=HIGHER) == [0, None, 1]
