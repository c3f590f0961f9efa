"""Boat links and what was computed, for the administrator, to look at."""

from django.contrib import admin

from geo.roads.admin import ReadOnlyAdmin
from geo.travel.models import AmbulanceAccess, TravelRun


@admin.register(TravelRun)
class TravelRunAdmin(ReadOnlyAdmin):
    list_display = ["regency", "computed_at", "period", "speeds_valid_from", "is_demo"]
    list_select_related = ["regency"]
    exclude = ["topojson", "findings"]


@admin.register(AmbulanceAccess)
class AmbulanceAccessAdmin(ReadOnlyAdmin):
    list_display = ["village", "season", "outcome", "minutes", "off_road_m"]
    list_filter = ["season", "outcome"]
    list_select_related = ["village"]
    search_fields = ["village__code", "village__name"]
