"""Class edges, computed over all periods and stored; the web only reads them."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable, Sequence

import numpy as np
from django.db import transaction
from mapclassify.classifiers import quantile

from geo.areas.models import Level
from geo.indicators.batch.kept import Shown, drop_what_rests_on_other_areas, keep_figures
from geo.indicators.models import ClassBreaks, Indicator, Scheme
from geo.indicators.queries import DEPTH, periods_of
from geo.indicators.services import tied_indicators
from geo.lib.classes import readable_edges
from geo.lib.suppression import SMALLEST_SAFE_COUNT, is_small

# The exact method of Fisher costs the square of its values; a village more or
# less in a sample of this size moves no edge that is rounded anyway.
LARGEST_SAMPLE = 300


@transaction.atomic
def compute_breaks(indicators: Iterable[Indicator] | None = None) -> int:
    """Compute and store the class edges of ``indicators`` and of all made of them.

    Edges hold for the whole regency, whatever part of it is shown: one set for
    all periods, rewritten each time, which also tells ``data_version``, and one
    for every single period, kept until something of it is published anew.
    Figures that are kept for trends are renewed on the way.

    Returns
    -------
    int
        How many sets of edges hold for all their periods now.
    """
    affected = _affected(indicators)
    ClassBreaks.objects.filter(indicator__in=affected, period=None).delete()
    drop_what_rests_on_other_areas()
    known = periods_of(affected)
    n_stored = 0
    for indicator in affected:
        shown = keep_figures(indicator, known[indicator.pk])
        n_stored += _store(indicator, shown, known[indicator.pk])
    return n_stored


def _store(indicator: Indicator, shown: Shown, periods: Sequence[str]) -> int:
    done = set(
        ClassBreaks.objects.filter(indicator=indicator)
        .exclude(period=None)
        .values_list("level", "period")
    )
    whole, single = [], []
    for level in (Level.DISTRICT, Level.VILLAGE):
        if DEPTH[level] > DEPTH[indicator.level]:
            continue
        everything = [value for period in periods for value in shown.get((level, period), ())]
        whole += _sets(indicator, level, None, everything)
        for period in periods if len(periods) > 1 else ():
            if (level, period) not in done:
                single += _sets(indicator, level, period, shown.get((level, period), ()))
    ClassBreaks.objects.bulk_create(whole + single, batch_size=1000)
    return len(whole)


def _sets(
    indicator: Indicator, level: str, period: str | None, values: Sequence[float]
) -> list[ClassBreaks]:
    return [
        ClassBreaks(indicator=indicator, level=level, scheme=scheme, period=period, edges=edges)
        for scheme, edges in edges_of(indicator, values).items()
    ]


def _affected(indicators: Iterable[Indicator] | None) -> list[Indicator]:
    if indicators is None:
        return list(Indicator.objects.all())
    ties = tied_indicators()
    ids = set().union(*(ties.get(indicator.pk, {indicator.pk}) for indicator in indicators))
    return list(Indicator.objects.filter(pk__in=ids))


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
    if indicator.is_count and indicator.sensitive:
        edges = {scheme: _safe(found) for scheme, found in edges.items()}
    if indicator.manual_breaks:
        edges[Scheme.MANUAL] = indicator.manual_breaks
    return edges


def _safe(edges: Sequence[float]) -> list[float]:
    """No limit lies among the counts that are withheld."""
    return sorted({SMALLEST_SAFE_COUNT if is_small(edge) else edge for edge in edges})


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
            # The class around it would also judge the fit, which costs as much again.
            bins = quantile(array, k=k)
        elif scheme == Scheme.EQUAL:
            bins = np.linspace(array[0], array[-1], k + 1)[1:]
        else:
            bins = natural_bins(_sample(array, k), k)
    edges = [float(array[0]), *map(float, bins)]
    return [edge for edge, _same in itertools.groupby(edges)]


def natural_bins(array: np.ndarray, k: int) -> np.ndarray:
    """Upper ends of the k classes with the least sum of squared deviations.

    Parameters
    ----------
    array
        Values in rising order, shape (n,); k of them at least are distinct.

    Notes
    -----
    W. D. Fisher, On Grouping for Maximum Homogeneity, JASA 53 (1958): exact, by
    dynamic programming; whole matrices at once, for it is done for every period.
    """
    n = len(array)
    sums = np.concatenate([[0.0], np.cumsum(array)])
    squares = np.concatenate([[0.0], np.cumsum(array**2)])
    first, last = np.arange(n)[:, None], np.arange(n)[None, :]
    size = np.maximum(last - first + 1, 1)
    within = squares[last + 1] - squares[first] - (sums[last + 1] - sums[first]) ** 2 / size
    cost = np.where(last >= first, np.maximum(within, 0), np.inf)
    least, begins = cost[0].copy(), np.zeros((k, n), dtype=int)
    for step in range(1, k):
        # The class ending at each value may begin after any end of the class before.
        before = np.concatenate([[np.inf], least[:-1]])
        total = before[:, None] + cost
        begins[step] = total.argmin(axis=0)
        least = total.min(axis=0)
    ends = [n - 1]
    for step in range(k - 1, 0, -1):
        ends.append(begins[step][ends[-1]] - 1)
    return array[ends[::-1]]


def _sample(array: np.ndarray, k: int) -> np.ndarray:
    """Values at even steps of rank, with both ends; all of them where that leaves too few."""
    if len(array) <= LARGEST_SAMPLE:
        return array
    steps = np.linspace(0, len(array) - 1, LARGEST_SAMPLE).round().astype(int)
    sample = array[steps]
    return sample if len(np.unique(sample)) >= k else array
