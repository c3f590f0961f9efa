"""What the page about ambulances is asked: a season, in the words of its address."""

from __future__ import annotations

from geo.roads.models import Season

WORDS = {"hujan": Season.WET, "kemarau": Season.DRY}


def read_season(query) -> Season:
    """The rainy season without a known word: it is the one that bars more."""
    return WORDS.get(query.get("musim", ""), Season.WET)
