"""Reading places: lists, layers and rows for machines; and what a new list is compared with."""

from geo.places.queries.comparing import near_places, open_places, places_with_number
from geo.places.queries.showing import (
    Layer,
    Near,
    PlaceList,
    UnknownLayer,
    UnknownPlace,
    UnknownPlaceKind,
    find_kind,
    find_layer,
    find_place,
    layer_json,
    layers,
    nearest_places,
    places_geojson,
    places_json,
    places_version,
    search_places,
)

__all__ = [
    "Layer",
    "Near",
    "PlaceList",
    "UnknownLayer",
    "UnknownPlace",
    "UnknownPlaceKind",
    "find_kind",
    "find_layer",
    "find_place",
    "layer_json",
    "layers",
    "near_places",
    "nearest_places",
    "open_places",
    "places_geojson",
    "places_json",
    "places_version",
    "places_with_number",
    "search_places",
]
