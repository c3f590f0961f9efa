"""Everything about one area at once: its latest figures, rank, those above, and the trends."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, Status
from geo.indicators.queries.catalogue import MOST_STATES, Catalogue, read_catalogue
from geo.indicators.queries.comparing import NOWHERE, Peers, Standing
from geo.indicators.queries.figures import Reading
from geo.indicators.queries.observed import Observed, read_ids, read_observed
from geo.indicators.queries.periods import AREA_STATE, read_periods_of
from geo.indicators.queries.rolling import figures_of
from geo.indicators.queries.shapes import DEPTH, Figure
from geo.indicators.queries.withholding import is_kept, regency_of


@dataclass(frozen=True, slots=True)
class Step:
    """One period of a trend: the area's own figure, and those of the areas above."""

    period: str
    own: Figure
    above: list[Figure]


@dataclass(frozen=True, slots=True)
class AreaFact:
    """One indicator of one area.

    ``above`` and ``Step.above`` are in the order regency, district. ``standing`` is the
    place among the areas of the same level in the regency.
    """

    indicator: Indicator
    period: str | None
    figure: Figure | None
    standing: Standing
    above: list[Figure]
    trend: list[Step]


@dataclass(slots=True)
class _Known:
    """Figures found so far: by (indicator, period) and code of the area.

    ``shown`` is the period of each indicator that stands for it; ``state`` tells one
    state of all figures from another.
    """

    shown: dict[int, str | None]
    state: str
    figures: dict[tuple[int, str], dict[str, Figure]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    peers: dict[int, Peers] = field(default_factory=dict)


# By state of the data, regency and level: for each indicator, what all areas have.
# A page needs them only to count; reading them anew cost three quarters of its time.
# 0.4 MB for each state.
_peers_now: dict[tuple[str, int, str], dict[int, Peers]] = {}

# Kept figures hold only for the areas of which they were made.
KEPT = f"""
    SELECT k.indicator_id, k.period, a.code, k.value, k.status, k.reported, k.expected, k.note
    FROM geo_keptfigure k JOIN geo_area a ON a.id = k.area_id
    WHERE k.area_id = ANY(%(areas)s) AND k.indicator_id = ANY(%(ids)s)
      AND (SELECT areas FROM geo_dataversion WHERE id = 1) = ({AREA_STATE})
    UNION ALL
    SELECT k.indicator_id, k.period, a.code, k.value, k.status, k.reported, k.expected, k.note
    FROM unnest(%(ids)s::bigint[], %(latest)s::text[]) AS last(id, period)
    JOIN geo_keptfigure k ON k.indicator_id = last.id AND k.period = last.period
    JOIN geo_area a ON a.id = k.area_id
    LEFT JOIN geo_area p ON p.id = a.parent_id
    WHERE a.level = %(level)s AND %(regency)s IN (a.id, a.parent_id, p.parent_id)
      AND (SELECT areas FROM geo_dataversion WHERE id = 1) = ({AREA_STATE})"""  # noqa: S608


def read_area_facts(
    area: Area,
    indicators: Iterable[Indicator] | None = None,
    moment: datetime.datetime | None = None,
    now: Catalogue | None = None,
) -> list[AreaFact]:
    """Read all indicators of one area: latest figure, rank, areas above, trends.

    Coverage, roll-up and what is withheld are those of ``read_figures``. Three
    queries where figures are kept (see ``KeptFigure``), four more after a
    publication; what is not kept, or a pinned moment, is read anew with one or
    two queries an indicator.

    Parameters
    ----------
    indicators
        In the order of the answer; all of them without it.
    now
        As ``read_catalogue`` gives it; read here without it.
    """
    now = now or read_catalogue()
    chosen = list(now.indicators if indicators is None else indicators)
    found = now.periods if moment is None else read_periods_of(chosen, moment)
    periods = found.known
    above = _above(area)
    regency = [*above, area][0]
    known = _Known(found.shown, now.state)
    if moment is None:
        _add_kept(known, chosen, [*above, area], regency)
        _add_own(known, chosen, periods, [*above, area])
        _add_peers(known, chosen, area)
    for indicator in chosen:
        _add_anew(known, indicator, periods[indicator.pk], [*above, area], regency, moment)
    return [_fact(known, one, periods[one.pk], area, above) for one in chosen]


def read_facts_beside(
    areas: Sequence[Area], indicators: Iterable[Indicator] | None = None
) -> list[list[AreaFact]]:
    """Read all indicators of several areas at once, each with its rank; nothing of those above.

    Three queries for areas of one level where figures are kept, five for areas of two: as
    many for four areas as for two. Some more after a publication.

    Returns
    -------
    list of list of AreaFact
        By area, in the order of ``indicators``.
    """
    now = read_catalogue()
    chosen = list(now.indicators if indicators is None else indicators)
    periods = now.periods.known
    facts: dict[int, list[AreaFact]] = {}
    for level in {area.level for area in areas}:
        group = [area for area in areas if area.level == level]
        known = _Known(now.periods.shown, now.state)
        regency = regency_of(group[0])
        _add_kept(known, chosen, group, regency)
        _add_own(known, chosen, periods, group)
        _add_peers(known, chosen, group[0])
        for indicator in chosen:
            _add_anew(known, indicator, periods[indicator.pk], group, regency)
        for area in group:
            facts[area.pk] = [_fact(known, one, periods[one.pk], area, []) for one in chosen]
    return [facts[area.pk] for area in areas]


def _above(area: Area) -> list[Area]:
    found: list[Area] = []
    while area.parent is not None:
        area = area.parent
        found.insert(0, area)
    return found


def _reaches(indicator: Indicator, area: Area) -> bool:
    return DEPTH[area.level] <= DEPTH[indicator.level]


def _add_kept(known: _Known, indicators: list[Indicator], areas: list[Area], regency: Area) -> None:
    latest = {one.pk: shown for one in indicators if (shown := known.shown[one.pk])}
    facts: dict[str, Any] = {
        "areas": [one.pk for one in areas],
        "ids": list(latest),
        "latest": list(latest.values()),
        "level": areas[-1].level,
        "regency": regency.pk,
    }
    lineage = {one.code for one in areas}
    above = {one.code for one in areas if one.level != areas[-1].level}
    peers: dict[int, dict[str, Figure]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(KEPT, facts)
        for pk, period, code, *rest in cursor.fetchall():
            figure = Figure(code, *rest)
            if code in lineage:
                known.figures[pk, period][code] = figure
            if latest[pk] == period and code not in above:
                peers[pk][code] = figure  # the area itself comes in both halves
    roll_up_of = {one.pk: one.roll_up for one in indicators}
    for pk, by_code in peers.items():
        known.peers[pk] = Peers.of(by_code.values(), roll_up_of[pk])


def _add_own(
    known: _Known,
    indicators: list[Indicator],
    periods: dict[int, list[str]],
    areas: Sequence[Area],
) -> None:
    """What areas report themselves: their own level is the lowest, and nothing is withheld."""
    by_level = {area.level: area for area in areas}
    chosen = [i for i in indicators if i.level in by_level and not is_kept(i, i.level)]
    if not chosen:
        return
    wanted = sorted({p for i in chosen for p in periods[i.pk]})
    observed = _read(chosen, wanted, areas[-1], set(by_level), beside=areas[:-1])
    for indicator in chosen:
        area = by_level[indicator.level]
        for period in periods[indicator.pk]:
            for figure in figures_of(indicator, observed, period, area.level, area):
                known.figures[indicator.pk, period][figure.code] = figure


def _add_peers(known: _Known, indicators: list[Indicator], area: Area) -> None:
    """Values of all areas of the same level in the latest period of each indicator."""
    chosen = [
        i
        for i in indicators
        if i.level == area.level and not is_kept(i, area.level) and known.shown[i.pk]
    ]
    if not chosen:
        return
    regency = regency_of(area)
    state = (known.state, regency.pk, area.level)
    if state not in _peers_now and len(_peers_now) >= MOST_STATES:
        oldest, *_younger = _peers_now  # at once: other threads add to it
        _peers_now.pop(oldest, None)
    held = _peers_now.setdefault(state, {})
    absent = [i for i in chosen if i.pk not in held]
    if absent:
        held.update(_read_peers(absent, known.shown, regency, area.level))
    known.peers.update({i.pk: held[i.pk] for i in chosen})


def _read_peers(
    indicators: list[Indicator], shown: dict[int, str | None], regency: Area, level: str
) -> dict[int, Peers]:
    latest = {i.pk: str(shown[i.pk]) for i in indicators}
    observed = _read(indicators, set(latest.values()), regency, {level})
    return {
        i.pk: Peers.of(figures_of(i, observed, latest[i.pk], level, regency), i.roll_up)
        for i in indicators
    }


def _read(
    indicators: list[Indicator],
    periods: Iterable[str],
    top: Area,
    levels: set[str],
    beside: Sequence[Area] = (),
) -> Observed:
    return read_observed(
        indicator_ids={pk for one in indicators for pk in read_ids(one)},
        periods=list(periods),
        top=top,
        levels=levels,
        beside=beside,
    )


def _add_anew(
    known: _Known,
    indicator: Indicator,
    periods: Sequence[str],
    areas: list[Area],
    regency: Area,
    moment: datetime.datetime | None = None,
) -> None:
    """Work out what was not kept."""
    wanted = [one for one in areas if _reaches(indicator, one)]
    absent = [
        period
        for period in periods
        if any(one.code not in known.figures[indicator.pk, period] for one in wanted)
    ]
    if not absent or not wanted:
        return
    levels = [one.level for one in wanted]
    reading = Reading.of(indicator, absent, levels[-1], regency, moment, more_levels=levels)
    for period in absent:
        for one in wanted:
            for figure in reading.figures(period, one.level):
                if figure.code == one.code:
                    known.figures[indicator.pk, period][one.code] = figure
    shown = known.shown[indicator.pk]
    if shown in absent and wanted[-1] is areas[-1]:
        figures = reading.figures(shown, areas[-1].level)
        known.peers[indicator.pk] = Peers.of(figures, indicator.roll_up)


def _fact(
    known: _Known, indicator: Indicator, periods: list[str], area: Area, above: list[Area]
) -> AreaFact:
    shown = known.shown[indicator.pk]
    if shown is None:
        return AreaFact(indicator, None, None, NOWHERE, [], [])
    steps = []
    for period in periods:
        found = known.figures[indicator.pk, period]
        own = found.get(area.code) or Figure(area.code, None, Status.NOT_ASSESSED, 0, 0)
        upper = [found[one.code] for one in above if one.code in found]
        steps.append(Step(period, own, upper))
    figure = steps[periods.index(shown)].own
    peers = known.peers.get(indicator.pk) if area.level != Level.REGENCY else None
    return AreaFact(
        indicator=indicator,
        period=shown,
        figure=figure,
        standing=peers.standing(figure) if peers else NOWHERE,
        above=steps[periods.index(shown)].above,
        trend=steps if _reaches(indicator, area) else [],
    )
