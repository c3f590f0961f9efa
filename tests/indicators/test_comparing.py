"""Which figures may be compared, by hand; and the place of each among them."""

import pytest

from geo.indicators.queries import Figure, Peers, comparable_value, ranks_of


def figure(value, reported=4, expected=4, code="01"):
    return Figure(code, value, "verified" if value is not None else "missing", reported, expected)


@pytest.mark.parametrize(
    ("roll_up", "reported", "is_compared"),
    [
        ("sum", 4, True),
        ("sum", 3, False),
        ("max", 4, True),
        ("max", 3, False),
        ("ratio", 3, True),
        ("ratio", 2, False),
        ("weighted_mean", 3, True),
        ("weighted_mean", 2, False),
    ],
)
def test_totals_need_all_villages_and_averages_two_thirds(roll_up, reported, is_compared):
    assert comparable_value(figure(7, reported), roll_up) == (7 if is_compared else None)


def test_two_thirds_are_enough():
    assert comparable_value(figure(7, 6, 9), "ratio") == 7


def test_a_partial_total_has_no_place_and_moves_no_other():
    """District 02 has more anyhow, but nobody knows how much: 01 is the first of two."""
    items = [figure(10, code="01"), figure(30, 3, code="02"), figure(5, code="03")]
    assert ranks_of([*items, figure(None, 0, code="04")], "sum") == {"01": 1, "03": 2}
    standing = Peers.of(items, "sum").standing(items[0])
    assert (standing.n_ranked, standing.n_areas, standing.is_among_all) == (2, 3, False)


def test_equals_share_a_place():
    items = [figure(value, code=f"0{n}") for n, value in enumerate([5, 8, 5, 1])]
    assert ranks_of(items, "ratio") == {"01": 1, "00": 2, "02": 2, "03": 4}


def test_who_has_none_of_a_thing_has_no_place_but_is_surpassed():
    items = [figure(value, code=f"0{n}") for n, value in enumerate([3, 0, 0])]
    assert ranks_of(items, "sum") == {"00": 1}
    assert Peers.of(items, "sum").standing(items[0]).n_ranked == 3
    assert ranks_of(items, "ratio") == {"00": 1, "01": 2, "02": 2}, "a rate of nought is a place"


def test_between_gains_and_losses_nought_is_a_place():
    items = [figure(value, code=f"0{n}") for n, value in enumerate([3, 0, -2])]
    assert ranks_of(items, "sum") == {"00": 1, "01": 2, "02": 3}


def test_one_figure_alone_has_no_place():
    assert ranks_of([figure(3), figure(None, 0, code="02")], "sum") == {}
