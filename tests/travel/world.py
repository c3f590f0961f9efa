"""Ways in Kabupaten Kotak, by hand: a good regency road of 1 km takes 1.5 minutes."""

from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import LineString, Point

from geo.indicators.models import Observation
from geo.places.models import Place, PlaceKind
from geo.roads.models import Crossing
from geo.travel.batch.compute import compute_travel_times
from geo.travel.models import AmbulanceAccess
from tests.factories import SOUTH_M, WEST_M
from tests.indicators.world import make_source
from tests.roads.world import REGENCY, make_road, make_survey

POINTS = """
[points."99.01".city]
name = { id = "Kota Uji", en = "Test City" }
source = { id = "Uji", en = "Test" }
at = [{ village = "99.01.02.2002", minutes = 10 }]

[points."99.01".district_office]
name = { id = "Kantor camat", en = "District offices" }
source = { id = "Uji", en = "Test" }
at = [
    { district = "99.01.01", village = "99.01.01.2002" },
    { district = "99.01.02", village = "99.01.02.2002" },
]
"""


def spot(x, y):
    """Metres east and north of the south-west corner of Kotak, as a point in EPSG:4326."""
    point = Point(WEST_M + x, SOUTH_M + y, srid=32748)
    point.transform(CoordTransform(SpatialReference(32748), SpatialReference(4326)))
    return Point(point.x, point.y, srid=4326)


def good_road(number, *points, authority="kabupaten", **changed):
    """A road of good asphalt, 4 m wide, as long as it is drawn."""
    length_m = LineString(points).length
    facts = {"length_m": length_m, "line_length_m": length_m, "authority": authority}
    road = make_road(number, points, **facts)
    make_survey(road, conditions=(length_m, 0, 0, 0), **{"width_m": 4} | changed)
    return road


def make_place(kind, x, y, village, name="Uji", **changed):
    return Place.objects.create(
        kind=PlaceKind.objects.get(code=kind),
        name=name,
        name_key=name.lower(),
        village=village,
        point=spot(x, y),
        precision="exact",
        source=changed.pop("source", None) or make_source(),
        **changed,
    )


def make_crossing(code, start, end, **changed):
    ends = [spot(*start).coords, spot(*end).coords]
    given = {
        "name": f"Perahu {code}",
        "line": LineString(ends, srid=4326),
        "minutes": 20,
        "vehicles": ["boat"],
        "seasons": ["dry", "wet"],
        "source": changed.pop("source", None) or make_source(),
    }
    return Crossing.objects.create(code=code, **given | changed)


def compute(**options):
    return compute_travel_times(REGENCY, **options)


def figures(indicator):
    """Value, or the status where there is none, by the last two parts of the code."""
    found = Observation.objects.as_of().filter(indicator__code=indicator).select_related("area")
    return {one.area.code[6:]: one.status if one.value is None else one.value for one in found}


def outcomes(season):
    """How an ambulance fares, by the last two parts of the code."""
    found = AmbulanceAccess.objects.filter(season=season).select_related("village")
    return {one.village.code[6:]: one.outcome for one in found}


def access(season, village):
    return AmbulanceAccess.objects.get(season=season, village__code=f"{REGENCY}.{village}")
