"""Kabupaten Kotak, a world small enough to be checked by hand.

2 × 2 districts of 2 × 2 villages, each a square of 1 km². Districts are
numbered 01 02 in the southern row, 03 04 in the northern; villages likewise,
2001 … 2004. One more village, 99.01.04.1005, is a kelurahan without boundary.

    99.01.03 | 99.01.04
    ---------+---------
    99.01.01 | 99.01.02
"""

import datetime
from dataclasses import dataclass

from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import MultiPolygon, Polygon

from geo.areas.models import Area, BoundarySource, BoundaryStatus, Kind, Level

BEGINNING = datetime.date(2002, 4, 10)
WEST_M, SOUTH_M = 470_000, 9_720_000  # UTM 48S, near 104,73° E 2,53° S


def square(column: int, row: int, size: int = 1) -> MultiPolygon:
    """A square of ``size`` km in EPSG:4326, ``column`` and ``row`` km from the south-west."""
    west, south = WEST_M + 1000 * column, SOUTH_M + 1000 * row
    shape = Polygon.from_bbox((west, south, west + 1000 * size, south + 1000 * size))
    shape.srid = 32748
    shape.transform(CoordTransform(SpatialReference(32748), SpatialReference(4326)))
    return MultiPolygon(shape, srid=4326)


@dataclass(frozen=True)
class Kotak:
    regency: Area
    districts: list[Area]
    villages: list[Area]

    def village(self, code: str) -> Area:
        return next(v for v in self.villages if v.code == code)


def make_area(code: str, *, level: str, kind: str, name: str, parent=None, boundary=None, km2=None):
    drawn = {}
    if boundary is not None:
        drawn = {
            "boundary": boundary,
            "boundary_status": BoundaryStatus.DEFINITIVE,
            "boundary_source": make_boundary_source(),
            "area_km2": km2,
            "interior_point": boundary.point_on_surface,
        }
    return Area.objects.create(
        code=code, level=level, kind=kind, name=name, parent=parent, valid_from=BEGINNING, **drawn
    )


def make_boundary_source() -> BoundarySource:
    source, _ = BoundarySource.objects.get_or_create(
        code="kotak", defaults={"title": "Kotak", "publisher": "Uji", "licence": "MIT"}
    )
    return source


def make_kotak() -> Kotak:
    regency = make_area(
        "99.01",
        level=Level.REGENCY,
        kind=Kind.KABUPATEN,
        name="Kotak",
        boundary=square(0, 0, 4),
        km2=16,
    )
    districts, villages = [], []
    for d in range(4):
        column, row = 2 * (d % 2), 2 * (d // 2)
        district = make_area(
            f"99.01.0{d + 1}",
            level=Level.DISTRICT,
            kind=Kind.KECAMATAN,
            name=f"Petak {d + 1}",
            parent=regency,
            boundary=square(column, row, 2),
            km2=4,
        )
        districts.append(district)
        for v in range(4):
            village = make_area(
                f"{district.code}.200{v + 1}",
                level=Level.VILLAGE,
                kind=Kind.DESA,
                name=f"Ubin {d + 1}{v + 1}",
                parent=district,
                boundary=square(column + v % 2, row + v // 2),
                km2=1,
            )
            villages.append(village)
    villages.append(
        make_area(
            "99.01.04.1005",
            level=Level.VILLAGE,
            kind=Kind.KELURAHAN,
            name="Ubin Baru",
            parent=districts[3],
        )
    )
    return Kotak(regency, districts, villages)
