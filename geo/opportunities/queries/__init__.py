"""Reading opportunities."""

from geo.opportunities.queries.catalogue import (
    Catalogue,
    UnknownOpportunity,
    Wanted,
    find_opportunity,
    opportunities_in,
    search_opportunities,
)
from geo.opportunities.queries.machines import (
    opportunities_csv,
    opportunities_geojson,
    opportunities_json,
    opportunities_version,
)
from geo.opportunities.queries.surroundings import Surroundings, place_map, read_surroundings
from geo.opportunities.queries.words import rupiah

__all__ = [
    "Catalogue",
    "Surroundings",
    "UnknownOpportunity",
    "Wanted",
    "find_opportunity",
    "opportunities_csv",
    "opportunities_geojson",
    "opportunities_in",
    "opportunities_json",
    "opportunities_version",
    "place_map",
    "read_surroundings",
    "rupiah",
    "search_opportunities",
]
