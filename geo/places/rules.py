"""What a place must be like, and the sentence where it is not: for lists and for forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.areas.models import Area
from geo.lib.coordinates import are_swapped, is_in_indonesia, is_nowhere, lacks_sign
from geo.lib.numbers import format_number
from geo.lib.tables import ERROR, NOTICE, WARNING

# Boundaries are indicative and generalised; a jetty stands in the water before them.
TOLERANCE_M = 250
FINE_DECIMALS = 4  # 0.0001° is 11 m; fewer decimals are a guess from a map
# From so many places on, one coordinate is an office's, not each place's own.
MANY_AT_ONE_POINT = 3
LONGEST_NAME = 150


class BadCell(ValueError):
    """A cell that cannot be right; ``str(error)`` is the sentence for it."""


def read_identifier(text: str, declared: dict[str, Any]) -> str:
    """Read the number of a place; blank where there is none and none is needed.

    Raises
    ------
    BadCell
        It is missing or does not look like such a number.
    """
    text = text.strip().upper()
    if not text:
        if declared.get("required"):
            raise BadCell(_("Every place needs its %(name)s.") % {"name": name_of(declared)})
        return ""
    if re.fullmatch(declared["pattern"], text) is None:
        sentence = _(
            "This is no %(name)s: it must look like %(pattern)s. A lost zero at the start means "
            "that a spreadsheet took the number for a quantity."
        )
        raise BadCell(sentence % {"name": name_of(declared), "pattern": declared["pattern"]})
    return text


def attribute_needed(attribute: dict[str, Any]) -> str:
    """What is said where a place lacks an attribute that it must have."""
    return _("Every place needs “%(name)s”.") % {"name": name_of(attribute)}


def require_in_range(value: float, attribute: dict[str, Any]) -> None:
    """Refuse a quantity out of the declared range.

    Raises
    ------
    BadCell
    """
    low, high = attribute["range"] or (None, None)
    if (low is not None and value < low) or (high is not None and value > high):
        sentence = _("“%(name)s” must lie between %(low)s and %(high)s.")
        facts = {"name": name_of(attribute), "low": written(low), "high": written(high)}
        raise BadCell(sentence % facts)


def require_whole(value: float, attribute: dict[str, Any]) -> None:
    """Refuse parts of what is counted.

    Raises
    ------
    BadCell
    """
    if value != int(value):
        raise BadCell(_("“%(name)s” must be a whole number.") % {"name": name_of(attribute)})


def name_needed() -> str:
    """What is said of a name that is empty or too long."""
    return _("Every place needs a name of at most 150 characters.")


def name_of(declared: dict[str, Any]) -> str:
    """A declared name in the language of the page."""
    return declared["name_en" if get_language() == "en" else "name_id"]


def written(value: float | None) -> str:
    """A number as a sentence writes it."""
    if value is None:
        return "–"
    return format_number(value, 0 if value == int(value) else 3, get_language() or "id")


# --- positions ---------------------------------------------------------------------


def position_problem(lon: float, lat: float) -> tuple[str, str] | None:
    """Why a pair of coordinates cannot be used, with its severity; None where it can."""
    if is_nowhere(lon, lat):
        sentence = _("0, 0 is no position of a place; only its village will be known.")
        return sentence, WARNING
    if are_swapped(lon, lat):
        sentence = _(
            "Longitude and latitude are swapped: %(lat)s is the latitude (lintang) and %(lon)s the "
            "longitude (bujur). Exchange the two columns."
        )
        # As it has to be written, not as numbers are shown.
        return sentence % {"lat": f"{lon:.5f}", "lon": f"{lat:.5f}"}, ERROR
    if lacks_sign(lon, lat):
        return _("The latitude lacks its minus: this is north of Indonesia."), ERROR
    if not is_in_indonesia(lon, lat):
        sentence = _(
            "This is not in Indonesia. Degrees are expected (EPSG:4326), not metres: longitude "
            "94 to 142, latitude -12 to 7."
        )
        return sentence, ERROR
    return None


def outside_regency(regency: Area, village: Area | None, distance_m: float) -> str:
    """What is said of a position outside of the regency, near one of its villages or none."""
    if village is None:
        return _("This is outside %(regency)s.") % {"regency": regency}
    sentence = _("This is outside %(regency)s, %(distance)s m from %(village)s.")
    distance = format_number(distance_m)
    return sentence % {"regency": regency, "distance": distance, "village": village}


def in_other_village(stated: Area, drawn: Area) -> tuple[str, str]:
    """What is said of a point outside of its stated village, with the severity."""
    facts = {"stated": _with_district(stated), "drawn": _with_district(drawn)}
    if stated.boundary_status is None:
        sentence = _(
            "%(stated)s has no boundary yet; the point lies in %(drawn)s. The stated village is "
            "kept."
        )
        return sentence % facts, NOTICE
    sentence = _(
        "The point lies in %(drawn)s, but %(stated)s is stated. Correct one of them, or accept it: "
        "then the stated village is kept."
    )
    return sentence % facts, WARNING


def _with_district(village: Area) -> str:
    return f"{village} ({village.parent.name if village.parent else ''})"


def many_at_one_point(rows: Sequence[int]) -> str:
    """What is said of places with the same coordinates."""
    sentence = _(
        "%(count)d places have the same coordinates (rows %(rows)s): probably those of an office. "
        "Correct them, or accept it."
    )
    return sentence % {"count": len(rows), "rows": ", ".join(map(str, rows))}


# --- one place, or two ---------------------------------------------------------------


def number_twice(register: str, row: int, name: str) -> str:
    """What is said of a number that an earlier row has."""
    sentence = _("This %(register)s stands in row %(row)s already, for %(name)s.")
    return sentence % {"register": register.upper(), "row": row, "name": name}


def name_twice(row: int) -> str:
    """What is said of a name that an earlier row has, in the same village."""
    sentence = _(
        "A place of this name stands in row %(row)s already, in the same village. Tell them apart "
        "by their names."
    )
    return sentence % {"row": row}


def number_taken(register: str, name: str, kind: object) -> str:
    """What is said of a number that a place of another kind has: one school is not two."""
    sentence = _("This %(register)s belongs to %(name)s already, which is listed as %(kind)s.")
    return sentence % {"register": register.upper(), "name": name, "kind": kind}
