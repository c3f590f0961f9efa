"""Importing a list of places: everything is checked and listed, then all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.areas.models import Area, Level
from geo.areas.queries import find_area, regency
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.batch.rows import UNREADABLE
from geo.indicators.models import Indicator, Source, Status
from geo.indicators.services import make_source_of_file
from geo.lib.periods import YEAR, is_period
from geo.lib.tables import ERROR, WARNING, Cell, Issue, Table, UnreadableTable, as_text, read_table
from geo.places.batch.cells import read_attribute, read_number_of, read_precision
from geo.places.batch.columns import (
    PlaceColumns,
    check_columns,
    guess_columns,
    read_place_map,
)
from geo.places.batch.geojson import is_geojson, read_geojson
from geo.places.batch.positions import Position, locate, read_position
from geo.places.batch.villages import VillageFinder
from geo.places.models import PlaceKind, Precision
from geo.places.queries import find_kind, places_with_number
from geo.places.rules import (
    LONGEST_NAME,
    MANY_AT_ONE_POINT,
    BadCell,
    many_at_one_point,
    name_needed,
    name_twice,
    number_taken,
    number_twice,
)
from geo.places.services import NewPlace, PublishedPlaces, publish_places

UNREADABLE_MAP = {
    "not_geojson": gettext_lazy("The file is no GeoJSON FeatureCollection."),
    "other_crs": gettext_lazy("The GeoJSON names another CRS than WGS 84 (EPSG:4326)."),
    "not_points": gettext_lazy("Places are points; this feature has another geometry."),
}


@dataclass(frozen=True, slots=True)
class Request:
    """What an operator asked for."""

    path: Path
    kind: str
    period: str
    columns: Path | None = None
    covers: str = ""
    is_complete: bool = True
    accept_warnings: str = ""
    verified_by: str = ""
    entered_by: str = "import_places"
    dry_run: bool = False


@dataclass(slots=True)
class PlaceReport:
    """What an import found and did; ``done`` is None when anything stood in the way."""

    n_rows: int = 0
    issues: list[Issue] = field(default_factory=list)
    done: PublishedPlaces | None = None

    def of_severity(self, severity: str) -> list[Issue]:
        """The issues of one severity."""
        return [issue for issue in self.issues if issue.severity == severity]


def import_places(request: Request) -> PlaceReport:
    """Read, check and publish one list of places, all or nothing.

    Errors block; warnings block until ``accept_warnings`` gives a reason.

    Raises
    ------
    UnknownPlaceKind, UnknownArea, BadPlaceMap
        The question itself cannot be answered.
    """
    report = PlaceReport()
    kind = find_kind(request.kind)
    covers = find_area(request.covers) if request.covers else regency()
    chosen = read_place_map(request.columns, kind) if request.columns else None
    if not is_period(request.period, YEAR):
        sentence = _("“%(found)s” is no year such as 2026.") % {"found": request.period}
        report.issues.append(Issue(None, "", request.period, sentence, ERROR))
        return report
    try:
        table = _read_file(request.path, chosen)
    except UnreadableTable as error:
        sentence = str((UNREADABLE | UNREADABLE_MAP)[error.reason])
        report.issues.append(Issue(None, "", error.found, sentence, ERROR))
        return report
    report.n_rows = len(table.rows)
    chosen = chosen or guess_columns(table, kind)
    places = _read(table, chosen, kind, covers, report)
    blocked = report.of_severity(ERROR) or (
        report.of_severity(WARNING) and not request.accept_warnings
    )
    if not blocked and places:
        with transaction.atomic():
            report.done = _publish(request, kind, covers, places, chosen, report)
            if request.dry_run:
                transaction.set_rollback(True)
    return report


def _read_file(path: Path, chosen: PlaceColumns | None) -> Table:
    if is_geojson(path):
        return read_geojson(path)
    return read_table(path, chosen.sheet if chosen else None)


def _read(
    table: Table, chosen: PlaceColumns, kind: PlaceKind, covers: Area, report: PlaceReport
) -> list[NewPlace]:
    """Read every row; what is wrong goes into the report, by row."""
    report.issues += check_columns(table, chosen, kind)
    for number in table.too_long:
        sentence = _("The row has more cells than there are columns.")
        report.issues.append(Issue(number, "", "", sentence, ERROR))
    if report.of_severity(ERROR):
        return []
    issues: list[Issue] = []
    places = _places(table, chosen, kind, issues)
    issues += _twice(places, chosen, kind)
    issues += _taken(places, chosen, kind)
    issues += _not_covered(places, chosen, covers)
    report.issues += sorted(issues, key=lambda issue: (issue.row or 0, issue.column))
    return places


def _places(
    table: Table, chosen: PlaceColumns, kind: PlaceKind, issues: list[Issue]
) -> list[NewPlace]:
    top = regency()
    finder = VillageFinder(top)
    positions = {}
    for number, cells in table.rows:
        position = read_position(number, cells, chosen, issues)
        if position is not None:
            positions[number] = position
    located = locate(positions, top)
    unusable = {issue.row for issue in issues if issue.severity == ERROR}
    issues += _shared_points(positions)
    places = []
    for number, cells in table.rows:
        position = positions.get(number)
        village_id = None
        if number not in unusable:
            stated = finder.stated(cells, chosen)
            village_id = finder.decide(number, stated, position, located.get(number), issues)
        place = _place(number, cells, chosen, kind, position, village_id, issues)
        if place is not None:
            places.append(place)
    return places


def _place(
    row: int,
    cells: Mapping[str, Cell],
    chosen: PlaceColumns,
    kind: PlaceKind,
    position: Position | None,
    village_id: int | None,
    issues: list[Issue],
) -> NewPlace | None:
    """Make a place of one row; None where its village is not known."""
    reading = _RowReading(row, cells, chosen, issues)
    name = " ".join(as_text(cells[chosen.columns["name"]]).split())
    if not name or len(name) > LONGEST_NAME:
        issues.append(Issue(row, chosen.columns["name"], name[:60], name_needed(), ERROR))
    identifier = ""
    if kind.register and "identifier" in chosen.columns:
        identifier = reading.read("identifier", lambda cell: read_number_of(cell, kind)) or ""
    attributes = {}
    for one in kind.attributes:
        value = reading.read(one["code"], lambda cell, one=one: read_attribute(cell, one, chosen))
        if value is not None:
            attributes[one["code"]] = value
    precision = reading.read("precision", read_precision) or (position and position.precision)
    if village_id is None or not name:
        return None
    # Who says that only the village is known does not vouch for the coordinates.
    is_placed = position is not None and precision != Precision.VILLAGE_ONLY
    return NewPlace(
        name=name,
        village_id=village_id,
        lon=position.lon if position and is_placed else None,
        lat=position.lat if position and is_placed else None,
        precision=precision if is_placed else Precision.VILLAGE_ONLY,
        identifier=identifier,
        attributes=attributes,
        row=row,
    )


@dataclass(frozen=True, slots=True)
class _RowReading:
    """One row being read, cell by cell."""

    row: int
    cells: Mapping[str, Cell]
    chosen: PlaceColumns
    issues: list[Issue]

    def read(self, role: str, reader) -> Any:
        """Read the cell under ``role`` with ``reader``; None where absent or wrong."""
        column = self.chosen.columns.get(role)
        if column is None:
            return None
        cell = self.cells[column]
        try:
            return reader(cell)
        except BadCell as error:
            self.issues.append(Issue(self.row, column, as_text(cell), str(error), ERROR))
            return None


def _shared_points(positions: Mapping[int, Position]) -> list[Issue]:
    groups: dict[tuple[float, float], list[int]] = defaultdict(list)
    for row, position in positions.items():
        groups[round(position.lon, 6), round(position.lat, 6)].append(row)
    issues = []
    for rows in groups.values():
        if len(rows) >= MANY_AT_ONE_POINT:
            first = positions[rows[0]]
            sentence = many_at_one_point(rows)
            issues.append(Issue(rows[0], first.column, first.text, sentence, WARNING))
    return issues


def _twice(places: list[NewPlace], chosen: PlaceColumns, kind: PlaceKind) -> list[Issue]:
    """Rows that mean one place: the same number, or the same name in one village."""
    first: dict[tuple, NewPlace] = {}
    issues = []
    for place in places:
        before = first.setdefault(place.key, place)
        if before is place:
            continue
        if place.identifier:
            sentence = number_twice(kind.register, before.row or 0, before.name)
            column, found = chosen.columns["identifier"], place.identifier
        else:
            sentence = name_twice(before.row or 0)
            column, found = chosen.columns["name"], place.name
        issues.append(Issue(place.row, column, found, sentence, ERROR))
    return issues


def _taken(places: list[NewPlace], chosen: PlaceColumns, kind: PlaceKind) -> list[Issue]:
    """Numbers that a place of another kind has: one school is not two."""
    wanted = {place.identifier for place in places if place.identifier}
    found = places_with_number(kind.register, wanted) if kind.register else []
    others = [one for one in found if one.kind_id != kind.pk and not one.source.is_demo]
    taken = {place.identifier: place for place in others}
    issues = []
    for place in places:
        other = taken.get(place.identifier)
        if other is not None:
            sentence = number_taken(kind.register, other.name, other.kind)
            column = chosen.columns["identifier"]
            issues.append(Issue(place.row, column, place.identifier, sentence, ERROR))
    return issues


def _not_covered(places: list[NewPlace], chosen: PlaceColumns, covers: Area) -> list[Issue]:
    if covers.level == Level.REGENCY:
        return []
    inside = set(Area.objects.current().within(covers).values_list("pk", flat=True)) | {covers.pk}
    sentence = _("This place is not in %(covers)s, which the list is said to cover.")
    return [
        Issue(place.row, chosen.columns["name"], place.name, sentence % {"covers": covers}, ERROR)
        for place in places
        if place.village_id not in inside
    ]


def _publish(
    request: Request,
    kind: PlaceKind,
    covers: Area,
    places: list[NewPlace],
    chosen: PlaceColumns,
    report: PlaceReport,
) -> PublishedPlaces:
    done = publish_places(
        kind=kind,
        places=places,
        source=_make_source(request, chosen, report),
        period=request.period,
        covers=covers,
        is_complete=request.is_complete,
        status=Status.VERIFIED if request.verified_by else Status.UNVERIFIED,
    )
    compute_breaks(list(Indicator.objects.filter(code__in=kind.feeds.values())))
    return done


def _make_source(request: Request, chosen: PlaceColumns, report: PlaceReport) -> Source:
    return make_source_of_file(
        request.path,
        n_warnings=len(report.of_severity(WARNING)),
        accept_warnings=request.accept_warnings,
        entered_by=request.entered_by,
        verified_by=request.verified_by,
        **chosen.source,
    )
