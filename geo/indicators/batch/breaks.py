"""Class edges, computed over all periods and stored; the web only reads them."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable, Sequence

import mapclassify
import numpy as np
from django.db import transaction
from django.db.models import Q

from geo.areas.models import Area, Level
from geo.indicators.models import ClassBreaks, Indicator, Scheme
from geo.indicators.queries import DEPTH, known_periods, read_figures
from geo.lib.classes import readable_edges

# The exact method of Fisher costs the square of its values; a village more or
# less in a sample of this size moves no edge that is rounded anyway.
LARGEST_SAMPLE = 300


@transaction.atomic
def compute_breaks(indicators: Iterable[Indicator] | None = None) -> int:
    """Compute and store the class edges of ``indicators`` and of all made of them.

    Edges hold for the whole regency and all its periods, whatever part of it is
    shown. Rows are written anew each time, which also tells ``data_version``.

    Returns
    -------
    int
        How many sets of edges are stored for them now.
    """
    affected = _affected(indicators)
    ClassBreaks.objects.filter(indicator__in=affected).delete()
    regencies = list(Area.objects.current().at_level(Level.REGENCY))
    stored = [
        ClassBreaks(indicator=indicator, level=level, scheme=scheme, edges=edges)
        for indicator in affected
        for level in (Level.DISTRICT, Level.VILLAGE)
        if DEPTH[level] <= DEPTH[indicator.level]
        for scheme, edges in edges_of(indicator, values_of(indicator, level, regencies)).items()
    ]
    ClassBreaks.objects.bulk_create(stored)
    return len(stored)


def _affected(indicators: Iterable[Indicator] | None) -> list[Indicator]:
    if indicators is None:
        return list(Indicator.objects.all())
    given = list(indicators)
    made_of = Q(numerator__in=given) | Q(denominator__in=given) | Q(weight__in=given)
    ids = {indicator.pk for indicator in given}
    return list(Indicator.objects.filter(Q(pk__in=ids) | made_of))


def values_of(indicator: Indicator, level: str, regencies: Sequence[Area]) -> list[float]:
    """All values of a level, over all regencies and periods, as they are published."""
    return [
        value
        for regency in regencies
        for period in known_periods(indicator)
        for value in read_figures(
            indicator=indicator, period=period, level=level, parent=regency
        ).values
        if value is not None
    ]


def edges_of(indicator: Indicator, values: Sequence[float]) -> dict[str, list[float]]:
    """Class edges by scheme, readable, k + 1 of them or fewer where values are few.

    Parameters
    ----------
    values
        In the unit of the indicator, in any order.
    """
    if not values:
        return {}
    schemes = [Scheme.QUANTILE, Scheme.NATURAL, Scheme.EQUAL]
    edges: dict[str, list[float]] = {
        scheme: readable_edges(
            _edges(scheme, indicator, values), values, indicator.n_classes, indicator.decimals
        )
        for scheme in schemes
    }
    if indicator.manual_breaks:
        edges[Scheme.MANUAL] = indicator.manual_breaks
    return edges


def _edges(scheme: str, indicator: Indicator, values: Sequence[float]) -> list[float]:
    middle = indicator.midpoint
    if middle is None or not min(values) < middle < max(values):
        return _classify(scheme, values, indicator.n_classes)
    # A diverging palette is lightest at the middle: half of the classes on each side.
    half = max(indicator.n_classes // 2, 1)
    below = _classify(scheme, [v for v in values if v <= middle] + [middle], half)
    above = _classify(scheme, [v for v in values if v >= middle] + [middle], half)
    return sorted({*below, *above})


def _classify(scheme: str, values: Sequence[float], k: int) -> list[float]:
    array = np.sort(np.asarray(values, dtype=float))
    k = min(k, len(np.unique(array)))
    if k < 2:
        return [array[0], array[-1]]
    with warnings.catch_warnings():
        # Fewer classes than asked, and the missing numba: both are meant.
        warnings.simplefilter("ignore")
        if scheme == Scheme.QUANTILE:
            bins = mapclassify.Quantiles(array, k=k).bins
        elif scheme == Scheme.EQUAL:
            bins = mapclassify.EqualInterval(array, k=k).bins
        else:
            bins = mapclassify.FisherJenks(_sample(array, k), k=k).bins
    edges = [float(array[0]), *map(float, bins)]
    return [edge for edge, _same in itertools.groupby(edges)]


def _sample(array: np.ndarray, k: int) -> np.ndarray:
    """Values at even steps of rank, with both ends; all of them where that leaves too few."""
    if len(array) <= LARGEST_SAMPLE:
        return array
    steps = np.linspace(0, len(array) - 1, LARGEST_SAMPLE).round().astype(int)
    sample = array[steps]
    return sample if len(np.unique(sample)) >= k else array
