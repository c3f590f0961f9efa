"""What is said of cells, rows and columns that cannot be read: where, found, what to do."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy

from geo.lib.cells import (
    AMBIGUOUS,
    DASH,
    DATE_IN_NUMBER,
    NOT_A_CHOICE,
    NOT_A_COORDINATE,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NOT_YES_NO,
    TOO_GREAT,
    TOO_LONG,
    CellFault,
)
from geo.lib.grids import GridRow
from geo.lib.numbers import format_number
from geo.lib.tables import ERROR, NOTICE, Issue

NO_DATA_NOT_TAKEN, PERSONAL, LOCKED = "no_data_not_taken", "personal", "locked"
NUMBER_NEEDED = "number_needed"
UNKNOWN_ROW, OTHER_AREA, TWICE, GONE = "unknown_row", "other_area", "twice", "gone"
MISSING_COLUMN, LEFT_COLUMN, UNKNOWN_COLUMN = "missing_column", "left_column", "unknown_column"

CELLS = {
    NOT_A_NUMBER: gettext_lazy(
        "%(area)s: “%(column)s” says “%(found)s”, which is not a number. Write the number in "
        "digits, or “tidak ada data” where there is no figure."
    ),
    NUMBER_NEEDED: gettext_lazy(
        "%(area)s: “%(column)s” says “%(found)s”, which is not a number. Write the number in "
        "digits, or 0 where there was none."
    ),
    AMBIGUOUS: gettext_lazy(
        "%(area)s: “%(column)s” says “%(found)s”, which can be %(large)s or %(small)s. Write it "
        "without marks between thousands, and with a comma before decimals."
    ),
    DASH: gettext_lazy(
        "%(area)s: “%(column)s” holds a dash, which can mean 0 or that nothing is known. Write 0, "
        "or “tidak ada data”."
    ),
    DATE_IN_NUMBER: gettext_lazy(
        "%(area)s: “%(column)s” holds the day %(found)s where a number must stand. Table programs "
        "make days of what they take for one: set the cell to “number” and write it again."
    ),
    TOO_GREAT: gettext_lazy(
        "%(area)s: “%(column)s” says %(found)s, more than can be counted here. Write it again."
    ),
    NOT_A_CHOICE: gettext_lazy(
        "%(area)s: “%(column)s” says “%(found)s”. Choose one of: %(allowed)s."
    ),
    NOT_YES_NO: gettext_lazy("%(area)s: “%(column)s” says “%(found)s”. Write “ya” or “tidak”."),
    NOT_A_DATE: gettext_lazy(
        "%(area)s: “%(column)s” says “%(found)s”, which is not a day. Write day, month and year, "
        "such as 31/12/2025."
    ),
    NOT_A_COORDINATE: gettext_lazy(
        "%(area)s: “%(column)s” says “%(found)s”, which is no coordinate. Write degrees such as "
        "-2,98170 or 104,73680, or 2°58'54\" LS and 104°44'12\" BT."
    ),
    TOO_LONG: gettext_lazy(
        "%(area)s: “%(column)s” has %(length)s characters; at most %(most)s are taken. Shorten it."
    ),
    NO_DATA_NOT_TAKEN: gettext_lazy(
        "%(area)s: “%(column)s” says that there is no figure, but here one is needed for the books "
        "to balance. Write 0 where there was none."
    ),
    PERSONAL: gettext_lazy(
        "%(area)s: “%(column)s” looks like the NIK or KK number of a person (%(found)s). Data of "
        "persons must not be sent here: delete it."
    ),
    LOCKED: gettext_lazy(
        "%(area)s: “%(column)s” was filled in beforehand with %(expected)s and now says %(found)s. "
        "Put %(expected)s back; it cannot be changed here."
    ),
}

ROWS = {
    UNKNOWN_ROW: gettext_lazy(
        "Row %(row)s: “%(found)s” is not one of the areas of this form (%(form)s). Write the code "
        "as it stood in the workbook, or delete the row."
    ),
    OTHER_AREA: gettext_lazy(
        "Row %(row)s is about %(found)s, but this form is for %(form)s. Delete the row, or bring "
        "it in on the form of %(found)s."
    ),
    GONE: gettext_lazy(
        "Row %(row)s: number %(found)s does not stand in this list (%(form)s), or no longer: it "
        "may have been closed, removed or moved since the workbook was made. Delete the row; to "
        "enter it anew, leave its number empty."
    ),
    TWICE: gettext_lazy(
        "%(found)s stands in row %(first)s and again in row %(row)s. Keep one of the two."
    ),
}

COLUMNS = {
    MISSING_COLUMN: gettext_lazy(
        "“%(column)s” is not in the file: its column or its row was deleted or renamed. Put it "
        "back as it stood in the workbook, or type it in here."
    ),
    LEFT_COLUMN: gettext_lazy(
        "The column “%(column)s” is not in the file, so nothing is said about it."
    ),
    UNKNOWN_COLUMN: gettext_lazy(
        "The column “%(column)s” is not asked for and was not read. If it holds one of the figures "
        "of the form, give it the heading that stood in the workbook."
    ),
}


def of_cell(fault: CellFault, row: GridRow, column: str, label: str) -> Issue:
    """A cell that cannot be read, as a sentence at its place."""
    facts = {key: written(value) for key, value in fault.facts.items()}
    facts |= {"area": row.label or row.key or str(row.row), "column": label, "found": fault.found}
    return Issue(row.row, column, fault.found, str(CELLS[fault.code]) % facts, ERROR, fault.code)


def of_row(code: str, row: GridRow, **facts: object) -> Issue:
    """A row that has no place in the form."""
    found = str(facts.setdefault("found", row.label or row.key))
    return Issue(row.row, "", found, str(ROWS[code]) % {"row": row.row, **facts}, ERROR, code)


def of_column(code: str, column: str, label: str) -> Issue:
    """A column that is missing or was not asked for."""
    severity = ERROR if code == MISSING_COLUMN else NOTICE
    return Issue(None, column, "", str(COLUMNS[code]) % {"column": label}, severity, code)


def written(value: object) -> str:
    """A fact as people read it, in the language of the page."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    decimals = 0 if value == int(value) else 3
    text = format_number(value, decimals, get_language() or "id")
    return text.rstrip("0").rstrip(",.") if decimals else text
