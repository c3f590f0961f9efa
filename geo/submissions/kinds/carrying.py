"""Later months of the book that a correction carries forward: before it, and as it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from geo.indicators.models import Source
from geo.lib.grids import Cell, Change
from geo.lib.ledger import Month, apply_months
from geo.population.models import LedgerMonth
from geo.population.services import Entry
from geo.submissions.kinds.base import LaterChange
from geo.submissions.queries.forms import Form

# What a month hands on; its opening is the closing before, and its events stay.
HANDED_ON = ("closing_male", "closing_female", "closing_households")


def months_moved(form: Form, entries: Sequence[Entry]) -> list[LaterChange]:
    """Closings after the form's month that would change if ``entries`` were written."""
    books = _books(form, [entry.code for entry in entries])
    labels = {area.code: str(area) for area in form.areas}
    found = []
    for entry in entries:
        book = {month.period: month for month in books[entry.code]}
        moved = apply_months(book.values(), [entry.month]).recomputed
        for period, (month, _origin) in sorted(moved.items()):
            found += _differences(entry.code, labels[entry.code], book[period], month)
    return found


def months_moved_by(source: Source) -> list[LaterChange]:
    """Closings of months that ``source`` carried forward, against what stood before."""
    rows = LedgerMonth.objects.filter(source=source).exclude(recomputed_from="")
    # Of what was written once more when another was withdrawn, the first counts.
    first: dict[tuple[int, str], LedgerMonth] = {}
    named = rows.select_related("area").defer("area__boundary")
    for row in named.order_by("area__code", "period", "revision"):
        first.setdefault((row.area_id, row.period), row)
    before = {
        (row.area_id, row.period, row.revision): row
        for row in LedgerMonth.objects.filter(
            area__in={area for area, _period in first}, period__in={p for _area, p in first}
        )
    }
    return [
        change
        for (area, period), row in first.items()
        if (was := before.get((area, period, row.revision - 1))) is not None
        for change in _differences(row.area.code, str(row.area), was.as_month(), row.as_month())
    ]


def _books(form: Form, codes: Sequence[str]) -> Mapping[str, list[Month]]:
    rows = LedgerMonth.objects.standing().filter(
        area__code__in=codes, period__gte=form.period_before, **form.standing_sources
    )
    books: dict[str, list[Month]] = defaultdict(list)
    for row in rows.select_related("area").defer("area__boundary"):
        books[row.area.code].append(row.as_month())
    return books


def _differences(code: str, label: str, was: Month, now: Month) -> list[LaterChange]:
    old: Mapping[str, Cell] = was.columns()
    new: Mapping[str, Cell] = now.columns()
    return [
        LaterChange(now.period, Change(code, label, column, old[column], new[column]))
        for column in HANDED_ON
        if old[column] != new[column]
    ]
