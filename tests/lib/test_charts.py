import re

from geo.lib.charts import Line, line_chart, nice_step, nice_ticks


def test_ticks_are_round_and_enclose_the_values():
    assert nice_ticks(0, 10) == [0, 5, 10]
    assert nice_ticks(103, 287) == [100, 200, 300]
    assert nice_ticks(-3, 4) == [-5, -2.5, 0, 2.5, 5]


def test_equal_values_still_have_an_axis():
    ticks = nice_ticks(7, 7)

    assert ticks[0] <= 7 <= ticks[-1]
    assert len(ticks) > 1


def test_step_of_nothing_is_one():
    assert nice_step(0) == 1


def test_a_gap_is_not_bridged():
    svg = line_chart(["2020", "2021", "2022", "2023"], [Line("a", [1, None, 3, 4], "own")], str)

    paths = re.findall(r'class="own" d="([^"]+)"', svg)
    assert len(paths) == 2
    assert paths[0].endswith("h0")  # a lone point is a dot
    assert paths[1].count("L") == 1


def test_the_highest_value_stands_highest():
    svg = line_chart(["1", "2"], [Line("a", [0, 10], "own")], str, width=154, height=126)

    # 100 units across between the margins, 100 up: (44, 108) to (144, 8).
    assert 'd="M44.0 108.0L144.0 8.0"' in svg


def test_nothing_known_draws_nothing():
    assert line_chart(["2020"], [Line("a", [None], "own")], str) == ""


def test_words_are_escaped():
    assert "<b>" not in line_chart(["<b>"], [Line("a", [1], "own")], str)
