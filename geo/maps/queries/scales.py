"""From figures to what is drawn of them: rows, colours, circles and the legend."""

from __future__ import annotations

from dataclasses import dataclass

from geo.areas.models import Area, Level, Outline
from geo.indicators.models import Status
from geo.indicators.queries import (
    NOT_YET,
    SPLIT,
    Figure,
    Figures,
    comparable_value,
    ranks_of,
)
from geo.lib.classes import class_of
from geo.lib.legends import Legend, make_legend, position
from geo.lib.palettes import is_diverging, ramp
from geo.lib.pictures import (
    CONTEXT_FILL,
    LAND_FILL,
    MISSING_FILL,
    SPLIT_FILL,
    SUPPRESSED_FILL,
    Circle,
    circle_radius,
)
from geo.maps.models import MapState

DIVERGING = "amber_teal"  # of changes, where the indicator's own palette has no middle

# Radius of the largest circle, in the drawing's units, by what is drawn of what.
LARGEST_RADIUS = {
    (Level.REGENCY, Level.DISTRICT): 46,
    (Level.REGENCY, Level.VILLAGE): 20,
    (Level.DISTRICT, Level.VILLAGE): 60,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, which is also what the map draws of an area.

    ``comparable`` is the value where it may be compared with those of the other rows.
    """

    area: Area
    figure: Figure
    comparable: float | None
    rank: int | None
    bar: int
    x: float | None
    fill: str
    circle: Circle | None
    address: str
    is_chosen: bool
    class_number: int = 0
    is_out: bool = False

    @property
    def own_fill(self) -> str:
        """Colour of the area itself: quiet under a circle."""
        return LAND_FILL if self.circle else self.fill

    @property
    def area_fill(self) -> str:
        """The same, unless another class is looked at."""
        return CONTEXT_FILL if self.is_out else self.own_fill

    @property
    def x_percent(self) -> float:
        """Place on the legend's ramp, in per cent."""
        return round(100 * (self.x or 0), 1)


def _edges(figures: Figures | None) -> list[float]:
    """The stored class limits; where none are stored, one class that holds every value."""
    if figures is None or figures.edges:
        return figures.edges if figures else []
    known = [value for value in figures.values if value is not None]
    return [min(known), max(known)] if known else []


def read_areas(state: MapState) -> list[Area]:
    """The areas that are drawn and listed; one query."""
    areas = Area.objects.current().at_level(state.level).within(state.scope)
    return list(areas.select_related("parent").defer("boundary", "interior_point"))


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become places on the ramp, colours, bars and circles."""

    edges: list[float]
    colours: list[str]
    longest: float
    largest_radius: float
    points: dict[str, list[int]]

    def fill(self, figure: Figure) -> str:
        """Colour, or hatching that says why there is none."""
        if figure.status == Status.SUPPRESSED:
            return SUPPRESSED_FILL
        if figure.value is None:
            return SPLIT_FILL if figure.note == SPLIT else MISSING_FILL
        return self.colours[class_of(figure.value, self.edges)]

    def class_number(self, figure: Figure) -> int:
        """The class of a figure, counted from 1; 0 where there is none."""
        return 0 if figure.value is None else class_of(figure.value, self.edges) + 1

    def x(self, value: float | None) -> float | None:
        """Place on the ramp, from 0 to 1."""
        return None if value is None else position(value, self.edges)

    def bar(self, value: float | None) -> int:
        """Length of the bar in per cent of the longest."""
        return round(100 * abs(value) / self.longest) if value and self.longest else 0

    def circle(self, figure: Figure) -> Circle | None:
        """The circle of a count; none where nothing is known or the area is not drawn."""
        if not self.largest_radius or figure.value is None or figure.code not in self.points:
            return None
        top = max(self.longest, *self.edges) if self.edges else self.longest
        # A loss is as large as a gain of the same size; its colour says which it is.
        radius = circle_radius(abs(figure.value), top, self.largest_radius)
        x, y = self.points[figure.code]
        return Circle(x, y, radius, self.fill(figure))


def _colours(state: MapState, n_classes: int) -> list[str]:
    palette = state.indicator.palette
    if not state.since:
        return ramp(palette, n_classes)
    diverging = palette if is_diverging(palette) else DIVERGING
    # A single class lies around zero: neither a rise nor a fall.
    return ramp(diverging, n_classes) if n_classes > 1 else ramp(diverging, 3)[1:2]


def read_scale(state: MapState, figures: Figures | None, outline: Outline | None) -> Scale:
    """How the values of ``figures`` are drawn."""
    known = [abs(f.value) for f in figures.items if f.value is not None] if figures else []
    draws_circles = state.indicator.is_count and not state.since and outline is not None
    edges = _edges(figures)
    return Scale(
        edges=edges,
        colours=_colours(state, len(edges) - 1) if edges else [],
        longest=max(known, default=0),
        largest_radius=LARGEST_RADIUS[Level(state.scope.level), Level(state.level)]
        if draws_circles
        else 0,
        points=outline.picture["points"] if outline else {},
    )


def read_rows(
    state: MapState, figures: Figures | None, scale: Scale, areas: list[Area] | None = None
) -> list[Row]:
    """Rows from the highest value down; then what cannot be compared, then those without one."""
    by_code = figures.by_code() if figures else {}
    order = ranks_of(by_code.values(), state.indicator.roll_up)
    # A class that this map does not have hides nothing.
    chosen = state.chosen_class if state.chosen_class < max(len(scale.edges), 1) else 0
    rows = []
    for area in read_areas(state) if areas is None else areas:
        figure = by_code.get(area.code) or Figure(area.code, None, Status.MISSING, 0, 0)
        number = scale.class_number(figure)
        rows.append(
            Row(
                area=area,
                figure=figure,
                comparable=comparable_value(figure, state.indicator.roll_up),
                rank=order.get(area.code),
                bar=scale.bar(figure.value),
                x=scale.x(figure.value),
                fill=scale.fill(figure),
                circle=scale.circle(figure),
                address=state.address_of(area.code),
                is_chosen=area.code == state.area.code,
                class_number=number,
                is_out=chosen > 0 and number != chosen,
            )
        )
    return sorted(rows, key=_place_in_table)


def _place_in_table(row: Row) -> tuple[int, float, str]:
    if row.comparable is not None:
        return 0, -row.comparable, row.area.name
    return (2 if row.figure.value is None else 1), 0, row.area.name


def read_legend(rows: list[Row], scale: Scale) -> Legend:
    """The legend of the rows: every row is counted once."""
    reasons = [
        (row.figure.status == Status.MISSING and row.figure.note) or row.figure.status
        for row in rows
        if row.figure.value is None
    ]
    return make_legend(
        [row.figure.value for row in rows if row.figure.value is not None],
        scale.edges,
        scale.colours,
        n_missing=reasons.count(Status.MISSING),
        n_suppressed=reasons.count(Status.SUPPRESSED),
        n_not_assessed=reasons.count(Status.NOT_ASSESSED),
        n_unreachable=reasons.count(Status.UNREACHABLE),
        n_without_boundary=sum(not row.area.has_boundary for row in rows),
        n_split=reasons.count(SPLIT),
        n_not_yet=reasons.count(NOT_YET),
    )
