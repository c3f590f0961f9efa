import pytest
from django.db import connection
from django.utils import timezone

from geo.indicators import queries
from geo.indicators.batch.demo import remove_demo as remove_figures
from geo.indicators.models import ClassBreaks, Observation
from geo.lib.ledger import FLOWS, SEXES, apply_months, month_index, month_of
from geo.population.batch.checks import check_ledger
from geo.population.batch.demo import _at, load_demo, remove_demo
from geo.population.models import LedgerMonth
from tests.history import history_forgotten
from tests.indicators.world import make_source, observe
from tests.population.world import A, book, quiet_months, record


def last() -> int:
    """The books end two months ago: counted when they are made, not when tests are collected."""
    return month_index(f"{timezone.localdate():%Y-%m}") - 2


def known(ago: int = 0) -> str:
    """The last year with yearly counts, and those before it: the books reach three years back."""
    return str(timezone.localdate().year - 2 - ago)


@pytest.fixture
def figures(kotak):
    """Yearly counts as the demonstration has them, one of them missing."""
    source = make_source(is_demo=True)
    for code, base in (("population", 1500), ("households", 410)):
        for year in range(int(known(5)), int(known()) + 1):
            counts = {
                village.code[6:]: base + 37 * n + (year - int(known(5))) * (n - 4)
                for n, village in enumerate(kotak.villages)
                if (n, year) != (3, int(known(1)))
            }
            observe(queries.find_indicator(code), str(year), counts, source=source)
    return kotak


@pytest.fixture
def invented(figures):
    load_demo(seed=1607)
    return figures


def test_every_village_has_a_balanced_book_of_three_years(invented):
    lengths = {}
    for village in invented.villages:
        months = book(village.code)
        lengths[village.code] = len(months)
        assert apply_months([], months).faults == []
        assert months[0].period == month_of(last() - 35)
    assert len(lengths) == 17
    late = {code: n for code, n in lengths.items() if n < 36}
    assert late, "somebody is late, so that gaps show"
    assert all(34 <= n < 36 for n in late.values())
    ends = {book(code)[-1].period for code in lengths if code not in late}
    assert ends == {month_of(last())}, "the last month is left to whoever tries to bring it in"
    assert check_ledger() == []


def test_beyond_the_last_known_year_a_village_goes_on_as_it_did():
    counts = {2022: 100.0, 2024: 110.0}
    assert [_at(counts, year) for year in (2021, 2022, 2023, 2024, 2026)] == [
        95,
        100,
        105,
        110,
        120,
    ]
    assert _at({2024: 7.0}, 2026) == 7
    assert _at({}, 2026) == 0
    assert _at({2023: 9.0, 2024: 1.0}, 2025) == 0  # nobody is left; not fewer


def test_decembers_agree_with_the_yearly_population(invented):
    seen = 0
    yearly = Observation.objects.as_of().filter(indicator__code="population")
    for row in LedgerMonth.objects.standing().filter(period__endswith="-12"):
        same = yearly.filter(area=row.area, period=row.period[:4]).first()
        if same:
            assert row.closing_male + row.closing_female == same.value
            seen += 1
    assert seen > 30


def test_inside_the_regency_as_many_come_as_go(invented):
    for period in (month_of(last() - 35), month_of(last() - 20)):
        rows = LedgerMonth.objects.standing().filter(
            period=period, arrivals_within_male__isnull=False
        )
        for sex in SEXES:
            came = sum(getattr(row, f"arrivals_within_{sex}") for row in rows)
            went = sum(getattr(row, f"departures_within_{sex}") for row in rows)
            assert came == went
    unsplit = LedgerMonth.objects.standing().filter(arrivals_within_male=None)
    assert unsplit.exists(), "somebody does not know the split"


def test_one_late_correction_can_be_seen(invented):
    mended = LedgerMonth.objects.filter(revision=2, recomputed_from="").get()
    assert "data contoh" in mended.reason
    moved = LedgerMonth.objects.filter(recomputed_from=mended.period)
    later = LedgerMonth.objects.standing().filter(area=mended.area, period__gt=mended.period)
    assert set(moved) == set(later)
    for flow in FLOWS:
        assert sum(getattr(row, f"{flow}_male") for row in later) >= 0


def test_figures_and_classes_follow(invented):
    for code in ("register_population", "crude_birth_rate", "net_migration_rate", "sex_ratio"):
        indicator = queries.find_indicator(code)
        period = queries.latest_period(indicator)
        found = queries.read_figures(
            indicator=indicator, period=period, level="district", parent=invented.regency
        )
        assert found.is_demo
        assert any(value is not None for value in found.values), code
        assert ClassBreaks.objects.filter(indicator=indicator).exists(), code


def test_births_and_deaths_are_plausible(invented):
    for code, low, high in (("crude_birth_rate", 12, 22), ("crude_death_rate", 3, 9)):
        indicator = queries.find_indicator(code)
        rate = queries.read_figure(indicator=indicator, period=known(), area=invented.regency)
        assert low < rate.value < high


def test_the_estimate_of_bps_is_a_series_of_its_own(invented):
    bps = queries.find_indicator("population_bps")
    assert queries.known_periods(bps)[-1] == known()
    whole = queries.read_figure(indicator=bps, period=known(1), area=invented.regency)
    parts = queries.read_figures(
        indicator=bps, period=known(1), level="district", parent=invented.regency
    )
    assert whole.value == sum(parts.values)
    register = queries.find_indicator("register_population")
    counted = queries.read_figure(
        indicator=register, period=f"{known(1)}-12", area=invented.regency
    )
    assert 0.9 < whole.value / counted.value < 1


def standing():
    rows = LedgerMonth.objects.order_by("area", "period", "revision")
    return list(rows.values_list("area", "period", "revision", "closing_male", "reason"))


def test_loaded_again_it_is_the_same_and_removed_it_is_gone(figures):
    before = Observation.objects.count()
    first = load_demo(seed=1607)
    was = standing()
    again = load_demo(seed=1607)
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.new)
    assert standing() == was
    assert remove_demo() == len(was)
    assert not LedgerMonth.objects.exists()
    left = Observation.objects.exclude(indicator__code="population_bps")
    assert left.count() == before
    load_demo(seed=1607)
    assert standing() == was
    remove_demo()
    remove_figures()
    connection.check_constraints()


def test_another_seed_makes_other_books(invented):
    was = book(A)
    assert load_demo(seed=1).changed
    assert book(A) != was


def test_a_real_book_is_left_alone(figures):
    record(A, quiet_months("2024-01", 1))
    done = load_demo(seed=1607)
    assert (done.new, done.changed, done.unchanged) == (0, 0, 0)
    assert LedgerMonth.objects.count() == 1


def test_without_areas_or_population_there_is_nothing_to_invent(kotak):
    assert load_demo(seed=1607).new == 0


# --- what check_data says ---------------------------------------------------------


def test_what_is_published_otherwise_is_told(kotak):
    record(A, quiet_months("2024-01", 2))
    assert check_ledger() == []
    published = Observation.objects.filter(indicator__code="register_population", period="2024-02")
    with history_forgotten():
        published.update(value=7)
    assert check_ledger() == [f"The book of {A} closes 2024-02 with 1184, but 7 is published."]
    with history_forgotten():
        published.delete()
    assert check_ledger() == [
        f"The book of {A} closes 2024-02 with 1184, but nothing is published."
    ]


def test_a_yearly_count_that_differs_is_told(kotak):
    record(A, quiet_months("2024-01", 12))
    observe(queries.find_indicator("population"), "2024", {"01.2001": 1300})
    assert check_ledger() == [f"The book of {A} closes 2024 with 1204, but “population” says 1300."]


def test_a_gap_and_a_broken_chain_are_told_even_where_the_database_was_made_to_forget(kotak):
    record(A, quiet_months("2024-01", 4))
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE geo_ledgermonth DROP CONSTRAINT ledger_opens_with_closing")
        cursor.execute("ALTER TABLE geo_ledgermonth DROP CONSTRAINT ledger_males_balance")
    with history_forgotten():
        LedgerMonth.objects.filter(period="2024-03").delete()
        LedgerMonth.objects.filter(period="2024-02").update(opening_male=9)
    assert check_ledger()[:3] == [
        f"The book of {A} does not balance in 2024-02.",
        f"The book of {A} opens 2024-02 with 590, but closed with 1182.",
        f"The book of {A} lacks the months between 2024-02 and 2024-04.",
    ]
