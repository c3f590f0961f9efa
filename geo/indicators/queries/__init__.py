"""Figures: the one way in which anything reads what was measured."""

from geo.indicators.queries.catalogue import Catalogue, read_catalogue
from geo.indicators.queries.changes import Changes, read_changes
from geo.indicators.queries.comparing import (
    AVERAGES,
    LEAST_COVERED,
    NOWHERE,
    Peers,
    Standing,
    comparable_value,
    ranks_of,
)
from geo.indicators.queries.facts import AreaFact, Step, read_area_facts, read_facts_beside
from geo.indicators.queries.figures import read_figure, read_figures, read_periods, read_trend
from geo.indicators.queries.periods import (
    area_state,
    data_version,
    end_of_day,
    find_indicator,
    has_demo,
    known_periods,
    latest_period,
    periods_of,
    read_day,
    read_periods_of,
)
from geo.indicators.queries.provenance import (
    Evidence,
    Provenance,
    Revision,
    Term,
    read_provenance,
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
    "AVERAGES",
    "CHANGE",
    "DEPTH",
    "LEAST_COVERED",
    "NOT_YET",
    "NOWHERE",
    "SPLIT",
    "AreaFact",
    "Catalogue",
    "Changes",
    "Evidence",
    "Figure",
    "Figures",
    "Peers",
    "Provenance",
    "Revision",
    "Standing",
    "Step",
    "Term",
    "area_state",
    "class_edges",
    "comparable_value",
    "data_version",
    "end_of_day",
    "find_indicator",
    "has_demo",
    "known_periods",
    "latest_period",
    "periods_of",
    "ranks_of",
    "read_area_facts",
    "read_catalogue",
    "read_changes",
    "read_day",
    "read_facts_beside",
    "read_figure",
    "read_figures",
    "read_periods",
    "read_periods_of",
    "read_provenance",
    "read_trend",
]
