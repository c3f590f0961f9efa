"""Importing the lines of roads: read, check, list everything; then all or nothing."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _

from geo.areas.models import INDONESIA, Area
from geo.lib.lines import LON_LAT_GRID, as_multiline, geodesic_length_m
from geo.lib.numbers import format_number
from geo.lib.surveys import plain
from geo.lib.tables import ERROR, NOTICE, WARNING
from geo.roads.batch.files import read_lines_file
from geo.roads.batch.publish import publish_roads
from geo.roads.batch.reports import Origin, RoadReport, make_source
from geo.roads.models import NUMBER_SHAPE, Authority, Road
from geo.roads.rules import in_km, length_differs
from geo.roads.services import remove_demo_roads, save_roads

OUTSIDE_WARNING = 0.05
TEXTS = ("number", "name", "decree", "start_name", "end_name")


@dataclass(frozen=True, slots=True)
class LinesRequest:
    """What an operator asked for."""

    origin: Origin
    regency_code: str
    columns: Path | None = None
    layer: str | None = None
    authority: str = ""
    join_pieces: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class _Feature:
    row: int
    facts: dict[str, Any]
    shape: shapely.MultiLineString


def import_lines(request: LinesRequest) -> RoadReport:
    """Import one file of lines; the report lists every problem, whatever happened."""
    report = RoadReport()
    frame, faults = read_lines_file(request.origin.path, request.layer)
    report.issues += faults
    if frame is None:
        return report
    report.n_rows = len(frame)
    with transaction.atomic():
        roads = _read(request, frame, report)
        if roads and report.may_write(request.origin.accept_warnings):
            _write(request, roads, report)
        if not report.written or request.dry_run:
            transaction.set_rollback(True)
    return report


def _write(request: LinesRequest, roads: list[Road], report: RoadReport) -> None:
    report.demo_removed = remove_demo_roads()
    source = make_source(request.origin, report)
    done = save_roads(roads=roads, source=source)
    report.new, report.changed, report.unchanged = done.new, done.changed, done.unchanged
    report.written = True
    if done.touched:
        publish_roads(request.regency_code, done.keys)
    else:
        source.delete()


# --- attributes -----------------------------------------------------------------


def read_attributes(path: Path | None) -> dict:
    """The table of names of columns; a map given by the operator goes before it."""
    default = settings.DATA_DIR / "roads" / "attributes.toml"
    known = tomllib.loads(default.read_text(encoding="utf-8"))
    if path is not None:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in ("columns", "authority"):
            wanted = given.get(table, {})
            if table == "columns":
                wanted = {k: [v] if isinstance(v, str) else v for k, v in wanted.items()}
            known[table] = known[table] | wanted
    return known


def _read(request: LinesRequest, frame, report: RoadReport) -> list[Road]:
    known = read_attributes(request.columns)
    by_lower = {str(name).lower(): name for name in frame.columns if name != frame.geometry.name}
    columns = {
        fact: next((by_lower[n.lower()] for n in names if n.lower() in by_lower), None)
        for fact, names in known["columns"].items()
    }
    _check_columns(columns, by_lower, request, known, report)
    if report.of_severity(ERROR):
        return []
    features = []
    for row, (_index, record) in enumerate(frame.iterrows(), start=1):
        facts = _facts(record, columns, row, request, known, report)
        shape = _shape(record[frame.geometry.name], row, facts.get("number", ""), report)
        if shape is not None:
            features.append(_Feature(row, facts, shape))
    regency = Area.objects.current().filter(code=request.regency_code).first()
    border = shapely.from_wkb(bytes(regency.boundary.wkb)) if regency and regency.boundary else None
    joined = _join(features, request.join_pieces, report)
    return [_road(feature, border, request, report) for feature in joined]


def _check_columns(columns, by_lower, request: LinesRequest, known, report: RoadReport) -> None:
    needed = ["number", "name"] + ([] if request.authority else ["authority"])
    for fact in needed:
        if columns.get(fact) is None:
            text = _(
                "There is no column for “%(fact)s”. Looked for: %(wanted)s; the file has: "
                "%(found)s. Name it in a map given with --columns%(more)s."
            )
            facts = {
                "fact": fact,
                "wanted": ", ".join(known["columns"][fact]),
                "found": ", ".join(by_lower) or "–",
                "more": _(", or give --authority") if fact == "authority" else "",
            }
            report.add(None, fact, "–", text % facts)
    for names in known.get("left_out", {}).values():
        for name in names:
            if name in by_lower:
                text = _(
                    "The column is not imported: the condition of roads comes from dated surveys "
                    "(import_road_surveys)."
                )
                report.add(None, by_lower[name], "–", text, NOTICE)


def _facts(record, columns, row: int, request: LinesRequest, known, report: RoadReport) -> dict:
    facts: dict[str, Any] = {}
    for fact in TEXTS:
        facts[fact] = _text(record[columns[fact]]) if columns.get(fact) else ""
    number = facts["number"]
    if not number:
        report.add(row, "number", "–", _("The road has no number: every ruas has one."))
    elif not re.fullmatch(NUMBER_SHAPE, number):
        text = _("A number is made of letters, digits, points, hyphens and blanks, at most 30.")
        report.add(row, str(columns["number"]), number, text)
    if not facts["name"]:
        report.add(row, "name", "–", _("The road %(number)s has no name.") % {"number": number})
    facts["authority"] = _authority(record, columns, row, request, known, report)
    facts["length_m"] = _stated_length(record, columns, row, report)
    return facts


def _text(value: object) -> str:
    if value is None or value != value:  # NaN is not itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _authority(record, columns, row, request: LinesRequest, known, report: RoadReport) -> str:
    column = columns.get("authority")
    written = _text(record[column]) if column else ""
    if not written and request.authority:
        return request.authority
    found = known["authority"].get(plain(written), "")
    if not found:
        text = _("“%(found)s” is not an authority. Known are: %(known)s.")
        facts = {"found": written or "–", "known": ", ".join(Authority.values)}
        report.add(row, str(column or "authority"), written or "–", text % facts)
    return found


def _stated_length(record, columns, row: int, report: RoadReport) -> float | None:
    for fact, metres in (("length_m", 1.0), ("length_km", 1000.0)):
        column = columns.get(fact)
        written = _text(record[column]) if column else ""
        if not written:
            continue
        try:
            length_m = round(float(written.replace(",", ".")) * metres, 3)
        except ValueError:
            report.add(row, str(column), written, _("This is not a length."))
            return None
        if length_m <= 0 or length_m != length_m or length_m == float("inf"):
            text = _("A road of 0 m cannot be: state its length, or leave it empty.")
            report.add(row, str(column), written, text)
            return None
        return length_m
    return None


# --- lines ---------------------------------------------------------------------


def _shape(shape, row: int, number: str, report: RoadReport) -> shapely.MultiLineString | None:
    if shape is None or shape.is_empty:
        report.add(row, "geometry", "–", _("The road %(number)s has no line.") % {"number": number})
        return None
    if shape.geom_type not in {"LineString", "MultiLineString"}:
        text = _("A road is a line; found: %(found)s.")
        report.add(row, "geometry", shape.geom_type, text % {"found": shape.geom_type})
        return None
    line = shapely.set_precision(as_multiline(shape), LON_LAT_GRID, mode="pointwise")
    line = as_multiline(line)
    if line.is_empty:
        text = _("The line of road %(number)s is 0 m long: its points are all the same.")
        report.add(row, "geometry", number, text % {"number": number})
        return None
    return line


def _join(features: list[_Feature], join_pieces: bool, report: RoadReport) -> list[_Feature]:
    """One feature a number: pieces are joined only when the operator says so."""
    by_number: dict[str, list[_Feature]] = defaultdict(list)
    for feature in features:
        by_number[feature.facts["number"]].append(feature)
    joined = []
    for number, pieces in by_number.items():
        first = pieces[0]
        same = all(_identity(piece) == _identity(first) for piece in pieces)
        if len(pieces) > 1 and not (join_pieces and same):
            text = _(
                "The number %(number)s stands in rows %(rows)s. If these are pieces of one road "
                "with one name and authority, join them with --join-pieces; if not, correct the "
                "number."
            )
            rows = ", ".join(str(piece.row) for piece in pieces)
            facts = {"number": number, "rows": rows}
            report.add(first.row, "number", number, text % facts)
        parts = [part for piece in pieces for part in shapely.get_parts(piece.shape)]
        stated = {piece.facts["length_m"] for piece in pieces} - {None}
        if len(stated) > 1:  # each piece states its own length
            first.facts["length_m"] = sum(piece.facts["length_m"] or 0 for piece in pieces)
        joined.append(_Feature(first.row, first.facts, shapely.MultiLineString(parts)))
    return joined


def _identity(feature: _Feature) -> tuple:
    return feature.facts["name"], feature.facts["authority"]


def _road(feature: _Feature, border, request: LinesRequest, report: RoadReport) -> Road:
    facts, line = feature.facts, feature.shape
    length_m = round(geodesic_length_m(line), 2) if _in_indonesia(line) else None
    if length_m is None:
        text = _(
            "The line of road %(number)s does not lie in Indonesia: longitude and latitude may be "
            "swapped, or the declared CRS is not that of the file."
        )
        bounds = ", ".join(f"{value:.4f}" for value in line.bounds)
        report.add(feature.row, "geometry", bounds, text % {"number": facts["number"]})
    else:
        _check_place(feature, border, length_m, request, report)
        _check_length(feature, length_m, report)
    return Road(
        **facts,
        line=GEOSGeometry(memoryview(shapely.to_wkb(line)), srid=4326),
        line_length_m=length_m,
    )


def _in_indonesia(line: shapely.MultiLineString) -> bool:
    west, south, east, north = INDONESIA.extent
    box = line.bounds
    return west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north


def _check_place(feature, border, length_m: float, request: LinesRequest, report) -> None:
    if border is None:
        return
    inside_m = geodesic_length_m(shapely.intersection(feature.shape, border))
    number = feature.facts["number"]
    if inside_m == 0:
        text = _("The line of road %(number)s lies wholly outside the regency %(code)s.")
        facts = {"number": number, "code": request.regency_code}
        report.add(feature.row, "geometry", number, text % facts)
    elif inside_m < (1 - OUTSIDE_WARNING) * length_m:
        text = _(
            "%(outside)s of %(whole)s km of road %(number)s lie outside the regency and count in "
            "no village."
        )
        facts = {"outside": in_km(length_m - inside_m), "whole": in_km(length_m), "number": number}
        report.add(feature.row, "geometry", number, text % facts, WARNING)


def _check_length(feature: _Feature, length_m: float, report: RoadReport) -> None:
    stated_m = feature.facts["length_m"]
    percent = length_differs(stated_m, length_m)
    if percent is not None:
        text = _(
            "The line of road %(number)s is %(drawn)s km long, stated are %(stated)s km: "
            "%(percent)s%% off. Look for a missing piece, a detour or a wrong unit."
        )
        facts = {
            "number": feature.facts["number"],
            "drawn": in_km(length_m),
            "stated": in_km(stated_m),
            "percent": format_number(percent, 1),
        }
        report.add(feature.row, "length_m", in_km(stated_m), text % facts, WARNING)
