"""The same map in up to twelve periods, beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.safestring import mark_safe

from geo.indicators.queries import DEPTH, Figure, Figures, read_periods
from geo.lib.legends import Legend
from geo.lib.periods import YEAR, frequency_of
from geo.lib.pictures import draw_small
from geo.maps.models import MapState
from geo.maps.queries.scales import Row, Scale, read_areas, read_legend, read_rows, read_scale
from geo.maps.queries.scenes import Outlines, read_outlines

LARGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class SmallMap:
    """One period: what its areas are filled with, and the figure of the whole."""

    period: str
    address: str
    is_current: bool
    own: Figure | None
    rows: list[Row]

    picture: str


@dataclass(frozen=True, slots=True)
class Series:
    """All maps, with the one legend that holds for them."""

    state: MapState
    maps: list[SmallMap]
    legend: Legend
    outlines: Outlines
    figures: Figures | None


def periods_shown(state: MapState) -> list[str]:
    """All years; of months and quarters those of one year."""
    if not state.period or frequency_of(state.period) == YEAR:
        return state.periods[-LARGEST_NUMBER:]
    year = state.period[:4]
    return [period for period in state.periods if period[:4] == year]


def years_of(state: MapState) -> list[tuple[str, str]]:
    """Other years whose months or quarters can be shown, each with its address."""
    if not state.period or frequency_of(state.period) == YEAR:
        return []
    last = {period[:4]: period for period in state.periods}
    return [
        (year, replace(state, period=period).address_of_series) for year, period in last.items()
    ]


def read_series(state: MapState) -> Series:
    """Read the maps of up to twelve periods: three queries for their figures."""
    state = replace(state, since="", has_own_classes=False, chosen_class=0)
    shown = periods_shown(state)
    outlines = read_outlines(state)
    drawn, whole = _figures(state, shown, state.level), _figures(state, shown, None)
    scale, areas = _common_scale(state, drawn, outlines), read_areas(state)
    maps = []
    for i, period in enumerate(shown):
        rows = read_rows(state, drawn[i] if drawn else None, scale, areas)
        maps.append(
            SmallMap(
                period=period,
                address=state.address(period=period),
                is_current=period == state.period,
                own=whole[i].items[0] if whole else None,
                rows=rows,
                picture=_picture(outlines, rows),
            )
        )
    rows = [row for one in maps for row in one.rows]
    latest = drawn[-1] if drawn else None
    return Series(state, maps, read_legend(rows, scale), outlines, latest)


def _picture(outlines: Outlines, rows: list[Row]) -> str:
    if outlines.drawn is None:
        return ""
    fills = {row.area.code: row.area_fill for row in rows}
    circles = {row.area.code: row.circle for row in rows if row.circle}
    return mark_safe(draw_small(outlines.drawn.picture, fills, circles))  # noqa: S308 draw_small escapes


def _figures(state: MapState, periods: list[str], level: str | None) -> list[Figures]:
    wanted = level or state.scope.level
    if not periods or DEPTH[wanted] > DEPTH[state.indicator.level]:
        return []
    return read_periods(
        indicator=state.indicator,
        periods=periods,
        level=wanted,
        parent=state.scope,
        scheme=state.scheme,
        moment=state.moment,
    )


def _common_scale(state: MapState, drawn: list[Figures], outlines: Outlines) -> Scale:
    """One scale for all periods: the largest circle stands for the largest count of them all."""
    if not drawn:
        return read_scale(state, None, outlines.drawn)
    everything = replace(drawn[-1], items=[one for figures in drawn for one in figures.items])
    return read_scale(state, everything, outlines.drawn)
