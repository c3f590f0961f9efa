"""The one way in which anything reads what was measured."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, RollUp, Status
from geo.indicators.queries.observed import Observed, read_ids, read_observed
from geo.indicators.queries.periods import known_periods
from geo.indicators.queries.rolling import figures_of
from geo.indicators.queries.shapes import DEPTH, NOT_YET, Figure, Figures
from geo.indicators.queries.withholding import (
    Family,
    family_of,
    is_protected,
    neighbours,
    regency_of,
    withheld_in,
    withhold,
    withhold_everything,
    withhold_small,
)
from geo.lib.errors import UnknownChoice, UnknownPeriod


def read_figures(
    *,
    indicator: Indicator,
    period: str,
    level: str,
    parent: Area,
    scheme: str | None = None,
    moment: datetime.datetime | None = None,
    has_own_classes: bool = False,
) -> Figures:
    """Read the figures of the areas of ``level`` that are, or lie below, ``parent``.

    Every channel reads through here, so that roll-up, coverage and the
    protection of persons are the same everywhere. Three queries; four for
    what is sensitive.

    Parameters
    ----------
    level
        Not below the level that the indicator is reported at, nor above ``parent``.
    scheme
        Of the class edges; the indicator's own without it.
    moment
        Read what stood at that moment; without it, what stands now. A table of
        a sensitive indicator that has changed since is withheld as a whole.
    has_own_classes
        Class edges of this period alone, not of all periods.

    Raises
    ------
    UnknownChoice, UnknownPeriod
        Name the levels or periods that there are.
    """
    (figures,) = read_periods(
        indicator=indicator,
        periods=[period],
        level=level,
        parent=parent,
        scheme=scheme,
        moment=moment,
        has_own_classes=has_own_classes,
    )
    return figures


def read_periods(
    *,
    indicator: Indicator,
    periods: Sequence[str],
    level: str,
    parent: Area,
    scheme: str | None = None,
    moment: datetime.datetime | None = None,
    has_own_classes: bool = False,
) -> list[Figures]:
    """Read several periods as ``read_figures`` reads one, in as many queries.

    A period without any figures is given with every area missing, unless it is
    unknown to the whole indicator and no other is known either.
    """
    _require_level(indicator, level, parent)
    reading = Reading.of(indicator, periods, level, parent, moment)
    if not any(reading.observed.month(period) for period in periods):
        for period in periods:
            require_period(indicator, period, moment)
    return [
        _as_figures(reading, period, scheme or indicator.scheme, has_own_classes)
        for period in periods
    ]


def _as_figures(reading: Reading, period: str, scheme: str, has_own_classes: bool) -> Figures:
    items = reading.figures(period)
    return Figures(
        indicator=reading.indicator,
        period=period,
        level=reading.level,
        parent=reading.parent,
        items=items,
        scheme=scheme,
        reported=sum(item.reported for item in items),
        expected=sum(item.expected for item in items),
        source_ids=reading.source_ids(period),
        n_not_yet=sum(item.note == NOT_YET for item in items),
        former_codes=reading.former_codes(period),
        has_own_classes=has_own_classes,
    )


def read_figure(
    *,
    indicator: Indicator,
    period: str,
    area: Area,
    moment: datetime.datetime | None = None,
) -> Figure:
    """Read one area's figure; a village below the level of the indicator has none.

    Raises ``UnknownPeriod``, as ``read_figures`` does.
    """
    if DEPTH[area.level] > DEPTH[indicator.level]:
        return Figure(area.code, None, Status.NOT_ASSESSED, 0, 0)
    figures = read_figures(
        indicator=indicator, period=period, level=area.level, parent=area, moment=moment
    )
    return _only(figures.items, area)


def read_trend(
    *, indicator: Indicator, area: Area, moment: datetime.datetime | None = None
) -> list[tuple[str, Figure]]:
    """Read one area's figures of all known periods, oldest first."""
    known = known_periods(indicator, moment)
    if not known or DEPTH[area.level] > DEPTH[indicator.level]:
        return []
    reading = Reading.of(indicator, known, area.level, area, moment)
    return [(period, _only(reading.figures(period), area)) for period in known]


def _only(figures: list[Figure], area: Area) -> Figure:
    found = [figure for figure in figures if figure.code == area.code]
    return found[0] if found else Figure(area.code, None, Status.MISSING, 0, 0)


def _require_level(indicator: Indicator, level: str, parent: Area) -> None:
    allowed = [
        name
        for name, depth in DEPTH.items()
        if DEPTH[parent.level] <= depth <= DEPTH[indicator.level]
    ]
    if level not in allowed:
        raise UnknownChoice(name="level", found=level, allowed=", ".join(allowed) or "–")


def require_period(indicator: Indicator, period: str, moment: datetime.datetime | None) -> None:
    """Raise ``UnknownPeriod`` unless the indicator has figures for the period."""
    known = known_periods(indicator, moment)
    if period not in known:
        raise UnknownPeriod(indicator=indicator.name, period=period, known=", ".join(known) or "–")


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been read to answer for some periods, and how figures come of it.

    ``family`` is None where nothing can be withheld; then only what lies below
    ``parent`` was read, else the whole regency. ``present`` is what stands now
    where a moment was pinned.
    """

    indicator: Indicator
    level: str
    parent: Area
    top: Area
    observed: Observed
    present: Observed
    family: Family | None

    @classmethod
    def of(
        cls,
        indicator: Indicator,
        periods: Collection[str],
        level: str,
        parent: Area,
        moment: datetime.datetime | None = None,
        more_levels: Collection[str] = (),
    ) -> Reading:
        """Read what the figures of ``periods`` need, of ``level`` and ``more_levels``."""
        levels = {level, indicator.level, *more_levels}
        ids, top, family = set(read_ids(indicator)), parent, None
        wanted = set(periods)
        if is_protected(indicator) and indicator.roll_up in {RollUp.SUM, RollUp.RATIO}:
            family = family_of(indicator)
            ids |= family.ids
            top = regency_of(parent)
            wanted = {near for period in periods for near in neighbours(period)}
        asked = {"indicator_ids": ids, "periods": wanted, "top": top, "levels": levels}
        observed = read_observed(**asked, moment=moment)  # type: ignore[arg-type]
        is_pinned = family is not None and moment is not None
        present = read_observed(**asked) if is_pinned else observed  # type: ignore[arg-type]
        return cls(indicator, level, parent, top, observed, present, family)

    def figures(self, period: str, level: str | None = None) -> list[Figure]:
        """The figures of one period and level, as they may be shown."""
        level = level or self.level
        figures = figures_of(self.indicator, self.observed, period, level, self.top)
        if self.family is not None:
            figures = self._withheld(figures, self.family, period)
        elif is_protected(self.indicator) and level == Level.VILLAGE:
            figures = withhold_small(figures)
        return self._below(figures)

    def _withheld(self, figures: list[Figure], family: Family, period: str) -> list[Figure]:
        if self.observed.month(period) != self.present.month(period):
            return withhold_everything(figures)
        return withhold(
            figures,
            indicator=self.indicator,
            family=family,
            hidden=withheld_in(family, self.present, period),
            observed=self.observed,
            period=period,
            top=self.top,
        )

    def _below(self, figures: list[Figure]) -> list[Figure]:
        """Of the whole regency, what lies below the parent that was asked for."""
        if self.top == self.parent:
            return figures
        inside = {
            p.code for p in self.observed.places if p.at(self.parent.level) == self.parent.code
        }
        return [f for f in figures if f.code in inside or f.code == self.parent.code]

    def source_ids(self, period: str) -> frozenset[int]:
        """Sources of what stands behind the figures of a period."""
        month = self.observed.month(period)
        return frozenset(
            seen[2]
            for pk in read_ids(self.indicator)
            for seen in month.get(pk, {}).values()
            if seen[2] is not None
        )

    def former_codes(self, period: str) -> dict[str, str]:
        """Old codes under which areas were observed, by present code."""
        month = self.observed.month(period)
        seen = {area for pk in read_ids(self.indicator) for area in month.get(pk, ())}
        code_of = {place.pk: place.code for place in self.observed.places}
        return {
            code_of[pk]: former.code
            for pk, formers in self.observed.whole.items()
            for former in formers
            if former.pk in seen and pk not in seen
        }
