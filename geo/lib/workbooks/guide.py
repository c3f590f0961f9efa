"""The second sheet of a workbook: how to fill it in, and what every column means."""

from __future__ import annotations

from typing import Any

from geo.lib.workbooks.contract import WorkbookForm
from geo.lib.workbooks.styles import Styles, allowed, capital, words_for_nothing

WIDTHS = (34, 14, 44, 70)


def write_guide(book: Any, form: WorkbookForm) -> None:
    """Write the instructions and the list of columns."""
    styles = Styles(book)
    sheet = book.add_worksheet(form.words.help_sheet)
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, form.words.title, styles.look("section"))
    texts = [text for text in (*form.words.how_to, words_for_nothing(form)) if text]
    for n, text in enumerate(texts, start=2):
        sheet.merge_range(n, 0, n, len(WIDTHS) - 1, f"{n - 1}. {text}", styles.look("text"))
        sheet.set_row(n, 15 * (1 + len(text) // 150))
    top = len(texts) + 3
    for place, text in enumerate(form.words.table):
        sheet.write_string(top, place, text, styles.look("heading"))
    for n, column in enumerate(form.columns, start=top + 1):
        name = f"{column.group}: {column.label}" if column.group else column.label
        told = (capital(name), column.unit, allowed(column, form), column.hint)
        for place, text in enumerate(told):
            sheet.write_string(n, place, text, styles.look("text"))
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
