"""Rows of a form as places: joined with those that stand, and every problem at its cell."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import cached_property

from geo.areas.models import Area
from geo.lib.coordinates import decimals_of
from geo.lib.form_rules import number
from geo.lib.grids import NO_DATA, Cell, Grid, GridRow
from geo.lib.names import name_key
from geo.lib.place_kinds import CHOICE, NUMERIC, WHOLE, YES_NO
from geo.lib.tables import ERROR, Issue
from geo.places.models import Place, PlaceKind, Precision
from geo.places.queries import open_places
from geo.places.rules import FINE_DECIMALS
from geo.places.services import GivenPlace
from geo.submissions.kinds.place_columns import (
    CLOSED,
    IDENTIFIER,
    KIND,
    LATITUDE,
    LONGITUDE,
    NAME,
    PRECISION,
    VILLAGE,
    attribute_columns,
    kinds_of,
)
from geo.submissions.queries.forms import Form
from geo.submissions.rules.place_sentences import LISTED, SENTENCES


@dataclass(slots=True)
class Entry:
    """One row about one place: ``cells`` are what would stand, ``before`` what stands."""

    row: GridRow
    cells: dict[str, Cell] = field(default_factory=dict)
    before: Place | None = None
    kind: PlaceKind | None = None
    village: Area | None = None
    is_changed: bool = True
    issues: list[Issue] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(self.cells.get(NAME) or self.row.label or self.row.key or f"#{self.row.row}")

    @property
    def key(self) -> str:
        return str(self.before.pk) if self.before else ""

    @property
    def point(self) -> tuple[float, float] | None:
        lon, lat = number(self.cells.get(LONGITUDE)), number(self.cells.get(LATITUDE))
        if lon is None or lat is None or self.cells.get(PRECISION) == Precision.VILLAGE_ONLY:
            return None
        return lon, lat

    @property
    def was_at(self) -> tuple[float, float] | None:
        point = self.before.point if self.before else None
        return (round(point.x, 7), round(point.y, 7)) if point else None

    def note(self, code: str, column: str, severity: str = ERROR, **facts: object) -> None:
        """Note a problem that has a sentence of its own."""
        sentence = str(SENTENCES[code]) % {"found": self.found(column), **facts}
        self.say(sentence, column, severity, code)

    def say(self, sentence: str, column: str, severity: str = ERROR, rule: str = "place") -> None:
        """Note a problem in words that lists use, too."""
        message = str(LISTED) % {"name": self.label, "sentence": sentence}
        found = self.found(column)
        self.issues.append(Issue(self.row.row, column, found, message, severity, rule))

    def found(self, column: str) -> str:
        cell = self.cells.get(column)
        return "" if cell is None else str(cell)


class PlaceReader:
    """Reads the rows of one form; asks the database once for what stands."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.kinds = {kind.code: kind for kind in kinds_of(form)}
        self.codes = attribute_columns(list(self.kinds.values()))

    @cached_property
    def places(self) -> dict[str, Place]:
        """Open places of the form, by key."""
        found = open_places(self.form.area, list(self.kinds), **self.form.standing_sources)
        return {str(one.pk): one for one in found}

    @cached_property
    def areas(self) -> dict[str, Area]:
        return {area.code: area for area in self.form.areas}

    @cached_property
    def by_name(self) -> dict[str, list[Area]]:
        found: dict[str, list[Area]] = defaultdict(list)
        for area in self.form.areas:
            found[name_key(area.name)].append(area)
        return found

    @cached_property
    def by_number(self) -> dict[str, str]:
        return {one.identifier: key for key, one in self.places.items() if one.identifier}

    @cached_property
    def by_place(self) -> dict[tuple[str, str, str], str]:
        """Key by kind, village and name: what makes it the same place in the next list."""
        return {
            (one.kind.code, one.village.code, one.name_key): key for key, one in self.places.items()
        }

    # --- what stands -----------------------------------------------------------------

    def cells_of(self, place: Place) -> dict[str, Cell]:
        """A place as cells of the form; what is not known is left out."""
        point = place.point
        cells: dict[str, Cell] = {
            KIND: place.kind.code,
            NAME: place.name,
            IDENTIFIER: place.identifier or None,
            VILLAGE: place.village.code,
            LONGITUDE: round(point.x, 7) if point else None,
            LATITUDE: round(point.y, 7) if point else None,
            PRECISION: place.precision,
            CLOSED: place.closed_on.isoformat() if place.closed_on else None,
        }
        known = self.codes.items()
        cells |= {
            code: place.attributes.get(attribute)
            for (kind, attribute), code in known
            if kind == place.kind.code
        }
        return {code: cell for code, cell in cells.items() if cell is not None}

    # --- what would stand ---------------------------------------------------------------

    def read(self, grid: Grid) -> list[Entry]:
        """The rows that say anything, joined with the places that they are about."""
        return [self._entry(row) for row in grid.rows if _says_anything(row)]

    def _entry(self, row: GridRow) -> Entry:
        typed = self._tidied(row)
        entry = Entry(row)
        key = row.key or self._key_of(typed)
        entry.before = self.places.get(key)
        standing = self.cells_of(entry.before) if entry.before else {}
        merged = {**self._usual(), **standing, **typed}
        entry.cells = {code: cell for code, cell in merged.items() if cell != NO_DATA}
        entry.kind = self.kinds.get(str(entry.cells.get(KIND, "")))
        entry.village = self.areas.get(str(entry.cells.get(VILLAGE, "")))
        _set_precision(entry, standing, typed)
        entry.is_changed = entry.cells != standing
        return entry

    def _usual(self) -> dict[str, Cell]:
        """What needs not be said: the only village, the only kind."""
        usual: dict[str, Cell] = {}
        if self.form.area.level == self.form.level:
            usual[VILLAGE] = self.form.area.code
        if len(self.kinds) == 1:
            usual[KIND] = next(iter(self.kinds))
        return usual

    def _tidied(self, row: GridRow) -> dict[str, Cell]:
        """Cells that say something: villages by their codes, numbers of registers as text."""
        cells: dict[str, Cell] = {
            code: cell for code, cell in row.cells.items() if cell not in (None, "")
        }
        if isinstance(cells.get(NAME), str):
            cells[NAME] = " ".join(str(cells[NAME]).split())
        if cells.get(IDENTIFIER) not in (None, NO_DATA):
            cells[IDENTIFIER] = str(cells[IDENTIFIER]).strip().upper()
        if VILLAGE in cells:
            meant = self.villages_called(str(cells[VILLAGE]))
            cells[VILLAGE] = meant[0].code if len(meant) == 1 else cells[VILLAGE]
        return cells

    def _key_of(self, cells: Mapping[str, Cell]) -> str:
        """The place that a row without a key is about: by its number, else village and name."""
        named = self.by_number.get(str(cells.get(IDENTIFIER, "")))
        if named is not None:
            return named
        full = self._usual() | dict(cells)
        name = name_key(str(full.get(NAME, "")))
        return self.by_place.get((str(full.get(KIND)), str(full.get(VILLAGE)), name), "")

    # --- villages ----------------------------------------------------------------------

    def villages_called(self, text: str) -> list[Area]:
        """Villages of the form by code or name; several where names are the same."""
        return [self.areas[text]] if text in self.areas else self.by_name.get(name_key(text), [])

    def village(self, number: int) -> Area | None:
        """A village by its id in the database, of this form or not."""
        own = next((area for area in self.form.areas if area.pk == number), None)
        light = Area.objects.defer("boundary", "interior_point").select_related("parent")
        return own or light.filter(pk=number).first()

    def near_names(self, text: str) -> str:
        """Names of villages alike, for a sentence."""
        close = get_close_matches(name_key(text), list(self.by_name), n=3, cutoff=0.6)
        found = [area for name in close for area in self.by_name[name]]
        return ", ".join(f"{area} ({area.code})" for area in found) or "–"

    # --- what is written ----------------------------------------------------------------

    def given(self, entry: Entry) -> GivenPlace:
        """An entry without errors as the place to be written."""
        assert entry.kind is not None and entry.village is not None  # noqa: S101 (was checked)
        closed = entry.cells.get(CLOSED)
        lon, lat = entry.point or (None, None)
        return GivenPlace(
            pk=entry.before.pk if entry.before else None,
            kind=entry.kind,
            name=str(entry.cells[NAME]),
            village_id=entry.village.pk,
            lon=lon,
            lat=lat,
            precision=str(entry.cells.get(PRECISION, Precision.VILLAGE_ONLY)),
            identifier=str(entry.cells.get(IDENTIFIER) or "") if entry.kind.register else "",
            attributes=self._attributes(entry, entry.kind),
            closed_on=datetime.date.fromisoformat(str(closed)) if closed else None,
            row=entry.row.row,
        )

    def _attributes(self, entry: Entry, kind: PlaceKind) -> dict[str, Any]:
        declared = {one["code"]: one for one in kind.attributes}
        # What is not declared any more cannot be asked for, and so is kept.
        kept = entry.before.attributes if entry.before else {}
        found = {code: value for code, value in kept.items() if code not in declared}
        for code, one in declared.items():
            value = _value(entry.cells.get(self.codes[kind.code, code]), one)
            if value is not None:
                found[code] = value
        return found


def _says_anything(row: GridRow) -> bool:
    return any(cell not in (None, "") for code, cell in row.cells.items() if code != VILLAGE)


def _value(cell: Cell, attribute: Mapping[str, Any]) -> Any:
    """A cell as it is stored; None where it says nothing of its type."""
    if attribute["type"] in NUMERIC:
        value = number(cell)
        if value is None:
            return None
        return int(value) if attribute["type"] == WHOLE else float(value)
    if attribute["type"] == YES_NO:
        return cell if isinstance(cell, bool) else None
    if attribute["type"] == CHOICE:
        return cell if cell in attribute["choices"] else None
    return str(cell)[:200] if cell is not None else None


def _set_precision(entry: Entry, standing: Mapping[str, Cell], typed: Mapping[str, Cell]) -> None:
    """How well the position is known, where nobody says so: by how it is written."""
    cells = entry.cells
    lon, lat = number(cells.get(LONGITUDE)), number(cells.get(LATITUDE))
    if lon is None or lat is None or (lon == 0 and lat == 0):
        cells[PRECISION] = Precision.VILLAGE_ONLY.value
    elif PRECISION not in cells or _is_stale(standing, typed):
        is_fine = min(decimals_of(repr(lon)), decimals_of(repr(lat))) >= FINE_DECIMALS
        cells[PRECISION] = (Precision.EXACT if is_fine else Precision.APPROXIMATE).value
    if cells[PRECISION] == Precision.VILLAGE_ONLY:
        cells.pop(LONGITUDE, None) if lat is not None else None
        cells.pop(LATITUDE, None) if lon is not None else None


def _is_stale(standing: Mapping[str, Cell], typed: Mapping[str, Cell]) -> bool:
    """Whether “only the village” stands there of old, and a position is given now."""
    was_unknown = standing.get(PRECISION) == Precision.VILLAGE_ONLY
    says_anew = typed.get(PRECISION) not in (None, Precision.VILLAGE_ONLY)
    return was_unknown and not says_anew and LONGITUDE in typed


def keys_twice(entries: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
    """Entries about a place that an earlier one is about, with that one."""
    first: dict[object, Entry] = {}
    found = []
    for entry in entries:
        earlier = first.setdefault(entry.key or id(entry), entry)
        if earlier is not entry:
            found.append((earlier, entry))
    return found


def day_words(day: datetime.date) -> str:
    """A day as a sentence writes it."""
    return date_format(day, "SHORT_DATE_FORMAT")
