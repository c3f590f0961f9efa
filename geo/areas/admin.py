"""Areas, for the administrator. Boundaries come by load_boundaries, never by hand:
one moved corner would open a gap to the neighbour."""

from django.contrib import admin

from geo.areas.models import Area, AreaAlias, AreaChange, BoundarySource


class AliasInline(admin.TabularInline):
    model = AreaAlias
    extra = 0


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "kind", "parent", "bps_code", "boundary_status", "valid_to"]
    list_filter = ["level", "kind", "boundary_status"]
    search_fields = ["code", "name", "bps_code", "aliases__name"]
    list_select_related = ["parent"]
    exclude = ["boundary", "interior_point"]
    readonly_fields = ["code", "level", "parent", "boundary_status", "boundary_source", "area_km2"]
    inlines = [AliasInline]


@admin.register(AreaChange)
class AreaChangeAdmin(admin.ModelAdmin):
    list_display = ["predecessor", "successor", "nature", "date", "share"]
    autocomplete_fields = ["predecessor", "successor"]


@admin.register(BoundarySource)
class BoundarySourceAdmin(admin.ModelAdmin):
    list_display = ["title", "publisher", "licence", "version", "loaded_at"]
