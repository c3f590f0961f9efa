from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.lib.classes import class_counts, class_of, histogram, readable_edges
from geo.lib.palettes import PALETTES, SEQUENTIAL, ramp
from geo.lib.ranking import ranks


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-1, 0), (0, 0), (9.99, 0), (10, 1), (19.99, 1), (20, 2), (30, 2), (31, 2)],
)
def test_classes_are_half_open_and_the_last_closed(value, expected):
    assert class_of(value, [0, 10, 20, 30]) == expected


def test_counts_leave_out_what_has_no_value():
    assert class_counts([0, None, 10, 30, 5], [0, 10, 20, 30]) == [2, 1, 1]
    assert class_counts([1], []) == []


def test_few_distinct_values_get_a_class_each():
    assert readable_edges([0, 1, 2], [0, 0, 1, 2], k=5) == [0, 1, 2, 3]
    assert readable_edges([7, 7], [7, 7], k=5) == [7, 8]
    assert readable_edges([], [], k=5) == []


def test_edges_are_rounded_and_merged():
    values = list(range(103, 9876, 97))
    edges = readable_edges([103, 2057.3, 2057.3, 4012.9, 6001.2, 9803], values, k=5)
    assert edges == [100, 2100, 4000, 6000, 9900]


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.integers(2, 7),
    st.integers(0, 3),
)
def test_every_value_lies_within_rising_edges(values, k, decimals):
    values = [round(value, decimals) for value in values]
    low, high = min(values), max(values)
    edges = readable_edges([low + (high - low) * n / k for n in range(k + 1)], values, k, decimals)
    assert all(a < b for a, b in pairwise(edges))
    assert len(edges) <= k + 1
    assert edges[0] <= low + 1e-6
    assert edges[-1] >= high - 1e-6


def test_histogram_counts_everything_once():
    bins = histogram([0, 1, 1, 2, None, 10], bins=5)
    assert [count for _, _, count in bins] == [3, 1, 0, 0, 1]
    assert bins[0][0] == 0
    assert bins[-1][1] == 10
    assert histogram([3, 3]) == [(3, 3, 2)]
    assert histogram([None]) == []


def test_ranks_are_shared():
    assert ranks({"a": 5, "b": 9, "c": 9, "d": None, "e": 1}) == {"a": 3, "b": 1, "c": 1, "e": 4}


def luminance(colour):
    def linear(channel):
        c = int(channel, 16) / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    r, g, b = (linear(colour[n : n + 2]) for n in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("name", sorted(PALETTES))
@pytest.mark.parametrize("k", [3, 4, 5, 6, 7])
def test_a_ramp_reads_in_grey(name, k):
    colours = ramp(name, k)
    assert len(set(colours)) == k
    light = [luminance(colour) for colour in colours]
    falling = light if name in SEQUENTIAL else light[k // 2 :]
    assert all(a > b for a, b in pairwise(falling))
