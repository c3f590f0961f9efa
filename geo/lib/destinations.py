"""``data/travel/destinations.toml``: to where minutes are counted, and who counts as where.

A *target* is one indicator: to the nearest place of some kinds, or to points
named here. Points stand at a village's interior point or at lon, lat.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geo.lib.declarations import (
    BOTH,
    TABLE,
    TABLE_OR_NONE,
    Fault,
    Reading,
    Rule,
    is_code,
    is_list_of,
    is_number,
    is_table,
    is_text,
    one_of,
    written,
)
from geo.lib.travel_speeds import ABOVE_ZERO, NOT_NEGATIVE, SEASONS, SOURCE_KEYS, VEHICLES

AREA_CODE = re.compile(r"\d{2}\.\d{2}(\.\d{2}(\.\d{4})?)?")
WITHIN = ["regency", "district"]


def _is_vehicle(value: object) -> bool:
    return isinstance(value, str) and value in VEHICLES


KINDS = Rule("place_kinds", is_list_of(is_code))
CARRIED = Rule("vehicles", is_list_of(_is_vehicle), required=True)
AREA = Rule("area_code", lambda value: AREA_CODE.fullmatch(str(value)) is not None)
CODE = Rule("indicator", is_code, required=True)

FILE_KEYS = {
    "source": TABLE,
    "targets": TABLE,
    "ambulance": TABLE,
    "weight": TABLE,
    "points": TABLE_OR_NONE,
}
TARGET_KEYS = {
    "kinds": KINDS,
    "points": Rule("indicator", is_code),
    "vehicles": CARRIED,
    "season": one_of(SEASONS, required=True),
    "within": one_of(WITHIN),
}
AMBULANCE_KEYS = {
    "kinds": Rule("place_kinds", is_list_of(is_code), required=True),
    "closed_kmh": ABOVE_ZERO,
    "indicators": TABLE,
}
WEIGHT_KEYS = {"indicator": CODE, "of": CODE}
POINT_KEYS = {
    "name": BOTH,
    "source": BOTH,
    "within_m": Rule("above_zero", ABOVE_ZERO.fits),
    "at": Rule("grades", is_list_of(is_table), required=True),
}
SPOT_KEYS = {
    "lon": Rule("longitude", lambda value: is_number(value) and 90 <= value <= 145),
    "lat": Rule("latitude", lambda value: is_number(value) and -15 <= value <= 10),
    "village": AREA,
    "district": AREA,
    "minutes": Rule("zero_or_more", NOT_NEGATIVE.fits),
    "name": Rule("text", is_text),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One entrance of a named destination; ``minutes`` go by between it and the goal itself."""

    lon: float | None
    lat: float | None
    village: str
    district: str
    minutes: float
    name: str


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A destination that has a name: the port, the city, the offices of the districts."""

    code: str
    name_id: str
    name_en: str
    sources: Mapping[str, str]
    within_m: float | None
    at: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One indicator of minutes: to places of ``kinds``, or to the named point ``points``."""

    indicator: str
    kinds: tuple[str, ...]
    points: str
    vehicles: tuple[str, ...]
    season: str
    within: str


@dataclass(frozen=True, slots=True)
class Destinations:
    """All that the file declares; points by code of the regency and of the point."""

    targets: tuple[Target, ...]
    ambulance_kinds: tuple[str, ...]
    ambulance_indicators: Mapping[str, str]
    closed_kmh: float
    weight: str
    weight_of: str
    points: Mapping[str, Mapping[str, NamedPoint]] = field(default_factory=dict)

    @property
    def indicators(self) -> list[str]:
        """Codes of all indicators that are computed."""
        return [
            *(target.indicator for target in self.targets),
            *self.ambulance_indicators.values(),
            self.weight,
        ]

    @property
    def kinds(self) -> set[str]:
        """Codes of all kinds of places that are destinations."""
        return {kind for target in self.targets for kind in target.kinds} | set(
            self.ambulance_kinds
        )


def read_destinations(text: str, file: str) -> tuple[Destinations | None, list[Fault]]:
    """Read the file; None where there are faults, and the faults are all there are."""
    reading = Reading(file)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reading.note("", str(error), "toml")
        return None, reading.faults
    whole = reading.check(tables, FILE_KEYS, "")
    reading.check(whole.get("source", {}), SOURCE_KEYS, "source.")
    targets = [_target(reading, code, t) for code, t in whole.get("targets", {}).items()]
    ambulance = reading.check(whole.get("ambulance", {}), AMBULANCE_KEYS, "ambulance.")
    seasons = reading.check(
        ambulance.get("indicators", {}), dict.fromkeys(SEASONS, CODE), "ambulance.indicators."
    )
    weight = reading.check(whole.get("weight", {}), WEIGHT_KEYS, "weight.")
    points = {
        regency: {
            code: _point(reading, code, table, f'points."{regency}".{code}.')
            for code, table in named.items()
        }
        for regency, named in whole.get("points", {}).items()
    }
    if reading.faults:
        return None, reading.faults
    return (
        Destinations(
            targets=tuple(targets),
            ambulance_kinds=tuple(ambulance["kinds"]),
            ambulance_indicators=seasons,
            closed_kmh=ambulance["closed_kmh"],
            weight=weight["indicator"],
            weight_of=weight["of"],
            points=points,
        ),
        [],
    )


def _target(reading: Reading, code: str, table: Any) -> Target:
    where = f"targets.{code}"
    given = reading.check(table if is_table(table) else {}, TARGET_KEYS, f"{where}.")
    if ("kinds" in given) == ("points" in given):
        found = "both" if "kinds" in given else "nothing"
        reading.note(where, found, "kinds_or_points")
    return Target(
        indicator=code,
        kinds=tuple(given.get("kinds", ())),
        points=given.get("points", ""),
        vehicles=tuple(given.get("vehicles", ())),
        season=given.get("season", ""),
        within=given.get("within", "regency"),
    )


def _point(reading: Reading, code: str, table: Any, where: str) -> NamedPoint:
    given = reading.check(table if is_table(table) else {}, POINT_KEYS, where)
    spots = []
    for number, entry in enumerate(given.get("at", []), start=1):
        here = f"{where}at[{number}]"
        spot = reading.check(entry, SPOT_KEYS, f"{here}.")
        if ("village" in entry) == ("lon" in entry or "lat" in entry) or (
            ("lon" in entry) != ("lat" in entry)
        ):
            reading.note(here, written(sorted(entry)), "spot")
        spots.append(
            Spot(
                lon=spot.get("lon"),
                lat=spot.get("lat"),
                village=spot.get("village", ""),
                district=spot.get("district", ""),
                minutes=spot.get("minutes", 0),
                name=spot.get("name", ""),
            )
        )
    name = given.get("name", {})
    return NamedPoint(
        code=code,
        name_id=name.get("id", ""),
        name_en=name.get("en", ""),
        sources=given.get("source", {}),
        within_m=given.get("within_m"),
        at=tuple(spots),
    )
