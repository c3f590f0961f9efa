"""The catalogue of opportunities, the page of one, and the same as files."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.opportunities.forms import WantedReader, as_query
from geo.opportunities.models import Business, Stage, Zoning
from geo.opportunities.queries import (
    find_opportunity,
    opportunities_csv,
    opportunities_geojson,
    read_surroundings,
    search_opportunities,
)
from geo.opportunities.queries.catalogue import SORTS, sections_in_use


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def catalogue(request):
    reader = WantedReader(request.GET)
    wanted = reader.wanted
    found = search_opportunities(wanted)
    context = {
        "wanted": wanted,
        "problems": reader.problems,
        "catalogue": found,
        "picture": mark_safe(found.picture),  # noqa: S308 lay_links escapes what it is given
        "choices": {"business": Business, "stage": Stage, "zoning": Zoning},
        "sections": sections_in_use(),
        "sorts": [(word, label) for word, (label, _order) in SORTS.items()],
        "query": urlencode(as_query(wanted)),
    }
    status = 400 if reader.problems else 200
    return render(request, "opportunities/catalogue.html", context, status=status)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def page(request, code):
    found = find_opportunity(code)
    around = read_surroundings(found)
    context = {
        "one": found,
        "around": around,
        "address": request.build_absolute_uri(request.path),
        "card": request.build_absolute_uri(f"{request.path}kartu.png"),
        "picture": mark_safe(around.picture),  # noqa: S308 draw_areas and lay_spot escape
    }
    return render(request, "opportunities/page.html", context)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def as_csv(request):
    text = opportunities_csv(wanted=WantedReader(request.GET).demand())
    return _file(text, "text/csv; charset=utf-8", "peluang_investasi.csv")


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def as_geojson(request):
    text = opportunities_geojson(wanted=WantedReader(request.GET).demand())
    return _file(text, "application/geo+json", "peluang_investasi.geojson")


def _file(text, content_type, name):
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
