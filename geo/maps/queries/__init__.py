"""Everything that one view of the map shows, and what can be chosen instead."""

from geo.maps.queries.choices import Choice, Choices, LayerChoice, read_choices
from geo.maps.queries.scales import Row
from geo.maps.queries.scenes import Outlines, Scene, read_scene
from geo.maps.queries.series import Series, SmallMap, read_series, years_of

__all__ = [
    "Choice",
    "Choices",
    "LayerChoice",
    "Outlines",
    "Row",
    "Scene",
    "Series",
    "SmallMap",
    "read_choices",
    "read_scene",
    "read_series",
    "years_of",
]
