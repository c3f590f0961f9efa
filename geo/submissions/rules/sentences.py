"""What a broken rule of a form is called: what, where, found, expected, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.lib.form_rules import (
    AS_BEFORE,
    AT_MOST,
    GOES_ON,
    NEAR_BEFORE,
    RANGE,
    REQUIRED,
    SUM,
    WHOLE,
    Broken,
    Rule,
    check_row,
)
from geo.lib.grids import Cell, Column, Grid, GridRow
from geo.lib.tables import WARNING, Issue
from geo.submissions.rules.cell_sentences import written

SENTENCES = {
    RANGE: gettext_lazy(
        "%(area)s: “%(column)s” is %(found)s; it must lie between %(lowest)s and %(highest)s."
    ),
    WHOLE: gettext_lazy(
        "%(area)s: “%(column)s” is %(found)s; a count is a whole number, without decimals."
    ),
    REQUIRED: gettext_lazy("%(area)s: “%(column)s” is empty. Enter 0 where there were none."),
    SUM: gettext_lazy(
        "%(area)s: “%(column)s” is %(found)s, but %(sum)s makes %(expected)s. Correct whichever is "
        "wrong."
    ),
    AT_MOST: gettext_lazy(
        "%(area)s: “%(column)s” is %(found)s, more than “%(whole)s”, %(limit)s. Correct whichever "
        "is wrong."
    ),
    AS_BEFORE: gettext_lazy(
        "%(area)s: “%(column)s” is %(found)s, but the period before ended with %(expected)s. Enter "
        "%(expected)s, or correct the period before first."
    ),
    GOES_ON: gettext_lazy(
        "%(area)s: “%(column)s” is %(found)s, but the period before ended with %(before)s. If this "
        "is right, write the reason."
    ),
    NEAR_BEFORE: gettext_lazy(
        "%(area)s: “%(column)s” is %(found)s; the period before it was %(before)s. If this is "
        "right, write the reason."
    ),
}

FAR_FROM_OTHERS = "far_from_others"
FAR_FROM_NEIGHBOURS = gettext_lazy(
    "%(area)s: “%(column)s” is %(found)s, far from the others in %(district)s, where %(usual)s is "
    "in the middle. If this is right, write the reason."
)
FAR_FROM_WITHHELD = gettext_lazy(
    "%(area)s: “%(column)s” is %(found)s, far from the others in %(district)s. If this is right, "
    "write the reason."
)


FRACTIONS = "fractions"


def seem_fractions(column: Column, *, highest: float, before: float) -> Issue:
    """What is said of a column of per cent in which all is at most 1, and was more before."""
    text = _(
        "“%(column)s”: no figure is above 1 (the highest is %(highest)s), but in the period before "
        "they went up to %(before)s. Write percentages as 95.5, not as 0.955; if these figures are "
        "right, write the reason."
    )
    facts = {
        "column": label_of(column),
        "highest": written(highest),
        "before": written(before),
    }
    found = facts["highest"]
    return Issue(None, column.code, found, text % facts, WARNING, FRACTIONS)


def check_rows(
    rules: Sequence[Rule],
    grid: Grid,
    columns: Sequence[Column],
    before: Mapping[str, Mapping[str, Cell]],
) -> list[Issue]:
    """Apply the rules of a form to every row that says anything."""
    labels = {column.code: label_of(column) for column in columns}
    typed = [column.code for column in columns if not column.locked]
    return [
        issue_of(broken, row, labels)
        for row in grid.rows
        if any(row.cells.get(code) not in (None, "") for code in typed)
        for broken in check_row(rules, row.cells, before.get(row.key, {}))
    ]


def label_of(column: Column) -> str:
    """A column as it is called where its group is not seen above it."""
    return f"{column.group}, {column.label}" if column.group else column.label


def issue_of(broken: Broken, row: GridRow, labels: Mapping[str, str]) -> Issue:
    """A broken rule as a sentence at its cell."""
    facts = {key: written(value) for key, value in broken.facts.items()}
    facts |= {"area": row.label or row.key, "column": labels.get(broken.column, broken.column)}
    if broken.kind == SUM:
        facts["sum"] = _written_sum(broken.facts["plus"], broken.facts["minus"], labels)
    if broken.kind == AT_MOST:
        facts["whole"] = " + ".join(labels.get(code, code) for code in broken.facts["limits"])
    message = str(SENTENCES[broken.kind]) % facts
    found = facts.get("found", "")
    return Issue(row.row, broken.column, found, message, broken.severity, broken.kind)


def far_from_neighbours(
    row: GridRow, column: Column, district: str, *, found: float, usual: float | None
) -> Issue:
    """What is said of a value far from those of the same district.

    Parameters
    ----------
    usual
        The median of the district, in the column's unit; None where it may not be told.
    """
    facts = {
        "area": row.label,
        "column": label_of(column),
        "found": written(found),
        "district": district,
        "usual": written(usual),
    }
    text = FAR_FROM_NEIGHBOURS if usual is not None else FAR_FROM_WITHHELD
    return Issue(row.row, column.code, facts["found"], str(text) % facts, WARNING, FAR_FROM_OTHERS)


def nothing_filled_in() -> Issue:
    """What is said of a form without a single figure."""
    text = _("Nothing is filled in. Enter at least one figure, then send it again.")
    return Issue(None, "", "", text, "error", "empty")


def _written_sum(plus: Sequence[str], minus: Sequence[str], labels: Mapping[str, str]) -> str:
    text = " + ".join(labels.get(code, code) for code in plus)
    return text + "".join(f" − {labels.get(code, code)}" for code in minus)
