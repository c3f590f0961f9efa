"""Invented figures that look like a regency: seeded, smooth in space and time.

Nothing here is a measurement. Everything follows from the seed and from where
the areas lie, so that two machines show the same demonstration.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

KM_PER_DEGREE = 111.2
TOWN_REACH_KM = 7.0
N_WAVES = 6


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows a demonstration made; all 0 where real ones stand, which it leaves alone."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """One area as far as the invention needs it; lon, lat in degrees or None."""

    code: str
    is_urban: bool
    lon: float | None
    lat: float | None
    area_km2: float | None


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an area lies between town (1) and wilderness: ``town``, ``remote`` in 0–1."""

    code: str
    town: float
    remote: float
    size: float
    lon: float
    lat: float


def settings_of(places: Sequence[Place], seed: int) -> list[Setting]:
    """Say of each place how urban and how remote it is.

    Urban places (kelurahan) are the towns; without any, the smallest tenth is.
    A place without a point lies somewhere among its siblings, whose code
    begins like its own.
    """
    points = {place.code: _point(place, places, seed) for place in places}
    towns = [points[place.code] for place in _urban(places)]
    centre = _mean(towns)
    far = max((distance_km(point, centre) for point in points.values()), default=0) or 1
    typical = _median([place.area_km2 for place in places if place.area_km2]) or 1
    found = []
    for place in places:
        point = points[place.code]
        nearest = min(distance_km(point, town) for town in towns)
        town = 1.0 if place.is_urban else 0.8 * math.exp(-nearest / TOWN_REACH_KM)
        remote = distance_km(point, centre) / far
        size = ((place.area_km2 or typical) / typical) ** 0.25
        found.append(Setting(place.code, town, remote, size, *point))
    return found


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance between two points (lon, lat), on a plane: good enough to invent with."""
    east = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, a[1] - b[1]) * KM_PER_DEGREE


class Waves:
    """Smooth noise over the map: a few seeded waves of 20 to 80 km, about −1 … 1."""

    def __init__(self, seed: str) -> None:
        random = Random(seed)  # noqa: S311 (nothing secret)
        self.waves = [
            (
                math.tau * KM_PER_DEGREE / random.uniform(20, 80),
                random.uniform(0, math.tau),
                random.uniform(0, math.tau),
            )
            for _ in range(N_WAVES)
        ]

    def at(self, setting: Setting) -> float:
        """Height of the noise at a place."""
        heights = (
            math.sin(k * (setting.lon * math.cos(turn) + setting.lat * math.sin(turn)) + phase)
            for k, turn, phase in self.waves
        )
        return sum(heights) / math.sqrt(N_WAVES)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one indicator is made; see data/demo/demo.toml for the meaning of each number."""

    kind: str
    of: str = ""
    base: float = 0
    town: float = 0
    remote: float = 0
    trend: float = 0
    spread: float = 0
    per_household: Any = 0.002
    low: float | None = None
    high: float | None = None
    decimals: int = 0


class World:
    """One invented regency: households first, everything else in keeping with them."""

    def __init__(
        self,
        settings: Sequence[Setting],
        seed: int,
        growth_percent: tuple[float, float],
        recipes: Mapping[str, Recipe] | None = None,
    ) -> None:
        self.settings = settings
        self.seed = seed
        self.growth_percent = growth_percent
        self.recipes = recipes or {}
        self.waves: dict[str, Waves] = {}

    def value(self, indicator: str, recipe: Recipe, setting: Setting, years: float) -> float:
        """Return the value ``years`` after the first, within the recipe's range."""
        makers = {
            "households": self._households,
            "persons": self._persons,
            "count": self._count,
            "level": self._level,
            "part": self._part,
            "times": self._times,
        }
        value = makers[recipe.kind](indicator, recipe, setting, years)
        low = value if recipe.low is None else recipe.low
        high = value if recipe.high is None else recipe.high
        return round(min(max(value, low), high), recipe.decimals) + 0.0

    def _noise(self, indicator: str, setting: Setting) -> float:
        if indicator not in self.waves:
            self.waves[indicator] = Waves(f"{self.seed}-{indicator}")
        return 0.7 * self.waves[indicator].at(setting) + 0.5 * self._own(
            indicator, setting, -1.7, 1.7
        )

    def _own(self, indicator: str, setting: Setting, low: float, high: float) -> float:
        """A number of this indicator and place alone, the same in every year."""
        return Random(f"{self.seed}-{indicator}-{setting.code}").uniform(low, high)  # noqa: S311

    def _households(self, indicator: str, recipe: Recipe, setting: Setting, years: float) -> float:
        slow, fast = self.growth_percent
        growth = 1 + (slow + (fast - slow) * setting.town) / 100
        start = recipe.base * setting.size * (1 + 1.6 * setting.town) * (1 - 0.35 * setting.remote)
        return max(start * math.exp(0.4 * self._noise(indicator, setting)), 25) * growth**years

    def _persons(self, indicator: str, recipe: Recipe, setting: Setting, years: float) -> float:
        low, high = recipe.per_household
        share = 0.5 + 0.25 * self._noise(indicator, setting) - 0.2 * (setting.town - 0.5)
        size = low + (high - low) * min(max(share, 0), 1) - 0.012 * years
        return round(self._of_households(setting, years)) * size

    def _count(self, indicator: str, recipe: Recipe, setting: Setting, years: float) -> float:
        ready = self._of_households(setting, years) * recipe.per_household
        ready *= math.exp(0.3 * self._noise(indicator, setting)) * (1 + recipe.trend * years)
        ready *= 1 + recipe.town * setting.town
        return math.floor(ready + self._own(f"{indicator}-start", setting, 0, 1))

    def _level(self, indicator: str, recipe: Recipe, setting: Setting, years: float) -> float:
        steady = recipe.base + recipe.town * setting.town + recipe.remote * setting.remote**2
        return steady + recipe.trend * years + recipe.spread * self._noise(indicator, setting)

    def _part(self, indicator: str, recipe: Recipe, setting: Setting, years: float) -> float:
        """Some of another count, never more than all of it."""
        whole = self.value(recipe.of, self.recipes[recipe.of], setting, years)
        share = self._level(indicator, recipe, setting, years)
        return math.floor(whole * min(max(share, 0), 1) + 0.5)

    def _times(self, indicator: str, recipe: Recipe, setting: Setting, years: float) -> float:
        """So much for each unit of another count: tonnes for each hectare."""
        whole = self.value(recipe.of, self.recipes[recipe.of], setting, years)
        return whole * max(self._level(indicator, recipe, setting, years), 0)

    def _of_households(self, setting: Setting, years: float) -> float:
        return self._households("households", self.households, setting, years)

    # Other worlds of the same kind may set another size of the typical village.
    households = Recipe("households", base=620)


def is_left_out(seed: int, indicator: str, code: str, period: str, share: float) -> bool:
    """Whether this figure "did not come in", so that gaps can be seen too."""
    return Random(f"{seed}-gap-{indicator}-{code}-{period}").random() < share  # noqa: S311


def _urban(places: Sequence[Place]) -> list[Place]:
    urban = [place for place in places if place.is_urban]
    if urban or not places:
        return urban
    by_size = sorted(places, key=lambda place: (place.area_km2 or math.inf, place.code))
    return by_size[: max(len(places) // 10, 1)]


def _point(place: Place, places: Sequence[Place], seed: int) -> tuple[float, float]:
    if place.lon is not None and place.lat is not None:
        return place.lon, place.lat
    random = Random(f"{seed}-point-{place.code}")  # noqa: S311
    district = place.code.rpartition(".")[0]
    siblings = [p for p in places if p.code.startswith(district)]
    near = [(p.lon, p.lat) for p in siblings if p.lon is not None and p.lat is not None]
    lon, lat = _mean(near)
    return lon + random.uniform(-0.02, 0.02), lat + random.uniform(-0.02, 0.02)


def _mean(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    if not points:
        return 0.0, 0.0
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _median(values: Sequence[float]) -> float | None:
    return sorted(values)[len(values) // 2] if values else None
