"""Pins over a picture: none hides another."""

import math

from geo.lib.pins import RADIUS, draw_pins, place_pins

PICTURE = {
    "width": 1000,
    "height": 800,
    "points": {"a": [100, 100], "b": [110, 100], "c": [500, 5]},
}


def test_the_first_stands_at_its_point_and_the_next_close_by():
    spots = place_pins({"a": (100, 100), "b": (110, 100)})
    assert spots["a"] == (100, 100)
    assert 2 * RADIUS <= math.dist(spots["a"], spots["b"]) < 4 * RADIUS


def test_many_at_one_point_never_overlap():
    spots = list(place_pins({str(n): (0, 0) for n in range(10)}).values())
    gaps = [math.dist(a, b) for i, a in enumerate(spots) for b in spots[:i]]
    assert min(gaps) >= 2 * RADIUS


def test_pins_say_their_rank_and_a_line_leads_to_those_that_gave_way():
    svg = draw_pins(PICTURE, {"a": "1", "b": "2", "c": "3", "nowhere": "4"})
    assert svg.count("<circle") == 3
    assert svg.count("<path") == 1
    assert 'viewBox="0 0 1000 800"' in svg
    assert "nowhere" not in svg


def test_labels_are_escaped():
    assert "<b>" not in draw_pins(PICTURE, {"a": "<b>"})
