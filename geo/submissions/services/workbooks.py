"""Workbooks of forms, made for an area."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.utils.translation import get_language

from geo.areas.models import Level
from geo.indicators.batch.areas_index import build_index
from geo.indicators.models import Dataset
from geo.lib.grids import Grid, GridRow
from geo.lib.workbooks.contract import Asked, Subject, WorkbookForm
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.base import Standing
from geo.submissions.queries.forms import Form
from geo.submissions.rules.workbook_words import workbook_facts, workbook_words

FREE_ROWS = 100


def make_workbook(*, form: Form, grid: Grid | None = None) -> bytes:
    """Write the workbook of a form, with ``grid`` filled in, else what stands already."""
    # Only where a workbook is written: its library is dear in every worker.
    from geo.lib.workbooks.writing import write_workbook

    return write_workbook(describe_workbook(form, grid))


def describe_workbook(form: Form, grid: Grid | None = None) -> WorkbookForm:
    """All that the workbook of a form says."""
    kind = kind_of(form.dataset)
    standing = kind.standing(form)
    return WorkbookForm(
        subject=subject_of(form),
        columns=kind.columns(form),
        rows=_filled_rows(form, standing) if grid is None else _rows_with(form, grid),
        words=workbook_words(form),
        last=kind.last_alike(form),
        facts=workbook_facts(form),
        rules=kind.rules(form),
        districts=_districts(form),
        free_rows=FREE_ROWS if kind.has_free_rows else 0,
        takes_no_data=kind.takes_no_data,
        language=get_language() or "id",
        stood=standing,
    )


def subject_of(form: Form) -> Subject:
    """What a form is about, in codes."""
    return Subject(form.dataset.code, form.period, form.area.code)


def _filled_rows(form: Form, standing: Standing) -> list[GridRow]:
    """The form's rows, with what is published for the period already."""
    rows = kind_of(form.dataset).rows(form)
    return [replace(row, cells={**standing.get(row.key, {}), **row.cells}) for row in rows]


def _rows_with(form: Form, grid: Grid) -> list[GridRow]:
    """The form's rows with the cells of a grid, and the grid's own rows behind them."""
    kind = kind_of(form.dataset)
    known = kind.rows(form)
    keys = {row.key for row in known}
    given = {row.key: row.cells for row in grid.rows}
    rows = [replace(row, cells={**row.cells, **given.get(row.key, {})}) for row in known]
    new = [row for row in grid.rows if row.key not in keys] if kind.has_free_rows else []
    return [*rows, *new]


def _districts(form: Form) -> dict[str, str]:
    """Names of districts by code of the area, where the form is about several."""
    has_own_rows = kind_of(form.dataset).has_free_rows
    if has_own_rows or form.area.level != Level.REGENCY or form.level != Level.VILLAGE:
        return {}
    return {area.code: area.parent.name for area in form.areas if area.parent}


def asked_of(form: Form) -> Asked:
    """What is wanted of a file, in the words of ``lib.workbooks``."""
    kind = kind_of(form.dataset)
    return Asked(
        subject=subject_of(form),
        columns=kind.columns(form),
        rows=kind.rows(form),
        index=build_index(level=form.level, regency_code=settings.REGENCY_CODE),
        has_free_rows=kind.has_free_rows,
        is_ledger=form.dataset.kind == Dataset.Kind.LEDGER,
    )
