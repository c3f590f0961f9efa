"""Writing the book of population changes, and publishing what follows from it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, Observation, Source, Status
from geo.indicators.services import (
    NewValue,
    Published,
    note_change,
    publish_observations,
)
from geo.lib.errors import GeoError
from geo.lib.ledger import Applied, Fault, Month, apply_months, month_index, month_of, sum_year
from geo.lib.tables import ERROR, WARNING, Issue
from geo.population.models import LedgerMonth
from geo.population.rules import (
    PUBLISHED_CODES,
    household_warning,
    household_warning_after,
    month_words,
    monthly_figures,
    period_fault,
    say,
    yearly_figures,
)


class LedgerRefused(GeoError):
    """Months that cannot be written; ``issues`` holds every fault, one sentence each."""

    template = gettext_lazy("Nothing was written to the book of population changes.\n%(faults)s")

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = list(issues)
        super().__init__(faults="\n".join(issue.message for issue in issues))


@dataclass(frozen=True, slots=True)
class Entry:
    """One month of one village as somebody reports it; ``row`` is its line in a file."""

    code: str
    month: Month
    row: int | None = None


@dataclass(slots=True)
class LedgerReport:
    """What recording did. Pairs are (area code, period); ``recomputed`` adds the origin."""

    new: list[tuple[str, str]] = field(default_factory=list)
    corrected: list[tuple[str, str]] = field(default_factory=list)
    recomputed: list[tuple[str, str, str]] = field(default_factory=list)
    unchanged: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    published: Published = field(default_factory=lambda: Published(0, 0, 0))


@dataclass(slots=True)
class _Book:
    """One village: what stands, what is given, and what becomes of it."""

    area: Area
    rows: dict[str, LedgerMonth]
    given: dict[str, Entry]
    ended: dict[str, int]
    applied: Applied = field(default_factory=Applied)

    @property
    def standing(self) -> list[Month]:
        return [row.as_month() for row in self.rows.values()]


@transaction.atomic
def record_months(
    *,
    entries: Iterable[Entry],
    source: Source,
    reason: str = "",
    moment: datetime.datetime | None = None,
    today: datetime.date | None = None,
) -> LedgerReport:
    """Write months into the books of their villages, all or nothing, and publish them.

    A month that stands with other figures is corrected: that needs a
    ``reason``, and every following month of the village is carried forward in
    a revision of its own. A month given as it stands makes no revision. The
    first real month takes the whole demonstration book away.

    Raises
    ------
    LedgerRefused
        With every fault of every village; nothing is written.
    """
    moment = moment or timezone.now()
    if not source.is_demo:
        remove_demo_ledger()
    books, issues = _open_books(list(entries), today or timezone.localdate())
    for book in books:
        given = [entry.month for entry in book.given.values()]
        book.applied = apply_months(book.standing, given)
        issues += [_issue(fault, book) for fault in book.applied.faults]
    issues += _unexplained(books, reason)
    if issues:
        raise LedgerRefused(issues)
    report = _write(books, source, reason, moment)
    report.published = _publish(books, source, moment)
    return report


@transaction.atomic
def check_months(
    *, entries: Iterable[Entry], with_demo: bool = True, today: datetime.date | None = None
) -> list[Issue]:
    """Every fault that would make ``record_months`` refuse, and its warnings; nothing is written.

    A correction is no fault here: whoever records it then says why. Without
    ``with_demo`` the demonstration book counts for nothing, as it gives way to a real one.
    """
    books, issues = _open_books(list(entries), today or timezone.localdate(), with_demo=with_demo)
    report = LedgerReport()
    for book in books:
        given = [entry.month for entry in book.given.values()]
        book.applied = apply_months(book.standing, given)
        issues += [_issue(fault, book) for fault in book.applied.faults]
        _tell(book, report)
    return issues + report.warnings


@transaction.atomic
def remove_demo_ledger() -> int:
    """Delete the demonstration book and what was published from it; count its rows."""
    # By ids: a join of the whole table with itself is what a delete through relations becomes.
    invented = list(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    removed, _tables = LedgerMonth.objects.filter(source_id__in=invented).delete()
    if removed:
        published = Indicator.objects.filter(code__in=PUBLISHED_CODES)
        ids = list(published.values_list("pk", flat=True))
        figures = Observation.objects.filter(indicator_id__in=ids, source_id__in=invented)
        note_change(figures.values_list("indicator_id", "period").order_by().distinct())
        figures.delete()
    return removed


# --- reading what stands ---------------------------------------------------------


def _open_books(
    entries: Sequence[Entry], today: datetime.date, *, with_demo: bool = True
) -> tuple[list[_Book], list[Issue]]:
    """Lock the villages and read their books from the month before the earliest entry."""
    areas = {area.code: area for area in _locked(entries)}
    given: dict[str, dict[str, Entry]] = defaultdict(dict)
    issues = []
    for entry in entries:
        fault = _entry_fault(entry, areas.get(entry.code), given[entry.code], today)
        if fault:
            issues.append(Issue(entry.row, "", entry.month.period, fault, ERROR))
        else:
            given[entry.code][entry.month.period] = entry
    rows = _standing_rows(entries, list(areas.values()), with_demo=with_demo)
    ended = _ended(list(areas.values()))
    books = [
        _Book(areas[code], rows[areas[code].pk], months, ended[areas[code].pk])
        for code, months in given.items()
        if code in areas
    ]
    return books, issues


def _locked(entries: Sequence[Entry]) -> list[Area]:
    """The villages, locked in one order, so that two recordings wait for each other."""
    areas = Area.objects.current().filter(code__in={entry.code for entry in entries})
    villages = areas.at_level(Level.VILLAGE).only("code", "name", "kind", "valid_from")
    return list(villages.order_by("pk").select_for_update(no_key=True))


def _entry_fault(
    entry: Entry, area: Area | None, taken: dict[str, Entry], today: datetime.date
) -> str:
    if area is None:
        text = _("%(code)s is not a village in force; the book is kept for villages.")
        return text % {"code": entry.code}
    period = entry.month.period
    if period in taken:
        text = _("%(area)s: %(month)s is given twice, in rows %(first)s and %(second)s.")
        facts = {"area": area, "month": month_words(period)}
        return text % {**facts, "first": taken[period].row or "–", "second": entry.row or "–"}
    return period_fault(period, str(area), area.valid_from, today)


def _standing_rows(
    entries: Sequence[Entry], areas: Sequence[Area], *, with_demo: bool
) -> dict[int, dict[str, LedgerMonth]]:
    """Standing rows by village and period: those that the entries can touch, and each last one."""
    found: dict[int, dict[str, LedgerMonth]] = defaultdict(dict)
    stands = LedgerMonth.objects.standing().filter(area__in=areas)
    if not with_demo:
        stands = stands.filter(source__is_demo=False)
    lasts = stands.order_by().values("area").annotate(last=Max("month"))
    earliest = min((month_index(entry.month.period) for entry in entries), default=0)
    low = min([earliest - 1, *(row["last"] for row in lasts)])
    for row in stands.filter(month__gte=low).order_by("area", "month"):
        found[row.area_id][row.period] = row
    return found


def _ended(areas: Sequence[Area]) -> dict[int, dict[str, int]]:
    """Last revisions of months that ended, perhaps without a successor, by village."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = LedgerMonth.objects.filter(area__in=areas, superseded_at__isnull=False).order_by()
    for area, period, last in rows.values_list("area", "period").annotate(last=Max("revision")):
        found[area][period] = last
    return found


def _issue(fault: Fault, book: _Book) -> Issue:
    entry = book.given.get(fault.period) or book.given.get(fault.other)
    column = "_".join(part for part in (fault.figure, fault.sex) if part)
    message = say(fault, str(book.area))
    return Issue(entry.row if entry else None, column, str(fault.found), message, ERROR)


def _unexplained(books: Sequence[_Book], reason: str) -> list[Issue]:
    if reason:
        return []
    text = _(
        "%(area)s: %(month)s stands in the book with other figures. If this is a correction, say "
        "why (--reason)."
    )
    return [
        Issue(
            book.given[period].row,
            "",
            period,
            text % {"area": book.area, "month": month_words(period)},
            ERROR,
        )
        for book in books
        for period in book.applied.corrected
    ]


# --- writing ---------------------------------------------------------------------


def _write(
    books: Sequence[_Book], source: Source, reason: str, moment: datetime.datetime
) -> LedgerReport:
    report, fresh, superseded, late = LedgerReport(), [], [], []
    for book in books:
        _tell(book, report)
        written = book.applied.written
        known = book.rows.keys() | written.keys()
        for period, month in written.items():
            before = book.rows.get(period)
            if before:
                superseded.append(before.pk)
            fresh.append(_row(book, month, before, known, source, reason, moment))
        late += _now_following(book, written)
    # Together with the rows that follow, because the chain is checked when all is written.
    LedgerMonth.objects.filter(pk__in=superseded).update(superseded_at=moment, stands=None)
    LedgerMonth.objects.bulk_update(late, ["follows"], batch_size=1000)
    LedgerMonth.objects.bulk_create(fresh, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ledger_opens_with_closing IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ledger_opens_with_closing DEFERRED")
    return report


def _tell(book: _Book, report: LedgerReport) -> None:
    code, applied = book.area.code, book.applied
    report.new += [(code, period) for period in applied.new]
    report.corrected += [(code, period) for period in applied.corrected]
    report.unchanged += [(code, period) for period in applied.unchanged]
    report.recomputed += [
        (code, period, origin) for period, (_month, origin) in applied.recomputed.items()
    ]
    report.warnings += [
        issue
        for period, entry in book.given.items()
        for issue in _of_households(book, entry)
        if period in applied.written
    ]


def _of_households(book: _Book, entry: Entry) -> list[Issue]:
    """Households that are others than those of the month before, or of a month that stood after."""
    months = {month.period: month for month in book.standing} | book.applied.written
    period, area = entry.month.period, str(book.area)
    before, after = (months.get(month_of(month_index(period) + step)) for step in (-1, 1))
    # What is given as well is told as its own opening; what follows a correction is carried.
    if after is not None and (after.period in book.given or period not in book.applied.new):
        after = None
    said = {
        "opening_households": household_warning(before, entry.month, area),
        "closing_households": household_warning_after(entry.month, after, area),
    }
    return [
        Issue(entry.row, column, period, text, WARNING) for column, text in said.items() if text
    ]


def _row(
    book: _Book,
    month: Month,
    before: LedgerMonth | None,
    known: set[str],
    source: Source,
    reason: str,
    moment: datetime.datetime,
) -> LedgerMonth:
    index = month_index(month.period)
    entry = book.given.get(month.period)
    _carried, origin = book.applied.recomputed.get(month.period, (month, ""))
    return LedgerMonth(
        area=book.area,
        period=month.period,
        follows=index - 1 if month_of(index - 1) in known else None,
        **month.columns(),
        source=source,
        source_row=entry.row if entry else None,
        revision=before.revision + 1 if before else book.ended.get(month.period, 0) + 1,
        reason=reason[:300] if before else "",
        recomputed_from=origin,
        recorded_at=moment,
    )


def _now_following(book: _Book, written: dict[str, Month]) -> list[LedgerMonth]:
    """Rows that began a book and now follow a month before them; nothing they say changes."""
    following = []
    for period, row in book.rows.items():
        index = month_index(period)
        if row.follows is None and period not in written and month_of(index - 1) in written:
            row.follows = index - 1
            following.append(row)
    return following


# --- publishing ------------------------------------------------------------------


def _publish(books: Sequence[_Book], source: Source, moment: datetime.datetime) -> Published:
    """Publish the months written, and every year that is whole with them."""
    indicators = {one.code: one for one in Indicator.objects.filter(code__in=PUBLISHED_CODES)}
    status = Status.VERIFIED if source.verified_by else Status.UNVERIFIED
    values = []

    def add(area_id: int, period: str, figures: dict[str, int | None], *, again: bool) -> None:
        for code, value in figures.items():
            if code not in indicators or (value is None and not again):
                continue
            known = None if value is None else float(value)
            stated = Status.MISSING if value is None else status
            values.append(NewValue(area_id, indicators[code], period, known, stated))

    for book in books:
        for period, month in book.applied.written.items():
            again = period in book.rows
            add(book.area.pk, period, monthly_figures(month), again=again)
    for area_id, year, months, again in _whole_years(books):
        total = sum_year(months)
        if total is not None:
            add(area_id, year, yearly_figures(total), again=again)
    return publish_observations(values=values, source=source, moment=moment)


def _whole_years(books: Sequence[_Book]) -> Iterable[tuple[int, str, list[Month], bool]]:
    """Years that were touched and have twelve months: (area, year, months, corrected)."""
    touched: dict[tuple[int, str], bool] = defaultdict(bool)
    for book in books:
        for period in book.applied.written:
            touched[book.area.pk, period[:4]] |= period in book.rows
    wanted = Q(pk=None)
    for year in {year for _area, year in touched}:
        areas = [area for area, one in touched if one == year]
        wanted |= Q(area__in=areas, period__gte=f"{year}-01", period__lte=f"{year}-12")
    months: dict[tuple[int, str], list[Month]] = defaultdict(list)
    for row in LedgerMonth.objects.standing().filter(wanted).order_by("area", "period"):
        months[row.area_id, row.period[:4]].append(row.as_month())
    for (area_id, year), found in months.items():
        yield area_id, year, found, touched[area_id, year]
