"""Filters and tags that every template has."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from geo.areas.models import Area, BoundarySource, Level
from geo.indicators.models import Indicator, Source, Status
from geo.indicators.queries import NOT_YET, SPLIT, Figure
from geo.lib.charts import Line, line_chart
from geo.lib.numbers import format_change, format_number
from geo.lib.periods import format_period
from geo.lib.style_sheets import STYLES
from geo.lib.units import UNITS

register = template.Library()

MIN_STEPS = 3  # fewer periods make no trend

STATIC = Path(__file__).resolve().parent.parent / "static" / "geo"


def _language() -> str:
    return get_language() or "id"


def _side() -> str:
    """In which of the two languages of a declaration a text is wanted."""
    return "en" if _language() == "en" else "id"


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """A number as people write it: 1.234,5 in Indonesian."""
    return "" if value is None else format_number(value, int(decimals), _language())


@register.filter
def edge(value: float, indicator: Indicator) -> str:
    """A class limit, with no more decimals than it needs."""
    decimals = next(d for d in range(9) if round(value, d) == value or d == 8)
    return _writer(indicator)(value, min(decimals, max(indicator.decimals, 1)), _language())


def _writer(indicator):
    """Changes (``maps.models.Shown``) are written with their sign."""
    return format_change if getattr(indicator, "is_change", False) else format_number


@register.filter
def unit(indicator: Indicator) -> str:
    """What follows a figure of this indicator."""
    return UNITS[indicator.unit].symbol(_language())


@register.filter
def unit_name(indicator: Indicator) -> str:
    """The unit in full."""
    return UNITS[indicator.unit].name(_language())


@register.filter
def period(code: str) -> str:
    """2024, Triwulan 1 2024 or Maret 2024."""
    return format_period(code, _language())


@register.filter
def value_of(figure: Figure | None, indicator: Indicator) -> str:
    """A figure without its unit, or in words why there is none."""
    if figure is None:
        return str(Status.MISSING.label)
    if figure.value is None:
        return _reason(figure)
    return _writer(indicator)(figure.value, indicator.decimals, _language())


def _reason(figure: Figure) -> str:
    """Why there is no value."""
    if figure.note and figure.status == Status.MISSING:
        return {
            SPLIT: gettext("part of another area then"),
            NOT_YET: gettext("did not exist yet"),
        }[figure.note]
    return str(Status(figure.status).label)


@register.filter
def status_name(figure: Figure) -> str:
    """What stands behind a figure: verified, estimated, …."""
    return str(Status(figure.status).label)


@register.filter
def with_unit(figure: Figure | None, indicator: Indicator) -> str:
    """A figure with its unit, or in words why there is none."""
    written = value_of(figure, indicator)
    symbol = unit(indicator)
    if figure is None or figure.value is None or not symbol:
        return written
    return f"{written}\N{NO-BREAK SPACE}{symbol}"


@register.filter
def title(area: Area) -> str:
    """Kecamatan Talang Kelapa, Desa Sungai Rebo: as the law calls it."""
    return f"{area.get_kind_display()} {area.name}"


@register.filter
def source_title(source: Source | BoundarySource) -> str:
    """What a source is called; our own speak the language of the page."""
    if getattr(source, "is_demo", False):
        return gettext("Sample data (invented, not measured)")
    if getattr(source, "is_estimate", False):
        return gettext("Village boundaries estimated by this site")
    return source.title


@register.filter
def source_publisher(source: Source | BoundarySource) -> str:
    """Who publishes a source; a site that made it up itself says so."""
    is_our_own = getattr(source, "is_demo", False) or getattr(source, "is_estimate", False)
    return gettext("this site itself") if is_our_own else source.publisher


@register.filter
def level_name(level: str) -> str:
    """What areas of a level are called, in the plural of running text."""
    return {
        Level.REGENCY: gettext("regencies"),
        Level.DISTRICT: gettext("districts"),
        Level.VILLAGE: gettext("villages"),
    }[Level(level)]


@register.filter
def grade(fact) -> str:
    """The name of the range a figure lies in, such as “Maju”; blank where none is declared."""
    if fact.figure is None:
        return ""
    reached = fact.indicator.grade_of(fact.figure.value, fact.period)
    return reached["name"][_side()] if reached else ""


@register.filter
def attribute_name(declared: dict) -> str:
    """What an attribute of a place is called."""
    return declared[f"name_{_side()}"]


@register.filter
def attribute_value(value, declared: dict) -> str:
    """An attribute of a place as people read it, with its unit."""
    if declared["type"] == "choice":
        return declared["choices"].get(value, {}).get(_side(), str(value))
    if declared["type"] == "yes_no":
        return gettext("yes") if value else gettext("no")
    if declared["type"] == "text":
        return str(value)
    decimals = 0 if value == int(value) else 2
    written = format_number(value, decimals, _language())
    symbol = UNITS[declared["unit"]].symbol(_language()) if declared["unit"] else ""
    return f"{written}\N{NO-BREAK SPACE}{symbol}" if symbol else written


@register.filter
def distance(metres: float) -> str:
    """850 m, 1,2 km or 24 km: no more exact than a position is."""
    if metres < 995:
        return f"{format_number(round(metres, -1), 0, _language())}\N{NO-BREAK SPACE}m"
    decimals = 1 if metres < 9950 else 0
    return f"{format_number(metres / 1000, decimals, _language())}\N{NO-BREAK SPACE}km"


@register.filter
def tone(colour: str) -> str:
    """Whether a colour is light or dark: black is read on one, white on the other.

    At a relative luminance (WCAG) of 0.179 both have a contrast of 4.58.
    """
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "light" if luminance > 0.179 else "dark"


@cache
def _sheet(name: str) -> str:
    files = [path for part in STYLES[name] for path in sorted(STATIC.glob(f"css/{part}.css"))]
    text = "".join(path.read_text() for path in files)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    # A space before a colon is a descendant combinator, and stays.
    return re.sub(r"\s*([{};,>])\s*|(:)\s+", r"\1\2", re.sub(r"\s+", " ", text)).strip()


# Before anything is painted: what only scripts can serve stays hidden without them.
EARLY_SCRIPT = 'document.documentElement.classList.add("js");'


@cache
def inline_hash(text: str) -> str:
    """The source expression by which a Content-Security-Policy allows this very text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _allow(context, directive: str, text: str) -> None:
    """Tell pages.middleware.InlineHashMiddleware what this page holds."""
    request = context["request"]
    hashes = request.__dict__.setdefault("inline_hashes", {})
    hashes.setdefault(directive, []).append(inline_hash(text))


@register.simple_tag(takes_context=True)
def styles(context, name: str):
    """The page's style sheet, in the page itself.

    A link would cost a slow network one more round trip before anything is seen.
    """
    if settings.DEBUG:
        _sheet.cache_clear()
    sheet = _sheet(name)
    _allow(context, "style-src", sheet)
    return mark_safe(f"<style>{sheet}</style>")  # noqa: S308 our own files


@register.simple_tag(takes_context=True)
def early_script(context):
    """The one script that must run before the page is painted."""
    _allow(context, "script-src", EARLY_SCRIPT)
    return mark_safe(f"<script>{EARLY_SCRIPT}</script>")  # noqa: S308 constant


ICONS = {
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 5 5"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 3-7.500 8-7.500s8 2.500 8 7.500"/>',
    "locate": '<circle cx="12" cy="12" r="6"/><path d="M12 2v5M12 17v5M2 12h5M17 12h5"/>',
    "fit": '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>',
    "upload": '<path d="M12 15V4M7 9l5-5 5 5M5 20h14"/>',
    "pencil": '<path d="m4 20 1-4L16 5l3 3L8 19zM14 7l3 3"/>',
    "done": '<circle cx="12" cy="12" r="9"/><path d="m8 12 3 3 5-6"/>',
    "cross": '<circle cx="12" cy="12" r="9"/><path d="m9 9 6 6M15 9l-6 6"/>',
    "warn": '<path d="M12 4 2.5 20h19zM12 10v5M12 17.500v.500"/>',
    "speech": '<path d="M4 5h16v11H10l-5 4v-4H4z"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>',
    "play": '<path d="M8 5v14l11-7z" fill="currentColor"/>',
    "pause": '<path d="M8 5v14M16 5v14" stroke-width="4"/>',
    "layers": '<path d="m12 3 9 5-9 5-9-5zM3 13l9 5 9-5"/>',
    "compare": '<path d="M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4"/>',
    "grid": '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z"/>',
    "close": '<path d="M6 6l12 12M18 6 6 18"/>',
    "road": '<path d="M8 3 5 21M16 3l3 18M12 4v3M12 11v3M12 18v3"/>',
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "map": '<path d="m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14"/>',
    "table": '<path d="M4 5h16v14H4zM4 10h16M10 10v9"/>',
    "pin": '<path d="M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11z"/>'
    '<circle cx="12" cy="10" r="2.5"/>',
    # Kinds of places; lib.place_kinds.ICONS lists these names.
    "hospital": '<path d="M4 21V6l8-3 8 3v15zM12 8v7M8.5 11.5h7"/>',
    "health_centre": '<path d="M9 3h6v6h6v6h-6v6H9v-6H3V9h6z"/>',
    "health_branch": '<circle cx="12" cy="12" r="9"/><path d="M12 8v8M8 12h8"/>',
    "health_post": '<path d="m4 11 8-7 8 7v9H4zM12 11v6M9 14h6"/>',
    "birth_post": '<circle cx="12" cy="6" r="3"/><path d="M6 21c0-7 2.5-10 6-10s6 3 6 10z"/>'
    '<circle cx="12" cy="16.5" r="1.5"/>',
    "child_post": '<circle cx="8" cy="7" r="3"/><circle cx="17" cy="11" r="2"/>'
    '<path d="M3 21c0-6 2-9 5-9s5 3 5 9M14 21c0-4 1-6 3-6s4 2 4 6"/>',
    "clinic": '<rect x="3" y="8" width="18" height="12" rx="2"/>'
    '<path d="M9 8V5h6v3M12 11v6M9 14h6"/>',
    "kindergarten": '<path d="M4 20V10l8-6 8 6v10z"/><circle cx="12" cy="14" r="3"/>',
    "school": '<path d="m2 9 10-5 10 5-10 5zM6 11.5V17c3.5 3 8.5 3 12 0v-5.5"/>',
    "school_middle": '<path d="m2 9 10-5 10 5-10 5zM6 11.5V17c3.5 3 8.5 3 12 0v-5.5M22 9v6"/>',
    "school_upper": '<path d="m2 8 10-5 10 5-10 5zM6 10.5V15c3.5 3 8.5 3 12 0v-4.5M5 21h14"/>',
    "school_trade": '<circle cx="12" cy="12" r="4"/><path d="M12 3v4M12 17v4M3 12h4M17 12h4'
    'M5.6 5.6l2.9 2.9M15.5 15.5l2.9 2.9M5.6 18.4l2.9-2.9M15.5 8.5l2.9-2.9"/>',
    "attraction": '<path d="m12 3 2.8 5.8 6.2.9-4.5 4.5 1.1 6.3L12 17.5l-5.6 3'
    ' 1.1-6.3L3 9.7l6.2-.900z"/>',
    "tourism_village": '<path d="m3 13 6-6 6 6v7H3z"/><path d="m18 3 1 2.3 2.5.2-1.9 1.7'
    ' .6 2.5-2.2-1.3-2.2 1.3.6-2.5-1.9-1.7 2.5-.2zM8 20v-4h2v4"/>',
    "place": '<circle cx="12" cy="12" r="5"/>',
}
MARK = (
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"'
    ' fill="#0d5c63"/><path d="M16 5a6 6 0 0 0-6 6c0 4 6 9 6 9s6-5 6-9a6 6 0 0 0-6-6z"'
    ' fill="#f0b04f"/><circle cx="16" cy="11" r="2.3" fill="#0d5c63"/>'
    '<path d="M5 22.500c2.8-2 5.5-2 8.2 0s5.5 2 8.2 0 3.7-1.8 5.6-1.200M5 27c2.8-2'
    ' 5.5-2 8.2 0s5.5 2 8.2 0 3.7-1.8 5.6-1.2" fill="none" stroke="#fff"'
    ' stroke-width="2" stroke-linecap="round"/></svg>'
)


@register.simple_tag
def icon(name: str):
    """One of our own line drawings, 24 × 24."""
    if name == "mark":
        return mark_safe(MARK)  # noqa: S308 constant
    return mark_safe(  # noqa: S308 constants
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{ICONS[name]}</svg>'
    )


def _chart(steps: list[str], lines: list[Line], indicator: Indicator):
    svg = line_chart(
        [period(step) for step in steps],
        lines,
        lambda value, decimals: format_number(value, decimals, _language()),
        least_step=10**-indicator.decimals,
    )
    return mark_safe(svg)  # noqa: S308 line_chart escapes what it is given


@register.simple_tag
def trend_chart(fact, area: Area, above: list[Area]):
    """The trend of a fact as a line chart; totals alone, rates beside those of the areas above.

    Totals of the district and regency contain the area's own and would flatten it.
    """
    steps = fact.trend
    own = {step.own.value for step in steps}
    if len(steps) < MIN_STEPS or (fact.indicator.is_count and len(own) == 1):
        return ""
    lines = [Line(area.name, [step.own.value for step in steps], "chart__own")]
    if not fact.indicator.is_count:
        css = ["chart__whole", "chart__above"]
        for place, upper in enumerate(above):
            values = [
                next((f.value for f in step.above if f.code == upper.code), None) for step in steps
            ]
            lines.append(Line(upper.name, values, css[place]))
    return _chart([step.period for step in steps], lines, fact.indicator)


@register.simple_tag
def comparison_chart(line):
    """The trends of areas that are compared, each in its own colour."""
    periods = sorted({step.period for _, steps in line.trends for step in steps})
    if len(periods) < MIN_STEPS:
        return ""
    lines = []
    for place, (area, steps) in enumerate(line.trends, start=1):
        values = {step.period: step.own.value for step in steps}
        lines.append(Line(area.name, [values.get(p) for p in periods], f"chart__{place}"))
    return _chart(periods, lines, line.indicator)
