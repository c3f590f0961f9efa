import pytest

from geo.lib.periods import format_period, frequency_of, is_period, order


@pytest.mark.parametrize(
    ("period", "indonesian", "english"),
    [
        ("2024", "2024", "2024"),
        ("2024-Q1", "Triwulan 1 2024", "Quarter 1 2024"),
        ("2024-03", "Maret 2024", "March 2024"),
    ],
)
def test_format_period(period, indonesian, english):
    assert format_period(period, "id") == indonesian
    assert format_period(period, "en") == english


@pytest.mark.parametrize(
    "text",
    ["24", "2024-Q5", "2024-13", "2024-3", "2024-00", "2024 ", "", "0000", "0001-01", "9999-Q4"],
)
def test_what_is_not_a_period(text):
    assert frequency_of(text) is None
    assert not is_period(text)


def test_a_period_has_a_frequency():
    assert is_period("2024-Q4", "quarter")
    assert not is_period("2024", "month")


def test_periods_in_order():
    periods = ["2024-12", "2025", "2024-Q2", "2024", "2023-12", "2024-02"]
    assert sorted(periods, key=order) == [
        "2023-12",
        "2024",
        "2024-02",
        "2024-Q2",
        "2024-12",
        "2025",
    ]
