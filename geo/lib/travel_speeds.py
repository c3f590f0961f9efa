"""``data/roads/speeds.toml``: how fast which vehicle is on which road, and where it stops.

Plain Python. A *stretch* is a length of road of one surface and condition. A
survey tells how many metres there are of each surface and of each condition,
not which go together: see ``pair_stretches``.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.lib.declarations import BOTH, TABLE, TEXT, Fault, Reading, Rule, is_number, one_of

LAND_VEHICLES = ("car", "truck", "motorcycle", "ambulance")
BOAT = "boat"
VEHICLES = (*LAND_VEHICLES, BOAT)
SEASONS = ("dry", "wet")
# Each from the best to the worst.
SURFACES = ("asphalt", "concrete", "gravel", "earth")
CONDITIONS = ("good", "fair", "light_damage", "heavy_damage")
AUTHORITIES = ("nasional", "provinsi", "kabupaten", "desa")
# The rank whose speeds the table states.
BASE_RANK = "kabupaten"
FASTEST_KMH = 130
LEAST_M = 1e-6

NOT_NEGATIVE = Rule("zero_or_more", lambda value: is_number(value) and value >= 0, required=True)
ABOVE_ZERO = Rule("above_zero", lambda value: is_number(value) and value > 0, required=True)
SPEED = Rule("speed", lambda value: is_number(value) and 0 <= value <= FASTEST_KMH, required=True)
DAY = Rule("day", lambda value: type(value) is datetime.date, required=True)

FILE_KEYS = {
    "valid_from": DAY,
    "source": TABLE,
    "network": TABLE,
    "rank_kmh": TABLE,
    "unsurveyed": TABLE,
    "vehicles": TABLE,
}
SOURCE_KEYS = {
    "title": TEXT,
    "publisher": TEXT,
    "licence": TEXT,
    "date": DAY,
    "note": Rule("text", TEXT.fits),
}
# Of a table that pages show, the title is in both languages.
SHOWN_SOURCE_KEYS = SOURCE_KEYS | {"title": BOTH}
NETWORK_KEYS = {
    "snap_m": ABOVE_ZERO,
    "jetty_snap_m": ABOVE_ZERO,
    "walking_kmh": ABOVE_ZERO,
    "village_reach_m": ABOVE_ZERO,
    "place_reach_m": ABOVE_ZERO,
    "carried_m": NOT_NEGATIVE,
    "closes_from_m": NOT_NEGATIVE,
}
RANK_KEYS = dict.fromkeys(AUTHORITIES, ABOVE_ZERO)
ASSUMED_KEYS = {
    "surface": one_of(SURFACES, required=True),
    "condition": one_of(CONDITIONS, required=True),
}
LAND_KEYS = {"name": BOTH, "least_width_m": NOT_NEGATIVE, **dict.fromkeys(SEASONS, TABLE)}
BOAT_KEYS = {"name": BOTH, "water_kmh": ABOVE_ZERO}


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many metres of one surface and condition; ``is_assumed`` where nobody surveyed it."""

    surface: str
    condition: str
    length_m: float
    width_m: float | None = None
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class SpeedTable:
    """The table as declared; speeds by (vehicle, season, surface, condition), in km/h."""

    valid_from: datetime.date
    titles: Mapping[str, str]
    network: Mapping[str, float]
    rank_kmh: Mapping[str, float]
    unsurveyed: Mapping[str, Mapping[str, str]]
    names: Mapping[str, Mapping[str, str]]
    least_width_m: Mapping[str, float]
    kmh: Mapping[tuple[str, str, str, str], float]
    water_kmh: float

    def speed_kmh(self, vehicle: str, season: str, stretch: Stretch, authority: str) -> float:
        """Speed on a stretch of a road of some rank; 0 where the vehicle does not get through."""
        if stretch.width_m is not None and stretch.width_m < self.least_width_m[vehicle]:
            return 0.0
        base = self.kmh[vehicle, season, stretch.surface, stretch.condition]
        return base * self.rank_kmh[authority] / self.rank_kmh[BASE_RANK]

    def minutes_of(self, vehicle: str, season: str, stretch: Stretch, authority: str) -> float:
        """Minutes over a stretch; infinite where the vehicle does not get through."""
        return minutes(stretch.length_m, self.speed_kmh(vehicle, season, stretch, authority))

    def assumed(self, authority: str, length_m: float, width_m: float | None = None) -> Stretch:
        """What is taken of a road that nobody has surveyed."""
        kinds = self.unsurveyed[authority]
        return Stretch(kinds["surface"], kinds["condition"], length_m, width_m, is_assumed=True)


def minutes(length_m: float, speed_kmh: float) -> float:
    """Minutes for so many metres; infinite at 0 km/h, 0 for no way at all."""
    if length_m == 0:
        return 0.0
    return length_m / 1000 / speed_kmh * 60 if speed_kmh > 0 else float("inf")


def pair_stretches(
    surfaces_m: Mapping[str, float], conditions_m: Mapping[str, float], width_m: float | None = None
) -> list[Stretch]:
    """Put the surfaces and conditions of a survey together: the worst with the worst.

    A survey counts both over the whole road and does not say which metres are
    the same. The cautious reading is taken: heavy damage lies on the poorest
    surface. Lengths of the stretches add up to those of the conditions.

    Parameters
    ----------
    surfaces_m, conditions_m
        Metres by class; both add up to about the same length.
    """
    whole_m = sum(conditions_m.values())
    scale = whole_m / (sum(surfaces_m.values()) or 1)
    free_m = {name: surfaces_m.get(name, 0.0) * scale for name in SURFACES}
    found = []
    for condition in CONDITIONS:
        left_m = conditions_m.get(condition, 0.0)
        for surface in SURFACES:
            taken_m = min(left_m, free_m[surface])
            if taken_m > LEAST_M:
                found.append(Stretch(surface, condition, taken_m, width_m))
                free_m[surface] -= taken_m
                left_m -= taken_m
    return found


# --- reading -----------------------------------------------------------------------------


def read_speeds(text: str, file: str) -> tuple[SpeedTable | None, list[Fault]]:
    """Read the table; it is None where there are faults, and the faults are all there are."""
    reading = Reading(file)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reading.note("", str(error), "toml")
        return None, reading.faults
    whole = reading.check(tables, FILE_KEYS, "")
    source = reading.check(whole.get("source", {}), SHOWN_SOURCE_KEYS, "source.")
    network = reading.check(whole.get("network", {}), NETWORK_KEYS, "network.")
    ranks = reading.check(whole.get("rank_kmh", {}), RANK_KEYS, "rank_kmh.")
    assumed = reading.check(
        whole.get("unsurveyed", {}), dict.fromkeys(AUTHORITIES, TABLE), "unsurveyed."
    )
    for authority, table in assumed.items():
        reading.check(table, ASSUMED_KEYS, f"unsurveyed.{authority}.")
    vehicles = reading.check(whole.get("vehicles", {}), dict.fromkeys(VEHICLES, TABLE), "vehicles.")
    kmh = _read_vehicles(reading, vehicles)
    if reading.faults:
        return None, reading.faults
    return (
        SpeedTable(
            valid_from=whole["valid_from"],
            titles=source["title"],
            network=network,
            rank_kmh=ranks,
            unsurveyed=assumed,
            names={code: table["name"] for code, table in vehicles.items()},
            least_width_m={code: vehicles[code]["least_width_m"] for code in LAND_VEHICLES},
            kmh=kmh,
            water_kmh=vehicles[BOAT]["water_kmh"],
        ),
        [],
    )


def _read_vehicles(
    reading: Reading, vehicles: Mapping[str, Any]
) -> dict[tuple[str, str, str, str], float]:
    kmh = {}
    for vehicle, table in vehicles.items():
        where = f"vehicles.{vehicle}."
        if vehicle == BOAT:
            reading.check(table, BOAT_KEYS, where)
            continue
        given = reading.check(table, LAND_KEYS, where)
        for season in (one for one in SEASONS if one in given):
            here = f"{where}{season}."
            surfaces = reading.check(given[season], dict.fromkeys(SURFACES, TABLE), here)
            for surface, speeds in surfaces.items():
                rules = dict.fromkeys(CONDITIONS, SPEED)
                row = reading.check(speeds, rules, f"{here}{surface}.")
                _check_falling(reading, row, f"{here}{surface}")
                kmh.update({(vehicle, season, surface, c): float(v) for c, v in row.items()})
    return kmh


def _check_falling(reading: Reading, row: Mapping[str, float], where: str) -> None:
    """A road in a worse condition is never quicker."""
    speeds: Sequence[float] = [row[condition] for condition in CONDITIONS if condition in row]
    if list(speeds) != sorted(speeds, reverse=True):
        reading.note(where, str(list(speeds)), "falling_speeds")
