"""How long a kilometre is on a printed map."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.lib.pictures import Picture, mercator_y

# WGS 84, in metres and as a pure number.
EQUATORIAL_RADIUS_M = 6_378_137.0
ECCENTRICITY_SQUARED = 0.006_694_379_990_14


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A round length on the ground, and how long it is on paper."""

    length_km: float
    width_mm: float
    one_to: int


def middle_lat(picture: Picture) -> float:
    """The latitude (degrees) in the middle of the drawing, which is Web Mercator."""
    _, south, _, north = picture["bounds"]
    middle = math.radians((mercator_y(south) + mercator_y(north)) / 2)
    return math.degrees(math.atan(math.sinh(middle)))


def ground_m_per_unit(picture: Picture) -> float:
    """Metres on the ground along the parallel in the middle, for one unit of the drawing.

    A degree of longitude on the ellipsoid, by Snyder (1987), *Map projections*, eq. 4-20.
    Web Mercator stretches by 1 ÷ cos(latitude): a bar made for the equator would lie.
    """
    west, _, east, _ = picture["bounds"]
    lat = math.radians(middle_lat(picture))
    curvature = math.sqrt(1 - ECCENTRICITY_SQUARED * math.sin(lat) ** 2)
    degree_m = math.radians(1) * EQUATORIAL_RADIUS_M * math.cos(lat) / curvature
    return degree_m * (east - west) / picture["width"]


def scale_bar(picture: Picture, mm_per_unit: float, longest_mm: float = 50) -> ScaleBar:
    """The longest bar of 1, 2, 2.5 or 5 × 10ⁿ km that is no longer than ``longest_mm``.

    Parameters
    ----------
    mm_per_unit
        Millimetres on paper for one unit of the drawing.
    """
    km_per_mm = ground_m_per_unit(picture) / mm_per_unit / 1000
    length_km = _rounded_down(longest_mm * km_per_mm)
    return ScaleBar(length_km, length_km / km_per_mm, round(km_per_mm * 1e6))


def _rounded_down(longest: float) -> float:
    power = 10.0 ** math.floor(math.log10(longest))
    return max(m * power for m in (1, 2, 2.5, 5) if m * power <= longest * (1 + 1e-9))
