"""Reading the figures of one view, each table once."""

from __future__ import annotations

from dataclasses import replace

from geo.areas.models import Area
from geo.indicators.queries import (
    DEPTH,
    Changes,
    Figure,
    Figures,
    read_changes,
    read_figure,
    read_figures,
    read_periods,
)
from geo.maps.models import MapState


class Readings:
    """Figures of a state, or their changes; what was read is remembered."""

    def __init__(self, state: MapState) -> None:
        self.state = state
        self._read: list[Figures] = []
        self._changes: dict[str, Changes] = {}

    def figures(self, parent: Area, level: str) -> Figures | None:
        """Figures of the areas of ``level`` in ``parent``; None where there can be none."""
        state = self.state
        if not state.period or DEPTH[level] > DEPTH[state.indicator.level]:
            return None
        if state.since:
            return _within(self._changes_of(level), parent)
        figures = read_figures(
            indicator=state.indicator,
            period=state.period,
            level=level,
            parent=parent,
            scheme=state.scheme,
            moment=state.moment,
            has_own_classes=state.has_own_classes,
        )
        self._read.append(figures)
        return figures

    def figure(self, area: Area) -> Figure | None:
        """One area's figure, from what has been read already where it is there."""
        state = self.state
        if not state.period:
            return None
        known = (one.by_code().get(area.code) for one in self._read if one.level == area.level)
        found = next((figure for figure in known if figure), None)
        if found:
            return found
        if state.since and DEPTH[area.level] <= DEPTH[state.indicator.level]:
            return self._changes_of(area.level).by_code().get(area.code)
        return read_figure(
            indicator=state.indicator, period=state.period, area=area, moment=state.moment
        )

    def ends(self, area: Area) -> tuple[Figure, Figure] | None:
        """One area's figures of both periods, where a change is shown."""
        state = self.state
        if not state.since or DEPTH[area.level] > DEPTH[state.indicator.level]:
            return None
        before, after = read_periods(
            indicator=state.indicator,
            periods=[state.since, state.period],
            level=area.level,
            parent=area,
            moment=state.moment,
        )
        return before.by_code()[area.code], after.by_code()[area.code]

    def _changes_of(self, level: str) -> Changes:
        """Changes are read for the whole regency, whichever part is drawn: so are their classes."""
        state = self.state
        if level not in self._changes:
            self._changes[level] = read_changes(
                indicator=state.indicator,
                period=state.period,
                since=state.since,
                level=level,
                parent=state.regency,
                moment=state.moment,
            )
        return self._changes[level]


def _within(changes: Changes, parent: Area) -> Changes:
    """Of the changes of a regency, those of the areas in ``parent``."""
    inside = [
        one
        for one in changes.items
        if one.code == parent.code or one.code.startswith(f"{parent.code}.")
    ]
    return replace(
        changes,
        parent=parent,
        items=inside,
        reported=sum(one.reported for one in inside),
        expected=sum(one.expected for one in inside),
    )
