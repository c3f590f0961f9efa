"""What is said of cells that somebody else has published anew since a workbook was made."""

from __future__ import annotations

from django.utils.translation import gettext as _

from geo.lib.form_rules import number
from geo.lib.grids import Cell, Column, GridRow
from geo.lib.tables import NOTICE, WARNING, Issue
from geo.submissions.rules.cell_sentences import written
from geo.submissions.rules.file_sentences import OF_FILE
from geo.submissions.rules.sentences import label_of
from geo.submissions.rules.showing import shown

LEFT, BOTH, BACK = f"{OF_FILE}left_as_it_stands", f"{OF_FILE}changed_by_both", f"{OF_FILE}back"


def left_as_it_stands(row: GridRow, column: Column, *, was: Cell, now: Cell) -> Issue:
    """What is said of a cell that the sender did not touch."""
    text = _(
        "%(area)s: “%(column)s” was %(was)s when this workbook was made and is %(now)s now. You "
        "had not changed it, so %(now)s stays."
    )
    return _issue(row, column, text, was, was=was, now=now, severity=NOTICE, rule=LEFT)


def changed_by_both(row: GridRow, column: Column, *, cell: Cell, was: Cell, now: Cell) -> Issue:
    """What is said of a cell that the sender and somebody else have changed."""
    text = _(
        "%(area)s: “%(column)s” was %(was)s when this workbook was made; since then %(now)s was "
        "published, and your file says %(found)s. Write %(now)s if that is right, or the reason "
        "why %(found)s is."
    )
    return _issue(row, column, text, cell, was=was, now=now, severity=WARNING, rule=BOTH)


def brought_back(row: GridRow, column: Column, *, cell: Cell, now: Cell) -> Issue:
    """What is said of a file of unknown age that holds an earlier figure."""
    text = _(
        "%(area)s: “%(column)s” is %(found)s in this file, as it was published earlier; now "
        "%(now)s stands. If the file is an old one, write %(now)s; if %(found)s is right, write "
        "the reason."
    )
    return _issue(row, column, text, cell, now=now, severity=WARNING, rule=BACK)


def _issue(
    row: GridRow, column: Column, text: str, found: Cell, *, severity: str, rule: str, **cells: Cell
) -> Issue:
    facts = {name: _shown(cell, column) for name, cell in cells.items()}
    facts |= {"area": row.label or row.key, "column": label_of(column)}
    facts["found"] = _shown(found, column)
    return Issue(row.row, column.code, facts["found"], text % facts, severity, rule)


def _shown(cell: Cell, column: Column) -> str:
    """A cell as people read it: figures with all their decimals, nothing as a dash."""
    if number(cell) is not None:
        return written(cell)
    return shown(cell, column) or "–"
