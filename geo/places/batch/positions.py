"""Where places of a list stand: their coordinates, and the villages that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from geo.areas.models import Area
from geo.lib.coordinates import (
    NotACoordinate,
    are_swapped,
    decimals_of,
    is_in_indonesia,
    is_nowhere,
    lacks_sign,
    read_coordinate,
    split_pair,
)
from geo.lib.tables import ERROR, WARNING, Cell, Issue, as_text
from geo.places.batch.columns import PlaceColumns
from geo.places.models import Precision

# Boundaries are indicative and generalised; a jetty stands in the water before them.
TOLERANCE_M = 250
FINE_DECIMALS = 4  # 0.0001° is 11 m; fewer decimals are a guess from a map


@dataclass(frozen=True, slots=True)
class Position:
    """Coordinates of one row, in degrees, with what their writing says of their precision."""

    lon: float
    lat: float
    column: str
    text: str
    precision: str


def read_position(
    row: int, cells: Mapping[str, Cell], chosen: PlaceColumns, issues: list[Issue]
) -> Position | None:
    """Read the coordinates of a row; None where it has none, or none that can be used."""
    written = _written_pair(cells, chosen)
    if written is None:
        return None
    column, lon_text, lat_text = written
    found = f"{lat_text}, {lon_text}"
    try:
        lon, lat = read_coordinate(lon_text), read_coordinate(lat_text)
    except NotACoordinate:
        sentence = _(
            "These are no coordinates. Write degrees such as -2.98170 and 104.73680, or "
            "2°58'54\" LS and 104°44'12\" BT."
        )
        issues.append(Issue(row, column, found, sentence, ERROR))
        return None
    problem = _problem(lon, lat)
    if problem is not None:
        sentence, severity = problem
        issues.append(Issue(row, column, found, sentence, severity))
        return None
    is_fine = min(decimals_of(lon_text), decimals_of(lat_text)) >= FINE_DECIMALS
    precision = Precision.EXACT if is_fine else Precision.APPROXIMATE
    return Position(lon, lat, column, found, precision)


def _written_pair(cells: Mapping[str, Cell], chosen: PlaceColumns) -> tuple[str, str, str] | None:
    """The column to blame, and longitude and latitude as text."""
    roles = chosen.columns
    if "lon" in roles and "lat" in roles:
        lon, lat = (as_text(cells[roles[role]]).strip() for role in ("lon", "lat"))
        column = roles["lat"]
    elif "coordinates" in roles:
        column = roles["coordinates"]
        text = as_text(cells[column])
        lat, lon = split_pair(text) or (text.strip(), "")
    else:
        return None
    if lon in chosen.missing and lat in chosen.missing:
        return None
    return column, lon, lat


def _problem(lon: float, lat: float) -> tuple[str, str] | None:
    if is_nowhere(lon, lat):
        sentence = _("0, 0 is no position of a place; only its village will be known.")
        return sentence, WARNING
    if are_swapped(lon, lat):
        sentence = _(
            "Longitude and latitude are swapped: %(lat)s is the latitude (lintang) and %(lon)s the "
            "longitude (bujur). Exchange the two columns."
        )
        # As it has to be written, not as numbers are shown.
        return sentence % {"lat": f"{lon:.5f}", "lon": f"{lat:.5f}"}, ERROR
    if lacks_sign(lon, lat):
        return _("The latitude lacks its minus: this is north of Indonesia."), ERROR
    if not is_in_indonesia(lon, lat):
        sentence = _(
            "This is not in Indonesia. Degrees are expected (EPSG:4326), not metres: longitude "
            "94 to 142, latitude -12 to 7."
        )
        return sentence, ERROR
    return None


@dataclass(frozen=True, slots=True)
class Located:
    """The village nearest to a position: 0 m where it covers it."""

    village_id: int
    distance_m: float


LOCATE = """
    WITH asked AS (
        SELECT row, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
        FROM unnest(%(rows)s::int[], %(lons)s::float8[], %(lats)s::float8[]) AS a(row, lon, lat))
    SELECT asked.row, near.id, near.distance_m
    FROM asked CROSS JOIN LATERAL (
        SELECT v.id, CASE WHEN ST_Covers(v.boundary, asked.point) THEN 0
                     ELSE ST_Distance(v.boundary::geography, asked.point::geography) END
                     AS distance_m
        FROM geo_area v JOIN geo_area d ON d.id = v.parent_id
        WHERE v.valid_to IS NULL AND v.level = 'village' AND d.parent_id = %(regency)s
              AND v.boundary && ST_Expand(asked.point, 0.01)
        ORDER BY 2 LIMIT 1) near"""


def locate(positions: Mapping[int, Position], regency: Area) -> dict[int, Located]:
    """Find the village of each position, or the nearest within a kilometre; one query.

    Parameters
    ----------
    positions
        By row of the list.

    Returns
    -------
    dict
        By row; rows with no village of ``regency`` near are absent.
    """
    rows: Sequence[int] = list(positions)
    asked = {
        "rows": rows,
        "lons": [positions[row].lon for row in rows],
        "lats": [positions[row].lat for row in rows],
        "regency": regency.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCATE, asked)
        return {row: Located(village, distance) for row, village, distance in cursor.fetchall()}
