"""How a cell of a downloaded table is written, so that a spreadsheet opens it right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO

# What makes a spreadsheet take a text for a formula, after blanks that it skips.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


def number_cell(number: float | None) -> str:
    """A number with a decimal comma and no exponent; nothing where there is none.

    >>> number_cell(-0.00001), number_cell(1500.0), number_cell(None)
    ('-0,00001', '1500', '')
    """
    if number is None:
        return ""
    if number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f").replace(".", ",")


def text_cell(text: str | None) -> str:
    """A text that no spreadsheet runs as a formula.

    An apostrophe goes before a text that begins as a formula does.
    """
    written = text or ""
    return f"'{written}" if written.lstrip(" ").startswith(FORMULA_STARTS) else written


def table_text(header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> str:
    """A table for a spreadsheet with Indonesian settings: semicolons, decimal commas, UTF-8 BOM.

    Numbers are told from texts by their type: ``-3.5`` stays a number, ``"-3.5"``
    becomes a text.
    """
    page = io.StringIO()
    write_table(page, header, rows)
    return page.getvalue()


def write_table(
    page: IO[str], header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]
) -> None:
    """Write a table as ``table_text`` does, row by row, to an open file."""
    page.write(BYTE_ORDER_MARK)
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(
            number_cell(cell) if isinstance(cell, int | float) else text_cell(cell) for cell in row
        )
