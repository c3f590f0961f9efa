"""Boundaries as a dossier keeps them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from geo.areas.models import Area


def shapes_of(codes: Sequence[str], moment: datetime.datetime) -> dict[str, str]:
    """Boundaries of areas as they were at a moment, by code.

    A code may have been used again since: what began last until that moment is meant. An area
    without a boundary is left out.

    Returns
    -------
    dict
        Multipolygons as WKB in hexadecimal; lon, lat in EPSG:4326.
    """
    day = timezone.localdate(moment)
    rows = Area.objects.with_boundary().filter(code__in=codes)
    begun = rows.filter(valid_from__lte=day).order_by("valid_from")
    later = rows.filter(valid_from__gt=day).order_by("-valid_from")
    return {
        code: _wkb(shape)
        for part in (later, begun)
        for code, shape in part.values_list("code", "boundary")
    }


def _wkb(boundary: MultiPolygon | Polygon) -> str:
    many = boundary if isinstance(boundary, MultiPolygon) else MultiPolygon(boundary)
    return bytes(many.wkb).hex()
