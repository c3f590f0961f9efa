"""Importing a year's road surveys (form DD-1): check and list everything, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.indicators.batch.rows import unreadable
from geo.lib.numbers import AmbiguousNumber, NotANumber, format_number
from geo.lib.surveys import (
    Column,
    SurveyTable,
    find_decimal,
    is_road,
    plain,
    read_length,
    read_survey_table,
)
from geo.lib.tables import ERROR, WARNING, Cell, UnreadableTable, as_text, read_lines
from geo.roads.batch.class_sets import ClassSet, find_class_set, read_class_sets
from geo.roads.batch.publish import publish_roads
from geo.roads.batch.reports import Origin, RoadReport, make_source
from geo.roads.models import CONDITION_FIELDS, SURFACE_FIELDS, Road, RoadSurvey
from geo.roads.rules import check_survey, in_km, length_differs
from geo.roads.services import remove_demo_roads, save_roads, save_surveys

FIRST_YEAR = 1945
LENGTH_FIELDS = ("length_m", *SURFACE_FIELDS.values(), *CONDITION_FIELDS.values())
TABLE_FAULTS = {
    "no_heading": gettext_lazy("No row holds “No Ruas” or “Nama Ruas”: no heading was found."),
    "column_twice": gettext_lazy("Two columns hold the same: %(found)s."),
    "no_column": gettext_lazy("There is no column for “%(found)s”."),
}


@dataclass(frozen=True, slots=True)
class SurveysRequest:
    """What an operator asked for."""

    origin: Origin
    regency_code: str
    year: int
    classes: str = "bina_marga"
    sheet: str | None = None
    decimal: str | None = None
    unit: str | None = None
    authority: str = ""
    method: str = ""
    dry_run: bool = False


@dataclass(slots=True)
class _Row:
    row: int
    number: str
    name: str
    lengths: dict[str, float]
    width_m: float | None
    daily_traffic: int | None


def import_surveys(request: SurveysRequest) -> RoadReport:
    """Import one year's table; the report lists every problem, whatever happened."""
    report = RoadReport()
    chosen = find_class_set(request.classes)
    check_year(request.year, report)
    table = _table(request, chosen, report)
    if report.of_severity(ERROR):
        return report
    rows = list(_rows(request, table, chosen, report))
    report.n_rows = len(rows)
    _check_rows(rows, report)
    with transaction.atomic():
        _write(request, rows, report)
        if not report.written or request.dry_run:
            transaction.set_rollback(True)
    return report


def check_year(year: int, report: RoadReport) -> None:
    now = timezone.localdate().year
    if not FIRST_YEAR <= year <= now:
        text = _("A survey of the year %(year)d cannot be: give a year from %(first)d to %(now)d.")
        facts = {"year": year, "first": FIRST_YEAR, "now": now}
        report.add(None, "year", year, text % facts)


def _table(request: SurveysRequest, chosen: ClassSet, report: RoadReport) -> SurveyTable:
    try:
        lines = list(read_lines(request.origin.path, request.sheet, "ruas"))
    except UnreadableTable as error:
        report.issues.append(unreadable(error))
        return SurveyTable()
    km = None if request.unit is None else request.unit == "km"
    table = read_survey_table(lines, chosen.fields, km)
    for fault in table.faults:
        if fault.reason == "unknown_class":
            report.add(fault.row, fault.column, fault.found, _class_sentence(fault.found, chosen))
        else:
            text = str(TABLE_FAULTS[fault.reason]) % {"found": fault.found}
            report.add(fault.row, fault.column, fault.found or "–", text)
    fields = {column.field for column in table.columns}
    if not table.faults and not fields & set(CONDITION_FIELDS.values()):
        report.add(None, "", "–", _("There are no columns of conditions."))
    if not table.faults and not fields & {"surface", *SURFACE_FIELDS.values()}:
        report.add(None, "", "–", _("There are no columns of surfaces."))
    return table


def _class_sentence(word: str, chosen: ClassSet) -> str:
    text = _(
        "“%(word)s” is not a class of “%(set)s” (%(classes)s), and is not taken for a similar one: "
        "“rusak sedang” is damage, “sedang” is not. Name the set that the table speaks with "
        "--classes; declared are: %(known)s."
    )
    facts = {
        "word": word,
        "set": chosen.name,
        "classes": ", ".join([*chosen.conditions, *chosen.surfaces]),
        "known": ", ".join(read_class_sets()),
    }
    return text % facts


# --- rows -----------------------------------------------------------------------


def _rows(
    request: SurveysRequest, table: SurveyTable, chosen: ClassSet, report: RoadReport
) -> Iterable[_Row]:
    places = {column.field: column.place for column in table.columns}
    roads = [(n, cells) for n, cells in table.rows if is_road(cells, places["number"])]
    measured = [column for column in table.columns if column.field in {*LENGTH_FIELDS, "width_m"}]
    decimal = request.decimal or _decimal(roads, measured, report)
    for row, cells in roads:
        number = as_text(_cell(cells, places["number"])).strip()
        if not number:
            report.add(row, "number", "–", _("The row has no number of a road."))
        values = _values(row, cells, table.columns, decimal, report)
        lengths = {name: values.get(name) or 0.0 for name in LENGTH_FIELDS}
        _take_surface(row, cells, places, chosen, lengths, report)
        traffic = values.get("daily_traffic")
        yield _Row(
            row=row,
            number=number,
            name=as_text(_cell(cells, places.get("name", -1))).strip(),
            lengths=lengths,
            width_m=values.get("width_m") or None,
            daily_traffic=None if traffic is None else round(traffic),
        )


def _cell(cells: list[Cell], place: int) -> Cell:
    return cells[place] if 0 <= place < len(cells) else ""


def _decimal(roads, measured: list[Column], report: RoadReport) -> str | None:
    texts = [
        cell
        for _row, cells in roads
        for column in measured
        if isinstance(cell := _cell(cells, column.place), str)
    ]
    try:
        return find_decimal(texts)
    except NotANumber:
        text = _("Some numbers have a decimal comma, some a decimal point. Give one to all.")
        report.add(None, "", "–", text)
        return None


def _values(
    row: int, cells: list[Cell], columns: list[Column], decimal: str | None, report: RoadReport
) -> dict[str, float]:
    values: dict[str, float] = defaultdict(float)
    for column in columns:
        if column.field in {"number", "name", "surface"}:
            continue
        cell = _cell(cells, column.place)
        try:
            value = read_length(cell, decimal)
        except AmbiguousNumber as error:
            text = _("“%(found)s” can be %(one)s or %(other)s. Say which with --decimal.")
            one, other = (format_number(reading, 3) for reading in error.readings)
            facts = {"found": as_text(cell), "one": one, "other": other}
            report.add(row, column.heading, as_text(cell), text % facts)
        except NotANumber:
            text = _("“%(found)s” is not a number. Write nothing as “-” or leave it empty.")
            facts = {"found": as_text(cell)}
            report.add(row, column.heading, as_text(cell), text % facts)
        else:
            # Several columns may be one class here, such as hot mix and penetration.
            if value is not None:
                values[column.field] += round(value * column.metres, 3)
    return values


def _take_surface(row, cells, places, chosen: ClassSet, lengths, report: RoadReport) -> None:
    """Where one word names the surface, it is that of the whole road."""
    if "surface" not in places:
        return
    written = as_text(_cell(cells, places["surface"])).strip()
    surface = chosen.surfaces.get(plain(written))
    if surface is None:
        report.add(row, "surface", written or "–", _class_sentence(written or "–", chosen))
    else:
        lengths[f"{surface}_m"] = lengths["length_m"]


def _check_rows(rows: list[_Row], report: RoadReport) -> None:
    seen: dict[str, int] = {}
    for one in rows:
        for column, text in check_survey(one.lengths):
            report.add(one.row, column, one.number, text)
        if one.number and one.number in seen:
            text = _("The road %(number)s stands in row %(row)d already.")
            facts = {"number": one.number, "row": seen[one.number]}
            report.add(one.row, "number", one.number, text % facts)
        seen.setdefault(one.number, one.row)
    if not rows:
        report.add(None, "", "–", _("The table holds no roads."))


# --- writing --------------------------------------------------------------------


def _write(request: SurveysRequest, rows: list[_Row], report: RoadReport) -> None:
    if report.of_severity(ERROR):
        return
    known = Road.objects.current().filter(source__is_demo=False).defer("line")
    roads = {road.number: road for road in known}
    unknown = [one for one in rows if one.number not in roads]
    if unknown and not request.authority:
        for one in unknown:
            text = _(
                "There is no road %(number)s. Import its line first (import_roads), or give "
                "--authority to enter it without a line."
            )
            report.add(one.row, "number", one.number, text % {"number": one.number})
    _warn_of_lengths(rows, roads, report)
    if not report.may_write(request.origin.accept_warnings):
        return
    report.demo_removed = remove_demo_roads()
    source = make_source(request.origin, report)
    entered = [_new_road(one, request) for one in unknown]
    report.new_roads = save_roads(roads=entered, source=source).new
    roads |= {road.number: road for road in entered}
    surveys = [_survey(one, roads[one.number], request) for one in rows]
    done = save_surveys(surveys=surveys, source=source)
    report.new, report.changed, report.unchanged = done.new, done.changed, done.unchanged
    report.written = True
    if done.touched or report.new_roads:
        unplaced = Road.objects.current().with_line().filter(parts=None)
        publish_roads(request.regency_code, unplaced.values_list("pk", flat=True))
    else:
        source.delete()


def _warn_of_lengths(rows: list[_Row], roads: dict[str, Road], report: RoadReport) -> None:
    for one in rows:
        road = roads.get(one.number)
        official_m = road.official_length_m if road else None
        percent = length_differs(official_m, one.lengths["length_m"])
        if percent is None or official_m is None:
            continue
        text = _(
            "Surveyed are %(found)s km of road %(number)s, the register has %(official)s km: "
            "%(percent)s%% off."
        )
        facts = {
            "found": in_km(one.lengths["length_m"]),
            "number": one.number,
            "official": in_km(official_m),
            "percent": format_number(percent, 1),
        }
        report.add(one.row, "length_m", in_km(one.lengths["length_m"]), text % facts, WARNING)


def _new_road(one: _Row, request: SurveysRequest) -> Road:
    return Road(
        number=one.number,
        name=one.name or one.number,
        authority=request.authority,
        length_m=one.lengths["length_m"],
    )


def _survey(one: _Row, road: Road, request: SurveysRequest) -> RoadSurvey:
    return RoadSurvey(
        road=road,
        year=request.year,
        **one.lengths,
        width_m=one.width_m,
        daily_traffic=one.daily_traffic,
        class_set=request.classes,
        method=request.method,
    )
