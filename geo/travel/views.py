"""Where an ambulance gets to, and what the network is like."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.lib.pictures import MISSING_FILL, draw_areas
from geo.roads.models import Season
from geo.travel import queries, rules
from geo.travel.forms import WORDS, read_season
from geo.travel.models import Outcome

A_YEAR_SECONDS = 31_536_000
FILLS = {
    Outcome.REACHED: "#d5e1d8",
    Outcome.BLOCKED: "#cf6f17",
    Outcome.UNCONNECTED: "#7a1f4a",
    Outcome.TOO_FAR: "#7a1f4a",
}


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def ambulance_access(request):
    page = queries.read_access(read_season(request.GET))
    context = {
        "page": page,
        "seasons": [(word, Season(one).label, one == page.season) for word, one in WORDS.items()],
        "assumptions": queries.read_assumptions(),
        "picture": _picture(page),
    }
    return render(request, "travel/access.html", context)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def road_network(request):
    run = queries.find_run()
    remarks = rules.remarks(run.findings) if run else []
    context = {
        "run": run,
        "summary": rules.summary(run.findings) if run else "",
        "groups": [(title, list(some)) for title, some in groupby(remarks, rules.heading)],
    }
    return render(request, "travel/network.html", context)


@require_safe
@cache_control(public=True, max_age=A_YEAR_SECONDS, immutable=True)
def barred_layer(request, regency_code, content_hash):
    text = queries.find_layer(regency_code, content_hash)
    return HttpResponse(text, content_type="application/json")


def _picture(page):
    if page.outline is None or not page.n_villages:
        return ""
    fills = dict.fromkeys(page.outline.picture["paths"], MISSING_FILL)
    reached = dict.fromkeys(page.reached_codes, FILLS[Outcome.REACHED])
    barred = {one.village.code: FILLS[Outcome(one.outcome)] for one in page.barred}
    drawn = draw_areas(page.outline.picture, fills | reached | barred)
    return mark_safe(drawn)  # noqa: S308 numbers and our own paths
