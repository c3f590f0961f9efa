"""Books of population changes of Kabupaten Kotak, by hand."""

from geo.lib.ledger import Balance, Month, month_index, month_of
from geo.population.models import LedgerMonth
from geo.population.services import Entry, record_months
from tests.indicators.world import make_source

A, B = "99.01.01.2001", "99.01.01.2002"


def side(opening, births=0, arrivals=0, deaths=0, departures=0, **more) -> Balance:
    """A balanced side: the closing follows from the rest."""
    given = {"births": births, "arrivals": arrivals, "deaths": deaths, "departures": departures}
    balance = Balance(opening=opening, closing=0, **given | more)
    return balance.carried(opening)


def month(period, male, female, households=None) -> Month:
    opening, closing = households or (None, None)
    return Month(period, male, female, opening, closing)


def quiet_months(first, n, male=600, female=580) -> list[Month]:
    """``n`` months in which each sex has one birth."""
    months = []
    for index in range(month_index(first), month_index(first) + n):
        months.append(month(month_of(index), side(male, births=1), side(female, births=1)))
        male, female = male + 1, female + 1
    return months


def record(code, months, *, reason="", **source):
    source = make_source(**source)
    return record_months(
        entries=[Entry(code, one, row) for row, one in enumerate(months, start=2)],
        source=source,
        reason=reason,
    )


def book(code) -> list[Month]:
    rows = LedgerMonth.objects.standing().filter(area__code=code).order_by("period")
    return [row.as_month() for row in rows]
