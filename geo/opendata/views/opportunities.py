"""Investment opportunities for machines: JSON, GeoJSON and a table."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from ninja import Query

from geo.opendata import forms
from geo.opendata.views import WRONG, unless_unchanged
from geo.opportunities import queries


@unless_unchanged(queries.opportunities_version)
def opportunities(request, asked: Query[forms.OpportunityFilter]):
    """By code, those taken up and closed too. Figures that are not known are null."""
    text = queries.opportunities_json(area=asked.area)
    return HttpResponse(text, content_type="application/json")


@unless_unchanged(queries.opportunities_version)
def opportunities_geojson(request, asked: Query[forms.OpportunityFilter]):
    """The same; `geometry` is null where only the village or district is known."""
    response = HttpResponse(
        queries.opportunities_geojson(area=asked.area), content_type="application/geo+json"
    )
    response["Content-Disposition"] = 'inline; filename="opportunities.geojson"'
    return response


@unless_unchanged(queries.opportunities_version)
def opportunities_csv(request, asked: Query[forms.OpportunityFilter]):
    """UTF-8 with byte order mark and semicolons."""
    response = HttpResponse(
        queries.opportunities_csv(area=asked.area), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="opportunities.csv"'
    return response


def register(api):
    """Give the opportunities their addresses, before the addresses are listed."""
    api.get(
        "/opportunities",
        response={200: forms.OpportunitiesOut, **WRONG},
        summary=gettext_lazy("Investment opportunities"),
    )(opportunities)
    api.get(
        "/opportunities.geojson",
        response={200: None, **WRONG},
        openapi_extra=forms.GEOJSON_ANSWER,
        summary=gettext_lazy("Investment opportunities, as GeoJSON"),
    )(opportunities_geojson)
    api.get(
        "/opportunities.csv",
        response={200: None, **WRONG},
        openapi_extra=forms.TABLE_ANSWER,
        summary=gettext_lazy("The same opportunities as a table for a spreadsheet"),
    )(opportunities_csv)
