"""The catalogue: opportunities found by what investors ask for, with their map."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, Level
from geo.areas.queries import outline_of, regency
from geo.lib.errors import GeoError
from geo.lib.kbli import Section, read_classification
from geo.lib.pictures import draw_areas
from geo.lib.place_pictures import lay_links
from geo.opportunities.models import Opportunity

LAND = "#d5e1d8"
MOST_LISTED = 200
# By word in the address: what it is called, and how it sorts; what is not known comes last.
SORTS: dict[str, tuple[Any, list[Any]]] = {
    "": (_("newest status first"), ["-status_on", "code"]),
    "nilai": (_("largest value first"), [F("value_rupiah").desc(nulls_last=True), "code"]),
    "irr": (_("highest IRR first"), [F("irr_percent").desc(nulls_last=True), "code"]),
    "balik": (_("quickest payback first"), [F("payback_years").asc(nulls_last=True), "code"]),
    "lahan": (_("most land first"), [F("land_ha").desc(nulls_last=True), "code"]),
    "judul": (_("by title"), ["title_id", "code"]),
}


class UnknownOpportunity(GeoError):
    """No opportunity with this code stands, or stood at that moment."""

    status = 404
    template = _(
        "There is no investment opportunity %(code)s, or it has been taken back. Look for it in "
        "the catalogue at /investasi/peluang/."
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the catalogue is asked for; empty words and None ask for nothing."""

    text: str = ""
    business: str = ""
    section: Section | None = None
    district: Area | None = None
    stage: str = ""
    zoning: str = ""
    least_ha: float | None = None
    most_ha: float | None = None
    sort: str = ""
    with_closed: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The opportunities that answer, how many there are in all, and their map.

    ``n_unplaced`` of them have neither a position nor an area with a boundary.
    """

    found: list[Opportunity]
    n_all: int
    picture: str
    n_unplaced: int
    districts: list[Area]

    @property
    def is_demo(self) -> bool:
        return any(row.source.is_demo for row in self.found)


def find_opportunity(code: str, moment: datetime.datetime | None = None) -> Opportunity:
    """The revision of an opportunity that stands, or stood at ``moment``.

    Raises
    ------
    UnknownOpportunity
    """
    rows = with_relations(Opportunity.objects.as_of(moment))
    # Codes are read from paper and typed on telephones.
    found = rows.filter(code=code[:20].strip().upper()).first()
    if found is None:
        raise UnknownOpportunity(code=code[:20])
    return found


def with_relations(rows: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """With what a page says of each: area, parents and source, without boundaries."""
    above = ("area", "area__parent", "area__parent__parent")
    return rows.select_related("source", "area__parent__parent").defer(
        *(f"{area}__boundary" for area in above)
    )


def opportunities_in(area: Area, *, limit: int = 10) -> list[Opportunity]:
    """Open opportunities of an area and what lies in it; for a village, of its district too."""
    inside = Q(area=area) | Q(area__parent=area) | Q(area__parent__parent=area)
    if area.level == Level.VILLAGE:
        inside |= Q(area=area.parent_id)
    rows = with_relations(Opportunity.objects.as_of().open()).filter(inside)
    return list(rows.filter(_not_over()).order_by("-status_on", "code")[:limit])


def search_opportunities(wanted: Wanted) -> Catalogue:
    """Opportunities of the regency that answer to what is wanted, in its order; four queries."""
    top = regency()
    everything = Opportunity.objects.as_of().within(top)
    rows = with_relations(matching(everything, wanted)).order_by(*SORTS[wanted.sort][1])
    found = list(rows[:MOST_LISTED])
    districts = Area.objects.current().filter(parent=top).defer("boundary").order_by("name")
    picture, n_unplaced = _map(found, top)
    return Catalogue(found, everything.count(), picture, n_unplaced, list(districts))


def matching(rows: QuerySet[Opportunity], wanted: Wanted) -> QuerySet[Opportunity]:
    """The rows that answer to what is wanted."""
    if not wanted.with_closed and not wanted.stage:
        rows = rows.open().filter(_not_over())  # type: ignore[attr-defined]
    if wanted.text:
        rows = rows.filter(
            reduce(or_, (Q(**{f"{name}__icontains": wanted.text}) for name in TEXTS))
        )
    exact = {"business": wanted.business, "stage": wanted.stage, "zoning": wanted.zoning}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.section:
        # Two digits compare as text as they do as numbers.
        first, beyond = f"{wanted.section.first:02}", f"{wanted.section.last:02}:"
        rows = rows.filter(kbli__gte=first, kbli__lt=beyond)
    if wanted.district:
        rows = rows.filter(Q(area=wanted.district) | Q(area__parent=wanted.district))
    if wanted.least_ha is not None:
        rows = rows.filter(land_ha__gte=wanted.least_ha)
    return rows if wanted.most_ha is None else rows.filter(land_ha__lte=wanted.most_ha)


TEXTS = ("code", "title_id", "title_en", "summary_id", "summary_en", "area__name", "kbli")


def sections_in_use() -> list[Section]:
    """Sections of the classification that some opportunity belongs to; one query."""
    known = read_classification()
    codes = Opportunity.objects.as_of().values_list("kbli", flat=True).distinct()
    letters = {found.letter for code in codes if (found := known.section_of(code))}
    return [one for one in known.sections if one.letter in letters]


def _not_over() -> Q:
    return Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())


def lon_lat(row: Opportunity) -> tuple[float, float] | None:
    """Where an opportunity is drawn: its place, else a point inside its area."""
    if row.place is not None:
        middle = row.place.centroid
        return middle.x, middle.y
    inside = row.area.interior_point
    return (inside.x, inside.y) if inside else None


def _map(found: Sequence[Opportunity], top: Area) -> tuple[str, int]:
    """The regency with a numbered link for each opportunity, and how many have no place."""
    spots = {row.code: lon_lat(row) for row in found}
    points = {code: point for code, point in spots.items() if point}
    outline = outline_of(top, Level.DISTRICT)
    if outline is None:
        return "", len(spots)
    picture = outline.picture
    drawn = draw_areas(picture, dict.fromkeys(picture["paths"], LAND))
    links = {
        row.code: (str(n), reverse("opportunity", args=[row.code]))
        for n, row in enumerate(found, 1)
    }
    return lay_links(drawn, picture, points, links), len(spots) - len(points)
