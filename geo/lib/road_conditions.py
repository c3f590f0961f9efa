"""Condition of a road from a measured index (IRI, SDI): dated, half-open bands."""

from __future__ import annotations

import datetime
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# From the best to the worst.
CONDITIONS = ("good", "fair", "light_damage", "heavy_damage")
MEASURES = ("iri", "sdi")


class NoBands(ValueError):
    """No set of bands holds for the measure and day."""


@dataclass(frozen=True, slots=True)
class BandSet:
    """Lower edges of the classes of one measure, from one day on; rising, the first is 0."""

    measure: str
    valid_from: datetime.date
    edges: tuple[float, ...]


def read_bands(path: Path) -> list[BandSet]:
    """Read ``data/roads/condition_bands.toml``.

    Raises
    ------
    ValueError
        When the bands of a set leave a gap, overlap or do not begin at 0.
    """
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        BandSet(measure, table["valid_from"], _edges(table))
        for measure in MEASURES
        for table in declared.get(measure, [])
    ]


def _edges(table: Mapping) -> tuple[float, ...]:
    bands = [table[name] for name in CONDITIONS]
    ends = [band[1] for band in bands[:-1]]
    starts = [band[0] for band in bands]
    if starts != [0, *ends] or sorted(set(starts)) != starts or len(bands[-1]) != 1:
        raise ValueError(f"bands must follow on one another from 0: {bands}")
    return tuple(float(start) for start in starts)


def bands_on(bands: Sequence[BandSet], measure: str, day: datetime.date) -> BandSet:
    """Return the set that holds for ``measure`` on ``day``.

    Raises
    ------
    NoBands
        None had begun by then.
    """
    begun = [band for band in bands if band.measure == measure and band.valid_from <= day]
    if not begun:
        raise NoBands(measure, day)
    return max(begun, key=lambda band: band.valid_from)


def condition_of(value: float, band: BandSet) -> str:
    """Return the class of an index; an edge belongs to the worse class.

    Parameters
    ----------
    value
        IRI in m/km or SDI, not negative.

    Raises
    ------
    ValueError
        For a negative value, NaN or infinity.
    """
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{value} is not an index of roughness or distress")
    reached = sum(1 for edge in band.edges if value >= edge)
    return CONDITIONS[reached - 1]
