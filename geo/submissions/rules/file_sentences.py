"""What reading a file found, as issues: at their cell of the form, where it is known."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy

from geo.lib.errors import GeoError
from geo.lib.tables import ERROR, NOTICE, WARNING, Issue
from geo.lib.uploads.contract import ReadFault
from geo.lib.uploads.sentences import SENTENCES

# Problems that only the file shows carry this before their rule: mending cells leaves them.
OF_FILE = "file:"
PERSONAL = f"{OF_FILE}personal_"


def merged_figures(row: int, column: str, first: str, lost: str, cells: str) -> Issue:
    """What is said of a cell of the form that was merged with the one before it."""
    sentence = gettext(
        "The cells %(cells)s are merged, so that their value counts for “%(first)s” alone and "
        "“%(lost)s” got none. Unmerge them, or type the figure in here; if it is to stay empty, "
        "write why."
    )
    facts = {"cells": cells, "first": first, "lost": lost}
    return Issue(row, column, "", sentence % facts, WARNING, f"{OF_FILE}merged_figures")


def holds_personal(rules: Iterable[str]) -> bool:
    """Whether a file was refused for data of persons, by the rules that it broke."""
    return any(rule.startswith(PERSONAL) for rule in rules)


class FileLost(GeoError):
    """The row says that there is a file, and there is none."""

    status = 410
    template = gettext_lazy(
        "The file “%(name)s” is not on the server any more, so it cannot be checked. Upload it "
        "again; and tell those who run this site."
    )


def of_read_fault(fault: ReadFault, at: tuple[int | None, str] | None = None) -> Issue:
    """A fault of a file as a sentence.

    Parameters
    ----------
    fault
        A question stops a file until it is answered, like an error.
    at
        Line and column of the form where the cell is one of the form's.
    """
    severity = NOTICE if fault.severity == NOTICE else ERROR
    row, column = at or (fault.row, "")
    message = gettext(SENTENCES[fault.code].text) % fault.words()
    found = str(fault.facts.get("found", ""))
    return Issue(row, column, found, message, severity, f"{OF_FILE}{fault.code}")
