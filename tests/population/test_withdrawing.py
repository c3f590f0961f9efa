import pytest
from django.db import transaction
from django.utils import timezone

from geo.indicators.models import Observation
from geo.population.models import LedgerMonth
from geo.population.services import (
    Entry,
    LedgerRefused,
    MonthsFollow,
    check_months,
    record_months,
    withdraw_months,
)
from tests.indicators.world import make_source
from tests.population.world import A, B, book, month, quiet_months, record, side


def write(months, code=A, reason=""):
    source = make_source()
    entries = [Entry(code, one) for one in months]
    record_months(entries=entries, source=source, reason=reason)
    return source


def figures():
    rows = Observation.objects.as_of().order_by("area", "indicator__code", "period")
    return list(rows.values_list("area__code", "indicator__code", "period", "value", "source"))


def test_a_new_month_that_is_taken_back_is_gone_from_book_and_figures(kotak):
    months = quiet_months("2024-01", 3)
    record(A, months[:2])
    before = figures()
    withdraw_months(source=write(months[2:]), moment=timezone.now())
    assert book(A) == months[:2]
    assert figures() == before


def test_a_correction_that_is_taken_back_brings_all_carried_months_back(kotak):
    months = quiet_months("2024-01", 4)
    record(A, months)
    before = figures()
    right = month("2024-02", side(601, births=5), side(581, births=1))
    source = write([right], reason="four more births")
    assert book(A)[3].male.closing == months[3].male.closing + 4
    assert withdraw_months(source=source, moment=timezone.now()) == 3
    assert book(A) == months
    assert figures() == before


def test_the_book_goes_on_after_a_withdrawal(kotak):
    months = quiet_months("2024-01", 3)
    record(A, months[:2])
    withdraw_months(source=write(months[2:]), moment=timezone.now())
    write(months[2:])
    assert book(A) == months
    assert LedgerMonth.objects.filter(period="2024-03").count() == 2


def test_a_month_on_which_another_rests_is_not_taken_back(kotak):
    months = quiet_months("2024-01", 3)
    record(A, months[:1])
    source = write(months[1:2])
    write(months[2:])
    with pytest.raises(MonthsFollow, match="Ubin 11"), transaction.atomic():
        withdraw_months(source=source, moment=timezone.now())
    assert book(A) == months


def test_checking_says_what_recording_would_refuse_and_writes_nothing(kotak):
    record(A, quiet_months("2024-01", 1))
    gap = month("2024-03", side(700), side(700))
    issues = check_months(entries=[Entry(A, gap, 2), Entry(B, gap, 3)])
    with pytest.raises(LedgerRefused) as refused, transaction.atomic():
        write([gap])
    assert [one.message for one in issues] == [one.message for one in refused.value.issues]
    assert LedgerMonth.objects.count() == 1
