"""The book of population changes of an area, year by year."""

from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.areas.models import Area, Level
from geo.areas.queries import ancestors, find_area, regency
from geo.lib.charts import Line, line_chart
from geo.lib.numbers import format_number
from geo.lib.periods import format_period
from geo.population.queries import population_line, read_book


@require_safe
def ledgers(request):
    return redirect("ledger", regency().code)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def ledger(request, code):
    area = find_area(code.replace("\x00", ""))
    book = read_book(area, request.GET.get("t", "").replace("\x00", "") or None)
    context = {
        "book": book,
        "area": area,
        "above": ancestors(area),
        "is_village": area.level == Level.VILLAGE,
        "parts": _parts(area),
        "chart": _chart(area),
    }
    return render(request, "population/ledger.html", context)


def _parts(area):
    parts = Area.objects.current().filter(parent=area).order_by("name")
    return parts.defer("boundary", "interior_point")


def _chart(area):
    line = population_line(area)
    if len(line) < 2:
        return ""
    language = get_language() or "id"
    # Where more villages begin to report, a new line begins: nobody was born or came there.
    counts = sorted({n for _period, persons, n in line if persons is not None})
    lines = [
        Line("", [p if n == count else None for _period, p, n in line], "chart__own")
        for count in counts
    ]
    svg = line_chart(
        [format_period(period, language) for period, _persons, _n in line],
        lines,
        lambda value, decimals: format_number(value, decimals, language),
        least_step=1,
        width=640,
        height=180,
    )
    return mark_safe(svg)  # noqa: S308 line_chart escapes what it is given
