"""Opportunities for machines and spreadsheets: JSON, GeoJSON and CSV, by code."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from geo.areas.models import Level
from geo.areas.queries import find_area
from geo.lib.csv_tables import table_text
from geo.opportunities.models import Opportunity
from geo.opportunities.queries.catalogue import Wanted, lon_lat, matching, with_relations

FIELDS = (
    "code", "title_id", "title_en", "summary_id", "summary_en", "business", "kbli", "section",
    "area", "area_name", "district_name", "lon", "lat", "position", "land_status", "land_ha",
    "zoning", "zoning_source", "zoning_on", "value_rupiah", "npv_rupiah", "irr_percent",
    "payback_years", "stage", "status_on", "valid_until", "contact_office", "contact_name",
    "contact_phone", "contact_email", "document_name", "document_url", "status", "verified_by",
    "source", "is_demo",
)  # fmt: skip
DECIMALS = 6


def opportunities_version() -> str:
    """Return a text that changes whenever an opportunity or an area does; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT concat(count(*), sum(hashtext(concat(xmin, ctid, id))))
                    FROM geo_opportunity),
                   (SELECT sum(hashtext(concat(xmin, ctid, id))) FROM geo_area), current_date
            """
        )
        return "-".join(str(part) for part in cursor.fetchone())


def opportunities_json(*, area: str | None = None, wanted: Wanted | None = None) -> str:
    """Opportunities as the text of ``{"count", "items"}``; unknown figures are null.

    Raises
    ------
    UnknownArea
    """
    items = [_row(one) for one in _rows(area, wanted)]
    return json.dumps({"count": len(items), "items": items}, ensure_ascii=False)


def opportunities_geojson(*, area: str | None = None, wanted: Wanted | None = None) -> str:
    """The same as a FeatureCollection: the geometry is null where only the area is known."""
    features = [
        {
            "type": "Feature",
            "id": one.code,
            "geometry": json.loads(one.place.geojson) if one.place else None,
            "properties": _row(one),
        }
        for one in _rows(area, wanted)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def opportunities_csv(*, area: str | None = None, wanted: Wanted | None = None) -> str:
    """The same as a table for spreadsheets."""
    rows = ([_cell(found[name]) for name in FIELDS] for found in map(_row, _rows(area, wanted)))
    return table_text(FIELDS, rows)


def _cell(value: Any) -> str | float | None:
    return str(value).lower() if isinstance(value, bool) else value


def _rows(area: str | None, wanted: Wanted | None) -> Iterable[Opportunity]:
    top = find_area(area or settings.REGENCY_CODE)
    rows = Opportunity.objects.as_of().within(top)
    return with_relations(matching(rows, wanted or Wanted(with_closed=True))).order_by("code")


def _row(one: Opportunity) -> dict[str, Any]:
    is_village = one.area.level == Level.VILLAGE
    spot = lon_lat(one)
    own = {
        "section": one.section.letter if one.section else None,
        "area": one.area.code,
        "area_name": one.area.name,
        "district_name": one.area.parent.name if is_village and one.area.parent else one.area.name,
        "lon": round(spot[0], DECIMALS) if spot else None,
        "lat": round(spot[1], DECIMALS) if spot else None,
        # What lon and lat stand for: the place itself, or a point inside the area.
        "position": None if spot is None else "place" if one.place else "area",
        "verified_by": one.source.verified_by or None,
        "source": one.source.title,
        "is_demo": one.source.is_demo,
    }
    for name in ("zoning_on", "status_on", "valid_until"):
        day = getattr(one, name)
        own[name] = day.isoformat() if day else None
    return {
        name: own[name] if name in own else getattr(one, name) or _null(one, name)
        for name in FIELDS
    }


def _null(one: Opportunity, name: str) -> Any:
    """A text that is blank is null for machines; a zero stays a zero."""
    value = getattr(one, name)
    return None if value == "" else value
