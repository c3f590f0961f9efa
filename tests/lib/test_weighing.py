"""Weighted scores and how firm they are, by hand and against plain enumeration."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.lib.weighing import count_tops, draw_multipliers, weigh
from geo.lib.weighing_arrays import count_tops_of_many

# Four places, two criteria; with equal weights the first three score 0.5, the last 0.375.
PLACES = [(0.0, 1.0), (1.0, 0.0), (0.5, 0.5), (0.0, 0.75)]
FOUR = list(product([0.75, 1.25], repeat=2))


def test_a_score_is_the_weighted_mean_and_its_parts_add_up():
    weighed = weigh((1.0, 0.5), [3, 1])
    assert weighed.score == 0.875
    assert weighed.parts == [0.75, 0.125]
    assert weighed.known_share == 1


def test_missing_is_not_nought():
    assert weigh((1.0, None), [3, 1]).score == 1.0
    assert weigh((1.0, 0.0), [3, 1]).score == 0.75
    assert weigh((1.0, None), [3, 1]).known_share == 0.75
    assert weigh((None, None), [3, 1]).score is None


def test_the_first_place_by_hand():
    """(¾, ¾) and (1¼, 1¼) leave three equal; (¾, 1¼) favours the first, (1¼, ¾) the second."""
    assert count_tops(PLACES, [1, 1], FOUR, tops=(1,)) == [[3], [3], [2], [0]]


def test_the_first_two_by_hand():
    """Where three are equal all of them are among the first two; else the third is second."""
    assert count_tops(PLACES, [1, 1], FOUR, tops=(1, 2)) == [[3, 3], [3, 3], [2, 4], [0, 0]]


def test_fewer_places_than_asked_for_are_all_among_the_first():
    assert count_tops(PLACES, [1, 1], FOUR, tops=(5, 10)) == [[4, 4]] * 4
    assert count_tops([], [1, 1], FOUR) == []


def test_the_same_seed_draws_the_same_and_stays_within_the_spread():
    drawn = draw_multipliers(3, spread=0.25, seed=7, n_variations=200)
    assert drawn == draw_multipliers(3, spread=0.25, seed=7, n_variations=200)
    assert drawn != draw_multipliers(3, spread=0.25, seed=8, n_variations=200)
    flat = [factor for factors in drawn for factor in factors]
    assert 0.75 <= min(flat) < 0.76
    assert 1.24 < max(flat) <= 1.25
    # The numbers of MT19937 are the same on every machine.
    assert drawn[0][0] == pytest.approx(0.9119160, abs=1e-6)


def plainly(rows, weights, multipliers, tops):
    """The same, place by place and without any shortcut."""
    counts = [[0] * len(tops) for _ in rows]
    for factors in multipliers:
        varied = [w * f for w, f in zip(weights, factors, strict=True)]
        scores = [weigh(row, varied).score for row in rows]
        for i, score in enumerate(scores):
            better = sum(other > score + 1e-9 for other in scores)
            for place, top in enumerate(tops):
                counts[i][place] += better < top
    return counts


POINT = st.one_of(st.none(), st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0]))
ROW = st.tuples(POINT, POINT, POINT).filter(lambda row: set(row) != {None})


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=25),
    weights=st.tuples(*[st.integers(1, 5)] * 3),
    seed=st.integers(0, 99),
    spread=st.sampled_from([0.25, 0.5]),
)
def test_shortcuts_change_nothing(rows, weights, seed, spread):
    multipliers = draw_multipliers(3, spread=spread, seed=seed, n_variations=15)
    expected = plainly(rows, weights, multipliers, (2, 4))
    assert count_tops(rows, weights, multipliers, (2, 4)) == expected
    assert count_tops_of_many(rows, weights, multipliers, (2, 4)).tolist() == expected
