"""The page on which a form is typed in, and what its script has to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from geo.lib.cells import as_typed
from geo.lib.form_rules import continued
from geo.lib.grids import NO_DATA, Column
from geo.lib.uploads.personal import masked
from geo.submissions.forms.problems import Problem, Problems, read_problems
from geo.submissions.kinds.filling import Filling
from geo.submissions.rules.cell_sentences import CELLS, NO_DATA_NOT_TAKEN, NUMBER_NEEDED
from geo.submissions.rules.sentences import SENTENCES, label_of
from geo.submissions.rules.showing import shown
from geo.submissions.services.mending import CellConflict, content_of

FIELD, REASON = "c|", "why|"


@dataclass(frozen=True)
class FieldView:
    """One figure of the form: what stands in its field, beside it and under it."""

    column: Column
    typed: str
    last: str
    last_column: str  # another figure of the period before, where this one goes on from it
    published: str
    is_worked_out: bool
    problems: Sequence[Problem] = ()
    theirs: str | None = None

    @property
    def name(self) -> str:
        return f"{FIELD}{self.column.code}"

    @property
    def reason_name(self) -> str:
        return f"{REASON}{self.column.code}"

    @property
    def label(self) -> str:
        return label_of(self.column)

    @property
    def is_output(self) -> bool:
        return self.is_worked_out or self.column.locked

    @property
    def has_error(self) -> bool:
        return any(one.severity == "error" for one in self.problems)

    @property
    def wants_reason(self) -> bool:
        return any(one.severity == "warning" for one in self.problems)

    @property
    def reason(self) -> str:
        return next((one.reason for one in self.problems if one.reason), "")

    @property
    def css(self) -> str:
        marks = {"is-error": self.has_error, "is-warning": self.wants_reason}
        return next((css for css, holds in marks.items() if holds), "")


@dataclass(frozen=True)
class FillPage:
    """Everything that the page shows; ``theirs`` are cells that somebody else wrote otherwise."""

    filling: Filling
    conflict: Sequence[CellConflict] = ()
    typed: dict[str, str] | None = None

    @cached_property
    def problems(self) -> Problems:
        version = self.filling.version
        if version is None or version.content is None or self.typed is not None:
            return Problems()
        comments = list(version.submission.comments.filter(resolved_at=None).select_related("by"))
        return read_problems(version, content_of(version), self.filling.columns, comments)

    @property
    def general(self) -> Sequence[Problem]:
        """What is said about the form as a whole."""
        found = self.problems.by_cell
        return [*found.get(("", ""), ()), *found.get((self.filling.row.key, ""), ())]

    @property
    def groups(self) -> Iterator[tuple[str, str, list[FieldView]]]:
        """Fields under the headings of the form, with the hint of the heading."""
        for group, columns in groupby(self.filling.columns, lambda column: column.group):
            fields = [self._field(column) for column in columns]
            yield group, fields[0].column.hint if group else "", fields

    @cached_property
    def by_code(self) -> dict[str, Column]:
        return {column.code: column for column in self.filling.columns}

    def _field(self, column: Column) -> FieldView:
        filling, code = self.filling, column.code
        cell = filling.cells.get(code, filling.row.cells.get(code))
        is_output = column.locked or code in filling.worked_out
        typed = shown(cell, column) if cell == NO_DATA or is_output else as_typed(cell)
        theirs = {one.column: one.theirs for one in self.conflict}
        origin = continued(filling.rules).get(code, code)
        return FieldView(
            column,
            typed if self.typed is None or is_output else self.typed.get(code, ""),
            shown(filling.last.get(origin), column),
            label_of(self.by_code[origin]) if origin != code else "",
            shown(filling.standing.get(code), column),
            code in filling.worked_out,
            self.problems.by_cell.get((filling.row.key, code), ()),
            (shown(theirs[code], column) or "–") if code in theirs else None,
        )

    @property
    def model(self) -> dict[str, Any]:
        """What the script needs to check as one types, in the words of the server."""
        filling = self.filling
        columns = [
            {
                "code": one.code,
                "label": label_of(one),
                "type": one.type,
                "unit": one.unit,
                "decimals": one.decimals,
                "lowest": one.lowest,
                "highest": one.highest,
                "locked": one.locked,
                "required": one.required,
                "workedOut": one.code in filling.worked_out,
            }
            for one in filling.columns
        ]
        sentences = {kind: str(text) for kind, text in (SENTENCES | CELLS).items()}
        return {
            "user": filling.by.pk,
            "title": filling.form.title,
            "area": filling.row.label,
            "code": filling.row.key,
            "language": get_language() or "id",
            "columns": columns,
            "rules": filling.rules,
            "before": dict(filling.last),
            "cells": dict(filling.row.cells),
            "takesNoData": filling.kind.takes_no_data,
            "sentences": sentences,
            "numberNeeded": NUMBER_NEEDED,
            "noDataNotTaken": NO_DATA_NOT_TAKEN,
            "edit": filling.edit,
            "seen": filling.seen,
            "problems": problems_as_json(self.problems),
            # Told from a page that the telephone kept, which may be older than a draft.
            "madeAt": int(timezone.now().timestamp() * 1000),
        }


def read_typed(posted: QueryDict, prefix: str = FIELD) -> dict[str, str]:
    """What was typed, by code of the column; numbers of persons are not given back whole."""
    return {
        name.removeprefix(prefix): masked(str(text))
        for name, text in posted.items()
        if name.startswith(prefix)
    }


def conflict_as_json(cells: Sequence[CellConflict]) -> list[dict[str, str]]:
    """Cells that two persons wrote, as text to be put into a field."""
    return [
        {"column": one.column, "theirs": as_typed(one.theirs), "yours": as_typed(one.yours)}
        for one in cells
    ]


def problems_as_json(problems: Problems) -> list[dict[str, str]]:
    """What is wrong, at its column."""
    return [
        {"column": one.column, "severity": one.severity, "message": one.message}
        for one in (*problems.errors, *problems.warnings)
    ]
