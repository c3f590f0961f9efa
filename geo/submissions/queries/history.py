"""The history of one figure: who brought it in, who approved it, from which file and row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.accounts.queries import access_of
from geo.areas.models import Area
from geo.indicators.models import Indicator, Observation
from geo.lib.errors import GeoError
from geo.submissions.models import Publication, Submission


class NoHistory(GeoError):
    """There is no such figure, or this person may not see who stands behind it."""

    status = 404
    template = gettext_lazy("There is no history of “%(indicator)s” in %(area)s for %(period)s.")


@dataclass(frozen=True)
class Entry:
    """One revision of a figure, with the publication that made it where there was one."""

    row: Observation
    publication: Publication | None

    @property
    def submission(self) -> Submission | None:
        return self.publication.submission if self.publication else None

    @property
    def is_verification(self) -> bool:
        """Whether it says the same as the one before it, verified."""
        made = self.publication
        return bool(made and made.verified_source_id == self.row.source_id)


@dataclass(frozen=True)
class History:
    """All revisions of one figure, the latest first."""

    indicator: Indicator
    area: Area
    period: str
    entries: Sequence[Entry]

    @cached_property
    def standing(self) -> Entry | None:
        """The revision that stands now; None where the last was taken back."""
        return next((one for one in self.entries if one.row.superseded_at is None), None)


def read_history(user: User, indicator_code: str, area_code: str, period: str) -> History:
    """Read the history of one reported figure of an area that ``user`` answers for or oversees.

    Raises
    ------
    NoHistory
    """
    indicator = Indicator.objects.filter(code=indicator_code).first()
    areas = Area.objects.defer("boundary").select_related("parent__parent")
    area = areas.filter(code=area_code).order_by("-valid_from").first()
    facts = {"indicator": indicator_code, "area": area_code, "period": period}
    if indicator is None or area is None:
        raise NoHistory(**facts)
    if not access_of(user).may(Right.SEE, area=area, sector_id=indicator.sector_id):
        raise NoHistory(**facts)
    rows = Observation.objects.filter(indicator=indicator, area=area, period=period)
    found = list(rows.select_related("source").order_by("-revision"))
    if not found:
        raise NoHistory(**facts)
    made = _publications({row.source_id for row in found})
    entries = [Entry(row, made.get(row.source_id)) for row in found]
    return History(indicator, area, period, entries)


def _publications(source_ids: set[int]) -> dict[int, Publication]:
    """Publications by the sources that they wrote under."""
    related = ("submission", "version__created_by", "version__file", "published_by", "verified_by")
    rows = Publication.objects.filter(
        Q(source__in=source_ids) | Q(verified_source__in=source_ids)
    ).select_related(*related)
    found: dict[int, Publication] = {}
    for one in rows.defer("changes", "version__content", "version__issues"):
        found[one.source_id] = one
        if one.verified_source_id:
            found[one.verified_source_id] = one
    return found
