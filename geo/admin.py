"""What the administrator sees, by room."""

from geo.accounts.admin import AssignmentAdmin, UserAdmin
from geo.areas.admin import AreaAdmin
from geo.indicators.admin import ObservationAdmin
from geo.opportunities.admin import OpportunityAdmin
from geo.places.admin import PlaceAdmin
from geo.population.admin import LedgerMonthAdmin
from geo.roads.admin import RoadAdmin
from geo.travel.admin import TravelRunAdmin

__all__ = [
    "AreaAdmin",
    "AssignmentAdmin",
    "LedgerMonthAdmin",
    "ObservationAdmin",
    "OpportunityAdmin",
    "PlaceAdmin",
    "RoadAdmin",
    "TravelRunAdmin",
    "UserAdmin",
]
