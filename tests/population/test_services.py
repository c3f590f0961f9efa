import datetime
import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from geo.indicators.models import Observation
from geo.indicators.queries import find_indicator, known_periods, read_figure, read_figures
from geo.population.models import LedgerMonth
from geo.population.services import Entry, LedgerRefused, record_months
from tests.indicators.world import make_source
from tests.population.world import A, B, book, month, quiet_months, record, side


def figure(code, period, area):
    return read_figure(indicator=find_indicator(code), period=period, area=area)


def refused(entries, **more):
    with pytest.raises(LedgerRefused) as caught, transaction.atomic():
        record_months(entries=entries, source=make_source(), **more)
    assert not LedgerMonth.objects.filter(superseded_at__isnull=False).exists()
    return [issue.message for issue in caught.value.issues]


# --- what is written -------------------------------------------------------------


def test_months_are_written_chained_and_published(kotak):
    report = record(A, quiet_months("2024-01", 3))
    assert report.new == [(A, "2024-01"), (A, "2024-02"), (A, "2024-03")]
    assert book(A) == quiet_months("2024-01", 3)
    follows = LedgerMonth.objects.order_by("period").values_list("follows", flat=True)
    assert list(follows) == [None, 2024 * 12 + 1, 2024 * 12 + 2]
    village = kotak.village(A)
    assert figure("register_population", "2024-03", village).value == 1186
    assert figure("births_monthly", "2024-02", village).value == 2
    assert figure("sex_ratio", "2024-03", village).value == pytest.approx(100 * 603 / 583)
    assert figure("register_density", "2024-03", village).value == 1186
    assert known_periods(find_indicator("births_yearly")) == []
    assert known_periods(find_indicator("register_households")) == [], "nobody counted them"


def test_the_same_again_makes_no_revision(kotak):
    record(A, quiet_months("2024-01", 3))
    before = LedgerMonth.objects.count(), Observation.objects.count()
    report = record(A, quiet_months("2024-01", 3))
    assert (LedgerMonth.objects.count(), Observation.objects.count()) == before
    assert len(report.unchanged) == 3


def test_a_late_correction_moves_exactly_the_following_months_of_that_village(kotak):
    months = quiet_months("2024-01", 12)
    record(A, months)
    record(B, months)
    march = months[2]
    mended = replace(march, male=side(602, births=3), female=side(582, births=1))
    report = record(A, [mended], reason="two births came to light")
    assert report.corrected == [(A, "2024-03")]
    following = [f"2024-{n:02d}" for n in range(4, 13)]
    assert report.recomputed == [(A, period, "2024-03") for period in following]
    assert book(B) == months
    assert [one.male.closing for one in book(A)] == [601, 602, *range(605, 615)]
    assert [one.female for one in book(A)] == [one.female for one in months]
    rows = LedgerMonth.objects.filter(area__code=A).order_by("period", "revision")
    assert [(r.period, r.revision, r.recomputed_from) for r in rows.filter(revision=2)] == [
        ("2024-03", 2, ""),
        *((period, 2, "2024-03") for period in following),
    ]
    assert {r.reason for r in rows.filter(revision=2)} == {"two births came to light"}
    old = rows.get(period="2024-05", revision=1)
    assert (old.stands, old.closing_male) == (None, 605)
    assert old.superseded_at is not None
    village = kotak.village(A)
    assert figure("register_population", "2024-12", village).value == 612 + 592 + 2
    assert figure("births_yearly", "2024", village).value == 26
    assert figure("births_monthly", "2024-04", village).value == 2
    same = Observation.objects.filter(area=village, indicator__code="births_monthly")
    assert same.filter(revision=2).count() == 1, "births of later months are as they were"


def test_a_correction_needs_a_reason(kotak):
    months = quiet_months("2024-01", 2)
    record(A, months)
    mended = replace(months[1], male=side(601, births=2))
    (message,) = refused([Entry(A, mended, 7)])
    assert "February 2024 stands in the book with other figures" in message


def test_a_book_can_be_lengthened_backwards(kotak):
    record(A, quiet_months("2024-02", 2, male=601, female=581))
    report = record(A, quiet_months("2024-01", 1))
    assert report.new == [(A, "2024-01")]
    assert book(A) == quiet_months("2024-01", 3)
    assert LedgerMonth.objects.filter(follows=None).get().period == "2024-01"


# --- what is refused -------------------------------------------------------------


def test_every_problem_is_listed_at_once_and_nothing_written(kotak):
    record(A, quiet_months("2024-01", 2))  # closes with 602 and 582
    broken = [
        Entry(A, month("2024-03", side(606), side(582)), 5),
        Entry(B, month("2024-03", side(10), replace(side(10, births=2), closing=10)), 6),
        Entry("99.01.01.2003", month("2024-03", side(1, births=-1), side(1)), 7),
        Entry("99.01.01.2004", month("2024-03", side(9, arrivals=1, arrivals_within=2), side(1))),
        Entry("99.01.01", month("2024-03", side(1), side(1)), 9),
        Entry("99.01.02.2001", month("2031-01", side(1), side(1)), 10),
        Entry("99.01.02.2002", month("2002-03", side(1), side(1)), 11),
        Entry("99.01.02.2003", month("2024-03", side(1), side(1)), 12),
        Entry("99.01.02.2003", month("2024-03", side(2), side(2)), 13),
    ]
    messages = refused(broken)
    assert sorted(messages) == sorted(
        [
            "Desa Ubin 11: opening of March 2024 (males) 606, closing of February 2024 602: "
            "difference 4. Put right whichever is wrong; one must be the other.",
            "Desa Ubin 12, March 2024: closing (females) 10, but opening + births + arrivals − "
            "deaths − departures − missing gives 12: difference 2.",
            "Desa Ubin 13, March 2024: births (males) is −1; a count is 0 or more.",
            "Desa Ubin 14, March 2024: arrivals from within the regency (males) 2, more than all "
            "of them, 1.",
            "99.01.01 is not a village in force; the book is kept for villages.",
            "Desa Ubin 21: January 2031 has not come yet.",
            "Desa Ubin 22: March 2002 is before the village existed (from 2002-04-10).",
            "Desa Ubin 23: March 2024 is given twice, in rows 12 and 13.",
        ]
    )
    assert LedgerMonth.objects.count() == 2


def test_a_gap_is_named(kotak):
    record(A, quiet_months("2023-11", 1))
    (message,) = refused([Entry(A, quiet_months("2024-03", 1)[0])])
    assert "from November 2023 to March 2024" in message
    assert "missing between them: December 2023 – February 2024" in message


def test_a_correction_that_would_leave_fewer_than_none_is_refused(kotak):
    first = month("2024-01", side(10, arrivals=5), side(3))
    record(A, [first, month("2024-02", side(15, departures=14), side(3))])
    mended = month("2024-01", side(10), side(3))
    messages = refused([Entry(A, mended)], reason="counted twice")
    assert messages == [
        "Desa Ubin 11: after the correction of January 2024, the closing of February 2024 (males) "
        "would be −4. Correct the later months too."
    ]


def test_a_month_of_today_is_taken_and_one_of_tomorrow_is_not(kotak):
    entry = Entry(A, quiet_months("2024-03", 1)[0])
    assert refused([entry], today=datetime.date(2024, 2, 29))
    day = datetime.date(2024, 3, 1)
    assert record_months(entries=[entry], source=make_source(), today=day).new


def test_households_that_do_not_follow_are_told_but_taken(kotak):
    january, february = quiet_months("2024-01", 2)
    given = [
        replace(january, opening_households=300, closing_households=302),
        replace(february, opening_households=301, closing_households=303),
    ]
    (warning,) = record(A, given).warnings
    assert "301 households at the opening of February 2024, 302 at the closing" in warning.message
    assert (warning.row, warning.severity) == (3, "warning")
    assert figure("register_households", "2024-02", kotak.village(A)).value == 303


# --- what follows from it --------------------------------------------------------


def test_rates_by_hand_are_rolled_up_from_their_parts(kotak):
    # A grows by births, B loses by departures: never a mean of their rates.
    a = [month("2024-01", side(100, births=4, deaths=1), side(100, births=1))]
    a += quiet_following(a[0], 11)
    b = [month("2024-01", side(500, arrivals=2, departures=12), side(500))]
    b += quiet_following(b[0], 11)
    record(A, a)
    record(B, b)
    village, district = kotak.village(A), kotak.districts[0]
    # A: 204 at mid-year, 200 at the start; B: 990 and 1000.
    assert figure("crude_birth_rate", "2024", village).value == pytest.approx(1000 * 5 / 204)
    assert figure("crude_death_rate", "2024", village).value == pytest.approx(1000 * 1 / 204)
    assert figure("population_growth", "2024", village).value == pytest.approx(100 * 4 / 200)
    assert figure("net_migration_rate", "2024", village).value == 0
    expected = {
        "crude_birth_rate": 1000 * 5 / 1194,
        "natural_increase_rate": 1000 * 4 / 1194,
        "net_migration_rate": 1000 * -10 / 1194,
        "population_growth": 100 * -6 / 1200,
    }
    for code, value in expected.items():
        rolled = figure(code, "2024", district)
        assert rolled.value == pytest.approx(value), code
        assert (rolled.reported, rolled.expected) == (2, 4), code


def quiet_following(before, n):
    """Months after ``before`` in which nothing happens."""
    from geo.lib.ledger import month_index, month_of

    first = month_index(before.period) + 1
    sides = (side(before.male.closing), side(before.female.closing))
    return [month(month_of(index), *sides) for index in range(first, first + n)]


def test_a_year_is_published_with_its_twelfth_month(kotak):
    months = quiet_months("2024-01", 12)
    record(A, months[:11])
    assert known_periods(find_indicator("births_yearly")) == []
    record(A, months[11:])
    assert known_periods(find_indicator("births_yearly")) == ["2024"]
    whole = read_figures(
        indicator=find_indicator("births_yearly"),
        period="2024",
        level="district",
        parent=kotak.regency,
    )
    assert (whole.reported, whole.expected) == (1, 17)


def test_moves_inside_the_regency_are_no_migration_of_the_regency(kotak):
    split = {"arrivals": 3, "arrivals_within": 3}
    a = month("2024-01", side(100, **split), side(100, arrivals=2, arrivals_within=0))
    b = month(
        "2024-01",
        side(200, departures=3, departures_within=3),
        side(200, departures=0, departures_within=0, arrivals_within=0),
    )
    b = replace(b, male=replace(b.male, arrivals_within=0))
    a = replace(
        a,
        male=replace(a.male, departures_within=0),
        female=replace(a.female, departures_within=0),
    )
    record(A, [a])
    record(B, [b])
    regency = kotak.regency
    assert figure("arrivals_monthly", "2024-01", regency).value == 5
    assert figure("arrivals_outside_monthly", "2024-01", regency).value == 2
    assert figure("departures_monthly", "2024-01", regency).value == 3
    assert figure("departures_outside_monthly", "2024-01", regency).value == 0


def test_an_unknown_split_is_missing_not_zero(kotak):
    record(A, quiet_months("2024-01", 1))
    assert known_periods(find_indicator("arrivals_outside_monthly")) == []
    known = {"arrivals_within": 0, "departures_within": 0}
    split = month("2024-01", side(600, births=1, **known), side(580, births=1, **known))
    record(A, [split], reason="the split came in")
    assert figure("arrivals_outside_monthly", "2024-01", kotak.village(A)).value == 0
    record(A, quiet_months("2024-01", 1), reason="the split was a guess")
    gone = figure("arrivals_outside_monthly", "2024-01", kotak.village(A))
    assert (gone.value, gone.status) == (None, "missing")


def test_verified_sources_make_verified_figures(kotak):
    record(A, quiet_months("2024-01", 1), verified_by="Dukcapil")
    assert figure("births_monthly", "2024-01", kotak.village(A)).status == "verified"
    record(B, quiet_months("2024-01", 1))
    assert figure("births_monthly", "2024-01", kotak.village(B)).status == "unverified"


def test_the_two_series_are_two_indicators(kotak):
    register, estimate = find_indicator("register_population"), find_indicator("population_bps")
    assert "Dukcapil" in register.name_id
    assert "BPS" in estimate.name_id
    record(A, quiet_months("2024-01", 12))
    assert known_periods(estimate) == []


def test_the_first_real_month_takes_the_demonstration_away(kotak):
    record(A, quiet_months("2024-01", 12), is_demo=True)
    record(B, quiet_months("2024-01", 1))
    assert set(LedgerMonth.objects.values_list("area__code", flat=True)) == {B}
    assert not Observation.objects.filter(source__is_demo=True).exists()


# --- two at once -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_recordings_of_one_village_wait_for_each_other(kotak):
    record(A, quiet_months("2024-01", 1))
    february = quiet_months("2024-01", 2)[1:]
    outcomes = []

    def second():
        try:
            record(A, february)
            outcomes.append("written")
        finally:
            connection.close()

    with transaction.atomic():
        record(A, february)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the lock"
    thread.join(300)
    assert outcomes == ["written"]
    assert LedgerMonth.objects.filter(period="2024-02").count() == 1
