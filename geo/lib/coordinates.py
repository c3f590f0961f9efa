"""Coordinates as people write them: decimal degrees, or degrees, minutes and seconds."""

from __future__ import annotations

import math
import re

# Indonesia, with a margin.
LON_RANGE, LAT_RANGE = (94.0, 142.0), (-12.0, 7.0)
METRES_PER_DEGREE = 111_195
SOUTH_OR_WEST = {"S", "LS", "SELATAN", "W", "BB", "BARAT"}
NORTH_OR_EAST = {"N", "U", "LU", "UTARA", "E", "T", "BT", "TIMUR"}
HEMISPHERE = r"LS|LU|BT|BB|SELATAN|UTARA|TIMUR|BARAT|[SNUEWTB]"
_DECIMAL = re.compile(rf"([+-]?)([0-9]{{1,9}}(?:[.,][0-9]+)?)\s*°?\s*({HEMISPHERE})?")
_SEXAGESIMAL = re.compile(
    rf"({HEMISPHERE})?\s*([+-]?)([0-9]{{1,3}})[°ºd:\s]+([0-9]{{1,2}})['’′m:\s]+"
    rf"([0-9]{{1,2}}(?:[.,][0-9]+)?)(?:\"|''|”|″|s)?\s*({HEMISPHERE})?",
    re.IGNORECASE,
)


class NotACoordinate(ValueError):
    """The text is neither decimal degrees nor degrees, minutes and seconds."""


def read_coordinate(text: str) -> float:
    """Read one coordinate.

    Parameters
    ----------
    text
        ``-2.9817``, ``-2,9817``, ``2.9817 LS``, ``2°58'54" LS``, ``104 44 12.5 BT`` …

    Returns
    -------
    float
        Degrees, negative in the south and west.

    Raises
    ------
    NotACoordinate
        Anything else, also 61 minutes or both a sign and a hemisphere.
    """
    written = text.strip().replace("\u2212", "-").replace("\u00a0", " ")
    plain = _DECIMAL.fullmatch(written.upper())
    if plain:
        return _signed(text, plain[1], _number(plain[2]), plain[3])
    found = _SEXAGESIMAL.fullmatch(written)
    if found is None or (found[1] and found[6]):
        raise NotACoordinate(text)
    minutes, seconds = int(found[4]), _number(found[5])
    if minutes >= 60 or seconds >= 60:
        raise NotACoordinate(text)
    degrees = int(found[3]) + minutes / 60 + seconds / 3600
    return _signed(text, found[2], degrees, found[1] or found[6])


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _signed(text: str, sign: str, degrees: float, hemisphere: str | None) -> float:
    if sign and hemisphere:
        raise NotACoordinate(text)
    if hemisphere and hemisphere.upper() in SOUTH_OR_WEST:
        return -degrees
    return -degrees if sign == "-" else degrees


def split_pair(text: str) -> tuple[str, str] | None:
    """Part ``"-2.98, 104.75"`` or ``"-2,98; 104,75"`` in two; None where it is no pair."""
    for mark in (";", ", ", ",", " "):
        parts = [part.strip() for part in text.strip().split(mark)]
        if len(parts) == 2 and all(parts):
            return parts[0], parts[1]
    return None


def is_nowhere(lon: float, lat: float) -> bool:
    """Whether the pair is 0, 0, which people and programs write for "unknown"."""
    return lon == 0 and lat == 0


def is_in_indonesia(lon: float, lat: float) -> bool:
    """Whether the pair lies where Indonesia does."""
    return LON_RANGE[0] <= lon <= LON_RANGE[1] and LAT_RANGE[0] <= lat <= LAT_RANGE[1]


def are_swapped(lon: float, lat: float) -> bool:
    """Whether the pair lies in Indonesia only after being turned round."""
    return not is_in_indonesia(lon, lat) and is_in_indonesia(lat, lon)


def lacks_sign(lon: float, lat: float) -> bool:
    """Whether the latitude, positive and too large, fits Indonesia with a minus before it."""
    return not is_in_indonesia(lon, lat) and lat > 0 and is_in_indonesia(lon, -lat)


def decimals_of(text: str) -> int:
    """How many decimals of a degree are written; those of seconds count as finer than that."""
    found = re.fullmatch(r"[+-]?[0-9]+(?:[.,]([0-9]+))?.*", text.strip())
    if found is None or not _DECIMAL.fullmatch(text.strip().upper()):
        return 4
    return len(found[1] or "")


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """How far apart two positions (lon, lat in degrees) are; 0.5 % exact within a regency."""
    east = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, a[1] - b[1]) * METRES_PER_DEGREE
