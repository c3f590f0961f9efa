"""Sectors, indicators and figures, for the administrator, to look at.

Sectors are changed in data/sectors, figures by import: here nothing is edited,
so that every figure keeps its source and its history.
"""

from django.contrib import admin

from geo.indicators.models import Indicator, Observation, Sector, Source


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Sector)
class SectorAdmin(ReadOnlyAdmin):
    list_display = ["code", "name_id", "name_en", "position"]


@admin.register(Indicator)
class IndicatorAdmin(ReadOnlyAdmin):
    list_display = ["code", "name_id", "sector", "unit", "frequency", "roll_up", "sensitive"]
    list_filter = ["sector", "roll_up"]
    search_fields = ["code", "name_id", "name_en"]


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    list_display = ["title", "publisher", "entered_by", "verified_by", "is_demo", "recorded_at"]
    list_filter = ["is_demo"]


@admin.register(Observation)
class ObservationAdmin(ReadOnlyAdmin):
    list_display = ["indicator", "area", "period", "value", "status", "revision", "superseded_at"]
    list_filter = ["indicator", "status"]
    search_fields = ["area__code", "area__name"]
    list_select_related = ["indicator", "area"]
    show_full_result_count = False
