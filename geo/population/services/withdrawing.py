"""Taking back what one source wrote into the book of population changes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from geo.indicators.models import Source
from geo.indicators.services import withdraw_source
from geo.lib.errors import GeoError
from geo.population.models import LedgerMonth
from geo.population.rules import month_words


class MonthsFollow(GeoError):
    """Later entries of the book rest on those that are to be taken back; ``later`` wrote them."""

    status = 409
    template = gettext_lazy(
        "This cannot be undone any more: what stands for %(areas)s was written since, by "
        "“%(titles)s”. Undo that first, or send a correction."
    )

    def __init__(self, rows: Sequence[LedgerMonth]) -> None:
        named = sorted({f"{row.area} ({month_words(row.period)})" for row in rows})
        self.later = list({row.source_id: row.source for row in rows}.values())
        titles = "”, “".join(source.title for source in self.later)
        super().__init__(areas=", ".join(named[:5]), titles=titles)


@transaction.atomic
def withdraw_months(*, source: Source, moment: datetime.datetime) -> int:
    """End every month that ``source`` wrote, and its figures; what it replaced stands again.

    Returns
    -------
    int
        How many months were taken back, those carried forward among them.

    Raises
    ------
    MonthsFollow
        If months written since replace them or follow them.
    BuiltUpon
        If figures published from them have been replaced since.
    """
    rows = LedgerMonth.objects.filter(source=source).order_by("revision").select_for_update()
    first: dict[tuple[int, str], LedgerMonth] = {}
    last: dict[tuple[int, str], LedgerMonth] = {}
    for row in rows:
        first.setdefault((row.area_id, row.period), row)
        # A later one of the same source was restored when another was withdrawn.
        last[row.area_id, row.period] = row
    before = _replaced_by(first)
    _refuse_if_followed(last, before)
    LedgerMonth.objects.filter(pk__in=[row.pk for row in last.values()]).update(
        superseded_at=moment, stands=None
    )
    again = []
    for key, old in before.items():
        old.pk, old.revision = None, last[key].revision + 1
        old.recorded_at, old.superseded_at, old.stands = moment, None, True
        again.append(old)
    LedgerMonth.objects.bulk_create(again, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ledger_opens_with_closing IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ledger_opens_with_closing DEFERRED")
    withdraw_source(source=source, moment=moment)
    return len(last)


def _replaced_by(
    first: dict[tuple[int, str], LedgerMonth],
) -> dict[tuple[int, str], LedgerMonth]:
    """What each month replaced, where it did: the revision that ended as it began."""
    found = LedgerMonth.objects.filter(
        area__in={row.area_id for row in first.values()},
        superseded_at__in={row.recorded_at for row in first.values()},
    )
    return {
        key: old
        for old in found
        if (key := (old.area_id, old.period)) in first and old.revision == first[key].revision - 1
    }


def _refuse_if_followed(
    last: dict[tuple[int, str], LedgerMonth], before: dict[tuple[int, str], LedgerMonth]
) -> None:
    replaced = [row for row in last.values() if row.superseded_at is not None]
    gone = {(row.area_id, row.month) for key, row in last.items() if key not in before}
    ours = {row.pk for row in last.values()}
    anew = {(row.area_id, row.period) for row in replaced}
    areas = {area for area, _month in gone} | {area for area, _period in anew}
    standing = LedgerMonth.objects.standing().filter(area__in=areas).exclude(pk__in=ours)
    later = [
        row
        for row in standing.select_related("area", "source").defer("area__boundary")
        if (row.area_id, row.follows) in gone or (row.area_id, row.period) in anew
    ]
    if later:
        raise MonthsFollow(later)
