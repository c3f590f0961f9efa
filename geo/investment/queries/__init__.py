"""What an investor can ask for, and the places that answer it."""

from geo.investment.queries.choices import form_rows, preset_choices
from geo.investment.queries.criteria import Offered, districts, offered_criteria
from geo.investment.queries.pictures import score_map
from geo.investment.queries.presets import presets
from geo.investment.queries.rankings import (
    LEAST_KNOWN,
    N_VARIATIONS,
    Criterion,
    Entry,
    Exclusion,
    Ranking,
    read_ranking,
)
from geo.investment.queries.wishes import LEVELS, SPREADS_PERCENT, Limit, Wish

__all__ = [
    "LEAST_KNOWN",
    "LEVELS",
    "N_VARIATIONS",
    "SPREADS_PERCENT",
    "Criterion",
    "Entry",
    "Exclusion",
    "Limit",
    "Offered",
    "Ranking",
    "Wish",
    "districts",
    "form_rows",
    "offered_criteria",
    "preset_choices",
    "presets",
    "read_ranking",
    "score_map",
]
