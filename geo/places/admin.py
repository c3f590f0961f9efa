"""Places for the administrator, for reading: lists are imported, never typed in one by one."""

from django.contrib import admin

from geo.places.models import Place


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "village", "identifier", "precision", "closed_on")
    list_filter = ("kind", "precision")
    list_select_related = ("kind", "village")
    search_fields = ("name", "identifier")
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
