"""Roads, what surveys found of them, boat links, and how roads stood before a change."""

from geo.roads.models.network import (
    CONDITION_FIELDS,
    FLOAT_SLACK_M,
    NUMBER_SHAPE,
    SUM_TOLERANCE_M,
    SURFACE_FIELDS,
    Authority,
    Condition,
    Crossing,
    Road,
    RoadLayer,
    RoadPart,
    RoadSegment,
    RoadSurvey,
    Season,
    Surface,
    Vehicle,
)
from geo.roads.models.revisions import RoadRevision

__all__ = [
    "CONDITION_FIELDS",
    "FLOAT_SLACK_M",
    "NUMBER_SHAPE",
    "SUM_TOLERANCE_M",
    "SURFACE_FIELDS",
    "Authority",
    "Condition",
    "Crossing",
    "Road",
    "RoadLayer",
    "RoadPart",
    "RoadRevision",
    "RoadSegment",
    "RoadSurvey",
    "Season",
    "Surface",
    "Vehicle",
]
