"""Official forms as workbooks: figures under headings of two lines, with room for signatures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.lib.workbooks.styles import BRAND, LINE, SOFT

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDE, NARROW, SIGNATURE_LINES = 34, 9, 4
A4 = 9


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: what stands above the name, and what below it."""

    above: Sequence[str]
    below: Sequence[str]


@dataclass(frozen=True, slots=True)
class OfficialForm:
    """A table to be printed and signed.

    ``lead`` are the headings of the first columns, each over two lines; ``groups`` are
    (heading, headings below it). Rows hold texts and counts; None is printed as a dash.
    ``total`` is the last row, empty where there is none.
    """

    title: str
    sheet: str
    facts: Sequence[tuple[str, str]]
    lead: Sequence[str]
    groups: Sequence[tuple[str, Sequence[str]]]
    rows: Sequence[Sequence[str | int | None]]
    total: Sequence[str | int | None] = ()
    notes: Sequence[str] = ()
    signatures: Sequence[Signature] = field(default_factory=list)


def write_official_form(form: OfficialForm) -> bytes:
    """Write the form as XLSX, ready to be printed on A4."""
    made = io.BytesIO()
    import xlsxwriter  # only where a form is written: the web reads this module too

    book = xlsxwriter.Workbook(made, OPTIONS)
    book.set_properties({"title": form.title})
    _Page(book, form).write()
    book.close()
    return made.getvalue()


class _Page:
    """The only sheet of an official form."""

    def __init__(self, book: Any, form: OfficialForm) -> None:
        self.form = form
        self.sheet = book.add_worksheet(form.sheet)
        box = {"border": 1, "border_color": LINE}
        head = {**box, "bold": True, "bg_color": SOFT, "align": "center", "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": BRAND})
        self.plain = book.add_format({})
        self.head = book.add_format({**head, "text_wrap": True})
        self.text = book.add_format(box)
        self.count = book.add_format({**box, "num_format": "#,##0", "align": "right"})
        self.sum = book.add_format({**box, "num_format": "#,##0", "align": "right", "bold": True})
        self.middle = book.add_format({"align": "center"})
        self.n_columns = len(form.lead) + sum(len(below) for _text, below in form.groups)

    def write(self) -> None:
        """Title, facts, headings, rows, notes and signatures, one below the other."""
        self.sheet.write_string(0, 0, self.form.title, self.title)
        for n, (name, text) in enumerate(self.form.facts, start=1):
            self.sheet.write_string(n, 0, f"{name}: {text}", self.plain)
        top = len(self.form.facts) + 2
        self._write_headings(top)
        line = top + 2
        for row in self.form.rows:
            self._write_row(line, row, self.count)
            line += 1
        if self.form.total:
            self._write_row(line, self.form.total, self.sum)
            line += 1
        for text in self.form.notes:
            line += 1
            self.sheet.write_string(line, 0, text, self.plain)
        self._write_signatures(line + 2)
        self._set_page(top)

    def _write_headings(self, top: int) -> None:
        for n, text in enumerate(self.form.lead):
            self.sheet.merge_range(top, n, top + 1, n, text, self.head)
        place = len(self.form.lead)
        for text, below in self.form.groups:
            end = place + len(below) - 1
            if end > place:
                self.sheet.merge_range(top, place, top, end, text, self.head)
            else:
                self.sheet.write_string(top, place, text, self.head)
            for n, name in enumerate(below):
                self.sheet.write_string(top + 1, place + n, name, self.head)
            place = end + 1

    def _write_row(self, line: int, row: Sequence[str | int | None], style: Any) -> None:
        for n, cell in enumerate(row):
            if isinstance(cell, str):
                self.sheet.write_string(line, n, cell, self.text)
            elif cell is None:
                self.sheet.write_string(line, n, "–", style)
            else:
                self.sheet.write_number(line, n, cell, style)

    def _write_signatures(self, top: int) -> None:
        """Side by side, each over its share of the columns, with room to sign and stamp."""
        n_sides = len(self.form.signatures)
        share = max(self.n_columns // n_sides, 1) if n_sides else 1
        for n, side in enumerate(self.form.signatures):
            texts = [*side.above, *[""] * SIGNATURE_LINES, *side.below]
            first = n * share
            end = self.n_columns - 1 if n == n_sides - 1 else first + share - 1
            for line, text in enumerate(texts, start=top):
                if end > first:
                    self.sheet.merge_range(line, first, line, end, text, self.middle)
                else:
                    self.sheet.write_string(line, first, text, self.middle)

    def _set_page(self, top: int) -> None:
        self.sheet.set_column(0, 0, 5)
        self.sheet.set_column(1, len(self.form.lead) - 1, WIDE)
        self.sheet.set_column(len(self.form.lead), self.n_columns - 1, NARROW)
        self.sheet.freeze_panes(top + 2, len(self.form.lead))
        self.sheet.set_paper(A4)
        if self.n_columns > 10:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(top, top + 1)
