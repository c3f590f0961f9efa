"""Writing roads, surveys and boat links; and single roads that can be taken back."""

from geo.roads.services.revising import (
    GivenRoad,
    RoadOfOthers,
    revise_roads,
    verify_roads,
    withdraw_roads,
)
from geo.roads.services.saving import (
    PUBLISHED,
    Written,
    remove_demo_crossings,
    remove_demo_roads,
    save_crossings,
    save_roads,
    save_segments,
    save_surveys,
)

__all__ = [
    "PUBLISHED",
    "GivenRoad",
    "RoadOfOthers",
    "Written",
    "remove_demo_crossings",
    "remove_demo_roads",
    "revise_roads",
    "save_crossings",
    "save_roads",
    "save_segments",
    "save_surveys",
    "verify_roads",
    "withdraw_roads",
]
