"""Loading boundaries: read, check, clean, dissolve, write; all or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _

from geo.areas.batch.checks import BoundaryFaults, find_issues, find_losses
from geo.areas.batch.outlines import refresh_outlines
from geo.areas.batch.readers import BoundaryFile, BoundaryIssue, read_edition
from geo.areas.batch.sources import Edition, find_edition
from geo.areas.models import Area, BoundarySource, Level
from geo.areas.services import RegisterReport, save_register
from geo.lib.coverage import Cleaning, LostArea, clean_coverage, dissolve, geodesic_area_km2
from geo.lib.register import Register, derive_register, read_register

GAP_WIDTH_M = 20
# Where a source does not say since when an area exists: the founding of the republic.
UNKNOWN_BEGINNING = datetime.date(1945, 8, 17)
BOUNDARY_FIELDS = [
    "boundary",
    "boundary_status",
    "boundary_source",
    "area_km2",
    "interior_point",
]


@dataclass(frozen=True)
class LoadReport:
    """What a load did, or with a dry run would do."""

    edition: Edition
    register: RegisterReport
    cleaning: Cleaning
    n_by_level: dict[str, int]
    without_boundary: list[str]
    lost_boundary: list[str]
    total_km2: float
    n_changed: int
    n_outlines_changed: int


def load_boundaries(
    source: str = "auto",
    *,
    regency_code: str,
    valid_from: datetime.date | None = None,
    code_column: str | None = None,
    dry_run: bool = False,
    progress: Callable[[Iterable], Iterable] = iter,
) -> LoadReport:
    """Load the boundaries of one regency and recompute its outlines.

    Raises ``BoundaryFaults`` with every fault, ``SourceNotFound`` or
    ``DownloadRefused``; nothing has been written then.
    """
    edition = find_edition(source, regency_code)
    file = read_edition(edition, code_column)
    register = read_register(settings.DATA_DIR / "boundaries" / "register", regency_code)
    issues = find_issues(file, register, regency_code)
    if issues:
        raise BoundaryFaults(issues)
    if register is None:
        register = derive_register(file.names, regency_code, valid_from or UNKNOWN_BEGINNING)
    cleaning, polygons = _clean(file)
    with transaction.atomic():
        report = _write(edition, register, regency_code, cleaning, polygons, progress)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _clean(file: BoundaryFile) -> tuple[Cleaning, dict[str, shapely.MultiPolygon]]:
    """Villages as a coverage by code, and the upper levels dissolved from them."""
    rows = sorted(file.rows, key=lambda row: row.code)
    raw = np.array([row.geometry for row in rows])
    try:
        cleaning = clean_coverage(raw, GAP_WIDTH_M)
    except LostArea as lost:
        row = rows[lost.index]
        message = _("Other villages cover it wholly, so that nothing of it would be left.")
        raise BoundaryFaults([BoundaryIssue(row.place, row.code, message)]) from lost
    losses = find_losses(rows, cleaning.km2_before, cleaning.km2_after)
    if losses:
        raise BoundaryFaults(losses)
    codes = np.array([row.code for row in rows])
    polygons = dict(zip(codes.tolist(), cleaning.polygons, strict=True))
    for parent in [*sorted({code[:8] for code in polygons}), rows[0].code[:5]]:
        inside = np.char.startswith(codes, f"{parent}.")
        polygons[parent] = dissolve(cleaning.polygons[inside])
    return cleaning, polygons


def _write(
    edition: Edition,
    register: Register,
    regency_code: str,
    cleaning: Cleaning,
    polygons: dict[str, shapely.MultiPolygon],
    progress: Callable[[Iterable], Iterable],
) -> LoadReport:
    register_report = save_register(register=register, regency_code=regency_code)
    source = _save_source(edition, regency_code)
    areas = list(Area.objects.current().filter(code__in=register.codes))
    lost = [area.code for area in areas if area.has_boundary and area.code not in polygons]
    changed = [
        area
        for area in areas
        if _set_boundary(area, polygons.get(area.code), source, edition.declaration.status)
    ]
    # An upsert by key: Django's bulk_update writes a CASE of as many branches as rows.
    Area.objects.bulk_create(
        changed, update_conflicts=True, update_fields=BOUNDARY_FIELDS, unique_fields=["id"]
    )
    regency = next(area for area in areas if area.code == regency_code)
    n_outlines_changed = refresh_outlines(regency, progress=progress)
    return LoadReport(
        edition=edition,
        register=register_report,
        cleaning=cleaning,
        n_by_level={level: sum(a.level == level for a in areas) for level in Level.values},
        without_boundary=sorted(area.code for area in areas if area.code not in polygons),
        lost_boundary=sorted(lost),
        total_km2=sum(a.area_km2 for a in areas if a.level == Level.VILLAGE and a.area_km2),
        n_changed=len(changed),
        n_outlines_changed=n_outlines_changed,
    )


def _save_source(edition: Edition, regency_code: str) -> BoundarySource:
    declaration = edition.declaration
    wanted = {
        field.name: getattr(declaration, field.name)
        for field in fields(declaration)
        if field.name not in ("code", "status", "download", "sha256")
    } | {"sha256": edition.sha256}
    code = f"{declaration.code}-{regency_code.replace('.', '-')}"
    source = BoundarySource.objects.filter(code=code).first() or BoundarySource(code=code)
    if source.pk is None or any(getattr(source, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(source, name, value)
        source.save()
    return source


def _set_boundary(
    area: Area, polygon: shapely.MultiPolygon | None, source: BoundarySource, status: str
) -> bool:
    """Give an area its boundary; says whether anything is different from before."""
    before = [area.boundary and bytes(area.boundary.wkb), area.boundary_source_id]
    before.append(area.boundary_status)
    if polygon is None:
        area.boundary = area.interior_point = area.area_km2 = None
        area.boundary_status = area.boundary_source = None
        return before != [None, None, None]
    wkb = shapely.to_wkb(polygon, byte_order=1)
    if before == [wkb, source.pk, status]:
        return False
    inside = shapely.to_wkb(shapely.point_on_surface(polygon), byte_order=1)
    area.boundary = GEOSGeometry(memoryview(wkb), srid=4326)
    area.interior_point = GEOSGeometry(memoryview(inside), srid=4326)
    area.area_km2 = geodesic_area_km2(polygon)
    area.boundary_status, area.boundary_source = status, source
    return True
