"""Everything that one view of the map shows, read through the one reading function."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Q

from geo.areas.models import Area, Level, Outline
from geo.indicators.queries import (
    NOWHERE,
    Figure,
    Figures,
    Peers,
    Standing,
    comparable_value,
)
from geo.lib.legends import Legend
from geo.lib.pictures import Circle
from geo.maps.models import MapState, Shown, default_level
from geo.maps.queries.choices import Choice
from geo.maps.queries.readings import Readings
from geo.maps.queries.scales import Row, read_legend, read_rows, read_scale


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
    # The chosen area's figures of both periods, where a change is shown.
    ends: tuple[Figure, Figure] | None = None

    @property
    def shown(self) -> Shown:
        """How the numbers are written."""
        return self.state.shown

    @property
    def own_size(self) -> Figure | None:
        """How large the chosen area's change is, without its sign."""
        if self.own is None or self.own.value is None:
            return self.own
        return replace(self.own, value=abs(self.own.value))

    @property
    def size_shown(self) -> Shown:
        """How it is written without its sign."""
        return replace(self.shown, is_change=False)

    @property
    def direction(self) -> str:
        """Up, down or same, as far as is written; blank where nothing is known."""
        if self.own is None or self.own.value is None:
            return ""
        written = round(self.own.value, self.shown.decimals)
        return "up" if written > 0 else "down" if written < 0 else "same"

    @property
    def starts_from_nothing(self) -> bool:
        """Whether both figures are known, but the first is no base for per cents."""
        if self.ends is None or None in {one.value for one in self.ends}:
            return False
        return (self.ends[0].value or 0) <= 0

    @property
    def is_like_for_like(self) -> bool:
        """Whether the change is that of some villages, so that the totals do not show it."""
        return self.own is not None and self.own.is_partial and self.state.indicator.is_count

    @property
    def fills(self) -> dict[str, str]:
        """Colour of the area by its code."""
        return {row.area.code: row.area_fill for row in self.rows}

    @property
    def circles(self) -> dict[str, Circle]:
        """Circles of the counts by area code."""
        return {row.area.code: row.circle for row in self.rows if row.circle and not row.is_out}

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
    def is_incomparable(self) -> bool:
        """Whether the chosen area has a figure, but of too few villages to compare it."""
        is_there = self.own is not None and self.own.value is not None
        return is_there and comparable_value(self.own, self.state.indicator.roll_up) is None

    @property
    def compared(self) -> list[Row]:
        """The rows that can be compared, from the highest value down."""
        return [row for row in self.rows if row.comparable is not None]

    @property
    def known(self) -> list[Row]:
        """The rows that have a figure."""
        return [row for row in self.rows if row.figure.value is not None]

    @property
    def compares_all(self) -> bool:
        """Whether every row that has a figure can be compared."""
        return len(self.compared) == len(self.known)

    @property
    def only(self) -> Row | None:
        """The row that has a figure, where it is the only one."""
        return self.known[0] if len(self.known) == 1 else None

    @property
    def highest(self) -> Row | None:
        """The row of the highest value that can be compared."""
        return next(iter(self.compared), None)

    @property
    def lowest(self) -> Row | None:
        """The row of the lowest value that can be compared, where there is more than one."""
        return self.compared[-1] if len(self.compared) > 1 else None


def read_scene(state: MapState) -> Scene:
    """Read all that the map page shows of ``state``."""
    readings = Readings(state)
    figures = readings.figures(state.scope, state.level)
    peers = _peers(readings, figures)
    outlines = read_outlines(state)
    scale = read_scale(state, figures, outlines.drawn)
    rows = read_rows(state, figures, scale)
    *above, own = [(area, readings.figure(area)) for area in state.lineage]
    return Scene(
        state=state,
        figures=figures,
        own=own[1],
        rows=rows,
        legend=read_legend(rows, scale),
        standing=_standing(peers, own[1]),
        trail=_trail(state),
        outlines=outlines,
        comparison=above[::-1],
        ends=readings.ends(state.area),
    )


def _trail(state: MapState) -> list[Choice]:
    """The way from the regency down to the chosen area."""
    *above, chosen = state.lineage
    steps = []
    for area in above:
        level = default_level(area, state.indicator)
        steps.append(Choice(area.name, state.address(area=area, level=level), is_current=False))
    return [*steps, Choice(chosen.name, state.address(), is_current=True)]


def read_outlines(state: MapState) -> Outlines:
    """Read what is drawn: two queries, and only the pictures that are drawn."""
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


def _peers(readings: Readings, figures: Figures | None) -> Figures | None:
    """The figures of all areas of the chosen area's level in the regency."""
    state = readings.state
    if state.area.level == Level.REGENCY:
        return None
    are_drawn = state.scope == state.regency and state.level == state.area.level
    return figures if are_drawn else readings.figures(state.regency, state.area.level)


def _standing(figures: Figures | None, own: Figure | None) -> Standing:
    if figures is None:
        return NOWHERE
    return Peers.of(figures.items, figures.indicator.roll_up).standing(own)
