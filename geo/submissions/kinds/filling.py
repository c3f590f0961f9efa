"""A form to be typed in for one area: what stands in its fields, and what stands beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import cached_property

from geo.accounts.models import User
from geo.lib.form_rules import SUM, Rule
from geo.lib.grids import NUMERIC, Cell, Column, GridRow, grid_from_json
from geo.submissions.kinds.base import Kind
from geo.submissions.kinds.registry import KINDS, kind_of
from geo.submissions.models import Submission, SubmissionVersion
from geo.submissions.queries.forms import Form, UnknownForm, find_form


@dataclass(frozen=True)
class Filling:
    """One form of one area, as whoever fills it in finds it."""

    form: Form
    by: User

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.form.dataset)

    @cached_property
    def columns(self) -> list[Column]:
        return self.kind.columns(self.form)

    @cached_property
    def rules(self) -> list[Rule]:
        return self.kind.rules(self.form)

    @cached_property
    def worked_out(self) -> set[str]:
        """Columns that are a sum of others, and so are not asked for."""
        needed = {column.code for column in self.columns if column.required or column.locked}
        return {rule["column"] for rule in self.rules if rule["kind"] == SUM} - needed

    @property
    def asked(self) -> list[Column]:
        """Columns that have a field."""
        return [c for c in self.columns if not c.locked and c.code not in self.worked_out]

    @cached_property
    def row(self) -> GridRow:
        """The one row of the form, with nothing typed in."""
        return self.kind.rows(self.form)[0]

    @cached_property
    def last(self) -> Mapping[str, Cell]:
        return self.kind.last(self.form).get(self.row.key, {})

    @cached_property
    def standing(self) -> Mapping[str, Cell]:
        return self.kind.standing(self.form).get(self.row.key, {})

    @property
    def seen(self) -> str:
        """A short name of what is published: another one where that has changed."""
        written = json.dumps([dict(self.standing), dict(self.last)], sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()[:16]

    @cached_property
    def _open(self) -> Submission | None:
        about = Submission.objects.open().about(self.form.dataset, self.form.period, self.form.area)
        return about.select_related("current__created_by").first()

    @property
    def submission(self) -> Submission | None:
        """The submission on its way, which this form goes on with."""
        return None if self.counter else self._open

    @property
    def counter(self) -> Submission | None:
        """The counter-entry on its way, which closes this form until it is decided about."""
        return self._open if self._open and self._open.counter_to_id else None

    @property
    def version(self) -> SubmissionVersion | None:
        return self.submission.current if self.submission else None

    @property
    def edit(self) -> int | None:
        return self.version.edit if self.version else None

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """What stands in the fields: what was typed last, else what is published."""
        if self.version and self.version.content:
            row = grid_from_json(self.version.content).row_of(self.row.key)
            return row.cells if row else {}
        return {code: cell for code, cell in self.standing.items() if cell != "not_assessed"}


def find_form_to_fill(user: User, dataset: str, period: str, area: str) -> Form:
    """Find a form that can be typed in: its rows are known, and hold numbers.

    Raises
    ------
    UnknownForm
        Also for lists of places and roads: they come as files.
    """
    form = find_form(user, dataset, period, area)
    kind = KINDS.get(form.dataset.kind)
    if (
        kind is None
        or kind.has_free_rows
        or kind.has_geometry
        or not form.areas
        or any(column.type not in NUMERIC for column in kind.columns(form))
    ):
        raise UnknownForm(dataset=dataset, area=area, period=period)
    return form
