"""What the administrator sees, by room."""

from geo.accounts.admin import UserAdmin
from geo.areas.admin import AreaAdmin
from geo.indicators.admin import ObservationAdmin
from geo.places.admin import PlaceAdmin
from geo.population.admin import LedgerMonthAdmin
from geo.roads.admin import RoadAdmin

__all__ = [
    "AreaAdmin",
    "LedgerMonthAdmin",
    "ObservationAdmin",
    "PlaceAdmin",
    "RoadAdmin",
    "UserAdmin",
]
