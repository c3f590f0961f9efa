"""Roads and surveys, for the administrator, to look at; they change by import."""

from django.contrib import admin

from geo.roads.models import Crossing, Road, RoadSegment, RoadSurvey


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Road)
class RoadAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "authority", "length_m", "line_length_m", "source"]
    list_filter = ["authority", "source__is_demo"]
    list_select_related = ["source"]
    search_fields = ["number", "name"]
    # The line is drawn on the road's own page; as text it is thousands of numbers.
    exclude = ["line"]


@admin.register(RoadSurvey)
class RoadSurveyAdmin(ReadOnlyAdmin):
    list_display = ["road", "year", "length_m", "good_m", "fair_m", "source"]
    list_filter = ["year"]
    list_select_related = ["road", "source"]
    search_fields = ["road__number", "road__name"]


@admin.register(RoadSegment)
class RoadSegmentAdmin(ReadOnlyAdmin):
    list_display = ["road", "year", "from_m", "to_m", "surface", "condition", "iri", "sdi"]
    list_filter = ["year", "condition"]
    list_select_related = ["road"]
    search_fields = ["road__number", "road__name"]


@admin.register(Crossing)
class CrossingAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "minutes", "speed_kmh", "waiting_minutes", "vehicles", "source"]
    list_filter = ["source__is_demo"]
    list_select_related = ["source"]
    search_fields = ["code", "name"]
    exclude = ["line"]
