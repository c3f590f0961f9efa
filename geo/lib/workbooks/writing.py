"""Writing a workbook that knows its areas: what is known is filled in, the rest is asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from geo.lib.form_rules import Rule, number
from geo.lib.grids import WHOLE, Cell, Column, GridRow
from geo.lib.workbooks.contract import BY_COLUMN, LISTS_SHEET, ROW_CODES, WorkbookForm
from geo.lib.workbooks.guide import write_guide
from geo.lib.workbooks.layouts import Sheet, arrange
from geo.lib.workbooks.stamps import form_code, write_template_sheet
from geo.lib.workbooks.styles import Styles, capital, validation_of, written_cell

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CODE_WIDTH, NAME_WIDTH, FIELD_WIDTH, NARROW_WIDTH = 15, 28, 13, 10
LINE_HEIGHT = 20
A4 = 9
FREE_TO_CHANGE = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}


def write_workbook(form: WorkbookForm) -> bytes:
    """Write a form as XLSX: the sheet to fill in, its guide, and what it says of itself.

    The sheet is protected without a password: locked cells are safe from slips, and whoever
    must may lift the protection. Nothing in it is needed for reading it back but one line of
    codes, so that it may be saved by any program and as CSV.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, OPTIONS)
    book.set_properties({"title": form.words.title, "subject": form_code(form)})
    _FormSheet(book, form).write()
    write_guide(book, form)
    write_template_sheet(book, form)
    book.close()
    return made.getvalue()


class _FormSheet:
    """The sheet that is filled in."""

    def __init__(self, book: Any, form: WorkbookForm) -> None:
        self.book, self.form, self.words = book, form, form.words
        self.places: Sheet = arrange(form)
        self.styles = Styles(book)
        self.sheet = book.add_worksheet(form.words.form_sheet)
        self.lists: list[list[str]] = []

    def write(self) -> None:
        """Write everything on the sheet, then what long drop-downs choose from."""
        self._write_top()
        if self.places.layout == BY_COLUMN:
            self._write_downwards()
        else:
            self._write_across()
        self._set_page()
        if self.lists:
            self._write_lists()

    # --- above the table --------------------------------------------------------------

    def _write_top(self) -> None:
        sheet, styles = self.sheet, self.styles
        label = 0 if self.places.layout != BY_COLUMN else 1
        sheet.set_row(0, 26)
        sheet.write_string(0, label, self.words.title, styles.look("title"))
        for n, (name, text) in enumerate(self.form.facts, start=1):
            sheet.write_string(n, label, f"{name}: {text}", styles.look("fact"))
        line = len(self.form.facts) + 1
        written = f"{self.words.form_code}: {form_code(self.form)}"
        sheet.write_string(line, label, written, styles.look("code"))

    def _merged(
        self, line: int, column: int, end_line: int, end: int, text: str, style: Any
    ) -> None:
        if (line, column) == (end_line, end):
            self.sheet.write_string(line, column, text, style)
        else:
            self.sheet.merge_range(line, column, end_line, end, text, style)

    # --- one row an area --------------------------------------------------------------

    def _write_across(self) -> None:
        self._write_headings()
        # The line of codes is what reading back goes by; nobody has to see it.
        self.sheet.set_row(self.places.codes, None, None, {"hidden": True})
        for n, row in enumerate(self.form.rows):
            self._write_row(self.places.first + n, row)
        for n in range(self.form.free_rows):
            self._write_row(self.places.first + len(self.form.rows) + n, GridRow(0, ""))
        self._validate_columns()
        self._write_totals()

    def _write_headings(self) -> None:
        places, styles, deep = self.places, self.styles, self.places.codes - 1
        names = [self.words.code, self.words.area, self.words.district]
        for n, name in enumerate(names[: places.first_column]):
            self._merged(places.top, n, deep, n, name, styles.look("heading"))
        self.sheet.write_string(places.codes, 0, ROW_CODES, styles.look("code"))
        columns = self.form.columns
        self._write_groups(columns, places.first_column, styles.look("heading"))
        for n, column in enumerate(columns, start=places.first_column):
            self.sheet.write_string(places.codes, n, column.code, styles.look("code"))
        for n, rule in enumerate(places.sums, start=places.computed):
            text = f"{self.words.computed}: {self._name(rule['column'])}"
            self._merged(places.top, n, deep, n, text, styles.look("quiet_heading"))
        if self.form.last:
            self._write_last_headings()

    def _write_last_headings(self) -> None:
        places, first = self.places, self.places.last_block
        named = [
            Column(one.code, capital(f"{one.group}: {one.label}" if one.group else one.label))
            for one in self.form.columns
        ]
        if places.codes - places.top == 1:
            named = [Column(one.code, f"{one.label} ({self.words.last})") for one in named]
            self._write_groups(named, first, self.styles.look("quiet_heading"))
            return
        end = first + len(named) - 1
        style = self.styles.look("quiet_heading")
        self._merged(places.top, first, places.top, end, self.words.last, style)
        for n, column in enumerate(named, start=first):
            self.sheet.write_string(places.codes - 1, n, column.label, style)

    def _write_groups(self, columns: Sequence[Column], first: int, style: Any) -> None:
        top, deep = self.places.top, self.places.codes - 1
        n = 0
        while n < len(columns):
            end = n
            while columns[n].group and end + 1 < len(columns):
                if columns[end + 1].group != columns[n].group:
                    break
                end += 1
            if columns[n].group:
                self._merged(top, first + n, top, first + end, capital(columns[n].group), style)
                for place in range(n, end + 1):
                    self.sheet.write_string(deep, first + place, _label(columns[place]), style)
            else:
                self._merged(top, first + n, deep, first + n, _label(columns[n]), style)
            n = end + 1

    def _write_row(self, line: int, row: GridRow) -> None:
        places, styles = self.places, self.styles
        names = [row.key, row.label, self.form.districts.get(row.key, "")]
        for n, name in enumerate(names[: places.first_column]):
            self.sheet.write_string(line, n, name, styles.look("label"))
        for n, column in enumerate(self.form.columns, start=places.first_column):
            self._write_field(line, n, column, row.cells.get(column.code))
        for n, rule in enumerate(places.sums, start=places.computed):
            at = {c.code: (line, places.first_column + i) for i, c in enumerate(self.form.columns)}
            self._write_sum(line, n, rule, at, row.cells)
        last = self.form.last.get(row.key, {})
        if self.form.last:
            for n, column in enumerate(self.form.columns, start=places.last_block):
                self._write_last(line, n, column, last.get(column.code))

    def _validate_columns(self) -> None:
        first = self.places.first
        end = first + len(self.form.rows) + self.form.free_rows - 1
        for n, column in enumerate(self.form.columns, start=self.places.first_column):
            if not column.locked and end >= first:
                self._validate(first, n, end, n, column)

    def _write_totals(self) -> None:
        n_rows = len(self.form.rows)
        if n_rows < 2 or self.form.free_rows:
            return
        line = self.places.first + n_rows
        self.sheet.write_string(line, 1, self.words.total, self.styles.look("quiet_heading"))
        for n, column in enumerate(self.form.columns, start=self.places.first_column):
            if column.type != WHOLE:
                continue
            letters = xl_col_to_name(n)
            formula = f"=SUM({letters}{self.places.first + 1}:{letters}{line})"
            known = sum(number(row.cells.get(column.code)) or 0 for row in self.form.rows)
            style = self.styles.field(column, locked=True, quiet=True)
            self.sheet.write_formula(line, n, formula, style, known)

    # --- one row a figure -------------------------------------------------------------

    def _write_downwards(self) -> None:
        places, styles, row = self.places, self.styles, self.form.rows[0]
        self.sheet.set_column(0, 0, CODE_WIDTH, None, {"hidden": True})
        self._merged(places.top, 1, places.codes, 1, self.words.figure, styles.look("heading"))
        width = max(len(line.columns) for line in places.lines)
        blocks = [(places.first_column, self.words.value, styles.look("heading"))]
        if places.sums:
            blocks.append((places.computed, self.words.computed, styles.look("quiet_heading")))
        if self.form.last:
            blocks.append((places.last_block, self.words.last, styles.look("quiet_heading")))
        for first, text, style in blocks:
            below = places.top if places.sides else places.codes
            self._merged(places.top, first, below, first + width - 1, text, style)
            for n, side in enumerate(places.sides):
                self.sheet.write_string(places.codes, first + n, side, style)
        self.sheet.write_string(places.codes, 0, f"{ROW_CODES} {row.key}", styles.look("code"))
        for n, line in enumerate(places.lines):
            self._write_line(places.first + n, line.label, line.columns, row, width)

    def _write_line(
        self, at: int, label: str, columns: Sequence[Column], row: GridRow, width: int
    ) -> None:
        places, styles = self.places, self.styles
        self.sheet.set_row(at, LINE_HEIGHT)
        codes = " ".join(column.code for column in columns)
        self.sheet.write_string(at, 0, codes, styles.look("code"))
        unit = f" ({columns[0].unit})" if columns[0].unit else ""
        self.sheet.write_string(at, 1, f"{capital(label)}{unit}", styles.look("label"))
        for n in range(width):
            if n >= len(columns):
                self.sheet.write_blank(at, places.first_column + n, None, styles.look("nothing"))
                continue
            column, place = columns[n], places.first_column + n
            self._write_field(at, place, column, row.cells.get(column.code))
            if not column.locked:
                self._validate(at, place, at, place, column)
            rules = [rule for rule in places.sums if rule["column"] == column.code]
            for rule in rules:
                of_row = {code: spot for (_key, code), spot in places.cells.items()}
                self._write_sum(at, places.computed + n, rule, of_row, row.cells)
            if self.form.last:
                last = self.form.last.get(row.key, {}).get(column.code)
                self._write_last(at, places.last_block + n, column, last)

    # --- cells ------------------------------------------------------------------------

    def _write_field(self, line: int, place: int, column: Column, cell: Cell) -> None:
        style = self.styles.field(column, locked=column.locked)
        self._write_cell(line, place, written_cell(cell, self.form, column), style)

    def _write_last(self, line: int, place: int, column: Column, cell: Cell) -> None:
        style = self.styles.field(column, locked=True, quiet=True)
        self._write_cell(line, place, written_cell(cell, self.form, column), style)

    def _write_cell(self, line: int, place: int, written: str | float | None, style: Any) -> None:
        if written is None:
            self.sheet.write_blank(line, place, None, style)
        elif isinstance(written, str):
            self.sheet.write_string(line, place, written, style)
        else:
            self.sheet.write_number(line, place, written, style)

    def _write_sum(
        self,
        line: int,
        place: int,
        rule: Rule,
        at: Mapping[str, tuple[int, int]],
        cells: Mapping[str, Cell],
    ) -> None:
        """What the rule makes of the cells, beside them; empty until the first is filled in."""
        plus = ",".join(xl_rowcol_to_cell(*at[code]) for code in rule["plus"])
        minus = ",".join(xl_rowcol_to_cell(*at[code]) for code in rule["minus"])
        first = xl_rowcol_to_cell(*at[rule["plus"][0]])
        less = f"-SUM({minus})" if minus else ""
        formula = f'=IF(COUNT({first})=0,"",SUM({plus}){less})'
        known: float | str = ""
        if number(cells.get(rule["plus"][0])) is not None:
            known = sum(number(cells.get(code)) or 0 for code in rule["plus"])
            known -= sum(number(cells.get(code)) or 0 for code in rule["minus"])
        style = self.styles.field(self._column(rule["column"]), locked=True, quiet=True)
        self.sheet.write_formula(line, place, formula, style, known)

    def _validate(self, line: int, place: int, end_line: int, end: int, column: Column) -> None:
        address = xl_rowcol_to_cell(line, place)
        rule = validation_of(column, self.form, address, self._list)
        if rule:
            self.sheet.data_validation(line, place, end_line, end, rule)

    def _list(self, choices: list[str]) -> str:
        self.lists.append(choices)
        letters = xl_col_to_name(len(self.lists) - 1)
        return f"={LISTS_SHEET}!${letters}$1:${letters}${len(choices)}"

    def _write_lists(self) -> None:
        sheet = self.book.add_worksheet(LISTS_SHEET)
        for n, choices in enumerate(self.lists):
            sheet.write_column(0, n, choices)
        sheet.hide()

    def _column(self, code: str) -> Column:
        return next(column for column in self.form.columns if column.code == code)

    def _name(self, code: str) -> str:
        column = self._column(code)
        return capital(f"{column.group}, {column.label}" if column.group else column.label)

    # --- the page ---------------------------------------------------------------------

    def _set_page(self) -> None:
        sheet, places = self.sheet, self.places
        across = places.layout != BY_COLUMN
        if across:
            sheet.set_column(0, 0, CODE_WIDTH)
            sheet.set_column(1, places.first_column - 1, NAME_WIDTH)
        else:
            sheet.set_column(1, 1, 44)
        n_columns = places.last_block + len(self.form.columns) + 4
        is_grouped = across and any(column.group for column in self.form.columns)
        width = NARROW_WIDTH if is_grouped else FIELD_WIDTH
        sheet.set_column(places.first_column, n_columns, width)
        if across:
            sheet.set_row(places.codes - 1, 48)
            # On paper without last period's figures: they would make everything small.
            end = places.first + len(self.form.rows) + self.form.free_rows
            sheet.print_area(0, 0, end, places.computed + len(places.sums) - 1)
        sheet.freeze_panes(places.first, places.first_column)
        sheet.protect("", FREE_TO_CHANGE)
        sheet.set_paper(A4)
        if across and len(self.form.columns) > 4:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(places.top, places.codes)
        facts = {"page": "&P", "pages": "&N"}
        sheet.set_footer(f"&L&8{form_code(self.form)}&R&8{self.words.page % facts}")


def _label(column: Column) -> str:
    return capital(f"{column.label} ({column.unit})" if column.unit else column.label)
