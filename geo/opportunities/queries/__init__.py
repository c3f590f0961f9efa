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
from geo.opportunities.queries.surroundings import Surroundings, read_surroundings

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
    "read_surroundings",
    "search_opportunities",
]
