"""What the web draws: TopoJSON and picture of the areas inside each parent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from django.db import transaction

from geo.areas.models import Area, Level, Outline
from geo.lib.coverage import extent_m, simplify
from geo.lib.drawing import WIDTH, Frame, draw_areas
from geo.lib.topology import LEAST_AREA, build_topology, snap_to_grid, to_topojson

STEPS = 10_000
# Extent ÷ tolerance. On Banyuasin (170 km): 100 m for the villages, 150 m for the
# districts of the regency; its villages are then 22 kB with brotli.
FINENESS = {Level.VILLAGE: 1700, Level.DISTRICT: 1130}
FINEST_DISTRICT_M = 25
PICTURE_UNITS = 1.5


class BrokenCoverage(AssertionError):
    """What would be published is not a coverage: a mistake of ours, not of the source."""


@dataclass(frozen=True)
class Scope:
    """One outline to be: the areas of ``level`` inside ``parent`` that have a boundary."""

    parent: Area
    level: str
    areas: list[Area]
    polygons: np.ndarray

    @property
    def is_whole_regency(self) -> bool:
        return self.parent.level == Level.REGENCY

    @property
    def tolerance_m(self) -> float:
        tolerance_m = extent_m(self.polygons) / FINENESS[self.level]
        return tolerance_m if self.is_whole_regency else min(tolerance_m * 1.4, FINEST_DISTRICT_M)


@transaction.atomic
def refresh_outlines(regency: Area, *, progress: Callable[[Iterable], Iterable] = iter) -> int:
    """Bring all outlines of a regency to its stored boundaries; returns how many changed."""
    scopes = _scopes(regency)
    n_changed = sum(_refresh(scope) for scope in progress(scopes))
    wanted = {(scope.parent.pk, scope.level) for scope in scopes}
    for outline in Outline.objects.filter(parent__code__startswith=regency.code):
        if (outline.parent_id, outline.level) not in wanted:
            outline.delete()
            n_changed += 1
    return n_changed


def _scopes(regency: Area) -> list[Scope]:
    below = Area.objects.current().within(regency).with_boundary()
    villages = list(below.at_level(Level.VILLAGE).select_related("parent", "boundary_source"))
    districts = list(below.at_level(Level.DISTRICT).select_related("parent", "boundary_source"))
    shapes = _polygons(villages)
    scopes = [
        Scope(regency, Level.DISTRICT, districts, _polygons(districts)),
        Scope(regency, Level.VILLAGE, villages, shapes),
    ]
    for district in districts:
        mine = [i for i, village in enumerate(villages) if village.parent_id == district.pk]
        scopes.append(Scope(district, Level.VILLAGE, [villages[i] for i in mine], shapes[mine]))
    return [scope for scope in scopes if scope.areas]


def _polygons(areas: list[Area]) -> np.ndarray:
    return shapely.from_wkb(np.array([bytes(area.boundary.wkb) for area in areas], dtype=object))


def _refresh(scope: Scope) -> bool:
    outline = build_outline(scope)
    stored = Outline.objects.filter(parent=scope.parent, level=scope.level).first()
    if stored is not None:
        same = stored.content_hash == outline.content_hash and stored.picture == outline.picture
        if same and stored.tolerance_m == outline.tolerance_m:
            return False
        outline.pk = stored.pk
    outline.save()
    return True


def build_outline(scope: Scope) -> Outline:
    """Compute one outline, unsaved."""
    codes = [area.code for area in scope.areas]
    tolerance_m = scope.tolerance_m
    topojson = _topojson(codes, scope.polygons, tolerance_m)
    return Outline(
        parent=scope.parent,
        level=scope.level,
        content_hash=hashlib.sha256(topojson.encode()).hexdigest()[:16],
        topojson=topojson,
        picture=_picture(scope, codes),
        tolerance_m=round(tolerance_m, 1),
        n_areas=len(codes),
    )


def _simplified(polygons: np.ndarray, tolerance_m: float) -> np.ndarray:
    simplified = simplify(polygons, tolerance_m)
    if not shapely.coverage_is_valid(simplified):
        raise BrokenCoverage(f"simplified to {tolerance_m} m")
    return simplified


def _topojson(codes: list[str], polygons: np.ndarray, tolerance_m: float) -> str:
    simplified = _simplified(polygons, tolerance_m)
    west, south, east, north = bbox = tuple(shapely.total_bounds(simplified).tolist())
    span = np.array([east - west, north - south])

    def onto_grid(points: np.ndarray) -> np.ndarray:
        return (points - (west, south)) / span * (STEPS - 1)

    snapped = snap_to_grid(dict(zip(codes, shapely.transform(simplified, onto_grid), strict=True)))
    # An area smaller than a cell is only marked, by half a cell that may lie on its neighbour.
    drawn = [shape for shape in snapped.values() if shape.area > LEAST_AREA]
    if not shapely.coverage_is_valid(drawn):
        raise BrokenCoverage("on the grid")
    return to_topojson(build_topology(snapped), bbox, STEPS)


def _picture(scope: Scope, codes: list[str]) -> dict:
    frame = Frame(tuple(shapely.total_bounds(scope.polygons).tolist()))
    unit_m = extent_m(scope.polygons) / max(WIDTH, frame.height)
    simplified = _simplified(scope.polygons, PICTURE_UNITS * unit_m)
    picture = draw_areas(
        dict(zip(codes, simplified, strict=True)),
        {area.code: shapely.Point(area.interior_point.coords) for area in scope.areas},
        frame,
        {area.code: area.parent.code for area in scope.areas},
    )
    sources = {area.boundary_source for area in scope.areas}
    return {**picture, "estimate": any(source and source.is_estimate for source in sources)}
