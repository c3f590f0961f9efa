"""What the readers of maps hand on: objects as a file has them, nothing sure yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from geo.lib.uploads.faults import Refused

MOST_FEATURES = 50_000


@dataclass(slots=True)
class RawFeature:
    """An object as the file has it; ``geometry`` is like GeoJSON but nothing in it is sure."""

    row: int
    properties: dict[str, Any]
    geometry: Any
    layer: str = ""


@dataclass(slots=True)
class RawMap:
    """What a reader of one format found. ``crs`` is a code, a definition (WKT), or ""."""

    features: list[RawFeature] = field(default_factory=list)
    crs: str = ""
    layers: list[str] = field(default_factory=list)
    encoding: str = ""

    def add(self, properties: dict[str, Any], geometry: Any, layer: str = "") -> None:
        """Take one more object; it gets the next number."""
        if len(self.features) >= MOST_FEATURES:
            raise Refused("too_many_features", most=MOST_FEATURES)
        row = len(self.features) + 1
        self.features.append(RawFeature(row, properties, geometry, layer))
