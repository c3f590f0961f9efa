"""Rows of a table: which area each means, and which numbers stand in it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.indicators.batch.columns import DASHES, ColumnsMap
from geo.indicators.models import Indicator
from geo.lib.matching import (
    AMBIGUOUS,
    MATCHED,
    PROPOSED,
    UNKNOWN_DISTRICT,
    AreaIndex,
    Match,
)
from geo.lib.numbers import AmbiguousNumber, NotANumber, format_number, read_number
from geo.lib.periods import first_day, is_period
from geo.lib.tables import ERROR, NOTICE, Cell, Issue, Table, UnreadableTable, as_text, safe_cell

UNREADABLE = {
    "too_large": gettext_lazy("The file is larger than 50 MB."),
    "empty": gettext_lazy("The file is empty."),
    "not_text": gettext_lazy("The file is neither a readable CSV nor an XLSX workbook."),
    "no_header": gettext_lazy(
        "A column has no heading. Where a title stands above the headings, or headings stand in "
        "several rows, say so in the columns map: [reading] header_row = the number of the first "
        "row of headings, header_rows = how many there are."
    ),
    "column_twice": gettext_lazy("Two columns have the same heading."),
    "no_sheet": gettext_lazy("The workbook has no such sheet."),
    "not_a_workbook": gettext_lazy("The workbook is damaged, protected or of an old kind."),
    "too_many_rows": gettext_lazy("The file has more rows than can be imported at once."),
}


class Report(Protocol):
    """What the reading of rows fills."""

    matched: dict[int, str]
    proposals: list[Proposal]
    issues: list[Issue]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row whose name is merely like that of an area; a person decides."""

    row: int
    name: str
    district: str
    code: str
    proposed_name: str
    likeness: float


def unreadable(error: UnreadableTable) -> Issue:
    """Say why a file is not a table."""
    return Issue(None, "", error.found, str(UNREADABLE[error.reason]), ERROR)


def match_rows(table: Table, chosen: ColumnsMap, by: str, index: AreaIndex, report: Report) -> None:
    """Find the area of every row; what is not certain goes into the report."""
    first_row: dict[str, int] = {}
    for number, left_out in table.left_out:
        text = _("The row is not of an area (a total, a note or numbers of columns): left out.")
        report.issues.append(Issue(number, "", left_out, text, NOTICE))
    for number in table.too_long:
        text = _("The row has more cells than there are columns.")
        report.issues.append(Issue(number, "", "", text, ERROR))
    for number, cells in table.rows:
        text = as_text(cells[chosen.areas[by]])
        district_column = chosen.areas.get("district")
        district = as_text(cells[district_column]) if district_column else None
        found = _match(index, by, text, district)
        if found.code is not None and found.code in first_row:
            message = _("The area %(code)s stands in row %(row)d already.")
            facts = {"code": found.code, "row": first_row[found.code]}
            report.issues.append(Issue(number, chosen.areas[by], text, message % facts, ERROR))
        elif found.code is not None:
            first_row[found.code] = number
            report.matched[number] = found.code
        if found.outcome == PROPOSED:
            code, likeness = found.near[0]
            name = index.by_code[code].name
            report.proposals.append(Proposal(number, text, district or "", code, name, likeness))
        issue = _issue_of_match(found, number, chosen.areas[by], text, district)
        if issue:
            report.issues.append(issue)


def _match(index: AreaIndex, by: str, text: str, district: str | None) -> Match:
    if by == "code":
        return index.match_code(text)
    if by == "bps":
        return index.match_bps(text)
    return index.match_name(text, district)


def _issue_of_match(
    found: Match, row: int, column: str, text: str, district: str | None
) -> Issue | None:
    if found.outcome == MATCHED and found.former_code is None:
        return None
    if found.outcome == MATCHED:
        message = _("The code %(old)s is no longer in force; its successor is %(new)s.")
        facts = {"old": found.former_code, "new": found.code}
        return Issue(row, column, text, message % facts, NOTICE)
    if found.outcome == PROPOSED:
        message = _("No area of the district has this name. Alike are: %(near)s.")
        near = ", ".join(f"{code} ({format_number(score)} %)" for code, score in found.near)
        return Issue(row, column, text, message % {"near": near}, NOTICE)
    if found.outcome == AMBIGUOUS:
        message = _("Several areas have this name: %(codes)s. Add a column with the district.")
        facts = {"codes": ", ".join(code for code, _score in found.near)}
        return Issue(row, column, text, message % facts, ERROR)
    if found.outcome == UNKNOWN_DISTRICT:
        message = _("No district is called “%(district)s”.") % {"district": district}
    else:
        message = _("No area in force fits this row.")
    return Issue(row, column, text, message, ERROR)


def read_value(
    row: int, column: str, cell: Cell, chosen: ColumnsMap, report: Report
) -> float | None:
    """Read one cell; blank and the words for "no figure" give None."""
    if isinstance(cell, float):
        return cell
    text = cell or ""
    if text in chosen.missing:
        return None
    if text in DASHES:
        return _read_dash(row, column, text, chosen, report)
    try:
        return read_number(text, chosen.decimal)
    except AmbiguousNumber as error:
        message = _(
            "This can be %(large)s or %(small)s. Say which in the columns map: "
            "[reading] decimal = “,” or “.”."
        )
        large, small = (format_number(value, 3).rstrip("0").rstrip(",") for value in error.readings)
        message %= {"large": large, "small": small}
    except NotANumber:
        message = _("This is not a number. Leave the cell empty where there is no figure.")
    report.issues.append(Issue(row, column, text, message, ERROR))
    return None


def _read_dash(
    row: int, column: str, text: str, chosen: ColumnsMap, report: Report
) -> float | None:
    if chosen.dash is None:
        message = _(
            "A dash can mean “none” or “not known”. Say which in the columns map: "
            "[reading] dash = “zero” or “missing”."
        )
        report.issues.append(Issue(row, column, text, message, ERROR))
    return 0.0 if chosen.dash == "zero" else None


def row_period(
    row: int,
    cells: dict[str, Cell],
    chosen: ColumnsMap,
    indicator: Indicator,
    given: str | None,
    report: Report,
) -> str | None:
    """The period of a row: as asked for, else from its own column."""
    column = chosen.areas.get("period", "")
    period = given or as_text(cells.get(column))
    if is_period(period, indicator.frequency) and first_day(period) <= timezone.localdate():
        return period
    if is_period(period, indicator.frequency):
        message = _("“%(found)s” is a period in the future: “%(indicator)s” cannot be known yet.")
        _note_period(row, column, period, indicator, message, given, report)
        return None
    message = _(
        "“%(found)s” is not a period of “%(indicator)s” (%(frequency)s). Give --period or a "
        "column with the period, such as 2024, 2024-Q1 or 2024-03."
    )
    _note_period(row, column, period, indicator, message, given, report)
    return None


def _note_period(
    row: int,
    column: str,
    period: str,
    indicator: Indicator,
    message: str,
    given: str | None,
    report: Report,
) -> None:
    """Note a period once, not for every row that it was given for."""
    facts = {
        "found": period,
        "indicator": indicator.name,
        "frequency": indicator.get_frequency_display(),
    }
    issue = Issue(None if given else row, column, period, message % facts, ERROR)
    if issue not in report.issues[-50:]:
        report.issues.append(issue)


def write_proposals(path: Path, proposals: Sequence[Proposal]) -> None:
    """Write a file in which a person marks the right proposals under ``accept``."""
    by_row: dict[int, Proposal] = {one.row: one for one in proposals}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "name", "district", "code", "proposed_name", "likeness", "accept"])
        for one in sorted(by_row.values(), key=lambda one: one.row):
            cells = [one.row, one.name, one.district, one.code, one.proposed_name, one.likeness]
            writer.writerow([*map(safe_cell, cells), ""])
