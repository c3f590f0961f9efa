"""Writing what is measured: declarations of sectors, and observations."""

from geo.indicators.services.observations import (
    NewValue,
    Published,
    note_change,
    publish_observations,
    remove_demo_beside,
    tied_indicators,
    with_derived,
)
from geo.indicators.services.sectors import SectorReport, load_sectors, read_declarations
from geo.indicators.services.sources import make_source_of_file
from geo.indicators.services.withdrawing import BuiltUpon, withdraw_source

__all__ = [
    "BuiltUpon",
    "NewValue",
    "Published",
    "SectorReport",
    "load_sectors",
    "make_source_of_file",
    "note_change",
    "publish_observations",
    "read_declarations",
    "remove_demo_beside",
    "tied_indicators",
    "with_derived",
    "withdraw_source",
]
