"""Writing places: their kinds, whole lists, single places by their id, and what is counted."""

from geo.places.services.lists import (
    KindReport,
    NewPlace,
    PublishedPlaces,
    load_place_kinds,
    publish_figures,
    publish_places,
    refresh_layer,
    remove_demo_places,
    total,
)
from geo.places.services.revising import (
    GivenPlace,
    PlaceOfOthers,
    Revised,
    revise_places,
    verify_places,
    withdraw_places,
)

__all__ = [
    "GivenPlace",
    "KindReport",
    "NewPlace",
    "PlaceOfOthers",
    "PublishedPlaces",
    "Revised",
    "load_place_kinds",
    "publish_figures",
    "publish_places",
    "refresh_layer",
    "remove_demo_places",
    "revise_places",
    "total",
    "verify_places",
    "withdraw_places",
]
