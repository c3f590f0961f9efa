import pytest

from geo.lib.numbers import (
    AmbiguousNumber,
    NotANumber,
    format_number,
    read_number,
)


@pytest.mark.parametrize(
    ("value", "decimals", "language", "written"),
    [
        (1234.5, 1, "id", "1.234,5"),
        (1234.5, 1, "en", "1,234.5"),
        (-1234567.891, 2, "id", "−1.234.567,89"),
        (0, 0, "id", "0"),
        (-0.04, 1, "en", "0.0"),
        (2026, 0, "xx", "2.026"),
    ],
)
def test_format_number(value, decimals, language, written):
    assert format_number(value, decimals, language) == written


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1234", None, 1234),
        ("-12", None, -12),
        ("−12", None, -12),
        ("0,75", None, 0.75),
        ("0.487", None, 0.487),
        ("12.5", None, 12.5),
        ("1.234,5", None, 1234.5),
        ("1,234.5", None, 1234.5),
        ("1.234.567", None, 1234567),
        ("1 234 567", None, 1234567),
        ("94.344488", None, 94.344488),
        ("1.2e3", None, 1200),
        ("1.500", ",", 1500),
        ("1.500", ".", 1.5),
        ("1,5", ",", 1.5),
        ("12.345.678,9", ",", 12345678.9),
    ],
)
def test_read_number(text, decimal, number):
    assert read_number(text, decimal) == pytest.approx(number)


@pytest.mark.parametrize("text", ["1.500", "1,500", "-12.345"])
def test_what_can_be_read_twice_is_not_guessed(text):
    with pytest.raises(AmbiguousNumber) as caught:
        read_number(text)
    large, small = caught.value.readings
    assert large == pytest.approx(1000 * small)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("", None),
        ("12 ha", None),
        ("1.23.4", None),
        ("1.23,4", ","),
        ("1,5", "."),
        ("=1+1", None),
        ("1_000", None),
    ],
)
def test_what_is_not_a_number(text, decimal):
    with pytest.raises(NotANumber):
        read_number(text, decimal)
