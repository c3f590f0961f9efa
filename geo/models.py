"""Every table, by room."""

from geo.accounts.models import User
from geo.areas.models import Area, AreaAlias, AreaChange, BoundarySource, Outline
from geo.indicators.models import ClassBreaks, Indicator, Observation, Sector, Source

__all__ = [
    "Area",
    "AreaAlias",
    "AreaChange",
    "BoundarySource",
    "ClassBreaks",
    "Indicator",
    "Observation",
    "Outline",
    "Sector",
    "Source",
    "User",
]
