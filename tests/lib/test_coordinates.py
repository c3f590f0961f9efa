import pytest

from geo.lib.coordinates import (
    NotACoordinate,
    are_swapped,
    decimals_of,
    is_in_indonesia,
    lacks_sign,
    read_coordinate,
    split_pair,
)

SOUTH = -(2 + 58 / 60 + 54 / 3600)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("-2.9817", -2.9817),
        ("-2,9817", -2.9817),
        ("\u22122.9817", -2.9817),
        ("2.9817 LS", -2.9817),
        ("104.7368° BT", 104.7368),
        ("2°58'54\" LS", SOUTH),
        ("2° 58' 54.0'' S", SOUTH),
        ("LS 2 58 54", SOUTH),
        ("-2 58 54", SOUTH),
        ("2°58′54″ LU", -SOUTH),
        ("104°44'12,6\" BT", 104 + 44 / 60 + 12.6 / 3600),
    ],
)
def test_coordinates_as_people_write_them(text, degrees):
    assert read_coordinate(text) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "abc",
        "2°61'00\" LS",
        "2°58'60\" LS",
        "-2.9 LS",
        "LS 2 58 54 LS",
        "1e3",
        "nan",
        "2 58",
    ],
)
def test_anything_else_is_no_coordinate(text):
    with pytest.raises(NotACoordinate):
        read_coordinate(text)


def test_pairs_are_parted_whatever_the_decimal_mark():
    assert split_pair("-2.98, 104.75") == ("-2.98", "104.75")
    assert split_pair("-2.98,104.75") == ("-2.98", "104.75")
    assert split_pair("-2,98; 104,75") == ("-2,98", "104,75")
    assert split_pair("-2,98, 104,75") == ("-2,98", "104,75")
    assert split_pair("-2.98") is None


def test_what_is_wrong_with_a_pair():
    assert is_in_indonesia(104.7, -2.9)
    assert not are_swapped(104.7, -2.9)
    assert are_swapped(-2.9, 104.7)
    # 5.5, 95.3 is Aceh turned round; so is nothing that is right as it stands.
    assert are_swapped(5.5, 95.3)
    assert lacks_sign(104.7, 9.9)
    assert not lacks_sign(104.7, 2.9)


def test_decimals_say_how_exact_a_position_is():
    assert decimals_of("-2.981") == 3
    assert decimals_of("-2,98170") == 5
    assert decimals_of("104") == 0
    assert decimals_of("2°58'54\" LS") == 4
