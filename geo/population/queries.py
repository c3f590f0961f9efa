"""Reading the book of population changes: of a village, or added up over an area's villages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Q, Subquery, Sum, When
from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.indicators.models import Source
from geo.lib.errors import UnknownPeriod
from geo.lib.ledger import FIGURES, FLOWS, GAINS, HOUSEHOLDS, SEXES, months_of_year
from geo.population.models import LedgerMonth, LedgerQuerySet

# A month is written a second time only with a reason. Of a correction that was undone nothing is
# left: what stands again stands as it was first written, whatever the number of its revision.
CORRECTED = ~Q(reason="")
COLUMNS = (*(f"{name}_{sex}" for name in FIGURES for sex in SEXES), *HOUSEHOLDS)
MOVES = ("arrivals", "departures")
SHOWN = ("opening", "births", "arrivals", "deaths", "departures", "missing", "closing")


@dataclass(frozen=True, slots=True)
class BookRow:
    """One month of a village, or of all villages of an area that have reported it.

    ``figures`` are persons and households by column; within and outside are
    added up over the villages that know them, ``n_split`` of ``reported``.
    """

    period: str
    figures: Mapping[str, int | None]
    reported: int
    expected: int
    n_split: Mapping[str, int]
    n_corrected: int

    @property
    def is_partial(self) -> bool:
        """Whether some village has not reported."""
        return self.reported < self.expected

    @property
    def is_split(self) -> bool:
        """Whether every village that reported knows whence and whither."""
        return self.reported > 0 and all(n == self.reported for n in self.n_split.values())

    def total(self, name: str) -> int | None:
        """Both sexes together."""
        return _plus(self.figures.get(f"{name}_male"), self.figures.get(f"{name}_female"))

    @property
    def cells(self) -> list[tuple[str, int | None, int | None, int | None]]:
        """(figure, males, females, both) of every block of the table."""
        return [
            (
                name,
                self.figures.get(f"{name}_male"),
                self.figures.get(f"{name}_female"),
                self.total(name),
            )
            for name in SHOWN
        ]

    @property
    def moves(self) -> list[tuple[str, int | None, int | None, int | None]]:
        """(flow, all, within, outside) of arrivals and departures."""
        return [
            (name, self.total(name), self.total(f"{name}_within"), self.total(f"{name}_outside"))
            for name in MOVES
        ]

    @property
    def net_outside(self) -> int | None:
        """What moves across the regency's border add, where they are known."""
        gained, lost = self.total("arrivals_outside"), self.total("departures_outside")
        return None if gained is None or lost is None else gained - lost


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that a revision changed."""

    column: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One revision of a month: why, when, from which source, and what it changed."""

    area: Area
    period: str
    recomputed_from: str
    reason: str
    recorded_at: datetime.datetime
    source: Source
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Book:
    """One year of the book of an area; ``rows`` has all twelve months, empty ones too."""

    area: Area
    year: str
    years: list[str]
    rows: list[BookRow]
    corrections: list[Correction]
    sources: list[Source]

    @property
    def is_demo(self) -> bool:
        """Whether anything in it is demonstration data."""
        return any(source.is_demo for source in self.sources)

    @property
    def reported(self) -> list[BookRow]:
        """The months that anybody has reported."""
        return [row for row in self.rows if row.reported]

    @property
    def total(self) -> BookRow | None:
        """The year: first opening, all events, last closing; None where nothing is reported."""
        rows = self.reported
        if not rows:
            return None
        figures: dict[str, int | None] = {}
        for sex in SEXES:
            figures[f"opening_{sex}"] = rows[0].figures[f"opening_{sex}"]
            figures[f"closing_{sex}"] = rows[-1].figures[f"closing_{sex}"]
            for name in (*FLOWS, *(f"{m}_{part}" for m in MOVES for part in ("within", "outside"))):
                figures[f"{name}_{sex}"] = _sum(row.figures.get(f"{name}_{sex}") for row in rows)
        last = rows[-1]
        households = {"closing_households": last.figures.get("closing_households")}
        n_split = {move: sum(row.n_split[move] for row in rows) for move in MOVES}
        reported = sum(row.reported for row in rows)
        expected = sum(row.expected for row in self.rows)
        return BookRow(self.year, figures | households, reported, expected, n_split, 0)

    @property
    def balances(self) -> bool:
        """Whether the year adds up; over several villages it does not while some are late."""
        year = self.total
        if year is None:
            return False
        change = sum((year.total(f) or 0) * (1 if f in GAINS else -1) for f in FLOWS)
        return (year.total("opening") or 0) + change == year.total("closing")


def _plus(male: int | None, female: int | None) -> int | None:
    return None if male is None or female is None else male + female


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


# --- reading ---------------------------------------------------------------------

# The revision in which a standing one was first written: undoing what replaced it writes it again.
_SAME = LedgerMonth.objects.filter(
    area=OuterRef("area"), period=OuterRef("period"), source=OuterRef("source")
)
FIRST_SAID = Case(
    When(revision=1, then=1),
    default=Subquery(_SAME.order_by("revision").values("revision")[:1]),
    output_field=IntegerField(),
)


def book_rows(area: Area) -> LedgerQuerySet:
    """Standing rows of a village, or of the current villages below an area."""
    rows = LedgerMonth.objects.standing().order_by("period")
    if area.level == Level.VILLAGE:
        return rows.filter(area=area)
    below = Q(area__parent=area) | Q(area__parent__parent=area)
    return rows.filter(below, area__valid_to=None)


def years_of(area: Area) -> list[str]:
    """Years in which the area's book has a month, oldest first."""
    periods = book_rows(area).values_list("period", flat=True).distinct()
    return sorted({period[:4] for period in periods})


def read_book(area: Area, year: str | None = None) -> Book:
    """Read one year of an area's book; the newest without ``year``. Six queries.

    Raises
    ------
    UnknownPeriod
        The area's book has no such year.
    """
    years = years_of(area)
    if year and year not in years:
        name = _("The book of population changes")
        raise UnknownPeriod(indicator=name, period=year, known=", ".join(years) or "–")
    year = year or (years[-1] if years else "")
    rows = book_rows(area).in_year(year) if year else book_rows(area).none()
    source_ids = set(rows.order_by().values_list("source_id", flat=True).distinct())
    return Book(
        area=area,
        year=year,
        years=years,
        rows=_read_rows(area, year, rows) if year else [],
        corrections=_corrections(area, year) if year else [],
        sources=list(Source.objects.filter(pk__in=source_ids).order_by("pk")),
    )


def _read_rows(area: Area, year: str, rows: LedgerQuerySet) -> list[BookRow]:
    by_period: Iterable[dict[str, Any]] = rows.values("period").annotate(**_sums(area.level))
    found = {row["period"]: row for row in by_period}
    begun = _founding_months(area)
    nothing: dict[str, int | None] = {}
    return [
        BookRow(
            period=period,
            figures=_figures(found[period]) if period in found else nothing,
            reported=found[period]["n"] if period in found else 0,
            expected=sum(1 for month in begun if month <= period),
            n_split={m: found[period][f"n_{m}"] if period in found else 0 for m in MOVES},
            n_corrected=found[period]["n_corrected"] if period in found else 0,
        )
        for period in months_of_year(year)
    ]


def _sums(level: str) -> dict[str, Sum | Count]:
    """Sums over the villages by column; the split over those that know it for both sexes.

    Of a village every revised month counts as corrected, of others only what
    was corrected itself.
    """
    sums: dict[str, Sum | Count] = {f"sum_{column}": Sum(column) for column in COLUMNS}
    for move in MOVES:
        known = Q(**{f"{move}_within_male__isnull": False, f"{move}_within_female__isnull": False})
        sums[f"n_{move}"] = Count("pk", filter=known)
        for sex in SEXES:
            within = F(f"{move}_within_{sex}")
            sums[f"sum_{move}_within_{sex}"] = Sum(within, filter=known)
            outside = F(f"{move}_{sex}") - within
            sums[f"sum_{move}_outside_{sex}"] = Sum(outside, filter=known)
    corrected = CORRECTED
    if level != Level.VILLAGE:
        corrected &= Q(recomputed_from="")
    return sums | {"n": Count("pk"), "n_corrected": Count("pk", filter=corrected)}


def _figures(row: Mapping[str, int | None]) -> dict[str, int | None]:
    return {name[4:]: value for name, value in row.items() if name.startswith("sum_")}


def _founding_months(area: Area) -> list[str]:
    """The month from which each current village of the area is expected to report."""
    villages = Area.objects.current().at_level(Level.VILLAGE)
    villages = villages.filter(pk=area.pk) if area.level == Level.VILLAGE else villages.within(area)
    return [f"{day:%Y-%m}" for day in villages.values_list("valid_from", flat=True)]


def _corrections(area: Area, year: str) -> list[Correction]:
    """Revisions of the year; over several villages only corrections, not what they moved."""
    rows = book_rows(area).in_year(year).filter(CORRECTED).annotate(first_said=FIRST_SAID)
    if area.level != Level.VILLAGE:
        rows = rows.filter(recomputed_from="")
    latest = list(rows.select_related("area", "source").defer("area__boundary")[:100])
    keys = {(row.area_id, row.period) for row in latest}
    areas, periods = {key[0] for key in keys}, {key[1] for key in keys}
    every = LedgerMonth.objects.filter(area__in=areas, period__in=periods)
    by_key = {(row.area_id, row.period, row.revision): row for row in every}
    return [_correction(row, by_key) for row in latest]


def _correction(row: LedgerMonth, by_key: Mapping[tuple[int, str, int], LedgerMonth]) -> Correction:
    before = by_key[row.area_id, row.period, row.first_said - 1]  # type: ignore[attr-defined]
    changes = [
        Change(column, getattr(before, column), getattr(row, column))
        for column in COLUMNS
        if getattr(before, column) != getattr(row, column)
    ]
    facts = (row.recomputed_from, row.reason, row.recorded_at, row.source)
    return Correction(row.area, row.period, *facts, changes)


def population_line(area: Area) -> list[tuple[str, int | None, int]]:
    """Registered population at the end of every month of the area's book.

    Returns
    -------
    list of tuple
        (period, persons, how many villages). Persons are None where fewer
        villages have reported than in some month before: a sum that lacks late
        villages would look like people gone.
    """
    found = (
        book_rows(area)
        .values("period")
        .annotate(persons=Sum(F("closing_male") + F("closing_female")), n=Count("pk"))
        .values_list("period", "persons", "n")
    )
    line, most = [], 0
    for period, persons, n in found:
        line.append((period, persons if n >= most else None, n))
        most = max(most, n)
    return line


def ledger_version() -> str:
    """A short text that changes whenever the book does; one query."""
    newest = LedgerMonth.objects.aggregate(
        row=Max("pk"), n=Count("pk"), replaced=Max("superseded_at")
    )
    return "-".join(str(part) for part in newest.values())


def machine_rows(area: Area, year: str | None) -> tuple[Sequence[str], list[list]]:
    """Headings and rows of the book for machines: one row a village and month, standing ones.

    Raises
    ------
    UnknownPeriod
        The area's book has no such year.
    """
    years = years_of(area)
    if year and year not in years:
        name = _("The book of population changes")
        raise UnknownPeriod(indicator=name, period=year, known=", ".join(years) or "–")
    rows = book_rows(area).in_year(year) if year else book_rows(area)
    fields = ("area__code", "area__name", "period", *COLUMNS)
    more = ("first_said", "recomputed_from", "source__title", "source__is_demo")
    heading = (
        *("code", "name", "period"),
        *COLUMNS,
        *("revision", "recomputed_from", "source", "is_demo"),
    )
    found = (
        rows.annotate(first_said=FIRST_SAID)
        .order_by("area__code", "period")
        .values_list(*fields, *more)
    )
    return heading, [list(row) for row in found]
