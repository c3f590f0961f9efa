"""The interactive map."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.areas.queries import find_outline, search_areas
from geo.indicators.queries import read_provenance
from geo.lib.pictures import CONTEXT_FILL, draw_areas, draw_shapes
from geo.maps.forms import read_state, require_period
from geo.maps.queries import read_choices, read_scene, read_series, years_of

A_YEAR_SECONDS = 31_536_000
# What pages/map.js imports, named in the page so that all of it comes at once.
MODULES = [
    "geo/js/lib/page.js",
    "geo/js/lib/search.js",
    "geo/js/lib/sheet.js",
    "geo/js/map/adapter.js",
    "geo/js/map/highlight.js",
    "geo/js/map/periods.js",
    "geo/js/map/steps.js",
]


def _facts(scene) -> dict:
    """What the map's script must know: which outlines to draw, and where."""
    drawn, context = scene.outlines.drawn, scene.outlines.context
    whole = context or drawn
    return {
        "indicator": scene.state.indicator.code,
        "period": scene.state.period,
        "since": scene.state.since,
        "periods": scene.state.periods,
        "scope": scene.state.scope.code,
        "level": scene.state.level,
        "deepest": scene.state.deepest_level,
        "bounds": drawn and drawn.picture["bounds"],
        "whole": whole and whole.picture["bounds"],
        "estimate": scene.is_estimate,
        "outline": drawn and outline_address(drawn),
        "context": context and outline_address(context),
        "villages": scene.outlines.villages and outline_address(scene.outlines.villages),
    }


def outline_address(outline) -> str:
    parts = (outline.parent.code, outline.level, outline.content_hash)
    return reverse("outlines", args=parts)


def _downloads(state) -> dict:
    """Addresses of what is seen: figures for people and machines, and the sheet to print."""
    query = {
        "indicator": state.indicator.code,
        "period": state.period,
        "level": state.level,
        "parent": state.scope.code,
    }
    if state.moment:
        query["per"] = state.moment.date().isoformat()
    figures = {
        kind: f"{reverse(f'api-v1:values_{kind}')}?{urlencode(query)}"
        for kind in ("xlsx", "csv", "geojson", "gpkg", "meta")
    }
    sector = reverse("api-v1:sector_xlsx", args=[state.indicator.sector.code])
    # Sheets and tables hold the figures of the period, not their change.
    sheet = urlencode(state.query(since="", has_own_classes=False, chosen_class=0))
    printed = {kind: f"{reverse(f'map_{kind}')}?{sheet}" for kind in ("pdf", "png")}
    return figures | printed | {"sector": f"{sector}?{urlencode({'level': state.level})}"}


def _context(request, *, is_fragment: bool = False) -> dict:
    state = read_state(request.GET)
    scene = read_scene(state)
    return {
        "scene": scene,
        "state": state,
        "choices": read_choices(state, has_lists=not is_fragment),
        "download": _downloads(state),
        "map_facts": _facts(scene),
        "quiet_fill": CONTEXT_FILL,
        "is_fragment": is_fragment,
    }


def _picture(scene):
    drawn, context = scene.outlines.drawn, scene.outlines.context
    if drawn is None:
        return ""
    svg = draw_areas(
        drawn.picture,
        scene.fills,
        selected=scene.state.area.code,
        address=scene.state.address_of,
        context=context.picture if context else None,
        context_without=scene.state.scope.code,
        circles=scene.circles,
    )
    return mark_safe(svg)  # noqa: S308 draw_areas escapes what it is given


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def map_page(request):
    context = _context(request)
    first = {"picture": _picture(context["scene"]), "modules": [static(m) for m in MODULES]}
    return render(request, "maps/map.html", context | first)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def map_fragment(request):
    """The parts of the map page that change with its state, without any geometry.

    ``ada`` says of which areas whoever asks has the names already.
    """
    context = _context(request, is_fragment=True)
    state = context["state"]
    has_names = request.GET.get("ada") == f"{state.scope.code}/{state.level}"
    return render(request, "maps/_changing.html", context | {"has_names": has_names})


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def series(request):
    """The same map in all periods, or in all months of a year."""
    state = read_state(request.GET)
    found = read_series(state)
    drawn = found.outlines.drawn
    shapes = mark_safe(draw_shapes(drawn.picture)) if drawn else ""  # noqa: S308 it escapes
    context = {"series": found, "state": state, "years": years_of(state), "shapes": shapes}
    return render(request, "maps/series.html", context)


def _origin(request, template: str):
    state = require_period(read_state(request.GET))
    provenance = read_provenance(
        indicator=state.indicator, period=state.period, area=state.area, moment=state.moment
    )
    return render(request, template, {"state": state, "origin": provenance})


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def origin(request):
    """Where the chosen area's figure comes from."""
    return _origin(request, "maps/origin.html")


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def origin_fragment(request):
    """The same as a dialog over the map."""
    return _origin(request, "maps/_origin_dialog.html")


@require_safe
@cache_control(public=True, max_age=A_YEAR_SECONDS, immutable=True)
def outlines(request, parent_code, level, content_hash):
    outline = find_outline(parent_code, level, content_hash)
    return HttpResponse(outline.topojson, content_type="application/json")


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def search(request):
    """Search without scripts: one hit leads there, several are listed."""
    text = request.GET.get("q", "").strip()
    hits = search_areas(text, limit=50) if text else []
    if len(hits) == 1:
        return redirect(f"{reverse('map')}?{urlencode({'a': hits[0].code})}")
    return render(request, "maps/search.html", {"text": text, "hits": hits})
