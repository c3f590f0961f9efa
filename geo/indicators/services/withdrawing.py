"""Taking back what one source published, so that what stood before stands again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy

from geo.indicators.models import Observation, Source
from geo.indicators.services.observations import note_change
from geo.lib.errors import GeoError


class BuiltUpon(GeoError):
    """Later publications, under ``later``, rest on what is to be taken back."""

    status = 409
    template = gettext_lazy(
        "This cannot be undone any more: %(n)s of its figures have been replaced since, by "
        "“%(titles)s”. Undo that first, or send a correction."
    )

    def __init__(self, *, n: int, titles: str, later: Iterable[Source] = ()) -> None:
        self.later = list(later)
        super().__init__(n=n, titles=titles)


@transaction.atomic
def withdraw_source(*, source: Source, moment: datetime.datetime) -> int:
    """End every figure of ``source``; what it had replaced stands again, under its own source.

    No revision is removed: what stood before is written anew as the next
    revision, and what stood for nothing ends without a successor, so that a
    link to a pinned moment still shows what was published then.

    Returns
    -------
    int
        How many figures were taken back.

    Raises
    ------
    BuiltUpon
        If any of them has been replaced by another source since.
    """
    rows = Observation.objects.filter(source=source).order_by("revision").select_for_update()
    first: dict[tuple[int, int, str], Observation] = {}
    last: dict[tuple[int, int, str], Observation] = {}
    for row in rows:
        key = (row.area_id, row.indicator_id, row.period)
        first.setdefault(key, row)
        # A later one of the same source was restored when another was withdrawn.
        last[key] = row
    _refuse_if_built_upon([row for row in last.values() if row.superseded_at is not None])
    before = _replaced_by(first)
    Observation.objects.filter(pk__in=[row.pk for row in last.values()]).update(
        superseded_at=moment
    )
    again = []
    for key, old in before.items():
        old.pk, old.revision = None, last[key].revision + 1
        old.recorded_at, old.superseded_at = moment, None
        again.append(old)
    Observation.objects.bulk_create(again, batch_size=2000)
    if last:
        note_change({(indicator_id, period) for _area_id, indicator_id, period in last})
    return len(last)


def _refuse_if_built_upon(replaced: list[Observation]) -> None:
    later = {
        row.source
        for old in replaced[:50]
        for row in Observation.objects.filter(
            area=old.area_id,
            indicator=old.indicator_id,
            period=old.period,
            revision=old.revision + 1,
        ).select_related("source")
    }
    if replaced:
        titles = sorted({source.title for source in later})
        raise BuiltUpon(n=len(replaced), titles="”, “".join(titles), later=later)


def _replaced_by(
    first: dict[tuple[int, int, str], Observation],
) -> dict[tuple[int, int, str], Observation]:
    """What each figure replaced, where it did: the revision that ended as it began."""
    found = Observation.objects.filter(
        area__in={row.area_id for row in first.values()},
        indicator__in={row.indicator_id for row in first.values()},
        period__in={row.period for row in first.values()},
        superseded_at__in={row.recorded_at for row in first.values()},
    )
    return {
        key: old
        for old in found
        if (key := (old.area_id, old.indicator_id, old.period)) in first
        and old.revision == first[key].revision - 1
        and old.superseded_at == first[key].recorded_at
    }
