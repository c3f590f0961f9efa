"""Lists of places, the page and the card of one, and the layers of the map."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.places.forms import read_asked
from geo.places.models import Place
from geo.places.queries import find_layer, find_place, nearest_places, search_places

A_YEAR_SECONDS = 31_536_000
N_NEAR = 2


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def place_list(request):
    asked = read_asked(request.GET)
    found = search_places(text=asked.text, kind=asked.kind, area=asked.area, limit=asked.limit)
    context = {"asked": asked, "found": found, "ways": _ways(asked)}
    return render(request, "places/list.html", context)


def _ways(asked) -> dict:
    """The same list as tables for machines, and all of it on one page."""
    kept = {"q": asked.text, "a": asked.area.code if asked.area else ""}
    query = {
        "kind": asked.kind.code if asked.kind else "",
        "area": asked.area.code if asked.area else "",
    }
    ways = {
        "geojson": f"{reverse('api-v1:places_geojson')}?{urlencode(_given(query))}",
        "all": urlencode(_given({**kept, "jenis": query["kind"], "semua": "1"})),
        "kept": urlencode(_given(kept)),
    }
    return ways


def _given(query: dict) -> dict:
    return {key: value for key, value in query.items() if value}


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def place_page(request, number):
    place = find_place(number)
    return render(request, "places/page.html", {"place": place, "near": _near(place)})


def _near(place: Place) -> list:
    """The nearest other places of the same kind; none where the position is not known."""
    if place.point is None:
        return []
    found = nearest_places(place.point, kinds=[place.kind.code], limit=N_NEAR + 1)
    return [near for near in found if near.place.pk != place.pk][:N_NEAR]


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def place_card(request, number):
    return render(request, "places/_card.html", {"place": find_place(number), "is_card": True})


@require_safe
@cache_control(public=True, max_age=A_YEAR_SECONDS, immutable=True)
def layer(request, code, content_hash):
    return HttpResponse(find_layer(code, content_hash), content_type="application/json")
