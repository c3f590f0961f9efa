"""Writing opportunities: publishing, verifying and withdrawing revisions, and their counts."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, Observation, Source, Status
from geo.indicators.services import (
    BuiltUpon,
    NewValue,
    note_change,
    publish_observations,
    withdraw_source,
)
from geo.lib.errors import GeoError
from geo.opportunities.models import Opportunity

COUNTED = "from_opportunities"
# What an opportunity is; the rest of a row says where the revision came from.
DESCRIBED = (
    "title_id", "title_en", "summary_id", "summary_en", "business", "kbli", "area_id", "place",
    "land_status", "land_ha", "zoning", "zoning_source", "zoning_on", "value_rupiah",
    "npv_rupiah", "irr_percent", "payback_years", "stage", "status_on", "valid_until",
    "contact_office", "contact_name", "contact_phone", "contact_email", "document_name",
    "document_url",
)  # fmt: skip


class GoneSince(GeoError):
    """A row names an opportunity that stands no more."""

    status = 409
    template = gettext_lazy(
        "The opportunity %(code)s is not in the catalogue any more. Download the workbook again "
        "and write into its rows."
    )


@dataclass(frozen=True, slots=True)
class NewOpportunity:
    """One opportunity as a list describes it, checked; ``code`` is empty where it is new.

    ``described`` holds values by name of the field, those of ``DESCRIBED``.
    """

    code: str
    described: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedOpportunities:
    """How many opportunities were new, changed or as before, and how many figures followed."""

    new: int
    changed: int
    unchanged: int


@transaction.atomic
def publish_opportunities(
    *,
    entries: Sequence[NewOpportunity],
    source: Source,
    period: str,
    status: str = Status.UNVERIFIED,
    moment: datetime.datetime | None = None,
) -> PublishedOpportunities:
    """Record opportunities; a changed one is a new revision, and the one before is kept.

    Demonstration opportunities and the counts of them give way altogether to
    the first real ones. What is as before makes no revision.

    Parameters
    ----------
    entries
        Checked: each code once, and all fields that a row must have.
    period
        The year for which the opportunities of each village are counted.

    Raises
    ------
    GoneSince
        If an entry names an opportunity that does not stand.
    """
    moment = moment or timezone.now()
    _lock()
    # Before the demonstration goes: photos, questions and dossiers name opportunities by code.
    year = timezone.localdate(moment).year
    number = _last_number(year)
    if not source.is_demo:
        remove_demo_opportunities()
    standing = _standing({one.code for one in entries if one.code})
    counts: Counter = Counter()
    for one in entries:
        before = standing.get(one.code)
        if one.code and before is None:
            raise GoneSince(code=one.code)
        if before and _described(before) == dict(one.described):
            counts["unchanged"] += 1
            continue
        number += not one.code
        code = one.code or f"PI-{year}-{number:03}"
        counts["changed" if before else "new"] += 1
        row = Opportunity(
            code=code, **one.described, status=status, source=source, source_row=one.row
        )
        _write(row, before, moment)
    publish_counts(period=period, source=source, status=status, moment=moment)
    return PublishedOpportunities(counts["new"], counts["changed"], counts["unchanged"])


@transaction.atomic
def verify_opportunities(*, source: Source, by: Source, moment: datetime.datetime) -> int:
    """Write what ``source`` published and still stands anew, verified, under ``by``."""
    rows = list(Opportunity.objects.as_of().filter(source=source, status=Status.UNVERIFIED))
    for before in rows:
        described = _described(before)
        row = Opportunity(code=before.code, **described, source_row=before.source_row)
        row.status, row.source = Status.VERIFIED, by
        _write(row, before, moment)
    return len(rows)


@transaction.atomic
def withdraw_opportunities(*, source: Source, moment: datetime.datetime) -> int:
    """End every revision that ``source`` wrote; what it had replaced stands again.

    Nothing is removed: what stood before is written anew as the next revision, under
    its own source, so that a link to a pinned moment still shows what stood then.

    Raises
    ------
    BuiltUpon
        If any of them has been replaced by another source since.
    """
    _lock()
    rows = Opportunity.objects.filter(source=source).order_by("revision").select_for_update()
    first: dict[str, Opportunity] = {}
    last: dict[str, Opportunity] = {}
    for row in rows:
        first.setdefault(row.code, row)
        # A later one of the same source was restored when another was withdrawn.
        last[row.code] = row
    _refuse_if_built_upon([row for row in last.values() if row.superseded_at is not None])
    Opportunity.objects.filter(pk__in=[row.pk for row in last.values()]).update(
        superseded_at=moment
    )
    for code, began in first.items():
        old = Opportunity.objects.filter(
            code=code, revision=began.revision - 1, superseded_at=began.recorded_at
        ).first()
        if old is not None:
            old.pk, old.revision = None, last[code].revision + 1
            old.recorded_at, old.superseded_at = moment, None
            old.save()
    withdraw_source(source=source, moment=moment)
    return len(last)


def remove_demo_opportunities() -> int:
    """Delete demonstration opportunities and the figures counted from them."""
    sources = list(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    figures = Observation.objects.filter(indicator__in=_counted(), source__in=sources)
    note_change(figures.values_list("indicator_id", "period").order_by().distinct())
    figures.delete()
    removed, _by_table = Opportunity.objects.filter(source__in=sources).delete()
    return removed


def publish_counts(
    *, period: str, source: Source, status: str, moment: datetime.datetime | None = None
) -> None:
    """Count the open opportunities of every village; one without any has 0.

    A count that is as before keeps its revision and its status.
    """
    villages = Area.objects.current().at_level(Level.VILLAGE)
    ids = list(villages.filter(parent__parent__code=settings.REGENCY_CODE).values_list("pk"))
    found = Counter(Opportunity.objects.as_of().open().values_list("area_id", flat=True))
    values = []
    for indicator in _counted():
        rows = Observation.objects.as_of().filter(indicator=indicator, period=period)
        before = dict(rows.values_list("area_id", "value"))
        values += [
            NewValue(pk, indicator, period, float(found[pk]), status)
            for (pk,) in ids
            if before.get(pk) != float(found[pk])
        ]
    publish_observations(values=values, source=source, moment=moment)


def _counted() -> list[Indicator]:
    return list(Indicator.objects.filter(checks__has_key=COUNTED))


def _lock() -> None:
    """Wait for others who write opportunities: numbers are given in turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('opportunities', 0))")


def _standing(codes: set[str]) -> dict[str, Opportunity]:
    rows = Opportunity.objects.as_of().filter(code__in=codes)
    return {row.code: row for row in rows.select_for_update(of=("self",))}


def _last_number(year: int) -> int:
    codes = Opportunity.objects.filter(code__startswith=f"PI-{year}-").values_list("code")
    return max((int(re.sub(r".*-", "", code)) for (code,) in codes), default=0)


def _described(row: Opportunity) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DESCRIBED}


def _write(row: Opportunity, before: Opportunity | None, moment: datetime.datetime) -> None:
    """Save a revision after the one before, whose numbers go on even after it was withdrawn."""
    if before is not None:
        Opportunity.objects.filter(pk=before.pk).update(superseded_at=moment)
    former = Opportunity.objects.filter(code=row.code).order_by("-revision").first()
    row.revision = former.revision + 1 if former else 1
    row.recorded_at = moment
    row.save()


def _refuse_if_built_upon(replaced: Sequence[Opportunity]) -> None:
    if not replaced:
        return
    later = Opportunity.objects.as_of().filter(code__in=[row.code for row in replaced])
    titles = sorted({row.source.title for row in later.select_related("source")})
    raise BuiltUpon(n=len(replaced), titles="”, “".join(titles))
