"""What is asked and said of a map: which attribute fills a column, and what has a place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.lib.grids import Column
from geo.lib.tables import ERROR, Issue
from geo.lib.uploads.contract import ReadFault
from geo.submissions.rules.file_sentences import OF_FILE, of_read_fault
from geo.submissions.rules.sentences import label_of

WHICH_COLUMN, WHICH_VALUE = f"{OF_FILE}which_column", f"{OF_FILE}which_value"
# Answers are kept under these words before the code of a column.
COLUMN_ANSWER, VALUE_ANSWER = "column-", "value-"
PARTING = " | "
GEOMETRIES = {
    "Point": gettext_lazy("a point"),
    "MultiPoint": gettext_lazy("several points"),
    "LineString": gettext_lazy("a line"),
    "MultiLineString": gettext_lazy("several lines"),
    "Polygon": gettext_lazy("an outline"),
    "MultiPolygon": gettext_lazy("several outlines"),
}

# Of a map, attributes of objects are told, not cells of a sheet.
OF_ATTRIBUTES = {
    "personal_number": gettext_lazy(
        "Object %(row)s: its attribute “%(column)s” looks like the NIK or KK number of a person "
        "(%(found)s). Data of persons must not be sent here: delete the attribute from the map."
    ),
    "personal_column": gettext_lazy(
        "The attribute “%(column)s” of the map holds data of persons. Delete the attribute, then "
        "upload the map again."
    ),
    "controls_removed": gettext_lazy(
        "Invisible characters were taken out of %(n)s values of the map, the first in the "
        "attribute “%(column)s” of object %(row)s."
    ),
}


def of_map_fault(fault: ReadFault, codes: Mapping[str, str], position: str) -> Issue:
    """A fault of a map as a sentence, at its object.

    Parameters
    ----------
    codes
        By name of an attribute, the column of the form that it fills.
    position
        The column under which it is told what is wrong with the place of an object.
    """
    column = codes.get(fault.column, "") if fault.column else position
    issue = of_read_fault(fault, (fault.row, column))
    if fault.code not in OF_ATTRIBUTES:
        return issue
    return replace(issue, message=str(OF_ATTRIBUTES[fault.code]) % fault.words())


def which_column(column: Column, names: Sequence[str]) -> Issue:
    """The question which of several attributes holds what a column asks for."""
    sentence = _(
        "Which attribute of the map is “%(column)s”? It has: %(names)s. Choose it below, and the "
        "file is read again."
    )
    facts = {"column": label_of(column), "names": ", ".join(names)}
    found = PARTING.join(names)
    return Issue(None, column.code, found, sentence % facts, ERROR, WHICH_COLUMN)


def which_value(column: Column) -> Issue:
    """The question what holds of all objects, where the map does not say it of each."""
    sentence = _(
        "The map does not say “%(column)s” of its objects. If it is the same for all, choose it "
        "below; else add an attribute of that name to the map."
    )
    text = sentence % {"column": label_of(column)}
    return Issue(None, column.code, "", text, ERROR, WHICH_VALUE)


def wrong_geometry(row: int, column: str, found: str, taken: Collection[str]) -> Issue:
    """What is said of an object that is drawn as something else than asked for."""
    sentence = _(
        "Object %(row)s is %(found)s; here %(taken)s is expected. Draw it so, or delete the object."
    )
    # Of lines and several lines, one word is enough.
    words = [str(GEOMETRIES[one]) for one in GEOMETRIES if one in taken]
    facts = {"row": row, "found": GEOMETRIES.get(found, found), "taken": words[0]}
    return Issue(row, column, "", sentence % facts, ERROR, f"{OF_FILE}wrong_geometry")
