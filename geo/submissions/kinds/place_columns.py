"""Columns of a form of places: what every place has, and the attributes of its kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.lib.coordinates import LAT_RANGE, LON_RANGE
from geo.lib.grids import CHOICE, DATE, LAT, LON, TEXT, Column
from geo.lib.place_kinds import CHOICE as A_CHOICE
from geo.lib.place_kinds import HEADINGS, NUMBER, NUMERIC
from geo.lib.units import UNITS
from geo.places.models import PlaceKind, Precision
from geo.places.rules import name_of
from geo.submissions.queries.forms import Form

KIND, NAME, IDENTIFIER, VILLAGE, LONGITUDE, LATITUDE, PRECISION, CLOSED = (
    "kind",
    "name",
    "identifier",
    "village",
    "lon",
    "lat",
    "precision",
    "closed_on",
)
FIXED = (KIND, NAME, IDENTIFIER, VILLAGE, LONGITUDE, LATITUDE, PRECISION, CLOSED)
POSITION_DECIMALS = 6  # 0.000001° is 11 cm
# A longer list to choose from is no help: there the code or name is written.
MOST_CHOICES = 60
CODES_AND_NAMES = (*HEADINGS["code"], *HEADINGS["village"])


def kinds_of(form: Form) -> list[PlaceKind]:
    """The kinds of places that a form asks for, in its order."""
    found = PlaceKind.objects.in_bulk(form.dataset.contents, field_name="code")
    return [found[code] for code in form.dataset.contents if code in found]


def place_columns(form: Form, kinds: Sequence[PlaceKind]) -> list[Column]:
    """The columns of a form of places."""
    is_one_village = form.area.level == form.level
    # Of one kind and village nothing needs to be said.
    fixed = [
        Column(
            KIND,
            _("Kind"),
            CHOICE,
            choices=tuple((kind.code, kind.name) for kind in kinds),
            required=len(kinds) > 1,
            aliases=("jenis", "jenis_tempat", "kategori"),
        ),
        Column(NAME, _("Name"), TEXT, required=True, aliases=HEADINGS["name"]),
        *_identifier(kinds),
        _village(form, is_one_village),
        _degrees(LONGITUDE, _("Longitude"), LON, LON_RANGE, _("such as 104.73680")),
        _degrees(LATITUDE, _("Latitude"), LAT, LAT_RANGE, _("such as -2.98170, south with minus")),
        Column(
            PRECISION,
            _("Position is"),
            CHOICE,
            choices=tuple((one.value, str(one.label)) for one in Precision),
            hint=_("may stay empty"),
            aliases=HEADINGS["precision"],
        ),
    ]
    closed = Column(
        CLOSED,
        _("Closed since"),
        DATE,
        hint=_("first day without it; leave it empty where the place is open"),
        aliases=("tutup", "tutup_sejak", "closed"),
    )
    return [*fixed, *_attributes(kinds), closed]


def attribute_columns(kinds: Sequence[PlaceKind]) -> dict[tuple[str, str], str]:
    """Code of the column by code of the kind and of its attribute.

    Kinds share a column where they declare the same type and unit under the same code.
    """
    shapes: dict[str, set[tuple[str, str]]] = {}
    for kind in kinds:
        for one in kind.attributes:
            shapes.setdefault(one["code"], set()).add((one["type"], one["unit"]))
    return {
        (kind.code, one["code"]): one["code"]
        if len(shapes[one["code"]]) == 1 and one["code"] not in FIXED
        else f"{kind.code}_{one['code']}"
        for kind in kinds
        for one in kind.attributes
    }


def _identifier(kinds: Sequence[PlaceKind]) -> list[Column]:
    declared = {kind.register: kind.identifier for kind in kinds if kind.register}
    if not declared:
        return []
    aliases = [
        name
        for code, one in declared.items()
        for name in (code, one["name_id"], one["name_en"], *one["aliases"])
    ]
    label = identifier_label(kinds)
    return [Column(IDENTIFIER, label, TEXT, aliases=tuple(dict.fromkeys(aliases)))]


def identifier_label(kinds: Iterable[PlaceKind]) -> str:
    """What the numbers of places are called, in the words of their registers."""
    names = dict.fromkeys(name_of(kind.identifier) for kind in kinds if kind.register)
    return " / ".join(names) or _("Number")


def _village(form: Form, is_one: bool) -> Column:
    label = _("Village")
    if len(form.areas) > MOST_CHOICES:
        hint = _("code, or name where no other village has it")
        return Column(VILLAGE, label, TEXT, hint=hint, aliases=CODES_AND_NAMES)
    choices = tuple((area.code, str(area)) for area in form.areas)
    return Column(VILLAGE, label, CHOICE, choices=choices, locked=is_one, aliases=CODES_AND_NAMES)


def _degrees(code: str, label: str, kind: str, limits: tuple[float, float], hint: str) -> Column:
    low, high = limits
    return Column(
        code,
        label,
        kind,
        unit="°",
        decimals=POSITION_DECIMALS,
        lowest=low,
        highest=high,
        hint=hint,
        aliases=HEADINGS[code],
    )


def _attributes(kinds: Sequence[PlaceKind]) -> list[Column]:
    codes = attribute_columns(kinds)
    shared: dict[str, list[tuple[PlaceKind, dict[str, Any]]]] = {}
    for kind in kinds:
        for one in kind.attributes:
            shared.setdefault(codes[kind.code, one["code"]], []).append((kind, one))
    return [_attribute(code, parts, len(kinds)) for code, parts in shared.items()]


def _attribute(
    code: str, parts: Sequence[tuple[PlaceKind, Mapping[str, Any]]], n_kinds: int
) -> Column:
    """One column for what several kinds call the same: the widest range, all choices."""
    declared = [one for _kind, one in parts]
    first = dict(declared[0])
    limits = [one["range"] or (None, None) for one in declared]
    choices: dict[str, str] = {}
    if first["type"] == A_CHOICE:
        for one in declared:
            for choice, names in one["choices"].items():
                choices.setdefault(choice, name_of({f"name_{k}": v for k, v in names.items()}))
    only = ", ".join(kind.name for kind, _one in parts)
    unit = UNITS[first["unit"]].symbol(get_language() or "id") if first["unit"] else ""
    names = [name for one in declared for name in (one["name_id"], one["name_en"], *one["aliases"])]
    return Column(
        code,
        name_of(first),
        first["type"],
        # “Beds (beds)” says nothing more than “Beds”.
        unit="" if unit.casefold() == name_of(first).casefold() else unit,
        decimals=2 if first["type"] == NUMBER else 0,
        lowest=_widest(limits, 0, min) if first["type"] in NUMERIC else None,
        highest=_widest(limits, 1, max) if first["type"] in NUMERIC else None,
        choices=tuple(choices.items()),
        hint=_("only for: %(kinds)s") % {"kinds": only} if len(parts) < n_kinds else "",
        aliases=tuple(dict.fromkeys(names)),
    )


def _widest(limits: Sequence[Sequence[float | None]], side: int, widest: Any) -> float | None:
    values = [pair[side] for pair in limits]
    return None if None in values else widest(values)
