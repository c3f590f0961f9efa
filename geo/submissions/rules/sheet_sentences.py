"""What recognising a table found, as issues: other forms, older templates, odd rows and sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language, gettext_lazy

from geo.areas.models import Area
from geo.indicators.models import Dataset
from geo.lib.grids import Column
from geo.lib.periods import format_period, is_period
from geo.lib.tables import ERROR, NOTICE, WARNING, Issue
from geo.lib.workbooks.contract import SheetFault
from geo.submissions.rules.cell_sentences import written
from geo.submissions.rules.file_sentences import OF_FILE
from geo.submissions.rules.sentences import label_of

SENTENCES = {
    "nothing_recognised": gettext_lazy(
        "No table of this form was found in the file. Looked for were headings such as %(names)s. "
        "Download the workbook of this form and fill that in, or give your columns these headings."
    ),
    "no_rows": gettext_lazy(
        "The headings were found, but no row below them. Fill in at least one row and send the "
        "file again."
    ),
    "other_dataset": gettext_lazy(
        "This workbook is for another data set (“%(found)s”); here “%(expected)s” is brought in. "
        "Choose the right data set on your desk, or download the workbook of this one."
    ),
    "other_period": gettext_lazy(
        "This file is about %(found)s, but you are sending it as %(expected)s. Choose the right "
        "period on your desk, or correct the period in the file."
    ),
    "other_area": gettext_lazy(
        "This workbook is for %(found)s, but you are sending it for %(expected)s. Choose the right "
        "area on your desk, or download the workbook again."
    ),
    "other_village": gettext_lazy(
        "The title of the report names “%(found)s”, but this form is for %(expected)s. Send the "
        "report of the right village."
    ),
    "report_of_one_village": gettext_lazy(
        "This is the report of one village, but the form is for several. Bring it in on the form "
        "of that village."
    ),
    "column_twice": gettext_lazy(
        "Several columns of the file are “%(column)s”; the first of them was read. Delete the "
        "others."
    ),
    "read_as_percent": gettext_lazy(
        "“%(column)s”: cells that the file shows as percentages were read so (%(n)s in all, the "
        "first as %(shown)s %%)."
    ),
    "column_gone": gettext_lazy(
        "Your workbook is of an older version: its column “%(found)s” is not asked for any more. "
        "Download the workbook again and copy your figures into it."
    ),
    "column_changed": gettext_lazy(
        "Your workbook is of an older version: the column “%(found)s” was %(was)s and is now "
        "%(now)s. Download the workbook again and write the figures as it asks for them."
    ),
    "alike_area": gettext_lazy(
        "Row %(row)s: no area of this form is called “%(found)s”. Alike are: %(near)s. Write its "
        "code, or its name as it stands there."
    ),
    "ambiguous_area": gettext_lazy(
        "Row %(row)s: several areas are called “%(found)s”: %(near)s. Write the code of the one "
        "that is meant."
    ),
    "code_and_name": gettext_lazy(
        "Row %(row)s: the code %(code)s belongs to %(expected)s, but the name beside it is "
        "“%(found)s”. Rows may have been mixed up: correct the code or the name."
    ),
    "former_code": gettext_lazy(
        "Row %(row)s: the code %(found)s is no longer in force; its successor %(code)s was taken."
    ),
    "wrong_sum": gettext_lazy(
        "Cell %(cell)s (“%(column)s”) says %(found)s, but %(parts)s makes %(expected)s. The sum of "
        "the file is not used: correct it, or write why the parts are right."
    ),
}
SEVERITIES = {"read_as_percent": NOTICE, "former_code": NOTICE, "wrong_sum": WARNING}
TYPES = {
    "whole": gettext_lazy("a whole number"),
    "number": gettext_lazy("a number"),
    "text": gettext_lazy("a text"),
    "choice": gettext_lazy("a choice"),
    "yes_no": gettext_lazy("yes or no"),
    "date": gettext_lazy("a day"),
    "lon": gettext_lazy("a longitude"),
    "lat": gettext_lazy("a latitude"),
}


def of_sheet_fault(fault: SheetFault, columns: Sequence[Column]) -> Issue:
    """A fault of a file as a sentence; its rule says that the grid alone does not show it."""
    labels = {column.code: label_of(column) for column in columns}
    names = _names_in(fault)
    facts = {key: _said(value, names) for key, value in fault.facts.items()}
    facts |= {
        "row": fault.row,
        "found": _said(fault.found, names),
        "column": labels.get(fault.column, fault.column),
    }
    severity = SEVERITIES.get(fault.code, ERROR)
    text = str(SENTENCES[fault.code]) % facts
    return Issue(fault.row, fault.column, fault.found, text, severity, f"{OF_FILE}{fault.code}")


def _names_in(fault: SheetFault) -> dict[str, str]:
    """Names of the areas, or of the data sets, that a fault names by code."""
    codes = [fault.found, fault.facts.get("expected")]
    if fault.code == "other_dataset":
        return {one.code: one.name for one in Dataset.objects.filter(code__in=codes)}
    if fault.code != "other_area":
        return {}
    areas = Area.objects.filter(code__in=codes).defer("boundary")
    return {area.code: f"{area} ({area.code})" for area in areas}


def _said(value: object, names: Mapping[str, str]) -> object:
    """A fact as people say it: periods in words, areas by name, types of columns in words."""
    if isinstance(value, float):
        return written(value)
    if not isinstance(value, str):
        return value
    if is_period(value):
        return format_period(value, get_language() or "id")
    if value in names:
        return names[value]
    kind, _mark, unit = value.partition(", ")
    if kind in TYPES:
        return f"{TYPES[kind]}, {unit}" if unit else str(TYPES[kind])
    return value
