"""Importing segments of roads: from–to, surface, condition, IRI, SDI; all or nothing."""

from __future__ import annotations

import datetime
import re

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from geo.indicators.batch.rows import unreadable
from geo.lib.numbers import AmbiguousNumber, NotANumber
from geo.lib.road_conditions import MEASURES, BandSet, bands_on, condition_of, read_bands
from geo.lib.surveys import find_decimal, plain, read_length
from geo.lib.tables import ERROR, Cell, Table, UnreadableTable, as_text, read_table
from geo.roads.batch.class_sets import ClassSet, find_class_set
from geo.roads.batch.reports import RoadReport, make_source
from geo.roads.batch.surveys import SurveysRequest, check_year
from geo.roads.models import Road, RoadSegment
from geo.roads.rules import SegmentRow, find_overlaps
from geo.roads.services import save_segments

NAMES = {
    "number": ("no ruas", "nomor ruas", "number"),
    "from_m": ("dari", "sta awal", "km awal", "from", "from m"),
    "to_m": ("sampai", "sta akhir", "km akhir", "to", "to m"),
    "width_m": ("lebar", "width", "width m"),
    "surface": ("permukaan", "jenis permukaan", "surface"),
    "condition": ("kondisi", "condition"),
    "iri": ("iri", "iri m km"),
    "sdi": ("sdi",),
}
NEEDED = ("number", "from_m", "to_m", "surface")
# A line may be a little shorter than the chainage that was driven.
BEYOND_END = 1.05


def import_segments(request: SurveysRequest) -> RoadReport:
    """Import one year's segments; the report lists every problem, whatever happened."""
    report = RoadReport()
    chosen = find_class_set(request.classes)
    check_year(request.year, report)
    try:
        table = read_table(request.origin.path, request.sheet)
    except UnreadableTable as error:
        report.issues.append(unreadable(error))
        return report
    columns = _columns(table, report)
    if report.of_severity(ERROR):
        return report
    report.n_rows = len(table.rows)
    with transaction.atomic():
        segments = _segments(request, table, columns, chosen, report)
        if segments and report.may_write(request.origin.accept_warnings):
            source = make_source(request.origin, report)
            done = save_segments(segments=segments, source=source)
            report.new, report.changed, report.unchanged = done.new, done.changed, done.unchanged
            report.written = True
            if not done.touched:
                source.delete()
        if not report.written or request.dry_run:
            transaction.set_rollback(True)
    return report


def _columns(table: Table, report: RoadReport) -> dict[str, str]:
    by_plain = {plain(column): column for column in table.columns}
    columns = {
        fact: by_plain[name] for fact, names in NAMES.items() for name in names if name in by_plain
    }
    for fact in NEEDED:
        if fact not in columns:
            text = _("There is no column for “%(found)s”; it may be called: %(wanted)s.")
            wanted = {"found": fact, "wanted": ", ".join(NAMES[fact])}
            report.add(1, fact, "–", text % wanted)
    return columns


def _segments(
    request: SurveysRequest,
    table: Table,
    columns: dict[str, str],
    chosen: ClassSet,
    report: RoadReport,
) -> list[RoadSegment]:
    known = Road.objects.current().filter(source__is_demo=False).defer("line")
    roads = {road.number: road for road in known}
    bands = _bands(request.year)
    measured = [columns[name] for name in ("width_m", "iri", "sdi") if name in columns]
    texts = [c for _n, cells in table.rows for m in measured if isinstance(c := cells[m], str)]
    try:
        decimal = request.decimal or find_decimal(texts)
    except NotANumber:
        decimal = None
        report.add(None, "", "–", _("Some numbers have a decimal comma, some a decimal point."))
    segments, stretches = [], []
    for row, cells in table.rows:
        facts = {fact: cells[column] for fact, column in columns.items()}
        segment = _segment(row, facts, decimal, chosen, bands, roads, report)
        if segment is not None:
            segment.year = request.year
            segments.append(segment)
            stretches.append(SegmentRow(row, segment.road.number, segment.from_m, segment.to_m))
    _report_overlaps(stretches, report)
    return segments


def _bands(year: int) -> dict[str, BandSet]:
    sets = read_bands(settings.DATA_DIR / "roads" / "condition_bands.toml")
    day = datetime.date(year, 12, 31)
    begun = {measure for measure in MEASURES for s in sets if s.measure == measure}
    return {
        measure: bands_on(sets, measure, day)
        for measure in sorted(begun)
        if any(s.measure == measure and s.valid_from <= day for s in sets)
    }


def _segment(
    row: int,
    facts: dict[str, Cell],
    decimal: str | None,
    chosen: ClassSet,
    bands: dict[str, BandSet],
    roads: dict[str, Road],
    report: RoadReport,
) -> RoadSegment | None:
    number = as_text(facts["number"]).strip()
    road = roads.get(number)
    if road is None:
        text = _("There is no road %(number)s. Import it first.")
        report.add(row, "number", number or "–", text % {"number": number or "–"})
    from_m, to_m = (_chainage(row, name, facts[name], report) for name in ("from_m", "to_m"))
    numbers = {
        name: _number(row, name, facts.get(name, ""), decimal, report)
        for name in ("width_m", "iri", "sdi")
    }
    surface = chosen.surfaces.get(plain(as_text(facts["surface"])))
    if surface is None:
        text = _("“%(found)s” is not a surface of “%(set)s”.")
        found = {"found": as_text(facts["surface"]), "set": chosen.name}
        report.add(row, "surface", found["found"], text % found)
    condition = _condition(row, as_text(facts.get("condition", "")), numbers, chosen, bands, report)
    if road is None or from_m is None or to_m is None or surface is None or condition is None:
        return None
    _check_stretch(row, road, from_m, to_m, report)
    return RoadSegment(
        road=road, from_m=from_m, to_m=to_m, surface=surface, condition=condition, **numbers
    )


def _chainage(row: int, column: str, cell: Cell, report: RoadReport) -> float | None:
    """``0+200``, ``1+050`` or plain metres."""
    text = as_text(cell).strip().removeprefix("STA").strip()
    station = re.fullmatch(r"([0-9]{1,3})\+([0-9]{3})", text)
    if station:
        return int(station[1]) * 1000.0 + int(station[2])
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?", text):
        return float(text.replace(",", "."))
    sentence = _("“%(found)s” is not a chainage: write 1+250 or 1250, in metres from the start.")
    report.add(row, column, text or "–", sentence % {"found": text or "–"})
    return None


def _number(row: int, column: str, cell: Cell, decimal, report: RoadReport) -> float | None:
    try:
        value = read_length(cell, decimal)
    except (NotANumber, AmbiguousNumber):
        text = _("“%(found)s” is not a number; where a comma may be either, give --decimal.")
        report.add(row, column, as_text(cell), text % {"found": as_text(cell)})
        return None
    if value is not None and value < 0:
        text = _("“%(found)s” is negative; a width, IRI or SDI never is.")
        report.add(row, column, as_text(cell), text % {"found": as_text(cell)})
        return None
    return value


def _condition(
    row: int,
    written: str,
    numbers: dict[str, float | None],
    chosen: ClassSet,
    bands: dict[str, BandSet],
    report: RoadReport,
) -> str | None:
    """What is stated; else the class of IRI or SDI, where both agree."""
    if written.strip():
        found = chosen.conditions.get(plain(written))
        if found is None:
            text = _("“%(found)s” is not a condition of “%(set)s”: %(known)s.")
            facts = {"found": written, "set": chosen.name, "known": ", ".join(chosen.conditions)}
            report.add(row, "condition", written, text % facts)
        return found
    measured = {m: v for m in bands if (v := numbers.get(m)) is not None}
    classes = {condition_of(value, bands[measure]) for measure, value in measured.items()}
    if len(classes) == 1:
        return classes.pop()
    if classes:
        text = _("IRI and SDI give different conditions (%(found)s): state the condition.")
        report.add(row, "condition", "–", text % {"found": ", ".join(sorted(classes))})
    else:
        report.add(row, "condition", "–", _("State a condition, an IRI or an SDI."))
    return None


def _check_stretch(row: int, road: Road, from_m: float, to_m: float, report: RoadReport) -> None:
    if to_m <= from_m:
        text = _("The segment runs from %(start)d to %(end)d m: a segment of 0 m cannot be.")
        report.add(row, "to_m", to_m, text % {"start": from_m, "end": to_m})
    whole_m = road.official_length_m
    if whole_m and to_m > whole_m * BEYOND_END:
        text = _("The segment ends at %(end)d m, but road %(number)s is %(whole)d m long.")
        facts = {"end": to_m, "number": road.number, "whole": whole_m}
        report.add(row, "to_m", to_m, text % facts)


def _report_overlaps(stretches: list[SegmentRow], report: RoadReport) -> None:
    for first, second in find_overlaps(stretches):
        text = _(
            "The segment from %(start)d to %(end)d m of road %(number)s overlaps the one in row "
            "%(row)d (%(other_start)d to %(other_end)d m)."
        )
        facts = {
            "start": second.from_m,
            "end": second.to_m,
            "number": second.number,
            "row": first.row,
            "other_start": first.from_m,
            "other_end": first.to_m,
        }
        report.add(second.row, "from_m", second.from_m, text % facts)
