import pytest
from django.db import DataError, IntegrityError, connection, transaction

from geo.population.models import LedgerMonth
from tests.history import history_forgotten
from tests.indicators.world import make_source
from tests.population.world import A, month, quiet_months, record, side


@pytest.fixture
def source(kotak):
    return make_source()


def row(kotak, source, **changed):
    columns = month("2024-03", side(10, births=1), side(9)).columns()
    given = {"area": kotak.village(A), "period": "2024-03", "source": source} | columns
    return LedgerMonth(**given | changed)


def check_chain():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ledger_opens_with_closing IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ledger_opens_with_closing DEFERRED")


def test_a_month_in_balance_is_kept(kotak, source):
    row(kotak, source).save()
    assert LedgerMonth.objects.get().month == 2024 * 12 + 3


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"closing_male": 12}, "ledger_males_balance"),
        ({"deaths_female": 1}, "ledger_females_balance"),
        ({"missing_female": 1}, "ledger_females_balance"),
        ({"arrivals_within_male": 1}, "ledger_arrivals_within_male"),
        ({"departures_within_female": 1}, "ledger_departures_within_female"),
        ({"births_male": -1, "closing_male": 9}, "births_male_check"),
        ({"opening_households": -1}, "opening_households_check"),
        ({"follows": 2024 * 12 + 1}, "ledger_follows_the_month_before"),
        ({"stands": False}, "ledger_stands_until_superseded"),
        ({"stands": None}, "ledger_stands_until_superseded"),
    ],
)
def test_the_database_refuses(kotak, source, changed, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row(kotak, source, **changed).save()


@pytest.mark.parametrize("period", ["2024", "2024-13", "2024-Q1", "24-03"])
def test_a_period_is_a_month(kotak, source, period):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        row(kotak, source, period=period).save()


def test_a_book_begins_once(kotak, source):
    row(kotak, source).save()
    with pytest.raises(IntegrityError, match="ledger_begins_once"), transaction.atomic():
        row(kotak, source, period="2024-04").save()


def test_one_revision_stands(kotak, source):
    row(kotak, source).save()
    with pytest.raises(IntegrityError, match="ledger_once_at_present"), transaction.atomic():
        row(kotak, source, revision=2, follows=2024 * 12 + 2).save()


@pytest.mark.parametrize("opening", [10, 12])
def test_an_opening_that_is_not_the_closing_before_is_refused(kotak, source, opening):
    row(kotak, source).save()
    april = month("2024-04", side(opening), side(9)).columns()
    row(kotak, source, period="2024-04", follows=2024 * 12 + 3, **april).save()
    with pytest.raises(IntegrityError, match="ledger_opens_with_closing"), transaction.atomic():
        check_chain()
    with history_forgotten():
        LedgerMonth.objects.filter(period="2024-04").delete()


def test_an_opening_that_is_the_closing_before_is_kept(kotak, source):
    row(kotak, source).save()
    april = month("2024-04", side(11), side(9)).columns()
    row(kotak, source, period="2024-04", follows=2024 * 12 + 3, **april).save()
    check_chain()


def test_a_month_in_the_middle_cannot_be_taken_out_or_changed(kotak):
    record(A, quiet_months("2024-01", 3))
    february = LedgerMonth.objects.filter(period="2024-02")
    with pytest.raises(IntegrityError), transaction.atomic():
        february.delete()
        check_chain()
    with pytest.raises(IntegrityError), transaction.atomic():
        february.update(births_male=2, closing_male=603)
        check_chain()
