"""Demonstration books: three years of every village, in keeping with its invented population."""

from __future__ import annotations

import tomllib
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from geo.areas.models import Area, Kind, Level
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Indicator, Observation, Source, Status
from geo.indicators.services import NewValue, publish_observations
from geo.lib.demo import Counts
from geo.lib.ledger import Month, month_index, month_of
from geo.population.batch.invention import Village, invent_books
from geo.population.models import LedgerMonth
from geo.population.rules import PUBLISHED_CODES
from geo.population.services import Entry, record_months, remove_demo_ledger

N_MONTHS = 36
LATE_BIRTHS = 2
REASON = "Dua kelahiran perempuan baru dilaporkan kemudian (data contoh)"
# The estimate of BPS counts residents, not registrations: somewhat fewer here.
BPS_SHARE, BPS_DRIFT = 0.972, 0.003


@transaction.atomic
def load_demo(*, seed: int, progress: Callable[[Iterable], Iterable] = iter) -> Counts:
    """Invent the books of the regency's villages, unless a real one has begun.

    They end every December with the population that the yearly demonstration
    has, where it has one, and altogether two months ago: the last month is left
    to whoever tries to bring it in. One month of one village is corrected afterwards.
    """
    if LedgerMonth.objects.filter(source__is_demo=False).exists():
        return Counts()
    chosen = tomllib.loads((settings.DATA_DIR / "demo" / "demo.toml").read_text(encoding="utf-8"))
    end = month_index(f"{timezone.localdate():%Y-%m}") - 2
    first, last = month_of(end - N_MONTHS + 1), month_of(end)
    years = list(range(int(first[:4]), int(last[:4]) + 1))
    villages = _villages(years, first)
    if not villages:
        return Counts()
    source, _created = Source.objects.get_or_create(
        is_demo=True, entered_by="load_demo", defaults=chosen["source"]
    )
    _publish_estimates(source)
    books = invent_books(villages, years, seed, last)
    n_months = sum(len(book) for book in books.values())
    standing = _standing()
    if standing == {code: list(book) for code, book in books.items()}:
        return Counts(unchanged=n_months)
    remove_demo_ledger()
    _record(books, source, progress)
    compute_breaks(Indicator.objects.filter(code__in=[*PUBLISHED_CODES, "population_bps"]))
    return Counts(changed=n_months) if standing else Counts(new=n_months)


def remove_demo() -> int:
    """Delete the demonstration books and what was published from them; count their months."""
    return remove_demo_ledger()


# --- what is known of the villages ------------------------------------------------


def _villages(years: Sequence[int], first: str) -> list[Village]:
    """Villages with a population to end at; counts of missing years lie on a straight line."""
    areas = Area.objects.current().at_level(Level.VILLAGE).order_by("code")
    areas = areas.filter(code__startswith=f"{settings.REGENCY_CODE}.")
    persons, households = _yearly("population"), _yearly("households")
    wanted = [years[0] - 1, *years]
    return [
        Village(
            code=area.code,
            is_urban=area.kind == Kind.KELURAHAN,
            first=max(f"{area.valid_from:%Y-%m}", first),
            persons=_filled(persons[area.pk], wanted),
            households=_filled(households[area.pk], wanted),
        )
        for area in areas.only("code", "kind", "valid_from")
        if persons[area.pk] and households[area.pk] and area.valid_from.year <= years[-1]
    ]


def _yearly(code: str) -> dict[int, dict[int, float]]:
    """Standing values of a yearly indicator by area and year."""
    found = Observation.objects.as_of().filter(indicator__code=code, value__isnull=False)
    values: dict[int, dict[int, float]] = defaultdict(dict)
    for area_id, period, value in found.values_list("area_id", "period", "value"):
        values[area_id][int(period)] = value
    return values


def _filled(known: Mapping[int, float], years: Sequence[int]) -> dict[int, float]:
    return {year: round(_at(known, year)) for year in years}


def _at(known: Mapping[int, float], year: int) -> float:
    """The value of a year: known, or on the line through the two known years about or before it.

    Beyond the last known year a village goes on as it did: were it to stand still, all
    villages would have grown by nothing in the newest year. 0 where nothing is known.
    """
    if year in known or len(known) < 2:
        return known.get(year, next(iter(known.values()), 0.0))
    years = sorted(known)
    after = min(max(bisect(years, year), 1), len(years) - 1)
    first, last = years[after - 1], years[after]
    slope = (known[last] - known[first]) / (last - first)
    return max(0.0, known[first] + slope * (year - first))


# --- writing ----------------------------------------------------------------------


def _standing() -> dict[str, list[Month]]:
    rows = LedgerMonth.objects.standing().select_related("area").order_by("area", "period")
    books: dict[str, list[Month]] = defaultdict(list)
    for row in rows.defer("area__boundary"):
        books[row.area.code].append(row.as_month())
    return dict(books)


def _record(
    books: Mapping[str, list[Month]],
    source: Source,
    progress: Callable[[Iterable], Iterable],
) -> None:
    """Write the books, one of them as it was before its correction, then correct it."""
    mended = _correction(books)
    entries = []
    for code, book in progress(books.items()):
        told = _before(book, mended[1]) if mended and mended[0] == code else book
        entries += [Entry(code, month) for month in told]
    record_months(entries=entries, source=source)
    if mended:
        code, place = mended
        entry = Entry(code, books[code][place])
        record_months(entries=[entry], source=source, reason=REASON)


def _correction(books: Mapping[str, list[Month]]) -> tuple[str, int] | None:
    """Where two births came to light late: (code, place in its book), in the second year."""
    for code, book in books.items():
        for place in range(12, len(book) - 12):
            if book[place].female.births >= LATE_BIRTHS:
                return code, place
    return None


def _before(book: Sequence[Month], place: int) -> list[Month]:
    """The book as it was before those births were known."""
    female = book[place].female
    female = replace(female, births=female.births - LATE_BIRTHS)
    first = replace(book[place], female=female.carried(female.opening))
    told = [*book[:place], first]
    for was_before, month in zip(book[place:], book[place + 1 :], strict=False):
        told.append(month.carried(told[-1], was_before))
    return told


def _publish_estimates(source: Source) -> None:
    """An estimate for the districts and the regency, somewhat beside the register."""
    indicator = Indicator.objects.filter(code="population_bps").first()
    real = Observation.objects.filter(indicator=indicator, source__is_demo=False)
    if indicator is None or real.exists():
        return
    persons = _yearly("population")
    areas = (
        Area.objects.current().filter(pk__in=persons).values_list("pk", "parent", "parent__parent")
    )
    years = sorted({year for known in persons.values() for year in known})
    sums: dict[tuple[int, int], float] = defaultdict(float)
    for pk, district, regency in areas:
        for year in years:
            share = BPS_SHARE + BPS_DRIFT * (year - years[0])
            count = round(share * _at(persons[pk], year))
            sums[district, year] += count
            sums[regency, year] += count
    publish_observations(
        values=[
            NewValue(area, indicator, str(year), value, Status.ESTIMATED)
            for (area, year), value in sums.items()
        ],
        source=source,
    )
