"""Figures as files: CSV or GeoJSON, with a description beside them."""

from __future__ import annotations

import json

from django.contrib.gis.db.models.functions import AsGeoJSON

from geo.areas.models import Area
from geo.indicators.queries import Figures
from geo.lib.tables import write_csv
from geo.lib.units import UNITS

COLUMNS = ["code", "name", "kind", "value", "status", "reported", "expected"]


def as_csv(figures: Figures) -> str:
    """One row an area; ISO numbers, no lines above the heading, no running formulas."""
    return write_csv(COLUMNS, [[row[c] for c in COLUMNS] for row in _rows(figures)])


def as_geojson(figures: Figures) -> str:
    """One feature an area, EPSG:4326, lon lat; geometry null where there is no boundary."""
    shapes = dict(
        Area.objects.current()
        .filter(code__in=[item.code for item in figures.items])
        .annotate(shape=AsGeoJSON("boundary", precision=6))
        .values_list("code", "shape")
    )
    features = [
        {
            "type": "Feature",
            "id": row["code"],
            "geometry": json.loads(shapes[row["code"]]) if shapes.get(row["code"]) else None,
            "properties": row,
        }
        for row in _rows(figures)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def describe(figures: Figures) -> dict:
    """What the figures mean, in both languages, from where they come and how complete."""
    indicator = figures.indicator
    unit = UNITS[indicator.unit]
    return {
        "indicator": indicator.code,
        "name": {"id": indicator.name_id, "en": indicator.name_en},
        "definition": {"id": indicator.definition_id, "en": indicator.definition_en},
        "caveat": {"id": indicator.caveat_id, "en": indicator.caveat_en},
        "unit": {"code": indicator.unit, "id": unit.name_id, "en": unit.name_en},
        "period": figures.period,
        "level": figures.level,
        "parent": figures.parent.code,
        "roll_up": indicator.roll_up,
        "coverage": {"reported": figures.reported, "expected": figures.expected},
        "is_demo": figures.is_demo,
        "sources": [
            {
                "title": source.title,
                "publisher": source.publisher,
                "licence": source.licence,
                "address": source.address,
                "is_demo": source.is_demo,
            }
            for source in figures.sources
        ],
    }


def _rows(figures: Figures) -> list[dict]:
    codes = [item.code for item in figures.items]
    rows = Area.objects.current().filter(code__in=codes).values_list("code", "name", "kind")
    names = {code: (name, kind) for code, name, kind in rows}
    return [
        {
            "code": item.code,
            "name": names[item.code][0],
            "kind": names[item.code][1],
            "value": item.value,
            "status": item.status,
            "reported": item.reported,
            "expected": item.expected,
        }
        for item in figures.items
    ]
