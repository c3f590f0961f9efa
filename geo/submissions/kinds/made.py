"""What a publication changed, as it was noted when it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.lib.grids import Change, Grid
from geo.submissions.kinds.base import Kind, LaterChange
from geo.submissions.kinds.changes import Changes, ColumnChanges, lines_of
from geo.submissions.models import Publication, Replacement
from geo.submissions.queries.forms import Form


def read_made(
    kind: Kind, form: Form, publication: Publication, grid: Grid, chosen: str = ""
) -> Changes:
    """Read what a publication changed, whatever has happened to its figures since.

    Parameters
    ----------
    grid
        Its content, of which only lines on the map are read.
    chosen
        Code of the column that the map shows; the one with most changes where it has none.
    """
    parts = _parts(kind, form, publication.changes)
    largest = max(parts, key=lambda part: len(part.changes), default=None)
    wanted = (part for part in parts if part.column.code == chosen)
    return Changes(
        form,
        parts,
        publication.n_unchanged,
        next(wanted, largest),
        kind.has_free_rows,
        is_done=True,
        lines=lines_of(grid),
        later=_later(kind, publication),
    )


def read_replaced(kind: Kind, form: Form, replacement: Replacement) -> Changes:
    """Read which figures of a form others replaced, or made stand again."""
    parts = _parts(kind, form, replacement.changes)
    return Changes(form, parts, 0, has_free_rows=kind.has_free_rows, is_done=True)


def _parts(kind: Kind, form: Form, noted: Sequence[Sequence[Any]]) -> list[ColumnChanges]:
    by_column: dict[str, list[Change]] = {}
    for one in noted:
        change = Change(*one)
        by_column.setdefault(change.column, []).append(change)
    columns = kind.columns(form)
    return [ColumnChanges(one, by_column[one.code]) for one in columns if one.code in by_column]


def _later(kind: Kind, publication: Publication) -> list[LaterChange]:
    """What it changed in later periods; a counter-entry changes back what the first did."""
    first = publication.submission.counter_to
    if first is None:
        return kind.later_of(publication.source)
    return [one.taken_back() for one in kind.later_of(first.source)]
