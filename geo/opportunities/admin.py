"""Opportunities for the administrator, for reading: they are brought in and reviewed."""

from django.contrib import admin

from geo.opportunities.models import Opportunity


@admin.register(Opportunity)
class OpportunityAdmin(admin.ModelAdmin):
    list_display = ("code", "title_id", "area", "stage", "status", "recorded_at", "superseded_at")
    list_filter = ("stage", "business", "status")
    list_select_related = ("area",)
    search_fields = ("code", "title_id", "title_en")
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
