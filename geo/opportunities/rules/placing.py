"""Where an opportunity lies, and whether it is in the list already: asked of the database."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point
from django.db.models import Q

from geo.areas.models import Area, Level
from geo.lib.grids import NO_DATA, Cell
from geo.lib.kbli import read_classification
from geo.lib.names import name_key
from geo.lib.tables import Issue
from geo.opportunities.models import LandStatus, Opportunity, Zoning
from geo.opportunities.rules.sentences import Checked

DATES = ("zoning_on", "status_on", "valid_until")
NUMBERS = ("land_ha", "value_rupiah", "npv_rupiah", "irr_percent", "payback_years")
WHOLE = ("value_rupiah", "npv_rupiah")
CHOICES = {"land_status": LandStatus.UNSTATED, "zoning": Zoning.UNSTATED}
TEXTS = (
    "title_id", "title_en", "summary_id", "summary_en", "business", "kbli", "stage",
    "zoning_source", "contact_office", "contact_name", "contact_phone", "contact_email",
    "document_name", "document_url",
)  # fmt: skip
AREAL = ("Point", "Polygon", "MultiPolygon")
MOST_VERTICES = 20_000


class Finder:
    """Villages and districts inside the area of a form, by code and by name."""

    def __init__(self, top: Area) -> None:
        self.top = top
        inside = Q(pk=top.pk) | Q(parent=top) | Q(parent__parent=top)
        areas = Area.objects.current().filter(inside).exclude(level=Level.REGENCY)
        light = areas.defer("boundary").select_related("parent")
        self.by_code = {area.code: area for area in light}
        self.by_name: dict[str, list[Area]] = {}
        for area in self.by_code.values():
            for name in (area.name, str(area), f"{area.name}, {area.parent.name}"):
                found = self.by_name.setdefault(name_key(name), [])
                if area not in found:
                    found.append(area)

    def named(self, text: str) -> list[Area]:
        """Areas that ``text`` may mean: one by its code, else all of that name."""
        if text in self.by_code:
            return [self.by_code[text]]
        return self.by_name.get(name_key(text), [])

    def code(self, text: str) -> str:
        """The code of the one area that ``text`` names; the text itself where none or several."""
        found = self.named(text)
        return found[0].code if len(found) == 1 else text

    def kbli(self, text: str) -> str:
        """A code as it is stored."""
        return read_classification().tidied(text)

    def check(self, entry: Checked) -> list[Issue]:
        """Whether the area of a row is one of those here."""
        text = entry.cells.get("area")
        if text in (None, ""):
            return []
        found = self.named(str(text))
        if len(found) == 1:
            return []
        if not found:
            return [entry.issue("unknown_area", "area", form=self.top)]
        near = ", ".join(f"{area}, {area.parent} ({area.code})" for area in found[:5])
        return [entry.issue("ambiguous_area", "area", near=near)]


def tidied(cells: Mapping[str, Cell], finder: Finder) -> dict[str, Cell]:
    """Cells as they are stored: areas and business fields by their codes."""
    found = dict(cells)
    for column, tidy in (("area", finder.code), ("kbli", finder.kbli)):
        if found.get(column) not in (None, "", NO_DATA):
            found[column] = tidy(str(found[column]))
    return found


# --- positions -----------------------------------------------------------------------


def check_positions(
    entries: Sequence[Checked], geometries: Mapping[int, Any], finder: Finder
) -> list[Issue]:
    """Positions that lie outside the area of the form, or outside the village that is named."""
    issues = []
    for entry in entries:
        if geometries.get(entry.row) is not None:
            place, fault = read_geometry(geometries[entry.row])
            if place is None:
                issues.append(entry.issue("bad_outline", "lon", found=fault))
                continue
        else:
            place = point_of(entry.cells)
        if place is not None:
            issues += _check_place(entry, place, finder)
    return issues


def _check_place(entry: Checked, place: GEOSGeometry, finder: Finder) -> list[Issue]:
    middle = place if isinstance(place, Point) else place.point_on_surface
    found = f"{middle.x:.5f}, {middle.y:.5f}"
    holding = Area.objects.current().filter(
        code__in=finder.by_code, level=Level.VILLAGE, boundary__intersects=middle
    )
    there = holding.defer("boundary").select_related("parent").first()
    if there is None:
        # A village without a boundary has no inside; then the whole area has to do.
        known = Area.objects.filter(pk=finder.top.pk, boundary__isnull=False)
        if known.exists() and not known.filter(boundary__intersects=middle).exists():
            return [entry.issue("outside_form", "lon", found=found, form=finder.top)]
        return []
    named = finder.by_code.get(str(entry.cells.get("area")))
    own = named and (named.pk in (there.pk, there.parent_id))
    if named is None or own or not _has_boundary(named):
        return []
    return [entry.issue("outside_area", "lon", found=found, area=named, other=there)]


def _has_boundary(area: Area) -> bool:
    return Area.objects.filter(pk=area.pk, boundary__isnull=False).exists()


def point_of(cells: Mapping[str, Cell]) -> Point | None:
    """The position in the cells of a row; None where it is not whole."""
    lon, lat = cells.get("lon"), cells.get("lat")
    if isinstance(lon, int | float) and isinstance(lat, int | float):
        return Point(float(lon), float(lat), srid=4326)
    return None


def read_geometry(geometry: Mapping[str, Any]) -> tuple[GEOSGeometry | None, str]:
    """A point or outline from GeoJSON, or None and why it cannot be one."""
    try:
        place = GEOSGeometry(json.dumps(geometry), srid=4326)
    except (GEOSException, ValueError, TypeError) as error:
        return None, str(error)
    if place.geom_type not in AREAL or place.empty:
        return None, place.geom_type
    if place.num_coords > MOST_VERTICES:
        return None, f"{place.num_coords} > {MOST_VERTICES}"
    return (place, "") if place.valid else (None, place.valid_reason)


# --- rows against each other and the catalogue ------------------------------------------


def check_together(
    entries: Sequence[Checked], keys: Mapping[int, str], standing: Sequence[Opportunity]
) -> list[Issue]:
    """Opportunities that stand twice in the file, or in the catalogue under another code."""
    known = {(name_key(row.title_id), row.area.code): row.code for row in standing}
    first: dict[tuple[str, str], int] = {}
    issues = []
    for entry in entries:
        same = (name_key(entry.title), str(entry.cells.get("area")))
        if same in first:
            issues.append(entry.issue("twice", "title_id", first=first[same]))
        elif known.get(same, keys[entry.row]) != keys[entry.row]:
            issues.append(entry.issue("there_already", "title_id", code=known[same]))
        first.setdefault(same, entry.row)
    return issues


# --- between cells and the table ----------------------------------------------------------


def standing_rows(area: Area, **narrowed: bool) -> list[Opportunity]:
    """The opportunities in an area as they stand now, in the order of their codes."""
    rows = Opportunity.objects.as_of().filter(**narrowed).within(area)
    rows = rows.select_related("area__parent", "source")
    return list(rows.defer("area__boundary", "area__parent__boundary").order_by("code"))


def standing_cells(row: Opportunity) -> dict[str, Cell]:
    """What stands of an opportunity, by column; what is not known is left out."""
    cells: dict[str, Cell] = {name: getattr(row, name) for name in (*TEXTS, *NUMBERS, *CHOICES)}
    cells["area"] = row.area.code
    for name in DATES:
        day = getattr(row, name)
        cells[name] = day.isoformat() if day else None
    if isinstance(row.place, Point):
        cells |= {"lon": round(row.place.x, 6), "lat": round(row.place.y, 6)}
    return {name: _as_read(cell) for name, cell in cells.items() if cell not in (None, "")}


def _as_read(cell: Cell) -> Cell:
    """Whole numbers as ``lib.cells`` reads them, so that the same is no change."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def described_of(
    cells: Mapping[str, Cell],
    area: Area,
    geometry: Mapping[str, Any] | None,
    before: Opportunity | None,
) -> dict[str, Any]:
    """The fields of an opportunity from the checked cells of its whole row.

    An outline that stood stays where the row says nothing of the position.
    """
    found: dict[str, Any] = {name: str(cells.get(name) or "") for name in TEXTS}
    for name in NUMBERS:
        cell = cells.get(name)
        found[name] = None if cell is None else int(cell) if name in WHOLE else float(cell)
    for name in DATES:
        cell = cells.get(name)
        found[name] = datetime.date.fromisoformat(str(cell)) if cell else None
    for name, unstated in CHOICES.items():
        found[name] = str(cells.get(name) or unstated)
    place = read_geometry(geometry)[0] if geometry else point_of(cells)
    if place is None and before is not None and not isinstance(before.place, Point):
        place = before.place
    return found | {"area_id": area.pk, "place": place}
