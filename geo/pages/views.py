"""The front page, the page about the data, and the page that shows every component."""

from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.areas.queries import regency
from geo.indicators.models import Indicator
from geo.indicators.queries import has_demo
from geo.lib.legends import make_legend
from geo.lib.palettes import PALETTES, ramp
from geo.pages import queries


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def home(request):
    above = regency()
    picture, indicator, period = queries.front_picture(above)
    context = {
        "counts": queries.count_areas(above),
        "headlines": queries.headlines(above),
        "is_demo": has_demo(),
        "picture": mark_safe(picture),  # noqa: S308 draw_areas escapes what it is given
        "indicator": indicator,
        "period_shown": period,
    }
    return render(request, "pages/home.html", context)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def about(request):
    context = {
        "counts": queries.count_areas(regency()),
        "sectors": queries.sectors_with_indicators(),
        "sources": queries.sources_in_use(),
        "boundary_sources": queries.boundary_sources_in_use(),
        "is_demo": has_demo(),
    }
    return render(request, "pages/about.html", context)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def style(request):
    edges = [0, 10, 20, 40, 80, 100]
    colours = ramp("teal", 5)
    context = {
        "palettes": {name: ramp(name, 5) for name in PALETTES},
        "legend": make_legend([4, 12, 13, 22, 35, 47, 71, 90], edges, colours, n_missing=2),
        "indicator": Indicator.objects.first(),
    }
    return render(request, "pages/style.html", context)
