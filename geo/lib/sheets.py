"""A child that writes workbooks: see ``lib.children`` for how it is started.

The first line it is given is an object with the properties of the workbook. After it, an
object opens a sheet (``name``, ``header``, ``widths``, ``wraps``) and a list is one row of
the sheet that was opened last. A text stays a text, whatever it begins with; a number is a
number; null is an empty cell.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from geo.lib.limits import limit_myself, read_lines

MOST_ROWS = 1_048_576  # of a sheet; what does not fit goes on in a next one
MOST_LETTERS = 32_767  # of a cell
MOST_REMEMBERED = 10_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A text that begins as a formula does stays text even after somebody edits the cell.
AS_TEXT = {"quote_prefix": True}
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Pages:
    """The sheets of one workbook, filled row by row."""

    def __init__(self, path: Path, properties: dict[str, str]) -> None:
        self.book = xlsxwriter.Workbook(str(path), OPTIONS)
        # The day only: the same figures make the same file, to the byte.
        day = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self.book.set_properties({**properties, "created": day})
        self.head = self.book.add_format(
            {"bold": True, "bg_color": "#0d5c63", "font_color": "#ffffff", "valign": "top"}
        )
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.quoted = self.book.add_format({"valign": "top", **AS_TEXT})
        self.sheet: Any = None
        self.n_rows = self.n_parts = 0
        self.opened: dict[str, Any] = {}
        self.styles: dict[str, Any] = {}

    def open_sheet(self, opened: dict[str, Any]) -> None:
        """Begin a sheet: frozen header, filters, widths of columns in letters."""
        self._close_sheet()
        self.opened, self.n_parts, self.styles = opened, 0, {}
        self._next_part()

    def _next_part(self) -> None:
        self._close_sheet()
        self.n_parts += 1
        number = f" {self.n_parts}" if self.n_parts > 1 else ""
        self.sheet = self.book.add_worksheet(f"{self.opened['name']}{number}")
        self.sheet.freeze_panes(1, 0)
        for column, width in enumerate(self.opened["widths"]):
            self.sheet.set_column(column, column, width)
        for column, title in enumerate(self.opened["header"]):
            self.sheet.write_string(0, column, title, self.head)
        self.n_rows = 1

    def _close_sheet(self) -> None:
        if self.sheet is not None and self.n_rows > 1:
            self.sheet.autofilter(0, 0, self.n_rows - 1, len(self.opened["header"]) - 1)
        self.sheet = None

    def _style(self, text: str) -> Any:
        """Remembered, for most texts of a long table come thousands of times."""
        if text not in self.styles:
            if len(self.styles) > MOST_REMEMBERED:
                self.styles.clear()
            is_risky = text.lstrip(" ").startswith(FORMULA_STARTS)
            wrapped = self.wrapped if self.opened.get("wraps") else None
            self.styles[text] = self.quoted if is_risky else wrapped
        return self.styles[text]

    def write_row(self, row: list[Any]) -> None:
        """Write the next row, in a further sheet where this one is full."""
        if self.n_rows == MOST_ROWS:
            self._next_part()
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                style = self._style(cell)
                self.sheet.write_string(self.n_rows, column, cell[:MOST_LETTERS], style)
            elif cell is not None:
                self.sheet.write_number(self.n_rows, column, cell)
        self.n_rows += 1

    def close(self) -> None:
        """Write the workbook."""
        self._close_sheet()
        self.book.close()


def write_workbook(lines: Iterable[Any], path: Path) -> None:
    """Write the workbook that ``lines`` describe to ``path``."""
    lines = iter(lines)
    pages = Pages(path, next(lines))
    for line in lines:
        if isinstance(line, dict):
            pages.open_sheet(line)
        else:
            pages.write_row(line)
    pages.close()


if __name__ == "__main__":
    limit_myself()
    with TemporaryDirectory() as folder:
        book = Path(folder) / "book.xlsx"
        write_workbook(read_lines(), book)
        sys.stdout.buffer.write(book.read_bytes())
