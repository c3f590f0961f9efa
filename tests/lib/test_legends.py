import pytest

from geo.lib.classes import class_of
from geo.lib.legends import BINS_PER_CLASS, TALLEST, distribution, make_legend, position

EDGES = [0, 10, 20, 40]
COLOURS = ["#aaaaaa", "#bbbbbb", "#cccccc"]


@pytest.mark.parametrize(
    ("value", "place"),
    [(0, 0), (5, 1 / 6), (10, 1 / 3), (20, 2 / 3), (30, 5 / 6), (40, 1), (-5, 0), (99, 1)],
)
def test_a_value_stands_in_its_class_on_a_ramp_of_equal_widths(value, place):
    assert position(value, EDGES) == pytest.approx(place)


@pytest.mark.parametrize("value", [0, 9.99, 10, 19.99, 20, 39, 40])
def test_place_and_class_never_disagree(value):
    place = position(value, EDGES) * 3
    assert class_of(value, EDGES) in {int(place), int(place) - (place == 3)}


def test_one_class_of_equal_limits_has_its_value_in_the_middle():
    assert position(7, [7, 7]) == 0.5


def test_bars_stand_where_their_values_are():
    bars = distribution([0, 0, 0, 19.9], EDGES, COLOURS)
    assert [round(bar.x, 1) for bar in bars] == [0, round(100 * 11 / 18, 1)]
    assert bars[0].height == TALLEST
    assert bars[0].top == 0
    assert bars[1].height == pytest.approx(TALLEST / 3)
    assert bars[1].top + bars[1].height == pytest.approx(TALLEST)
    assert [bar.colour for bar in bars] == ["#aaaaaa", "#bbbbbb"]
    assert all(bar.width == pytest.approx(100 / (3 * BINS_PER_CLASS)) for bar in bars)


def test_the_highest_value_stays_on_the_ramp():
    (bar,) = distribution([40], EDGES, COLOURS)
    assert bar.x + bar.width == pytest.approx(100)
    assert bar.colour == "#cccccc"


def test_classes_count_half_open_the_last_closed():
    legend = make_legend([0, 9, 10, 20, 40], EDGES, COLOURS)
    assert [c.n_areas for c in legend.classes] == [2, 1, 2]
    assert [(c.lower, c.upper) for c in legend.classes] == [(0, 10), (10, 20), (20, 40)]
    assert [round(c.x + c.width, 1) for c in legend.classes] == [33.3, 66.7, 100]
    assert legend.edges == EDGES


def test_equal_values_are_one_tall_bar():
    legend = make_legend([5, 5, 5], [5, 6], ["#123456"])
    assert [c.n_areas for c in legend.classes] == [3]
    assert [(bar.x, bar.height) for bar in legend.bars] == [(0, TALLEST)]


def test_classes_without_values_have_no_bars():
    legend = make_legend([], EDGES, COLOURS)
    assert [c.n_areas for c in legend.classes] == [0, 0, 0]
    assert legend.bars == []


def test_without_limits_only_what_is_missing_is_counted():
    legend = make_legend([], [], [], n_missing=4, n_suppressed=3, n_not_assessed=2, n_unreachable=1)
    assert (legend.classes, legend.bars, legend.edges) == ([], [], [])
    assert legend.n_unreachable == 1
    assert (legend.n_missing, legend.n_suppressed, legend.n_not_assessed) == (4, 3, 2)
