import datetime

import pytest

from geo.indicators import queries
from geo.indicators.models import ClassBreaks, Observation
from geo.lib.errors import UnknownChoice, UnknownIndicator, UnknownPeriod
from tests.indicators.world import EARLY, make_indicator, make_source, observe

FIVE = {"04.2001": 1, "04.2002": 2, "04.2003": 3, "04.2004": 4, "04.1005": 0}


def read(indicator, period, level, parent, **more):
    return queries.read_figures(
        indicator=indicator, period=period, level=level, parent=parent, **more
    )


def test_sum_by_hand_with_coverage(kotak):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 10, "01.2002": 20, "01.2003": 0})
    observe(people, "2024", FIVE)
    districts = read(people, "2024", "district", kotak.regency)
    assert [(f.code, f.value, f.status, f.reported, f.expected) for f in districts.items] == [
        ("99.01.01", 30, "verified", 3, 4),
        ("99.01.02", None, "missing", 0, 4),
        ("99.01.03", None, "missing", 0, 4),
        ("99.01.04", 10, "verified", 5, 5),
    ]
    assert (districts.reported, districts.expected) == (8, 17)
    assert [f.is_partial for f in districts.items] == [True, True, True, False]
    regency = read(people, "2024", "regency", kotak.regency)
    assert [(f.code, f.value, f.reported, f.expected) for f in regency.items] == [
        ("99.01", 40, 8, 17)
    ]


def test_zero_is_a_value_and_missing_is_not(kotak):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 0, "01.2002": 7})
    figures = read(people, "2024", "village", kotak.districts[0]).by_code()
    assert figures["99.01.01.2001"].value == 0
    assert figures["99.01.01.2001"].status == "verified"
    assert figures["99.01.01.2003"].value is None
    assert figures["99.01.01.2003"].status == "missing"


def test_an_area_without_boundary_counts(kotak):
    people = make_indicator("people")
    observe(people, "2024", {"04.1005": 3})
    figures = read(people, "2024", "village", kotak.regency)
    assert len(figures.items) == figures.expected == 17
    assert figures.by_code()["99.01.04.1005"].value == 3


def make_ratio(**changed):
    people, homes = make_indicator("people"), make_indicator("homes", unit="household")
    parts = {"roll_up": "ratio", "numerator": people, "denominator": homes}
    return people, homes, make_indicator("size", **parts | changed)


def test_ratio_sums_first_then_divides(kotak):
    people, homes, size = make_ratio()
    observe(people, "2024", {"01.2001": 10, "01.2002": 90, "01.2003": 50})
    observe(homes, "2024", {"01.2001": 5, "01.2002": 10, "01.2004": 8})
    figures = read(size, "2024", "village", kotak.districts[0]).by_code()
    assert figures["99.01.01.2001"].value == 2
    assert figures["99.01.01.2002"].value == 9
    assert figures["99.01.01.2003"].status == "missing"
    district = queries.read_figure(indicator=size, period="2024", area=kotak.districts[0])
    # Not the mean of 2 and 9 (5.5): 100 persons in 15 households; 2 of 4 villages know both.
    assert district.value == pytest.approx(100 / 15)
    assert (district.reported, district.expected) == (2, 4)


def test_ratio_without_denominator_is_not_assessed(kotak):
    people, homes, size = make_ratio()
    observe(people, "2024", {"01.2001": 0})
    observe(homes, "2024", {"01.2001": 0})
    figure = queries.read_figure(indicator=size, period="2024", area=kotak.villages[0])
    assert (figure.value, figure.status) == (None, "not_assessed")


def test_ratio_has_a_factor_and_periods_of_both_parts(kotak):
    people, homes, rate = make_ratio(factor=1000)
    observe(people, "2023", {"01.2001": 1})
    observe(people, "2024", {"01.2001": 3})
    observe(homes, "2024", {"01.2001": 6})
    assert queries.known_periods(rate) == ["2024"]
    assert queries.read_figure(
        indicator=rate, period="2024", area=kotak.regency
    ).value == pytest.approx(500)


def test_per_km2_leaves_out_what_has_no_surface(kotak):
    people = make_indicator("people")
    density = make_indicator("density", roll_up="ratio", numerator=people, per_km2=True)
    observe(people, "2024", FIVE)
    villages = read(density, "2024", "village", kotak.districts[3]).by_code()
    assert villages["99.01.04.2003"].value == pytest.approx(3)
    assert villages["99.01.04.1005"].status == "missing"
    district = queries.read_figure(indicator=density, period="2024", area=kotak.districts[3])
    assert district.value == pytest.approx(10 / 4)
    assert (district.reported, district.expected) == (4, 5)


def test_weighted_mean_is_weighted(kotak):
    homes = make_indicator("homes", unit="household")
    light = make_indicator("light", unit="percent", roll_up="weighted_mean", weight=homes)
    observe(light, "2024", {"01.2001": 100, "01.2002": 50, "01.2003": 10})
    observe(homes, "2024", {"01.2001": 1, "01.2002": 9})
    villages = read(light, "2024", "village", kotak.districts[0]).by_code()
    # A village's own figure needs no weight.
    assert villages["99.01.01.2003"].value == 10
    district = queries.read_figure(indicator=light, period="2024", area=kotak.districts[0])
    assert district.value == pytest.approx((100 * 1 + 50 * 9) / 10)
    assert (district.reported, district.expected) == (2, 4)


def test_max_takes_the_highest(kotak):
    hazard = make_indicator("hazard", roll_up="max")
    observe(hazard, "2024", {"01.2001": -3, "01.2002": -1})
    assert queries.read_figure(indicator=hazard, period="2024", area=kotak.regency).value == -1


def test_none_is_not_rolled_up_but_may_be_observed_above(kotak):
    index = make_indicator("index", roll_up="none")
    observe(index, "2024", {"01.2001": 5, "01.2002": 7})
    district = queries.read_figure(indicator=index, period="2024", area=kotak.districts[0])
    assert (district.value, district.status) == (None, "not_assessed")
    observe(index, "2024", {"01": 6})
    district = queries.read_figure(indicator=index, period="2024", area=kotak.districts[0])
    assert (district.value, district.reported) == (6, 1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("verified", "verified", "verified"),
        ("verified", "unverified", "unverified"),
        ("estimated", "unverified", "estimated"),
    ],
)
def test_a_figure_is_no_better_than_its_weakest_part(kotak, first, second, expected):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 1}, status=first)
    observe(people, "2024", {"01.2002": 1}, status=second)
    figure = queries.read_figure(indicator=people, period="2024", area=kotak.districts[0])
    assert figure.status == expected


def test_not_assessed_is_not_missing(kotak):
    index = make_indicator("index")
    observe(index, "2024", {"04.2001": 1, "04.2002": 1, "04.2003": 1, "04.2004": 1})
    observe(index, "2024", {"04.1005": None}, status="not_assessed")
    district = queries.read_figure(indicator=index, period="2024", area=kotak.districts[3])
    assert (district.value, district.reported, district.expected) == (4, 4, 4)
    assert not district.is_partial
    kelurahan = queries.read_figure(indicator=index, period="2024", area=kotak.villages[-1])
    assert (kelurahan.status, kelurahan.expected) == ("not_assessed", 0)


def test_small_counts_of_persons_are_withheld_in_villages_only(kotak):
    cases = make_indicator("cases", sensitive=True)
    observe(cases, "2024", {"01.2001": 0, "01.2002": 1, "01.2003": 4, "01.2004": 5})
    villages = read(cases, "2024", "village", kotak.districts[0])
    assert [(f.value, f.status) for f in villages.items] == [
        (0, "verified"),
        (None, "suppressed"),
        (None, "suppressed"),
        (5, "verified"),
    ]
    assert (villages.reported, villages.expected) == (4, 4)
    assert read(cases, "2024", "district", kotak.regency).by_code()["99.01.01"].value == 10
    trend = queries.read_trend(indicator=cases, area=kotak.villages[1])
    assert [(p, f.value, f.status) for p, f in trend] == [("2024", None, "suppressed")]


def test_a_pinned_moment_shows_what_stood_then(kotak):
    people = make_indicator("people")
    (old,) = observe(people, "2024", {"01.2001": 1})
    later = EARLY + datetime.timedelta(days=30)
    Observation.objects.filter(pk=old.pk).update(superseded_at=later)
    observe(people, "2024", {"01.2001": 2}, revision=2, recorded_at=later)

    def value(moment):
        return queries.read_figure(
            indicator=people, period="2024", area=kotak.regency, moment=moment
        ).value

    assert value(None) == 2
    assert value(later) == 2
    assert value(later - datetime.timedelta(seconds=1)) == 1
    with pytest.raises(UnknownPeriod):
        value(EARLY - datetime.timedelta(seconds=1))


def test_trend_shows_gaps(kotak):
    people = make_indicator("people")
    observe(people, "2022", {"01.2001": 1})
    observe(people, "2023", {"01.2002": 5})
    observe(people, "2024", {"01.2001": 3, "01.2002": 4})
    village = queries.read_trend(indicator=people, area=kotak.villages[0])
    assert [(p, f.value) for p, f in village] == [("2022", 1), ("2023", None), ("2024", 3)]
    district = queries.read_trend(indicator=people, area=kotak.districts[0])
    assert [(f.value, f.reported, f.expected) for _, f in district] == [
        (1, 1, 4),
        (5, 1, 4),
        (7, 2, 4),
    ]


def test_unknown_things_are_named(kotak):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 1})
    assert queries.latest_period(people) == "2024"
    with pytest.raises(UnknownIndicator, match=r"peple.*people"):
        queries.find_indicator("peple")
    with pytest.raises(UnknownPeriod, match=r"2023.*2024"):
        read(people, "2023", "village", kotak.regency)
    by_district = make_indicator("coarse", level="district")
    observe(by_district, "2024", {"01": 1})
    with pytest.raises(UnknownChoice, match="village"):
        read(by_district, "2024", "village", kotak.regency)
    below = queries.read_figure(indicator=by_district, period="2024", area=kotak.villages[0])
    assert below.status == "not_assessed"


def test_a_known_period_without_figures_here_is_missing_not_unknown(kotak):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 1})
    figures = read(people, "2024", "village", kotak.districts[1])
    assert {f.status for f in figures.items} == {"missing"}


def test_three_queries(kotak, django_assert_max_num_queries):
    _, homes, size = make_ratio()
    observe(size.numerator, "2024", FIVE)
    observe(homes, "2024", FIVE)
    ClassBreaks.objects.create(indicator=size, level="village", scheme="quantile", edges=[0, 1, 2])
    size.refresh_from_db()
    with django_assert_max_num_queries(3):
        figures = read(size, "2024", "village", kotak.regency)
    assert figures.edges == [0, 1, 2]
    assert len(figures.sources) == 2
    assert not figures.is_demo


def test_data_version_changes_with_every_kind_of_change(kotak):
    seen = {queries.data_version()}
    people = make_indicator("people")
    seen.add(queries.data_version())
    observe(people, "2024", {"01.2001": 1}, source=make_source(is_demo=True))
    seen.add(queries.data_version())
    ClassBreaks.objects.create(indicator=people, level="village", scheme="equal", edges=[0, 1])
    seen.add(queries.data_version())
    people.name_id = "Penduduk"
    people.save()
    seen.add(queries.data_version())
    assert len(seen) == 5
    assert queries.data_version() in seen
    assert queries.has_demo()
