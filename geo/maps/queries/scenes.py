"""Everything that one view of the map shows, read through the one reading function."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from geo.areas.models import Area, Level, Outline
from geo.indicators.models import Status
from geo.indicators.queries import DEPTH, Figure, Figures, read_figure, read_figures
from geo.lib.classes import class_of
from geo.lib.legends import Legend, make_legend, position
from geo.lib.palettes import ramp
from geo.lib.pictures import (
    LAND_FILL,
    MISSING_FILL,
    SUPPRESSED_FILL,
    Circle,
    circle_radius,
)
from geo.lib.ranking import ranks
from geo.maps.models import MapState, default_level
from geo.maps.queries.choices import Choice

# Radius of the largest circle, in the drawing's units, by what is drawn of what.
LARGEST_RADIUS = {
    (Level.REGENCY, Level.DISTRICT): 46,
    (Level.REGENCY, Level.VILLAGE): 20,
    (Level.DISTRICT, Level.VILLAGE): 60,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, which is also what the map draws of an area."""

    area: Area
    figure: Figure
    rank: int | None
    bar: int
    x: float | None
    fill: str
    circle: Circle | None
    address: str
    is_chosen: bool

    @property
    def area_fill(self) -> str:
        """Colour of the area itself: quiet under a circle."""
        return LAND_FILL if self.circle else self.fill

    @property
    def x_percent(self) -> float:
        """Place on the legend's ramp, in per cent."""
        return round(100 * (self.x or 0), 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one area stands among all of its level in the regency."""

    rank: int | None
    n_ranked: int


@dataclass(frozen=True, slots=True)
class Outlines:
    """What is drawn, what lies around it, and the villages among which a place is looked up.

    ``villages`` is only known by its address: it has no picture.
    """

    drawn: Outline | None
    context: Outline | None
    villages: Outline | None


@dataclass(frozen=True, slots=True)
class Scene:
    """One view of the map."""

    state: MapState
    figures: Figures | None
    own: Figure | None
    rows: list[Row]
    legend: Legend
    standing: Standing
    trail: list[Choice]
    outlines: Outlines
    comparison: list[tuple[Area, Figure | None]]

    @property
    def fills(self) -> dict[str, str]:
        """Colour of the area by its code."""
        return {row.area.code: row.area_fill for row in self.rows}

    @property
    def circles(self) -> dict[str, Circle]:
        """Circles of the counts by area code."""
        return {row.area.code: row.circle for row in self.rows if row.circle}

    @property
    def is_demo(self) -> bool:
        """Whether any figure shown is demonstration data."""
        return self.figures is not None and self.figures.is_demo

    @property
    def chosen_x(self) -> float | None:
        """Where the chosen area stands on the legend's ramp, in per cent."""
        return next((r.x_percent for r in self.rows if r.is_chosen and r.x is not None), None)

    @property
    def is_estimate(self) -> bool:
        """Whether the boundaries are only estimated, and drawn dashed."""
        drawn = self.outlines.drawn
        return drawn is not None and bool(drawn.picture.get("estimate"))

    @property
    def highest(self) -> Row | None:
        """The row of the highest value."""
        return next((row for row in self.rows if row.rank == 1), None)

    @property
    def lowest(self) -> Row | None:
        """The row of the lowest value, where there is more than one."""
        ranked = [row for row in self.rows if row.rank]
        return ranked[-1] if len(ranked) > 1 else None


def read_scene(state: MapState) -> Scene:
    """Read all that the map page shows of ``state``."""
    figures = _figures(state, state.scope, state.level)
    outlines = _outlines(state)
    scale = _scale(state, figures, outlines.drawn)
    rows = _rows(state, figures, scale)
    *above, own = [(area, _own(state, area)) for area in state.lineage]
    return Scene(
        state=state,
        figures=figures,
        own=own[1],
        rows=rows,
        legend=_legend(rows, scale),
        standing=_standing(_peers(state, figures), state.area.code),
        trail=_trail(state),
        outlines=outlines,
        comparison=above[::-1],
    )


def _trail(state: MapState) -> list[Choice]:
    """The way from the regency down to the chosen area."""
    *above, chosen = state.lineage
    steps = []
    for area in above:
        level = default_level(area, state.indicator)
        steps.append(Choice(area.name, state.address(area=area, level=level), is_current=False))
    return [*steps, Choice(chosen.name, state.address(), is_current=True)]


def _figures(state: MapState, parent: Area, level: str) -> Figures | None:
    if not state.period or DEPTH[level] > DEPTH[state.indicator.level]:
        return None
    return read_figures(
        indicator=state.indicator,
        period=state.period,
        level=level,
        parent=parent,
        scheme=state.scheme,
        moment=state.moment,
    )


def _own(state: MapState, area: Area) -> Figure | None:
    if not state.period:
        return None
    return read_figure(
        indicator=state.indicator, period=state.period, area=area, moment=state.moment
    )


def _areas(state: MapState) -> list[Area]:
    areas = Area.objects.current().at_level(state.level).within(state.scope)
    return list(areas.select_related("parent").defer("boundary", "interior_point"))


def _outlines(state: MapState) -> Outlines:
    """Two queries, and only the pictures that are drawn."""
    stored = Outline.objects.select_related("parent")
    wanted = Q(parent=state.scope, level=state.level) | Q(
        parent=state.regency, level=Level.DISTRICT
    )
    pictures = {
        (outline.parent_id, outline.level): outline
        for outline in stored.defer("topojson", "parent__boundary").filter(wanted)
    }
    villages = stored.filter(parent=state.regency, level=Level.VILLAGE)
    is_part = state.scope != state.regency
    return Outlines(
        drawn=pictures.get((state.scope.pk, state.level)),
        context=pictures.get((state.regency.pk, Level.DISTRICT)) if is_part else None,
        villages=villages.only("level", "content_hash", "parent__code").first(),
    )


def _edges(figures: Figures | None) -> list[float]:
    """The stored class limits; where none are stored, one class that holds every value."""
    if figures is None or figures.edges:
        return figures.edges if figures else []
    known = [value for value in figures.values if value is not None]
    return [min(known), max(known)] if known else []


def _peers(state: MapState, figures: Figures | None) -> Figures | None:
    """The figures of all areas of the chosen area's level in the regency."""
    if state.area.level == Level.REGENCY:
        return None
    are_drawn = state.scope == state.regency and state.level == state.area.level
    return figures if are_drawn else _figures(state, state.regency, state.area.level)


def _standing(figures: Figures | None, code: str) -> Standing:
    if figures is None:
        return Standing(None, 0)
    order = ranks({f.code: f.value for f in figures.items if f.value is not None})
    return Standing(order.get(code), len(order))


@dataclass(frozen=True, slots=True)
class _Scale:
    """How values become places on the ramp, colours, bars and circles."""

    edges: list[float]
    colours: list[str]
    longest: float
    largest_radius: float
    points: dict[str, list[int]]

    def fill(self, figure: Figure) -> str:
        if figure.status == Status.SUPPRESSED:
            return SUPPRESSED_FILL
        if figure.value is None:
            return MISSING_FILL
        return self.colours[class_of(figure.value, self.edges)]

    def x(self, value: float | None) -> float | None:
        return None if value is None else position(value, self.edges)

    def bar(self, value: float | None) -> int:
        return round(100 * abs(value) / self.longest) if value and self.longest else 0

    def circle(self, figure: Figure) -> Circle | None:
        """The circle of a count; none where nothing is known or the area is not drawn."""
        if not self.largest_radius or figure.value is None or figure.code not in self.points:
            return None
        top = max(self.longest, *self.edges) if self.edges else self.longest
        radius = circle_radius(figure.value, top, self.largest_radius)
        x, y = self.points[figure.code]
        return Circle(x, y, radius, self.fill(figure))


def _scale(state: MapState, figures: Figures | None, outline: Outline | None) -> _Scale:
    known = [abs(f.value) for f in figures.items if f.value is not None] if figures else []
    draws_circles = state.indicator.is_count and outline is not None
    edges = _edges(figures)
    return _Scale(
        edges=edges,
        colours=ramp(state.indicator.palette, len(edges) - 1) if edges else [],
        longest=max(known, default=0),
        largest_radius=LARGEST_RADIUS[Level(state.scope.level), Level(state.level)]
        if draws_circles
        else 0,
        points=outline.picture["points"] if outline else {},
    )


def _rows(state: MapState, figures: Figures | None, scale: _Scale) -> list[Row]:
    """Rows from the highest value down; those without a value last, by name."""
    by_code = figures.by_code() if figures else {}
    order = ranks({code: figure.value for code, figure in by_code.items()})
    rows = []
    for area in _areas(state):
        figure = by_code.get(area.code) or Figure(area.code, None, Status.MISSING, 0, 0)
        rows.append(
            Row(
                area=area,
                figure=figure,
                rank=order.get(area.code),
                bar=scale.bar(figure.value),
                x=scale.x(figure.value),
                fill=scale.fill(figure),
                circle=scale.circle(figure),
                address=state.address_of(area.code),
                is_chosen=area.code == state.area.code,
            )
        )
    return sorted(rows, key=lambda row: (row.rank or len(rows) + 1, row.area.name))


def _legend(rows: list[Row], scale: _Scale) -> Legend:
    statuses = [row.figure.status for row in rows]
    return make_legend(
        [row.figure.value for row in rows if row.figure.value is not None],
        scale.edges,
        scale.colours,
        n_missing=statuses.count(Status.MISSING),
        n_suppressed=statuses.count(Status.SUPPRESSED),
        n_not_assessed=statuses.count(Status.NOT_ASSESSED),
        n_without_boundary=sum(not row.area.has_boundary for row in rows),
    )
