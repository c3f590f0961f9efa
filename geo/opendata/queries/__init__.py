"""Areas and figures in the shapes that machines read.

GeoJSON and the rows of areas are written by PostGIS and joined here as text:
a geometry never becomes a Python object on its way out.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import connection

from geo.areas.models import Area, Level
from geo.areas.queries import find_area, regency, search_areas
from geo.indicators.models import Indicator, Source
from geo.indicators.queries import (
    Figure,
    Figures,
    data_version,
    end_of_day,
    find_indicator,
    latest_period,
    periods_of,
    read_figures,
)
from geo.lib.errors import UnknownArea, UnknownPeriod
from geo.lib.units import UNITS

# A table leaves the site: it carries the same mark as the pages, in the regency's language.
DEMO_MARK = "DATA CONTOH"
DECIMALS = 5  # of a degree: about one metre

COLUMNS = """
    a.code, a.name, a.kind, a.level, p.code AS parent, a.bps_code, a.boundary_status,
    round(a.area_km2::numeric, 4) AS area_km2"""

# Rows begin with the code. The area itself belongs to the answer only where nobody named a parent.
SCOPE = """
    FROM geo_area a LEFT JOIN geo_area p ON p.id = a.parent_id,
         (SELECT id FROM geo_area WHERE code = %(parent)s AND valid_to IS NULL) top
    WHERE a.valid_to IS NULL
      AND (a.parent_id = top.id OR p.parent_id = top.id OR (a.id = top.id AND %(itself)s))
      AND (%(level)s::text IS NULL OR a.level = %(level)s)"""

ROWS = f"SELECT a.code, (SELECT row_to_json(r)::text FROM (SELECT {COLUMNS}) r) {SCOPE}"  # noqa: S608

FEATURES = f"""
    SELECT a.code, (SELECT row_to_json(r)::text FROM (SELECT {COLUMNS}) r),
           coalesce(ST_AsGeoJSON(a.boundary, {DECIMALS}), 'null')
    {SCOPE}"""  # noqa: S608


NAMES = f"""
    SELECT a.code, a.bps_code, a.name, CASE WHEN a.level = 'village' THEN p.name END {SCOPE}"""

SHAPES = f"SELECT a.code, encode(ST_AsBinary(ST_Multi(a.boundary)), 'hex') {SCOPE}"

TABLE_HEADER = [
    "code",
    "bps_code",
    "name",
    "district",
    "indicator",
    "period",
    "value",
    "unit",
    "status",
    "reported",
    "expected",
    "source",
]


# --- what has to change for an answer to change ------------------------------


def figures_version() -> str:
    """Return a text that changes whenever a figure or an indicator does; one query."""
    return data_version()


def areas_version() -> str:
    """Return a text that changes whenever a row of areas does; one query.

    ``xmin`` and ``ctid`` are the transaction that wrote a row and its place on
    disk: every update changes them, in whatever order transactions end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(hashtext(concat(xmin, ctid, id))) FROM geo_area")
        return "-".join(str(part) for part in cursor.fetchone())


def everything_version() -> str:
    """Return a text that changes whenever a figure or an area does; two queries."""
    return f"{figures_version()} {areas_version()}"


# --- areas ------------------------------------------------------------------


def _read_scope(sql: str, parent: str | None, level: str | None, itself: bool) -> list[tuple]:
    code = parent or settings.REGENCY_CODE
    with connection.cursor() as cursor:
        cursor.execute(sql, {"parent": code, "level": level, "itself": itself})
        found = cursor.fetchall()
    if not found:
        # An empty answer is right only for an area that exists.
        _ = find_area(parent) if parent else regency()
    return sorted(found)  # by code; here, for the database would carry geometries about


def areas_json(*, parent: str | None, level: str | None) -> str:
    """Areas below ``parent`` as the text of ``{"count", "items"}``, by code.

    Without ``parent``: the regency of this installation and all below it.

    Raises
    ------
    UnknownArea
        If no current area has the code ``parent``.
    """
    found = _read_scope(ROWS, parent, level, itself=parent is None)
    return f'{{"count":{len(found)},"items":[{",".join(row for _, row in found)}]}}'


def areas_geojson(*, parent: str | None, level: str | None) -> str:
    """Areas as in ``areas_json`` as a FeatureCollection (EPSG:4326; lon, lat).

    Raises
    ------
    UnknownArea
        If no current area has the code ``parent``.
    """
    found = _read_scope(FEATURES, parent, level, itself=parent is None)
    return _collection(feature_text(*each) for each in found)


def area_json(code: str) -> str:
    """One current area as text, in the shape of one item of ``areas_json``.

    Raises
    ------
    UnknownArea
        If no current area has this code.
    """
    sql = f"""
        SELECT (SELECT row_to_json(r)::text FROM (SELECT {COLUMNS}) r)
        FROM geo_area a LEFT JOIN geo_area p ON p.id = a.parent_id
        WHERE a.code = %s AND a.valid_to IS NULL"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [code])
        found = cursor.fetchone()
    if found is None:
        raise UnknownArea(code=code)
    return found[0]


def feature_text(code: str, properties: str, geometry: str) -> str:
    """One feature of GeoJSON; properties and geometry are JSON already."""
    return (
        f'{{"type":"Feature","id":{json.dumps(code)},'
        f'"geometry":{geometry},"properties":{properties}}}'
    )


def _collection(features: Iterable[str]) -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def found_areas(text: str) -> list[dict]:
    """Up to ten areas whose name, alias or code answers to ``text``, the likeliest first."""
    return [
        {
            "code": area.code,
            "name": area.name,
            "kind": area.kind,
            "level": area.level,
            "district": area.parent.name if area.parent and area.level == Level.VILLAGE else None,
        }
        for area in search_areas(text, limit=10)
    ]


# --- figures ----------------------------------------------------------------


def indicator_rows() -> list[dict]:
    """Every indicator with the periods that have figures, in two queries."""
    indicators = list(Indicator.objects.select_related("sector"))
    known = periods_of(indicators)
    return [
        {
            "code": indicator.code,
            "sector": indicator.sector.code,
            "name": indicator.name_id,
            "name_en": indicator.name_en,
            "definition": indicator.definition_id,
            "definition_en": indicator.definition_en,
            "unit": indicator.unit,
            "unit_name": UNITS[indicator.unit].name("id"),
            "unit_name_en": UNITS[indicator.unit].name("en"),
            "decimals": indicator.decimals,
            "frequency": indicator.frequency,
            "level": indicator.level,
            "roll_up": indicator.roll_up,
            "direction": indicator.direction,
            "classification": indicator.scheme,
            "sensitive": indicator.sensitive,
            "periods": known[indicator.pk],
        }
        for indicator in indicators
    ]


def asked_figures(
    *,
    indicator: str,
    period: str | None,
    level: str | None,
    parent: str | None,
    classification: str | None,
    per: datetime.date | None,
) -> Figures:
    """Read the figures that a question names; what it leaves out has a default.

    Parameters
    ----------
    period
        By default the latest with figures.
    level
        By default the lowest level of the indicator.
    parent
        By default the regency.
    per
        Figures as they stood at the end of this day, in the regency's time.

    Raises
    ------
    UnknownIndicator, UnknownArea, UnknownPeriod, UnknownChoice
    """
    measured = find_indicator(indicator)
    top = find_area(parent) if parent else regency()
    moment = end_of_day(per) if per else None
    period = period or latest_period(measured, moment)
    if period is None:
        raise UnknownPeriod(indicator=measured.name, period="–", known="–")
    return read_figures(
        indicator=measured,
        period=period,
        level=level or measured.level,
        parent=top,
        scheme=classification,
        moment=moment,
    )


def values_json(figures: Figures) -> str:
    """Figures as parallel lists, the text of ``ValuesOut``."""
    shape = {
        "indicator": figures.indicator.code,
        "period": figures.period,
        "unit": figures.indicator.unit,
        "level": figures.level,
        "parent": figures.parent.code,
        "classification": figures.scheme,
        "codes": [item.code for item in figures.items],
        "values": figures.values,
        "statuses": [item.status for item in figures.items],
        "reported": [item.reported for item in figures.items],
        "expected": [item.expected for item in figures.items],
        "breaks": figures.edges,
        "coverage": {"reported": figures.reported, "expected": figures.expected},
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
    return json.dumps(shape, separators=(",", ":"), allow_nan=False)


def values_geojson(figures: Figures) -> str:
    """Figures joined with their areas as a FeatureCollection (EPSG:4326; lon, lat)."""
    drawn = _read_scope(FEATURES, figures.parent.code, figures.level, itself=True)
    found = figures.by_code()
    same = {"indicator": figures.indicator.code, "period": figures.period}
    return _collection(
        feature_text(code, _joined(properties, {**same, **_facts(found[code], figures)}), geometry)
        for code, properties, geometry in drawn
        if code in found
    )


def _facts(figure: Figure, figures: Figures) -> dict:
    return {
        "value": figure.value,
        "unit": figures.indicator.unit,
        "status": figure.status,
        "reported": figure.reported,
        "expected": figure.expected,
    }


def _joined(properties: str, more: dict) -> str:
    """Two JSON objects as one, without reading the first."""
    return f"{properties[:-1]},{json.dumps(more, separators=(',', ':'), allow_nan=False)[1:]}"


def named_areas(parent: Area, level: str) -> dict[str, list]:
    """BPS code, name and district's name (of villages only) by area code."""
    return {code: facts for code, *facts in _read_scope(NAMES, parent.code, level, itself=True)}


def drawn_areas(parent: Area, level: str) -> list[tuple[str, str, str]]:
    """Code, properties and geometry of each area, the last two as the text of JSON."""
    return _read_scope(FEATURES, parent.code, level, itself=True)


def outlined_areas(parent: Area, level: str) -> dict[str, str | None]:
    """The boundary by area code: WKB (EPSG:4326) as hexadecimal text, or None."""
    return dict(_read_scope(SHAPES, parent.code, level, itself=True))


def source_cell(sources: Iterable[Source]) -> str:
    """The sources of a figure as one cell, what is made up marked as such."""
    return ", ".join(
        f"{source.title} ({DEMO_MARK})" if source.is_demo else source.title for source in sources
    )


def table_rows(
    figures: Figures, areas: dict[str, list] | None = None, source: str | None = None
) -> Iterator[list]:
    """Rows under ``TABLE_HEADER``, by code; the district's name only beside villages.

    ``areas`` and ``source`` are read where a caller with many figures has not read them yet.
    """
    source = source_cell(figures.sources) if source is None else source
    areas = areas or named_areas(figures.parent, figures.level)
    for item in figures.items:
        bps_code, name, district = areas.get(item.code, ("", "", ""))
        yield [
            item.code,
            bps_code,
            name,
            district,
            figures.indicator.code,
            figures.period,
            item.value,
            figures.indicator.unit,
            item.status,
            item.reported,
            item.expected,
            source,
        ]


def file_name(figures: Figures, extension: str) -> str:
    """Name of a download that says what is in it: ``households_2021_village_16.07.csv``."""
    parts = [figures.indicator.code, figures.period, figures.level, figures.parent.code]
    return f"{'_'.join(parts)}.{extension}"
