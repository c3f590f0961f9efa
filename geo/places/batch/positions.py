"""Where places of a list stand: their coordinates, and the villages that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from geo.areas.models import Area
from geo.areas.queries import Located, locate_points
from geo.lib.coordinates import NotACoordinate, decimals_of, read_coordinate, split_pair
from geo.lib.tables import ERROR, Cell, Issue, as_text
from geo.places.batch.columns import PlaceColumns
from geo.places.models import Precision
from geo.places.rules import FINE_DECIMALS, position_problem


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
    problem = position_problem(lon, lat)
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


def locate(positions: Mapping[int, Position], regency: Area) -> dict[int, Located]:
    """Find the village of each position, by row; rows with none of ``regency`` near are absent."""
    points = {row: (one.lon, one.lat) for row, one in positions.items()}
    return locate_points(points, regency)
