"""Figures: the one way in which anything reads what was measured."""

from geo.indicators.queries.figures import read_figure, read_figures, read_periods, read_trend
from geo.indicators.queries.periods import (
    data_version,
    find_indicator,
    has_demo,
    known_periods,
    latest_period,
    periods_of,
)
from geo.indicators.queries.shapes import (
    CHANGE,
    DEPTH,
    NOT_YET,
    SPLIT,
    Figure,
    Figures,
    class_edges,
)

__all__ = [
    "CHANGE",
    "DEPTH",
    "NOT_YET",
    "SPLIT",
    "Figure",
    "Figures",
    "class_edges",
    "data_version",
    "find_indicator",
    "has_demo",
    "known_periods",
    "latest_period",
    "periods_of",
    "read_figure",
    "read_figures",
    "read_periods",
    "read_trend",
]
