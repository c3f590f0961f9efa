"""Workbooks of forms: made for an area, and recognised when they come back."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.utils.translation import get_language

from geo.areas.models import Area, Level
from geo.indicators.batch.areas_index import build_index
from geo.lib.grids import Grid, GridRow
from geo.lib.matching import AreaIndex
from geo.lib.tables import Issue
from geo.lib.uploads.contract import ReadFault, Reading
from geo.lib.workbooks.contract import Asked, Recognised, Subject, WorkbookForm
from geo.lib.workbooks.recognising import recognise
from geo.lib.workbooks.writing import write_workbook
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.ledger import LedgerKind
from geo.submissions.queries.forms import Form
from geo.submissions.rules.file_sentences import of_file
from geo.submissions.rules.workbook_words import workbook_facts, workbook_words

FREE_ROWS = 100
# What our own workbooks hold on purpose is not told to those who send them back.
OURS_ON_PURPOSE = {"merged_cells", "formulas", "hidden_sheet", "hidden_rows"}


def make_workbook(*, form: Form, grid: Grid | None = None) -> bytes:
    """Write the workbook of a form, with ``grid`` filled in, else what stands already."""
    return write_workbook(describe_workbook(form, grid))


def describe_workbook(form: Form, grid: Grid | None = None) -> WorkbookForm:
    """All that the workbook of a form says."""
    kind = kind_of(form.dataset)
    return WorkbookForm(
        subject=subject_of(form),
        columns=kind.columns(form),
        rows=_filled_rows(form) if grid is None else _rows_with(form, grid),
        words=workbook_words(form),
        last=kind.last(form),
        facts=workbook_facts(form),
        rules=kind.rules(form),
        districts=_districts(form),
        free_rows=FREE_ROWS if kind.has_free_rows else 0,
        takes_no_data=kind.takes_no_data,
        language=get_language() or "id",
    )


def subject_of(form: Form) -> Subject:
    """What a form is about, in codes."""
    return Subject(form.dataset.code, form.period, form.area.code)


def _filled_rows(form: Form) -> list[GridRow]:
    """The form's rows, with what is published for the period already."""
    kind = kind_of(form.dataset)
    standing = kind.standing(form)
    return [
        replace(row, cells={**standing.get(row.key, {}), **row.cells}) for row in kind.rows(form)
    ]


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
    if form.area.level != Level.REGENCY or form.level != Level.VILLAGE:
        return {}
    return {area.code: area.parent.name for area in form.areas if area.parent}


# --- reading back --------------------------------------------------------------------


def recognise_reading(*, form: Form, reading: Reading) -> tuple[Recognised, list[Issue]]:
    """Understand a table that was read, as an answer to a form.

    Returns
    -------
    tuple
        What was recognised (``grid`` is None where nothing was), and an issue for each fault
        of the file. Issues carry ``file:`` before their rule: the grid alone does not show
        them again. Cells and rows are checked by ``kinds.inspecting.inspect_grid``.
    """
    asked = describe_asked(form)
    recognised = recognise(reading.sheets, asked)
    names = _names_in(recognised)
    return recognised, [of_file(fault, asked.columns, names) for fault in recognised.faults]


def describe_asked(form: Form) -> Asked:
    """What a file must answer."""
    kind = kind_of(form.dataset)
    return Asked(
        subject=subject_of(form),
        columns=kind.columns(form),
        rows=kind.rows(form),
        index=_index(form),
        has_free_rows=kind.has_free_rows,
        is_ledger=isinstance(kind, LedgerKind),
    )


def faults_to_tell(reading: Reading, recognised: Recognised) -> list[ReadFault]:
    """Faults of reading that concern the sender: without those that our own layout causes."""
    if not recognised.is_own:
        return [fault for fault in reading.faults if fault.code != "merged_cells"]
    read = {(place.sheet, place.line, place.column) for place in recognised.places.values()}
    return [
        fault
        for fault in reading.faults
        if fault.code not in OURS_ON_PURPOSE
        and (fault.code != "formula_without_value" or _is_read(fault, read))
    ]


def _is_read(fault: ReadFault, read: set[tuple[str, int, int]]) -> bool:
    place = 0
    for letter in fault.column:
        place = 26 * place + ord(letter) - 64
    return (fault.sheet, fault.row or 0, place - 1) in read


def _index(form: Form) -> AreaIndex | None:
    if kind_of(form.dataset).has_free_rows:
        return None
    return build_index(level=form.level, regency_code=settings.REGENCY_CODE)


def _names_in(recognised: Recognised) -> dict[str, str]:
    """Names of the areas that faults name by code."""
    codes = {fault.found for fault in recognised.faults if fault.code == "other_area"}
    codes |= {str(f.facts.get("expected")) for f in recognised.faults if f.code == "other_area"}
    if not codes:
        return {}
    areas = Area.objects.filter(code__in=codes).defer("boundary")
    return {area.code: str(area) for area in areas}
