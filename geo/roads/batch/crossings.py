"""Importing boat links from a table of two points each, or from a file of lines; all or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _

from geo.areas.models import INDONESIA
from geo.indicators.batch.rows import unreadable
from geo.lib.lines import geodesic_length_m
from geo.lib.numbers import NotANumber, read_number
from geo.lib.surveys import find_decimal, plain
from geo.lib.tables import ERROR, Cell, UnreadableTable, as_text, read_table
from geo.roads.batch.files import SUFFIXES, read_lines_file
from geo.roads.batch.reports import Origin, RoadReport, make_source
from geo.roads.models import Crossing, Season, Vehicle
from geo.roads.services import remove_demo_crossings, save_crossings

CODE_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,30}")
LONGEST_KM = 300
NAMES = {
    "code": ("code", "kode", "nomor"),
    "name": ("name", "nama", "penyeberangan", "lintasan"),
    "from_lon": ("from lon", "lon awal", "bujur awal", "lon1"),
    "from_lat": ("from lat", "lat awal", "lintang awal", "lat1"),
    "to_lon": ("to lon", "lon akhir", "bujur akhir", "lon2"),
    "to_lat": ("to lat", "lat akhir", "lintang akhir", "lat2"),
    "minutes": ("minutes", "menit", "waktu menit", "lama menit"),
    "speed_kmh": ("speed kmh", "kecepatan kmh", "kecepatan km jam", "kecepatan"),
    "waiting_minutes": ("waiting minutes", "menunggu menit", "waktu tunggu", "tunggu"),
    "vehicles": ("vehicles", "kendaraan", "mengangkut"),
    "seasons": ("seasons", "musim"),
}
ENDS = ("from_lon", "from_lat", "to_lon", "to_lat")
TIMES = ("minutes", "speed_kmh", "waiting_minutes")
VEHICLE_WORDS = {
    "mobil": Vehicle.CAR,
    "truk": Vehicle.TRUCK,
    "sepeda motor": Vehicle.MOTORCYCLE,
    "motor": Vehicle.MOTORCYCLE,
    "ambulans": Vehicle.AMBULANCE,
    "orang": Vehicle.BOAT,
    "penumpang": Vehicle.BOAT,
    "perahu": Vehicle.BOAT,
} | {str(one): one for one in Vehicle}
SEASON_WORDS = {"kemarau": Season.DRY, "hujan": Season.WET} | {str(one): one for one in Season}


@dataclass(frozen=True, slots=True)
class CrossingsRequest:
    """What an operator asked for."""

    origin: Origin
    decimal: str = ""
    layer: str | None = None
    dry_run: bool = False


Facts = dict[str, Cell]


def import_crossings(request: CrossingsRequest) -> RoadReport:
    """Import one file of boat links; the report lists every problem, whatever happened."""
    report = RoadReport()
    rows = list(_rows(request, report))
    report.n_rows = len(rows)
    decimal = request.decimal or _decimal(rows, report)
    with transaction.atomic():
        links = [_link(row, facts, line, decimal, report) for row, facts, line in rows]
        _check_codes(rows, report)
        if links and report.may_write(request.origin.accept_warnings):
            report.demo_removed = remove_demo_crossings()
            source = make_source(request.origin, report)
            done = save_crossings(crossings=[one for one in links if one], source=source)
            report.new, report.changed, report.unchanged = done.new, done.changed, done.unchanged
            report.written = True
            if not done.touched:
                source.delete()
        if not report.written or request.dry_run:
            transaction.set_rollback(True)
    return report


# --- reading --------------------------------------------------------------------------------


def _rows(request: CrossingsRequest, report: RoadReport) -> Iterator[tuple[int, Facts, Any]]:
    """Rows as (number, cells under facts, line or None where the cells hold the ends)."""
    path = request.origin.path
    if path.suffix.lower() in (*SUFFIXES, ".zip"):
        frame, faults = read_lines_file(path, request.layer)
        report.issues += faults
        if frame is not None:
            columns = _columns([c for c in frame.columns if c != "geometry"], ("code",), report)
            records = frame.drop(columns="geometry").to_dict("records")
            for row, (cells, shape) in enumerate(zip(records, frame.geometry, strict=True), 1):
                facts = {fact: _plain_cell(cells[column]) for fact, column in columns.items()}
                yield row, facts, shape
        return
    try:
        table = read_table(path)
    except UnreadableTable as error:
        report.issues.append(unreadable(error))
        return
    columns = _columns(table.columns, ("code", *ENDS), report)
    if not report.of_severity(ERROR):
        for row, cells in table.rows:
            yield row, {fact: cells[column] for fact, column in columns.items()}, None


def _plain_cell(value: object) -> Cell:
    if value is None or value != value:  # NaN is not itself
        return ""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return value if isinstance(value, int | float) else str(value)


def _columns(found: Iterable[str], needed: tuple, report: RoadReport) -> dict[str, str]:
    by_plain = {plain(column.replace("_", " ")): column for column in found}
    columns = {
        fact: by_plain[name] for fact, names in NAMES.items() for name in names if name in by_plain
    }
    for fact in needed:
        if fact not in columns:
            text = _("There is no column for “%(found)s”; it may be called: %(wanted)s.")
            report.add(1, fact, "–", text % {"found": fact, "wanted": ", ".join(NAMES[fact])})
    return columns


def _decimal(rows: list, report: RoadReport) -> str:
    texts = [
        cell
        for _row, facts, _line in rows
        for fact in (*ENDS, *TIMES)
        if isinstance(cell := facts.get(fact, ""), str)
    ]
    try:
        return find_decimal(texts) or "."
    except NotANumber:
        text = _("Some numbers have a decimal comma, some a decimal point.")
        report.add(None, "", "–", text)
        return "."


# --- one link ---------------------------------------------------------------------------------


def _link(row: int, facts: Facts, shape: Any, decimal: str, report: RoadReport) -> Crossing | None:
    code = as_text(facts.get("code", "")).strip()
    if not CODE_SHAPE.fullmatch(code):
        text = _("The code may hold letters, digits, - and _, at most 30 of them.")
        report.add(row, "code", code, text)
    line = _line(row, facts, shape, decimal, report)
    times = {name: _number(row, name, facts, decimal, report) for name in TIMES}
    if times["minutes"] is not None and times["speed_kmh"] is not None:
        text = _("State either the minutes on the water or the speed, not both.")
        report.add(row, "minutes", times["minutes"], text)
    vehicles = _words(row, "vehicles", facts, VEHICLE_WORDS, [Vehicle.BOAT], report)
    seasons = _words(row, "seasons", facts, SEASON_WORDS, list(Season), report)
    if line is None:
        return None
    return Crossing(
        code=code,
        name=as_text(facts.get("name", "")).strip()[:200] or code,
        line=GEOSGeometry(memoryview(shapely.to_wkb(line)), srid=4326),
        minutes=times["minutes"],
        speed_kmh=times["speed_kmh"],
        waiting_minutes=times["waiting_minutes"] or 0,
        vehicles=vehicles,
        seasons=seasons,
    )


def _line(row: int, facts: Facts, shape: Any, decimal: str, report: RoadReport):
    """The way over the water in EPSG:4326, or None with the reason reported."""
    if shape is None:
        ends = [_number(row, name, facts, decimal, report, needed=True) for name in ENDS]
        if None in ends:
            return None
        shape = shapely.LineString([ends[:2], ends[2:]])
    parts = shapely.get_parts(shapely.line_merge(shape)) if shape is not None else []
    if len(parts) != 1 or parts[0].geom_type != "LineString":
        report.add(row, "geometry", "–", _("A boat link is one line from jetty to jetty."))
        return None
    (line,) = parts
    west, south, east, north = INDONESIA.extent
    if not shapely.covers(shapely.box(west, south, east, north), line):
        text = _("The link lies outside Indonesia: are longitude and latitude exchanged?")
        report.add(row, "geometry", line.wkt[:60], text)
        return None
    length_m = geodesic_length_m(line)
    if not 0 < length_m <= 1000 * LONGEST_KM:
        text = _("A boat link is longer than 0 m and at most %(most)d km; found %(found)s km.")
        km = f"{length_m / 1000:.3f}"
        report.add(row, "geometry", km, text % {"most": LONGEST_KM, "found": km})
        return None
    return line


def _number(
    row: int, name: str, facts: Facts, decimal: str, report: RoadReport, *, needed: bool = False
) -> float | None:
    cell = facts.get(name, "")
    if isinstance(cell, str) and not cell.strip("-– "):
        if needed:
            report.add(row, name, "–", _("A number is missing here."))
        return None
    try:
        value = read_number(cell, decimal) if isinstance(cell, str) else float(cell)
    except NotANumber:
        report.add(row, name, as_text(cell), _("This is not a number."))
        return None
    least_ok = value > 0 or (value == 0 and name == "waiting_minutes")
    if name in TIMES and not least_ok:
        report.add(row, name, as_text(cell), _("Minutes and speeds are above 0."))
        return None
    return value


def _words(
    row: int, name: str, facts: Facts, known: dict, usual: list, report: RoadReport
) -> list[str]:
    """Words of a cell, parted by commas or semicolons; what is usual where there are none."""
    written = [w.strip().lower() for w in re.split(r"[,;/+]", as_text(facts.get(name, "")))]
    found = [word for word in written if word]
    for word in found:
        if word not in known:
            text = _("“%(word)s” is not known here. Allowed are: %(allowed)s.")
            report.add(row, name, word, text % {"word": word, "allowed": ", ".join(known)})
    return [str(one) for one in dict.fromkeys(known[w] for w in found if w in known)] or [
        str(one) for one in usual
    ]


def _check_codes(rows: list, report: RoadReport) -> None:
    seen: dict[str, int] = {}
    for row, facts, _line in rows:
        code = as_text(facts.get("code", "")).strip()
        if code in seen:
            text = _("The code %(code)s stands in row %(row)d already.")
            report.add(row, "code", code, text % {"code": code, "row": seen[code]})
        seen.setdefault(code, row)
