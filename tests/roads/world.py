"""Roads of Kabupaten Kotak, by hand: lines in metres from the south-west corner."""

import json

from django.conf import settings as project
from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import LineString, MultiLineString

from geo.indicators.services import load_sectors
from geo.roads.models import Road, RoadSurvey
from tests.factories import SOUTH_M, WEST_M
from tests.indicators.world import make_source

REGENCY = "99.01"


def load_road_sector():
    load_sectors(folder=project.DATA_DIR / "sectors")


def line(*points) -> MultiLineString:
    """Points in metres east and north of the south-west corner of Kotak."""
    shape = LineString([(WEST_M + x, SOUTH_M + y) for x, y in points], srid=32748)
    shape.transform(CoordTransform(SpatialReference(32748), SpatialReference(4326)))
    return MultiLineString(shape, srid=4326)


def make_road(number="001", points=((0, 500), (2000, 500)), **changed) -> Road:
    """By default: straight, exactly 2 km, half in 99.01.01.2001, half in 99.01.01.2002."""
    drawn = {"line": line(*points), "line_length_m": 2000} if points else {}
    given = {"name": f"Jalan {number}", "authority": "kabupaten", "length_m": 2000}
    source = changed.pop("source", None) or make_source()
    return Road.objects.create(number=number, source=source, **given | drawn | changed)


def make_survey(road, year=2024, *, conditions=(800, 400, 500, 300), **changed) -> RoadSurvey:
    names = ("good_m", "fair_m", "light_damage_m", "heavy_damage_m")
    lengths = dict(zip(names, conditions, strict=True))
    length_m = sum(conditions)
    given = {"length_m": length_m, "asphalt_m": length_m, "source": road.source}
    return RoadSurvey.objects.create(road=road, year=year, **given | lengths | changed)


def feature(number="001", points=((0, 500), (2000, 500)), **properties):
    shape = line(*points)[0]
    given = {"no_ruas": number, "nama_ruas": f"Jalan {number}", "kewenangan": "Kabupaten"}
    return {
        "type": "Feature",
        "properties": given | properties,
        "geometry": {"type": "LineString", "coordinates": [list(c) for c in shape.coords]},
    }


def write_geojson(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path
