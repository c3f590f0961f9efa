"""Sectors, indicators and observations: everything that is measured."""

from geo.indicators.models.declarations import (
    WITHOUT_VALUE,
    Dataset,
    Direction,
    Frequency,
    Indicator,
    RollUp,
    Scheme,
    Sector,
    Status,
    in_language,
)
from geo.indicators.models.kept import ClassBreaks, DataVersion, KeptFigure, ShownValues
from geo.indicators.models.observed import Observation, ObservationQuerySet, Source

__all__ = [
    "WITHOUT_VALUE",
    "ClassBreaks",
    "DataVersion",
    "Dataset",
    "Direction",
    "Frequency",
    "Indicator",
    "KeptFigure",
    "Observation",
    "ObservationQuerySet",
    "RollUp",
    "Scheme",
    "Sector",
    "ShownValues",
    "Source",
    "Status",
    "in_language",
]
