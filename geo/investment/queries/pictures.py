"""The ranking as a map: classes of scores, and pins on the first places."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from geo.areas.queries import outline_of, regency
from geo.investment.queries.rankings import Ranking
from geo.lib.classes import class_of
from geo.lib.legends import LegendClass, make_legend
from geo.lib.palettes import ramp
from geo.lib.pictures import CONTEXT_FILL, MISSING_FILL, draw_areas
from geo.lib.pins import draw_pins

PALETTE, N_CLASSES = "teal", 5
N_PINS = 10
# Of one class: it shows nothing.
LEAST_EDGES = 2


@dataclass(frozen=True, slots=True)
class ScoreMap:
    """The map of a ranking with its legend; ``n_unbounded`` ranked places cannot be drawn."""

    areas: str
    pins: str
    classes: list[LegendClass]
    n_excluded: int
    n_apart: int
    n_unbounded: int


def score_map(ranking: Ranking) -> ScoreMap | None:
    """Draw a ranking; None where the regency has no outlines."""
    outline = outline_of(regency(), ranking.wish.level)
    if outline is None:
        return None
    scores = {one.area.code: one.score for one in ranking.entries}
    edges = score_edges(list(scores.values()))
    # The palest tone is left to what is left out.
    colours = ramp(PALETTE, len(edges))[1:]
    fills = {code: colours[class_of(score, edges)] for code, score in scores.items()}
    fills |= dict.fromkeys(ranking.excluded, CONTEXT_FILL)
    fills |= {area.code: MISSING_FILL for area, _ in ranking.apart}
    labels = {one.area.code: str(one.rank) for one in ranking.entries[:N_PINS]}
    return ScoreMap(
        areas=draw_areas(outline.picture, fills, address=_profile),
        pins=draw_pins(outline.picture, labels),
        classes=make_legend(list(scores.values()), edges, colours).classes if scores else [],
        n_excluded=len(ranking.excluded),
        n_apart=len(ranking.apart),
        n_unbounded=len(scores.keys() - outline.picture["paths"].keys()),
    )


def score_edges(scores: list[float]) -> list[float]:
    """Edges of up to five classes with about as many places each, k + 1 rising numbers.

    Where most places share one score that would make a single class; then the classes are
    as wide as each other.
    """
    if not scores:
        return [0, 100]
    rising = sorted(scores)
    low, high = rising[0], rising[-1]
    if low == high:
        return [low, low + 1]
    cuts = [rising[len(rising) * step // N_CLASSES] for step in range(N_CLASSES)]
    edges = sorted({*cuts, high})
    if len(edges) > LEAST_EDGES:
        return edges
    return [low + (high - low) * step / N_CLASSES for step in range(N_CLASSES)] + [high]


def _profile(code: str) -> str:
    return reverse("profile", args=[code])
