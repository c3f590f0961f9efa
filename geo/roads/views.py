"""Roads: the list, one road, its card on the map, and the lines that the map draws."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.lib.road_pictures import draw_road
from geo.roads import queries
from geo.roads.forms import read_filter
from geo.roads.models import Authority, Condition

A_YEAR_SECONDS = 31_536_000
ROWS_A_PAGE = 60


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def roads(request):
    chosen = read_filter(request.GET)
    rows = queries.read_rows()
    found = queries.choose(
        rows, authority=chosen.authority, condition=chosen.condition, text=chosen.text
    )
    context = {
        "chosen": chosen,
        "totals": queries.totals_of(rows),
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("hal")),
        "n_found": len(found),
        "n_roads": len(rows),
        "authorities": Authority.choices,
        "conditions": Condition.choices,
        "is_demo": any(row.road.source.is_demo for row in rows),
    }
    return render(request, "roads/list.html", context)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def road(request, number):
    card = queries.read_card(queries.find_road(number))
    return render(request, "roads/road.html", {"card": card, "picture": _picture(card)})


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def road_card(request, number):
    """What the map shows when a road is touched: a fragment, not a page."""
    row = queries.read_row(queries.find_road(number))
    return render(request, "roads/_card.html", {"row": row})


@require_safe
@cache_control(public=True, max_age=A_YEAR_SECONDS, immutable=True)
def road_layer(request, regency_code, content_hash):
    layer = queries.find_layer(regency_code, content_hash)
    return HttpResponse(layer.topojson, content_type="application/json")


def _picture(card):
    pieces = queries.read_line(card.road)
    if not pieces or card.outline is None:
        return ""
    return mark_safe(draw_road(card.outline.picture, pieces))  # noqa: S308 numbers and our own paths
