import re

from geo.lib.charts import Line, decimals_of, line_chart, nice_step, nice_ticks


def write(value, decimals):
    return f"{value:.{decimals}f}"


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


def test_whole_numbers_have_no_halves_between_them():
    assert nice_ticks(4, 5) == [4, 4.5, 5]
    assert nice_ticks(4, 5, least_step=1) == [4, 5]


def test_no_two_ticks_are_written_alike():
    assert decimals_of(nice_ticks(4000, 4229)) == 0
    assert decimals_of(nice_ticks(0.28, 0.31)) == 2
    svg = line_chart(["1", "2"], [Line("a", [0.72, 0.78], "own")], write)
    labels = re.findall(r'text-anchor="end">(0[^<]*)<', svg)
    assert labels == ["0.72", "0.74", "0.76", "0.78"]


def test_a_gap_is_not_bridged():
    svg = line_chart(["2020", "2021", "2022", "2023"], [Line("a", [1, None, 3, 4], "own")], write)

    paths = re.findall(r'class="own" d="([^"]+)"', svg)
    assert len(paths) == 2
    assert paths[0].endswith("h0")  # a lone point is a dot
    assert paths[1].count("L") == 1


def test_the_highest_value_stands_highest():
    svg = line_chart(["1", "2"], [Line("a", [0, 10], "own")], write, width=154, height=126)

    # 100 units across between the margins, 100 up: (44, 108) to (144, 8).
    assert 'd="M44.0 108.0L144.0 8.0"' in svg


def test_nothing_known_draws_nothing():
    assert line_chart(["2020"], [Line("a", [None], "own")], write) == ""


def test_words_are_escaped():
    assert "<b>" not in line_chart(["<b>"], [Line("a", [1], "own")], write)
