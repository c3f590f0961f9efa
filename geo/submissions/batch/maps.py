"""Objects of a map as rows of a form: attributes under its columns, places as coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.lib.cells import cell_or_text
from geo.lib.grids import LAT, LON, Cell, Column, Grid, GridRow
from geo.lib.tables import Issue
from geo.lib.uploads.contract import Feature, Reading
from geo.lib.workbooks.headings import columns_by_name
from geo.lib.workbooks.vocabulary import squeezed
from geo.submissions.kinds import Kind
from geo.submissions.rules import map_sentences as say

COORDINATE_DECIMALS = 7  # of a degree: one centimetre
# So many attributes that mean nothing here are named; the others are as little read.
MOST_STRANGERS = 20


@dataclass(slots=True)
class Chosen:
    """Which attribute fills which column, and what the sender still has to say."""

    attributes: dict[str, str] = field(default_factory=dict)
    for_all: dict[str, str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def grid_of_map(
    reading: Reading, kind: Kind, columns: Sequence[Column], answers: Mapping[str, str]
) -> tuple[Grid | None, list[Issue]]:
    """Make rows of the objects of a map.

    Parameters
    ----------
    answers
        What the sender said: under ``column-<code>`` the attribute that fills a column,
        under ``value-<code>`` what is the same for all objects.

    Returns
    -------
    Grid or None
        One row an object, numbered as in the file; without a place where it has a fault.
        None while something has to be asked: what the rows say depends on the answer.
    list of Issue
        Questions and faults, each at its row.
    """
    chosen = choose_attributes(reading.features, columns, answers)
    lat = next((column.code for column in columns if column.type == LAT), "")
    codes = {name: code for code, name in chosen.attributes.items()}
    issues = [say.of_map_fault(fault, codes, lat) for fault in reading.faults]
    grid = Grid([*(column.code for column in columns), *chosen.strangers[:MOST_STRANGERS]])
    for feature in reading.features:
        row, faults = _row(feature, kind, columns, chosen)
        grid.rows.append(row)
        issues += faults
    return None if chosen.issues else grid, chosen.issues + issues


def choose_attributes(
    features: Sequence[Feature], columns: Sequence[Column], answers: Mapping[str, str]
) -> Chosen:
    """Find the columns of attributes by what these are called; ask where that does not tell."""
    names = list(dict.fromkeys(name for feature in features for name in feature.properties))
    known = columns_by_name(columns)
    claims: dict[str, list[str]] = {}
    for name in names:
        code = known.get(squeezed(name))
        if code is not None:
            claims.setdefault(code, []).append(name)
    chosen = Chosen()
    for column in columns:
        _choose(column, claims.get(column.code, []), names, answers, chosen)
    used = set(chosen.attributes.values())
    chosen.strangers = [name for name in names if name not in used]
    return chosen


def _choose(
    column: Column,
    claimed: Sequence[str],
    names: Sequence[str],
    answers: Mapping[str, str],
    chosen: Chosen,
) -> None:
    said = answers.get(say.COLUMN_ANSWER + column.code, "")
    if said in names:
        chosen.attributes[column.code] = said
        return
    value = answers.get(say.VALUE_ANSWER + column.code, "")
    if value and column.choices:
        chosen.for_all[column.code] = value
        return
    if len(claimed) == 1:
        chosen.attributes[column.code] = claimed[0]
    elif claimed:
        chosen.issues.append(say.which_column(column, claimed))
    elif column.required and column.choices:
        chosen.issues.append(say.which_value(column))
    elif column.required and names:
        chosen.issues.append(say.which_column(column, names))


def _row(
    feature: Feature, kind: Kind, columns: Sequence[Column], chosen: Chosen
) -> tuple[GridRow, list[Issue]]:
    cells: dict[str, Cell] = {}
    for column in columns:
        name = chosen.attributes.get(column.code)
        raw = feature.properties.get(name) if name else chosen.for_all.get(column.code)
        cell = cell_or_text(raw, column)
        if cell is not None:
            cells[column.code] = cell
    row = GridRow(feature.row, "", str(cells.get("name") or ""), cells)
    geometry = feature.geometry
    if geometry is None:
        return row, []
    if geometry["type"] not in kind.geometries:
        lat = next((column.code for column in columns if column.type == LAT), "")
        return row, [say.wrong_geometry(feature.row, lat, geometry["type"], kind.geometries)]
    point = _point(geometry)
    lon_lat = [column.code for column in columns if column.type in (LON, LAT)]
    if point is not None and len(lon_lat) == 2:
        row.cells |= dict(zip(lon_lat, point, strict=True))
    else:
        row.geometry = geometry
    return row, []


def _point(geometry: Mapping) -> tuple[float, float] | None:
    if geometry["type"] != "Point":
        return None
    lon, lat = geometry["coordinates"]
    return round(lon, COORDINATE_DECIMALS), round(lat, COORDINATE_DECIMALS)
