"""All that is known of one area, and of several beside each other."""

from geo.profiles.queries.comparisons import (
    MOST_COMPARED,
    Comparison,
    SmallMap,
    nearby_areas,
    read_comparison,
    small_maps,
)
from geo.profiles.queries.profiles import Card, Fact, Profile, read_profile

__all__ = [
    "MOST_COMPARED",
    "Card",
    "Comparison",
    "Fact",
    "Profile",
    "SmallMap",
    "nearby_areas",
    "read_comparison",
    "read_profile",
    "small_maps",
]
