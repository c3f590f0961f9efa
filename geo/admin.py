"""What the administrator sees, by room."""

from geo.accounts.admin import UserAdmin
from geo.areas.admin import AreaAdmin
from geo.indicators.admin import ObservationAdmin

__all__ = ["AreaAdmin", "ObservationAdmin", "UserAdmin"]
