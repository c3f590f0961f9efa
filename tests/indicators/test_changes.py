import pytest

from geo.indicators.queries import read_changes, read_periods
from geo.lib.classes import change_edges
from geo.lib.errors import UnknownPeriod
from tests.indicators.world import make_indicator, observe


def changes(indicator, level, parent, since="2022", period="2024"):
    return read_changes(indicator=indicator, period=period, since=since, level=level, parent=parent)


def test_counts_change_in_per_cent(kotak):
    people = make_indicator("people")
    observe(people, "2022", {"01.2001": 50, "01.2002": 0, "01.2003": 8, "02.2001": 10})
    observe(people, "2024", {"01.2001": 75, "01.2002": 5, "01.2004": 8, "02.2001": 5})
    found = changes(people, "village", kotak.districts[0])
    assert [(f.value, f.status) for f in found.items] == [
        (50, "verified"),
        (None, "missing"),  # from nothing there is no per cent
        (None, "missing"),
        (None, "missing"),
    ]
    assert (found.scheme, found.is_relative, found.since) == ("change", True, "2022")
    # Limits hold for the whole regency: +50 and −50.
    assert found.edges[0] == -found.edges[-1] == -50
    assert found.edges == changes(people, "village", kotak.districts[1]).edges


def test_rates_change_by_their_difference(kotak):
    people, homes = make_indicator("people"), make_indicator("homes")
    size = make_indicator("size", roll_up="ratio", numerator=people, denominator=homes, decimals=1)
    for period, count in (("2022", 20), ("2024", 25)):
        observe(people, period, {"01.2001": count})
        observe(homes, period, {"01.2001": 10})
    found = changes(size, "district", kotak.regency)
    assert found.items[0].value == pytest.approx(0.5)
    assert not found.is_relative


def test_a_change_is_withheld_where_either_figure_is(kotak):
    cases = make_indicator("cases", sensitive=True)
    observe(cases, "2022", {"01.2001": 3, "01.2002": 2, "01.2003": 20})
    observe(cases, "2024", {"01.2001": 9, "01.2002": 9, "01.2003": 30})
    found = changes(cases, "village", kotak.districts[0])
    assert [f.status for f in found.items] == ["suppressed", "suppressed", "verified", "missing"]
    assert found.items[0].value is None


def test_of_a_partial_total_only_those_that_reported_twice_are_compared(kotak):
    """A village that has not reported yet is no fall: 100 + 50 → 110 is a rise of a tenth."""
    people = make_indicator("people")
    observe(people, "2022", {"01.2001": 100, "01.2002": 50, "02.2001": 10})
    observe(people, "2024", {"01.2001": 110, "02.2001": 10, "02.2002": 90})
    first, second, *_others = changes(people, "district", kotak.regency).items
    assert (first.value, first.reported, first.expected) == (pytest.approx(10), 1, 4)
    assert (second.value, second.reported) == (0, 1), "nor is one that is new in the list a rise"
    (whole,) = changes(people, "regency", kotak.regency).items
    assert whole.value == pytest.approx(100 * 10 / 110)
    edges = changes(people, "district", kotak.regency).edges
    assert edges[-1] <= 10.1, "the classes know nothing of the false fall either"


def test_the_highest_of_a_part_has_no_change(kotak):
    way = make_indicator("way", roll_up="max")
    observe(way, "2022", {"01.2001": 100, "01.2002": 50})
    observe(way, "2024", {"01.2002": 55})
    assert changes(way, "district", kotak.regency).items[0].value is None


def test_both_periods_must_be_known(kotak):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 50})
    with pytest.raises(UnknownPeriod):
        changes(people, "village", kotak.regency)


def test_edges_are_symmetric_with_a_class_around_zero():
    edges = change_edges([-40, -12, -1, 0.5, 3, 7, 21, 100], decimals=1)
    assert edges == [-edge for edge in reversed(edges)]
    assert len(edges) == 6
    assert change_edges([]) == []
    assert change_edges([0, 0]) == [-1, 1]


def test_many_periods_in_one_query(kotak, django_assert_num_queries):
    people = make_indicator("people", frequency="month")
    months = [f"2024-{month:02}" for month in range(1, 13)]
    for place, month in enumerate(months):
        observe(people, month, {"01.2001": place})
    with django_assert_num_queries(1):
        found = read_periods(
            indicator=people, periods=months, level="village", parent=kotak.regency
        )
    assert [f.period for f in found] == months
    assert [f.items[0].value for f in found] == list(range(12))
