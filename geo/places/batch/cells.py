"""Cells of a list of places, read by the declaration of their kind."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from geo.lib.names import name_key
from geo.lib.numbers import AmbiguousNumber, NotANumber, read_number
from geo.lib.place_kinds import CHOICE, NUMERIC, WHOLE, YES_NO
from geo.lib.tables import Cell, as_text
from geo.places.batch.columns import PlaceColumns
from geo.places.models import PlaceKind, Precision
from geo.places.rules import (
    BadCell,
    attribute_needed,
    name_of,
    read_identifier,
    require_in_range,
    require_whole,
    written,
)

YES = {"yes", "y", "ya", "1", "true", "ada", "benar"}
NO = {"no", "n", "tidak", "0", "false", "tidakada", "bukan", "non"}
PRECISIONS = {
    Precision.EXACT: {"exact", "tepat", "akurat", "gps"},
    Precision.APPROXIMATE: {"approximate", "perkiraan", "kirakira", "approx"},
    Precision.VILLAGE_ONLY: {"villageonly", "desa", "village", "hanyadesa"},
}


def read_number_of(cell: Cell, kind: PlaceKind) -> str:
    """Read the number of a place as text; blank where there is none and none is needed.

    Raises
    ------
    BadCell
        It is missing or does not look like such a number.
    """
    return read_identifier(as_text(cell), kind.identifier)


def read_attribute(cell: Cell, attribute: dict[str, Any], chosen: PlaceColumns) -> Any:
    """Read one attribute; None where the cell says nothing.

    Raises
    ------
    BadCell
        It is missing though required, of another type, or out of range.
    """
    text = as_text(cell).strip()
    if text in chosen.missing:
        if attribute["required"]:
            raise BadCell(attribute_needed(attribute))
        return None
    kind = attribute["type"]
    if kind in NUMERIC:
        return _read_quantity(cell, text, attribute, chosen)
    if kind == CHOICE:
        return _read_choice(text, attribute)
    if kind == YES_NO:
        return _read_yes_no(text, attribute)
    return text[:200]


def _read_quantity(
    cell: Cell, text: str, attribute: dict[str, Any], chosen: PlaceColumns
) -> int | float:
    try:
        value = cell if isinstance(cell, float) else read_number(text, chosen.decimal)
    except AmbiguousNumber as error:
        sentence = _(
            "This can be %(large)s or %(small)s. Say which in the columns map: [reading] decimal = "
            "“,” or “.”."
        )
        large, small = (written(one) for one in error.readings)
        raise BadCell(sentence % {"large": large, "small": small}) from error
    except NotANumber as error:
        sentence = _("“%(name)s” must be a number. Leave the cell empty where it is not known.")
        raise BadCell(sentence % {"name": name_of(attribute)}) from error
    require_in_range(value, attribute)
    if attribute["type"] == WHOLE:
        require_whole(value, attribute)
        return int(value)
    return float(value)


def _read_choice(text: str, attribute: dict[str, Any]) -> str:
    """By code, by name in either language, or by an initial that only one choice has."""
    choices = attribute["choices"]
    key = name_key(text)
    for code, names in choices.items():
        if key in {name_key(code), *map(name_key, names.values())}:
            return code
    initials = [code for code in choices if code[0] == key]
    if len(initials) == 1:
        return initials[0]
    sentence = _("“%(name)s” is one of: %(allowed)s.")
    allowed = ", ".join(names["id"] for names in choices.values())
    raise BadCell(sentence % {"name": name_of(attribute), "allowed": allowed})


def _read_yes_no(text: str, attribute: dict[str, Any]) -> bool:
    key = name_key(text)
    if key in YES | NO:
        return key in YES
    raise BadCell(_("“%(name)s” is yes or no (ya, tidak).") % {"name": name_of(attribute)})


def read_precision(cell: Cell) -> str | None:
    """Read how exact a position is; None where the cell says nothing.

    Raises
    ------
    BadCell
        None of the three.
    """
    key = name_key(as_text(cell))
    if not key:
        return None
    found = next((one for one, words in PRECISIONS.items() if key in words), None)
    if found is None:
        raise BadCell(_("The precision is tepat, perkiraan or desa (exact, approximate, village)."))
    return found
