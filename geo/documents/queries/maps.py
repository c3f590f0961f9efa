"""The printed map."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from geo.areas.models import Level
from geo.documents.queries.words import (
    boundary_line,
    common_facts,
    day_line,
    mark_of,
    number,
    source_line,
)
from geo.indicators.models import Indicator
from geo.indicators.queries import Figures
from geo.lib.legends import Legend
from geo.lib.pictures import MISSING_FILL, SUPPRESSED_FILL, draw_areas, fitted_view
from geo.lib.scale_bars import scale_bar
from geo.maps.models import MapState
from geo.maps.queries import Row, Scene, read_scene
from geo.templatetags import geo as wording

FRAME_WIDTH_MM, FRAME_HEIGHT_MM = 201.0, 188.0


def map_sheet(state: MapState, *, address: str) -> dict[str, Any]:
    """All that the printed map of ``state`` says.

    Parameters
    ----------
    address
        Where the same can be seen on the site, pinned to a day.
    """
    scene = read_scene(state)
    common = common_facts(address)
    circles = _("The surface of a circle grows with the count; its colour is the class.")
    return {
        **common,
        "title": state.indicator.name,
        "subtitle": _subtitle(state),
        "pages": 0,
        "frame": {"width_mm": FRAME_WIDTH_MM, "height_mm": FRAME_HEIGHT_MM},
        "mark": mark_of(scene.is_demo),
        "legend": legend_entries(scene.legend, state.indicator, is_estimate=scene.is_estimate),
        "circles": circles if scene.circles else None,
        "facts": _map_facts(scene),
        "table": _table(scene),
        "footer": f"{common['site']} · {state.indicator.name} · {wording.period(state.period)}",
        "words": {**common["words"], **_map_words()},
        **_picture(scene),
    }


def _map_words() -> dict[str, str]:
    return {
        "legend": _("Legend"),
        "north": _("N"),
        "no_picture": _("None of these areas has a boundary yet; the table lists them."),
    }


def _subtitle(state: MapState) -> str:
    what = _("Districts") if state.level == Level.DISTRICT else _("Villages")
    parts = [f"{what}, {wording.title(state.scope)}"]
    if state.period:
        parts.append(wording.period(state.period))
    parts.append(wording.unit_name(state.indicator))
    return " · ".join(parts)


def _picture(scene: Scene) -> dict[str, Any]:
    """The drawing, what it shows in words, and its scale."""
    drawn, context = scene.outlines.drawn, scene.outlines.context
    if drawn is None:
        return {"picture": None, "picture_alt": "", "scale": None}
    view = fitted_view(drawn.picture, FRAME_WIDTH_MM / FRAME_HEIGHT_MM)
    bar = scale_bar(drawn.picture, FRAME_WIDTH_MM / view[2])
    svg = draw_areas(
        drawn.picture,
        scene.fills,
        selected=scene.state.area.code,
        context=context.picture if context else None,
        context_without=scene.state.scope.code,
        circles=scene.circles,
        standalone=True,
        view=view,
    )
    decimals = 0 if bar.length_km == int(bar.length_km) else 1
    return {
        "picture": svg,
        "picture_alt": f"{scene.state.indicator.name}: {_subtitle(scene.state)}",
        "scale": {
            "label": f"{number(bar.length_km, decimals)} km",
            "width_mm": round(bar.width_mm, 2),
            "ratio": f"1 : {number(_rounded(bar.one_to), 0)}",
        },
    }


def _rounded(one_to: int) -> int:
    """Three digits say all that a scale can."""
    return int(float(f"{one_to:.3g}"))


def legend_entries(
    legend: Legend, indicator: Indicator, *, is_estimate: bool = False
) -> list[dict[str, Any]]:
    """The classes and what is drawn without a value, each with its number of areas."""
    classes = [
        _entry(
            f"{wording.edge(one.lower, indicator)} – {wording.edge(one.upper, indicator)}",
            one.colour,
            one.n_areas,
        )
        for one in legend.classes
    ]
    others = [
        _entry(_("No data yet"), "hatch", legend.n_missing),
        _entry(_("Withheld"), SUPPRESSED_FILL, legend.n_suppressed),
        _entry(_("Not assessed"), "hatch", legend.n_not_assessed),
        _entry(_("No road or boat connection known"), "hatch", legend.n_unreachable),
        _entry(_("No boundary yet"), None, legend.n_without_boundary),
    ]
    found = classes + [entry for entry in others if entry["count"] != "0"]
    if is_estimate:
        estimate = _entry(_("Indicative boundary (estimate)"), None, 0)
        found.append(estimate | {"count": "", "dashed": True})
    return found


def _entry(label: str, colour: str | None, n_areas: int) -> dict[str, Any]:
    written = "hatch" if colour == MISSING_FILL else colour
    return {"label": label, "colour": written, "count": str(n_areas), "dashed": False}


def _map_facts(scene: Scene) -> list[list[str]]:
    """Definition, coverage, sources and what the boundaries are worth."""
    indicator, figures = scene.state.indicator, scene.figures
    entries = [[_("Definition:"), indicator.definition]]
    if indicator.caveat:
        entries.append([_("Mind:"), indicator.caveat])
    if figures:
        entries.append([_("Coverage:"), coverage_line(figures)])
        entries += [[_("Source:"), source_line(source)] for source in figures.sources]
    if scene.state.moment:
        day = day_line(scene.state.moment)
        pinned = _("Figures as they were published at the end of %(day)s.") % {"day": day}
        entries.append([_("Pinned:"), pinned])
    entries.append([_("Boundaries:"), boundary_line(scene.state.scope)])
    return entries


def coverage_line(figures: Figures) -> str:
    """How many of the lowest areas stand behind the figures."""
    counts = {"reported": figures.reported, "expected": figures.expected}
    said = _("%(reported)s of %(expected)s villages have reported.") % counts
    partial = _("Totals are partial.")
    return f"{said} {partial}" if figures.reported < figures.expected else said


def _table(scene: Scene) -> dict[str, Any]:
    indicator = scene.state.indicator
    is_long = len(scene.rows) > 50
    return {
        "title": f"{indicator.name} · {_subtitle(scene.state)}",
        "columns": 3 if is_long else 2,
        "size_pt": 7.5 if is_long else 9.5,
        "header": [_("Rank"), _("Area"), wording.unit(indicator) or _("Figure"), ""],
        "rows": [_table_row(row, scene) for row in scene.rows],
    }


def _table_row(row: Row, scene: Scene) -> dict[str, str]:
    is_mixed = scene.state.level == Level.VILLAGE and scene.state.scope.level == Level.REGENCY
    figure = row.figure
    is_partial = figure.is_partial and figure.value is not None
    return {
        "rank": str(row.rank or "–"),
        "name": row.area.name,
        "within": row.area.parent.name if is_mixed and row.area.parent else "",
        "value": wording.value_of(figure, scene.state.indicator),
        "note": f"{figure.reported}/{figure.expected}" if is_partial else "",
    }
