"""Are GDAL, GEOS and PROJ there, and do they calculate rightly?"""

import importlib.util
import math
from collections.abc import Iterator

from django.contrib.gis import gdal
from django.contrib.gis.geos import Point
from django.contrib.gis.geos.libgeos import geos_version
from django.utils.translation import gettext as _

from geo.status.batch.findings import Finding
from geo.status.queries import proj_version

PART = "libraries"
# A place in Banyuasin; metres in EPSG:32748 by PROJ 9.1 of Debian 12 (cs2cs).
KNOWN_LON_LAT = (104.75, -2.9)
KNOWN_EAST_NORTH_M = (472216.56, 9679457.05)


def findings() -> Iterator[Finding]:
    yield Finding(
        PART,
        _("GDAL %(gdal)s, GEOS %(geos)s and PROJ %(proj)s are loaded.")
        % {
            "gdal": gdal.gdal_version().decode(),
            "geos": geos_version().decode().split("-")[0],
            "proj": proj_version() or "?",
        },
    )
    yield _known_transform()
    yield _one_database_driver()


def transform_error_m() -> float:
    """Return how far, in metres, a known place falls from where it should."""
    place = Point(*KNOWN_LON_LAT, srid=4326)
    place.transform(32748)
    return math.dist((place.x, place.y), KNOWN_EAST_NORTH_M)


def _known_transform() -> Finding:
    advice = _("Delete the folder .venv and run script/bootstrap, which installs them anew.")
    try:
        error_m = transform_error_m()
    except gdal.GDALException as error:
        sentence = _("PROJ cannot transform coordinates: %(error)s") % {"error": error}
        return Finding(PART, sentence, advice)
    if not error_m < 1:
        sentence = _("PROJ puts a known place %(metres)s m from where it lies.")
        return Finding(PART, sentence % {"metres": f"{error_m:.0f}"}, advice)
    return Finding(PART, _("A known place is transformed to where it lies."))


def _one_database_driver() -> Finding:
    if importlib.util.find_spec("psycopg") is not None:
        return Finding(
            PART,
            _("psycopg 3 is installed beside psycopg2, and Django would take it."),
            _("Remove it: .venv/bin/pip uninstall psycopg"),
        )
    return Finding(PART, _("psycopg2 is the only database driver."))
