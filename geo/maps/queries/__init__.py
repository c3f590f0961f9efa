"""Everything that one view of the map shows, and what can be chosen instead."""

from geo.maps.queries.choices import Choice, Choices, LayerChoice, read_choices
from geo.maps.queries.scenes import Outlines, Row, Scene, Standing, read_scene

__all__ = [
    "Choice",
    "Choices",
    "LayerChoice",
    "Outlines",
    "Row",
    "Scene",
    "Standing",
    "read_choices",
    "read_scene",
]
