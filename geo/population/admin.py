"""The book of population changes, for the administrator, to look at: it is changed by import."""

from django.contrib import admin

from geo.indicators.admin import ReadOnlyAdmin
from geo.population.models import LedgerMonth


@admin.register(LedgerMonth)
class LedgerMonthAdmin(ReadOnlyAdmin):
    list_display = ["area", "period", "revision", "recomputed_from", "superseded_at", "source"]
    list_filter = ["source"]
    search_fields = ["area__code", "area__name", "period"]
    list_select_related = ["area", "source"]
    show_full_result_count = False
