"""Checks of places: one by one, against their positions, and against each other."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import get_language

from geo.areas.queries import Located, locate_points, regency
from geo.lib.coordinates import metres_between
from geo.lib.form_rules import number
from geo.lib.names import name_key
from geo.lib.numbers import format_number
from geo.lib.place_kinds import NUMERIC, WHOLE
from geo.lib.tables import ERROR, NOTICE, WARNING, Issue
from geo.places.models import Place, PlaceKind
from geo.places.queries import near_places, places_with_number
from geo.places.rules import (
    LONGEST_NAME,
    MANY_AT_ONE_POINT,
    TOLERANCE_M,
    BadCell,
    attribute_needed,
    in_other_village,
    many_at_one_point,
    name_needed,
    name_of,
    name_twice,
    number_taken,
    number_twice,
    outside_regency,
    position_problem,
    read_identifier,
    require_in_range,
    require_whole,
)
from geo.submissions.kinds.place_columns import (
    CLOSED,
    IDENTIFIER,
    KIND,
    LATITUDE,
    LONGITUDE,
    NAME,
    POSITION_DECIMALS,
    VILLAGE,
    identifier_label,
)
from geo.submissions.kinds.place_entries import Entry, PlaceReader, day_words, keys_twice
from geo.submissions.rules import place_sentences as say

SAME_PLACE_M = 20
# A receiver errs by some metres, a hand on a map by more: from here on it is another spot.
MOVED_M = 500


def check_places(reader: PlaceReader, entries: Sequence[Entry]) -> list[Issue]:
    """List every problem of the rows that change something; those as before are passed over."""
    changed = [entry for entry in entries if entry.is_changed]
    for entry in changed:
        _check_kind(reader, entry)
        _check_name(entry)
        _check_position(entry)
        _check_closing(entry)
        if entry.kind is not None:
            _check_identifier(reader, entry, entry.kind)
            _check_attributes(reader, entry, entry.kind)
    _check_villages(reader, changed)
    _check_moves(changed)
    _check_neighbours(reader, changed)
    _check_shared_points(changed)
    _check_twice(entries)
    _check_taken(reader, changed)
    return [issue for entry in entries for issue in entry.issues]


# --- one by one ----------------------------------------------------------------------


def _check_kind(reader: PlaceReader, entry: Entry) -> None:
    if entry.kind is None and KIND not in entry.cells:
        kinds = ", ".join(kind.name for kind in reader.kinds.values())
        entry.note(say.KIND_MISSING, KIND, kinds=kinds)
    if entry.before and entry.kind and entry.before.kind_id != entry.kind.pk:
        entry.note(say.KIND_CHANGED, KIND, was=entry.before.kind.name)


def _check_name(entry: Entry) -> None:
    name = entry.cells.get(NAME)
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        entry.say(name_needed(), NAME)


def _check_identifier(reader: PlaceReader, entry: Entry, kind: PlaceKind) -> None:
    text = entry.found(IDENTIFIER)
    if not kind.register:
        if text:
            _not_of_kind(entry, kind, IDENTIFIER, identifier_label(reader.kinds.values()))
        return
    try:
        read_identifier(text, kind.identifier)
    except BadCell as error:
        entry.say(str(error), IDENTIFIER)


def _check_attributes(reader: PlaceReader, entry: Entry, kind: PlaceKind) -> None:
    own = {reader.codes[kind.code, one["code"]]: one for one in kind.attributes}
    names = {
        reader.codes[other.code, one["code"]]: name_of(one)
        for other in reader.kinds.values()
        for one in other.attributes
    }
    for code, name in names.items():
        if code not in own and code in entry.cells:
            _not_of_kind(entry, kind, code, name)
    for code, one in own.items():
        cell = entry.cells.get(code)
        if cell is None and one["required"]:
            entry.say(attribute_needed(one), code)
        value = number(cell)
        if value is None or one["type"] not in NUMERIC:
            continue
        try:
            require_in_range(value, one)
            if one["type"] == WHOLE:
                require_whole(value, one)
        except BadCell as error:
            entry.say(str(error), code)


def _not_of_kind(entry: Entry, kind: PlaceKind, column: str, name: str) -> None:
    entry.note(say.NOT_OF_KIND, column, figure=name, kind=kind.name)


def _check_closing(entry: Entry) -> None:
    text = entry.cells.get(CLOSED)
    if not isinstance(text, str):
        return
    try:
        closed = datetime.date.fromisoformat(text)
    except ValueError:
        return
    if entry.before is None:
        entry.note(say.CLOSED_NEW, CLOSED)
        return
    opened = entry.before.opened_on or datetime.date.min
    if not opened <= closed <= timezone.localdate():
        entry.note(say.CLOSED_LATER, CLOSED, found=day_words(closed))


# --- where it stands ---------------------------------------------------------------------


def _check_position(entry: Entry) -> None:
    lon = number(entry.row.cells.get(LONGITUDE))
    lat = number(entry.row.cells.get(LATITUDE))
    if (entry.cells.get(LONGITUDE) is None) != (entry.cells.get(LATITUDE) is None):
        missing = LATITUDE if entry.cells.get(LATITUDE) is None else LONGITUDE
        entry.note(say.HALF, missing)
        return
    if lon is None or lat is None:
        return
    problem = position_problem(lon, lat)
    if problem is not None:
        sentence, severity = problem
        entry.say(sentence, LATITUDE, severity, "position")


def _usable_points(entries: Sequence[Entry]) -> dict[int, tuple[float, float]]:
    """Positions in Indonesia, by row; of those that changed alone."""
    return {
        entry.row.row: point
        for entry in entries
        if (point := entry.point) is not None
        and point != entry.was_at
        and position_problem(*point) is None
    }


def _check_villages(reader: PlaceReader, entries: Sequence[Entry]) -> None:
    top = regency()
    located = locate_points(_usable_points(entries), top)
    by_id = {area.pk: area for area in reader.form.areas}
    usable = _usable_points(entries)
    for entry in entries:
        found = located.get(entry.row.row)
        if entry.row.row in usable and (found is None or found.distance_m > TOLERANCE_M):
            village = by_id.get(found.village_id) if found else None
            if found and village:
                sentence = outside_regency(top, village, found.distance_m)
                entry.say(sentence, LATITUDE, ERROR, say.OUTSIDE)
            else:
                lon, lat = (
                    format_number(degrees, POSITION_DECIMALS, get_language() or "id")
                    for degrees in usable[entry.row.row]
                )
                entry.note(say.OUTSIDE, LATITUDE, area=top, lon=lon, lat=lat)
            continue
        _check_village(reader, entry, found)


def _check_village(reader: PlaceReader, entry: Entry, found: Located | None) -> None:
    stated = entry.cells.get(VILLAGE)
    if stated is None:
        area = next((a for a in reader.form.areas if found and a.pk == found.village_id), None)
        if area is None:
            entry.note(say.NOWHERE, VILLAGE)
        else:
            entry.village, entry.cells[VILLAGE] = area, area.code
        return
    if entry.village is None:
        text = str(stated)
        meant = reader.villages_called(text)
        if meant:
            near = ", ".join(f"{area.code} ({area.parent})" for area in meant)
            entry.note(say.VILLAGE_SEVERAL, VILLAGE, near=near)
        else:
            near = reader.near_names(text)
            entry.note(say.VILLAGE_UNKNOWN, VILLAGE, near=near, form=reader.form.area)
        return
    if found is not None and found.village_id != entry.village.pk:
        drawn = reader.village(found.village_id)
        if drawn is not None:
            sentence, severity = in_other_village(entry.village, drawn)
            entry.say(sentence, LATITUDE, severity, "other_village")


def _check_moves(entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.point is None or entry.was_at is None or entry.point == entry.was_at:
            continue
        distance = metres_between(entry.point, entry.was_at)
        severity = WARNING if distance > MOVED_M else NOTICE
        entry.note(say.MOVED, LATITUDE, severity, distance=format_number(max(distance, 1)))


def _check_neighbours(reader: PlaceReader, entries: Sequence[Entry]) -> None:
    points = {
        entry.row.row: (entry.kind.code, *point)
        for entry in entries
        if entry.kind and (point := _usable_points([entry]).get(entry.row.row))
    }
    own = [entry.before.pk for entry in entries if entry.before]
    with_demo = reader.form.is_demo
    near = near_places(points, SAME_PLACE_M, own, with_demo=with_demo) if points else {}
    for entry in entries:
        if entry.row.row in near:
            other, distance = near[entry.row.row]
            facts = {"other": other, "distance": format_number(distance)}
            entry.note(say.NEAR, LATITUDE, WARNING, **facts)


def _check_shared_points(entries: Sequence[Entry]) -> None:
    groups: dict[tuple[float, float], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.point is not None:
            groups[round(entry.point[0], 6), round(entry.point[1], 6)].append(entry)
    for group in groups.values():
        if len(group) >= MANY_AT_ONE_POINT:
            rows = [entry.row.row for entry in group]
            group[0].say(many_at_one_point(rows), LATITUDE, WARNING, "shared_point")


# --- against each other ------------------------------------------------------------------


def _check_twice(entries: Sequence[Entry]) -> None:
    for earlier, entry in keys_twice(entries):
        entry.note(say.TWICE, NAME, row=earlier.row.row)
    numbers: dict[tuple[str, str], Entry] = {}
    names: dict[tuple[str, str, str], Entry] = {}
    for entry in entries:
        if entry.kind is None or entry.found(CLOSED):
            continue
        text = entry.found(IDENTIFIER)
        register = entry.kind.register
        if text and register:
            first = numbers.setdefault((register, text), entry)
            if _are_two(first, entry):
                entry.say(number_twice(register, first.row.row, first.label), IDENTIFIER)
        if text and register:
            continue
        named = (entry.kind.code, entry.found(VILLAGE), name_key(entry.label))
        first = names.setdefault(named, entry)
        if _are_two(first, entry):
            entry.say(name_twice(first.row.row), NAME)


def _are_two(first: Entry, entry: Entry) -> bool:
    """Whether two rows are about two places; of one place it is said otherwise."""
    return first is not entry and not (entry.key and first.key == entry.key)


def _check_taken(reader: PlaceReader, entries: Sequence[Entry]) -> None:
    by_register: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        text = entry.found(IDENTIFIER)
        if entry.kind and entry.kind.register and text:
            by_register[entry.kind.register][text] = entry
    for register, wanted in by_register.items():
        for other in places_with_number(register, wanted, **reader.form.standing_sources):
            entry = wanted[other.identifier]
            if str(other.pk) != entry.key:
                _say_taken(entry, other, register)


def _say_taken(entry: Entry, other: Place, register: str) -> None:
    kind = entry.kind
    if kind is not None and other.kind_id != kind.pk:
        entry.say(number_taken(register, other.name, other.kind), IDENTIFIER)
    else:
        entry.note(say.TAKEN, IDENTIFIER, other=other.name, village=other.village)
