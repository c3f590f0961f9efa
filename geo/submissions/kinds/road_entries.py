"""Rows of a road inventory: joined with the roads that stand, and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiLineString
from django.utils.functional import cached_property

from geo.areas.queries import measure_lines
from geo.lib.form_rules import number
from geo.lib.grids import NO_DATA, Cell, Grid, GridRow
from geo.lib.numbers import format_number
from geo.lib.tables import ERROR, WARNING, Issue
from geo.roads.models import NUMBER_SHAPE, Road, RoadSurvey
from geo.roads.rules import check_survey, in_km, length_differs
from geo.roads.services import GivenRoad
from geo.submissions.kinds.road_columns import (
    AUTHORITY,
    KM_OF,
    LENGTH,
    NAME,
    ROAD_NUMBER,
    SURVEY_COLUMNS,
    SURVEYED,
    TRAFFIC,
    WIDTH,
    cells_of_road,
    in_metres,
)
from geo.submissions.queries.forms import Form
from geo.submissions.rules import road_sentences as say
from geo.submissions.rules.place_sentences import LISTED

LONGEST_NAME = 200
# What of a line may lie outside before somebody should look: boundaries are indicative.
OUTSIDE_PERCENT = 5
COLUMN_OF = {"length_m": SURVEYED, **KM_OF}


@dataclass(slots=True)
class RoadEntry:
    """One row about one road: ``cells`` are what would stand."""

    row: GridRow
    cells: dict[str, Cell]
    before: Road | None = None
    is_changed: bool = True
    line_m: float | None = None
    issues: list[Issue] = field(default_factory=list)

    @property
    def number(self) -> str:
        return str(self.cells.get(ROAD_NUMBER, ""))

    @property
    def label(self) -> str:
        named = f"{self.number} {self.cells.get(NAME, '')}".strip()
        return named or self.row.label or f"#{self.row.row}"

    @property
    def is_surveyed(self) -> bool:
        return any(self.cells.get(code) is not None for code in SURVEY_COLUMNS)

    @property
    def lengths(self) -> dict[str, float]:
        """Metres under ``length_m`` and every class, as ``roads.rules`` wants them."""
        whole = number(self.cells.get(SURVEYED)) or number(self.cells.get(LENGTH)) or 0
        classes = {one: number(self.cells.get(code)) or 0 for one, code in KM_OF.items()}
        return {name: in_metres(km) for name, km in ({"length_m": whole} | classes).items()}

    def note(self, code: str, column: str, severity: str = ERROR, **facts: object) -> None:
        """Note a problem that has a sentence of its own."""
        self.say(
            str(say.SENTENCES[code]) % {"number": self.number, **facts}, column, severity, code
        )

    def say(self, sentence: str, column: str, severity: str = ERROR, rule: str = "road") -> None:
        """Note a problem in words that lists use, too."""
        message = str(LISTED) % {"name": self.label, "sentence": sentence}
        cell = self.cells.get(column)
        found = "" if cell is None else str(cell)
        self.issues.append(Issue(self.row.row, column, found, message, severity, rule))


class RoadReader:
    """Reads the rows of one form; asks the database once for what stands."""

    def __init__(self, form: Form) -> None:
        self.form = form

    @cached_property
    def roads(self) -> dict[str, Road]:
        """Roads of the register, by number."""
        rows = Road.objects.current().filter(**self.form.standing_sources).defer("line")
        rows = rows.select_related("source").order_by("number")
        return {road.number: road for road in rows}

    @cached_property
    def surveys(self) -> dict[str, RoadSurvey]:
        return self.surveys_of(self.form.period)

    def surveys_of(self, period: str) -> dict[str, RoadSurvey]:
        """Surveys of a year, by number of the road."""
        rows = RoadSurvey.objects.filter(year=int(period), road__valid_to=None)
        rows = rows.filter(**self.form.standing_sources)
        return {row.road.number: row for row in rows.select_related("road").defer("road__line")}

    def standing(self, road_number: str) -> dict[str, Cell]:
        """The cells of a road that stands; none of one that does not."""
        road = self.roads.get(road_number)
        return cells_of_road(road, self.surveys.get(road_number)) if road else {}

    def read(self, grid: Grid) -> list[RoadEntry]:
        """The rows that say anything, joined with the roads that they are about."""
        rows = [row for row in grid.rows if row.geometry or any(map(_is_said, row.cells.values()))]
        return [self._entry(row) for row in rows]

    def _entry(self, row: GridRow) -> RoadEntry:
        typed = {code: cell for code, cell in row.cells.items() if _is_said(cell)}
        if ROAD_NUMBER in typed:
            typed[ROAD_NUMBER] = " ".join(str(typed[ROAD_NUMBER]).split())
        key = row.key or str(typed.get(ROAD_NUMBER, ""))
        standing = self.standing(key)
        merged = {**standing, **typed}
        cells = {code: cell for code, cell in merged.items() if cell != NO_DATA}
        entry = RoadEntry(row, cells, self.roads.get(key))
        entry.is_changed = cells != standing or row.geometry is not None
        return entry

    def given(self, entry: RoadEntry) -> GivenRoad:
        """An entry without errors as the road to be written."""
        stated = number(entry.cells.get(LENGTH))
        facts: dict[str, Any] = {
            "name": str(entry.cells[NAME]),
            "authority": str(entry.cells[AUTHORITY]),
            "length_m": _kept(stated, entry.before.length_m if entry.before else None),
        }
        line = _line(entry.row.geometry)
        if line is not None:
            facts["line_length_m"] = entry.line_m
        survey = self._survey(entry) if entry.is_surveyed else None
        return GivenRoad(entry.number, facts, survey, line)

    def _survey(self, entry: RoadEntry) -> dict[str, Any]:
        before = self.surveys.get(entry.number)
        lengths = {
            name: _kept(value / 1000, getattr(before, name) if before else None)
            for name, value in entry.lengths.items()
        }
        traffic = number(entry.cells.get(TRAFFIC))
        return {
            **lengths,
            "width_m": number(entry.cells.get(WIDTH)) or None,
            "daily_traffic": None if traffic is None else int(traffic),
        }


def _is_said(cell: Cell) -> bool:
    return cell not in (None, "")


def _kept(length_km: float | None, before_m: float | None) -> float | None:
    """Metres of a cell; those that stand, where the cell says the same in kilometres."""
    if length_km is None:
        return None
    length_m = in_metres(length_km)
    return before_m if before_m is not None and abs(before_m - length_m) < 0.01 else length_m


def _line(geometry: dict[str, Any] | None) -> GEOSGeometry | None:
    if geometry is None:
        return None
    line = GEOSGeometry(json.dumps(geometry), srid=4326)
    return line if isinstance(line, MultiLineString) else MultiLineString(line, srid=4326)


# --- checks ------------------------------------------------------------------------------


def check_roads(reader: RoadReader, entries: Sequence[RoadEntry]) -> list[Issue]:
    """List every problem of the rows that change something."""
    changed = [entry for entry in entries if entry.is_changed]
    _measure(reader, changed)
    for entry in changed:
        _check_facts(entry)
        if entry.is_surveyed:
            _check_survey(entry)
    _check_twice(entries)
    return [issue for entry in entries for issue in entry.issues]


def _check_facts(entry: RoadEntry) -> None:
    if not entry.number:
        entry.note(say.NUMBER_MISSING, ROAD_NUMBER)
    elif re.fullmatch(NUMBER_SHAPE, entry.number) is None:
        entry.note(say.NUMBER_ODD, ROAD_NUMBER)
    if entry.before and entry.number != entry.before.number:
        entry.note(say.NUMBER_CHANGED, ROAD_NUMBER, was=entry.before.number)
    name = entry.cells.get(NAME)
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        entry.note(say.NAME_MISSING, NAME, most=LONGEST_NAME)
    if entry.cells.get(AUTHORITY) is None:
        entry.note(say.AUTHORITY_MISSING, AUTHORITY)
    if number(entry.cells.get(LENGTH)) == 0:
        entry.note(say.LENGTH_ZERO, LENGTH)


def _check_survey(entry: RoadEntry) -> None:
    for name, sentence in check_survey(entry.lengths):
        entry.say(sentence, COLUMN_OF[name])
    stated = number(entry.cells.get(LENGTH))
    stated_m = in_metres(stated) if stated else None
    _warn_of_length(entry, say.SURVEY_DIFFERS, SURVEYED, stated_m, entry.lengths["length_m"])


def _measure(reader: RoadReader, entries: Sequence[RoadEntry]) -> None:
    """Lengths of lines, and how much of them lies in the regency."""
    drawn = {e.row.row: json.dumps(e.row.geometry) for e in entries if e.row.geometry}
    measured = measure_lines(drawn, reader.form.area) if drawn else {}
    for entry in entries:
        if entry.row.row not in measured:
            continue
        length_m, inside_m = measured[entry.row.row]
        entry.line_m = length_m
        facts: dict[str, Any] = {"area": reader.form.area, "outside": in_km(length_m - inside_m)}
        if inside_m == 0:
            entry.note(say.OUTSIDE, LENGTH, **facts)
        elif length_m - inside_m > length_m * OUTSIDE_PERCENT / 100:
            entry.note(say.PARTLY_OUTSIDE, LENGTH, WARNING, **facts)
        stated = number(entry.cells.get(LENGTH)) or number(entry.cells.get(SURVEYED))
        stated_m = in_metres(stated) if stated else None
        _warn_of_length(entry, say.LINE_DIFFERS, LENGTH, stated_m, length_m)


def _warn_of_length(
    entry: RoadEntry, code: str, column: str, stated_m: float | None, found_m: float
) -> None:
    percent = length_differs(stated_m, found_m)
    if percent is not None and stated_m is not None:
        found, stated = in_km(found_m), in_km(stated_m)
        off = format_number(percent, 1)
        entry.note(code, column, WARNING, found=found, stated=stated, percent=off)


def _check_twice(entries: Sequence[RoadEntry]) -> None:
    first: dict[str, RoadEntry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.number, entry)
        if entry.number and earlier is not entry:
            entry.note(say.TWICE, ROAD_NUMBER, row=earlier.row.row)
