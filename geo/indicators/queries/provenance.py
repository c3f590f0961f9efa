"""Where one figure comes from."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from geo.areas.models import Area, AreaChange
from geo.indicators.models import Indicator, Observation, RollUp, Source, Status
from geo.indicators.queries.figures import read_figure, read_figures
from geo.indicators.queries.observed import read_ids
from geo.indicators.queries.shapes import DEPTH, Figure, Figures

VALUE, NUMERATOR, DENOMINATOR, WEIGHT = "value", "numerator", "denominator", "weight"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the formula: its role, the indicator, and its figure of the same area."""

    role: str
    indicator: Indicator
    figure: Figure


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source of the figure, and the row of its file where a single one stands behind it."""

    source: Source
    n_observations: int
    source_row: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an observation of this very area; ``value`` is None where it is withheld."""

    indicator: Indicator
    number: int
    value: float | None
    is_withheld: bool
    status: str
    recorded_at: datetime.datetime
    superseded_at: datetime.datetime | None
    source: Source
    source_row: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything that stands behind one figure.

    ``is_observed``: nobody computed it. Else it is made of ``terms`` by the
    roll-up of the indicator (``factor`` × numerator ÷ denominator for a ratio,
    square kilometres where ``per_km2``). ``absent`` are the areas of the lowest
    level that have not reported.
    """

    indicator: Indicator
    period: str
    area: Area
    figure: Figure
    is_observed: bool
    terms: list[Term]
    evidence: list[Evidence]
    revisions: list[Revision]
    absent: list[Area]


def read_provenance(
    *,
    indicator: Indicator,
    period: str,
    area: Area,
    moment: datetime.datetime | None = None,
) -> Provenance:
    """Read who measured, entered and verified a figure, and from what it is computed.

    Of sensitive indicators no earlier value is told: the difference of two
    states of a sum would be a person.

    Raises ``UnknownPeriod``, as ``read_figures`` does.
    """
    figure = read_figure(indicator=indicator, period=period, area=area, moment=moment)
    reaches = DEPTH[area.level] <= DEPTH[indicator.level]
    lowest = (
        read_figures(
            indicator=indicator, period=period, level=indicator.level, parent=area, moment=moment
        )
        if reaches
        else None
    )
    is_lowest = area.level == indicator.level
    places = _places(area, lowest) if lowest else []
    return Provenance(
        indicator=indicator,
        period=period,
        area=area,
        figure=figure,
        is_observed=is_lowest and indicator.roll_up != RollUp.RATIO,
        terms=_terms(indicator, period, area, moment) if reaches else [],
        evidence=_evidence(indicator, period, places, moment),
        revisions=_revisions(indicator, period, places, moment) if is_lowest else [],
        absent=_absent(lowest) if lowest else [],
    )


def _terms(
    indicator: Indicator, period: str, area: Area, moment: datetime.datetime | None
) -> list[Term]:
    roles = {NUMERATOR: indicator.numerator, DENOMINATOR: indicator.denominator}
    if indicator.roll_up == RollUp.WEIGHTED_MEAN and area.level != indicator.level:
        roles = {WEIGHT: indicator.weight}
    return [
        Term(role, part, _figure_or_missing(part, period, area, moment))
        for role, part in roles.items()
        if part is not None
    ]


def _figure_or_missing(
    part: Indicator, period: str, area: Area, moment: datetime.datetime | None
) -> Figure:
    seen = Observation.objects.as_of(moment).filter(indicator=part, period=period)
    if not seen.exists():
        return Figure(area.code, None, str(Status.MISSING), 0, 0)
    return read_figure(indicator=part, period=period, area=area, moment=moment)


def _places(area: Area, lowest: Figures) -> list[int]:
    """Ids of the areas whose observations enter, and of those that passed into them."""
    codes = [item.code for item in lowest.items]
    present = list(Area.objects.current().filter(code__in=codes).values_list("pk", flat=True))
    return [*present, *_before(present)]


def _before(present: Collection[int]) -> list[int]:
    """Closed areas that passed into ``present`` ones, however often; one query a link."""
    found: list[int] = []
    latest = list(present)
    while latest:
        passed = AreaChange.objects.filter(
            successor__in=latest, predecessor__valid_to__isnull=False
        ).exclude(predecessor__in=found)
        latest = list(passed.values_list("predecessor_id", flat=True))
        found += latest
    return found


def _evidence(
    indicator: Indicator,
    period: str,
    places: Collection[int],
    moment: datetime.datetime | None,
) -> list[Evidence]:
    rows = Observation.objects.as_of(moment).filter(
        indicator__in=read_ids(indicator), period=period, area__in=places
    )
    by_source: dict[int, list[int | None]] = {}
    for source_id, row in rows.values_list("source_id", "source_row"):
        by_source.setdefault(source_id, []).append(row)
    sources = Source.objects.in_bulk(by_source)
    return [
        Evidence(sources[pk], len(found), found[0] if len(found) == 1 else None)
        for pk, found in sorted(by_source.items())
    ]


def _revisions(
    indicator: Indicator,
    period: str,
    places: Collection[int],
    moment: datetime.datetime | None,
) -> list[Revision]:
    rows = Observation.objects.filter(
        indicator__in=read_ids(indicator), period=period, area__in=places
    ).select_related("indicator", "source")
    if moment is not None:
        rows = rows.filter(Q(recorded_at__lte=moment))
    return [
        Revision(
            indicator=row.indicator,
            number=row.revision,
            value=None if row.indicator.sensitive else row.value,
            is_withheld=row.indicator.sensitive and row.value is not None,
            status=row.status,
            recorded_at=row.recorded_at,
            superseded_at=row.superseded_at,
            source=row.source,
            source_row=row.source_row,
        )
        for row in rows.order_by("indicator__position", "recorded_at", "revision")
    ]


def _absent(lowest: Figures) -> list[Area]:
    codes = [
        item.code
        for item in lowest.items
        if not item.reported and item.status not in {Status.NOT_ASSESSED, Status.UNREACHABLE}
    ]
    found = Area.objects.current().filter(code__in=codes).select_related("parent")
    return list(found.defer("boundary", "interior_point", "parent__boundary").order_by("code"))
