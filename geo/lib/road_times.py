"""Minutes over pieces of one road, and what closes them: from its stretches and the speeds.

Imported by batch code only: it needs NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo.lib.travel_speeds import SpeedTable, Stretch, minutes

# Less than this of a closed stretch on a piece is a slip of measuring, not a stretch.
LEAST_OVERLAP_M = 1.0


@dataclass(frozen=True)
class RoadTimes:
    """One road as a vehicle meets it.

    ``stretches`` come in their order along the road where a survey of segments
    says so (``is_located``). Otherwise they are spread evenly, and where one
    closes the road nobody knows: then the whole road counts as closed.
    ``line_m`` is the length of the road's line, on which pieces are measured.
    """

    authority: str
    stretches: Sequence[Stretch]
    is_located: bool
    line_m: float

    @cached_property
    def _limits_m(self) -> np.ndarray:
        """Ends of the stretches on the line; stated lengths are fitted to its length."""
        lengths = np.array([stretch.length_m for stretch in self.stretches])
        return np.concatenate([[0.0], np.cumsum(lengths)]) * (self.line_m / lengths.sum())

    def closing(self, speeds: SpeedTable, vehicle: str, season: str) -> list[int]:
        """Places of the stretches that let the vehicle not through.

        Short ones do not count: by themselves where they are located, all
        together where they are not.
        """
        shut = [
            place
            for place, stretch in enumerate(self.stretches)
            if speeds.speed_kmh(vehicle, season, stretch, self.authority) == 0
        ]
        least_m = min(speeds.network["closes_from_m"], self.line_m)
        if self.is_located:
            return [p for p in shut if self.stretches[p].length_m >= least_m]
        total_m = sum(self.stretches[place].length_m for place in shut)
        return shut if shut and total_m >= least_m else []

    def minutes(
        self,
        speeds: SpeedTable,
        vehicle: str,
        season: str,
        from_m: np.ndarray,
        to_m: np.ndarray,
    ) -> np.ndarray:
        """Minutes over pieces of the road, infinite where a piece is closed.

        Parameters
        ----------
        from_m, to_m : array of float, shape (n,)
            On the line, in metres.
        """
        walking = speeds.network["walking_kmh"]
        spent = [
            minutes(s.length_m, speeds.speed_kmh(vehicle, season, s, self.authority) or walking)
            for s in self.stretches
        ]
        passed = np.concatenate([[0.0], np.cumsum(spent)])
        # The line may be longer or shorter than the road as it was surveyed.
        passed *= self.line_m / sum(stretch.length_m for stretch in self.stretches)
        shut = self.closing(speeds, vehicle, season)
        if not self.is_located:
            rate = passed[-1] / self.line_m
            return np.where(bool(shut), np.inf, (to_m - from_m) * rate)
        found = np.interp(to_m, self._limits_m, passed) - np.interp(from_m, self._limits_m, passed)
        for place in shut:
            found = np.where(self._overlap_m(place, from_m, to_m) >= LEAST_OVERLAP_M, np.inf, found)
        return found

    def _overlap_m(self, place: int, from_m: np.ndarray, to_m: np.ndarray) -> np.ndarray:
        start_m, end_m = self._limits_m[place], self._limits_m[place + 1]
        return np.minimum(to_m, end_m) - np.maximum(from_m, start_m)

    def closing_on(
        self, speeds: SpeedTable, vehicle: str, season: str, from_m: float, to_m: float
    ) -> list[Stretch]:
        """The stretches that close the piece between two points; the longest first.

        Their length is that on the piece where it is known, else that on the whole road.
        """
        shut = self.closing(speeds, vehicle, season)
        if not self.is_located:
            found = [self.stretches[place] for place in shut]
        else:
            found = []
            for place in shut:
                one = self.stretches[place]
                overlap = float(self._overlap_m(place, np.array(from_m), np.array(to_m)))
                if overlap >= LEAST_OVERLAP_M:
                    found.append(Stretch(one.surface, one.condition, overlap, one.width_m))
        return sorted(found, key=lambda stretch: -stretch.length_m)
