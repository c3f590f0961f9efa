"""Files as kecamatan send them, built here."""

from openpyxl import Workbook

SIDES = ("L", "P", "L+P")


def form(path, rows, blocks, *, titles=(), n_rows=2, numbering=False, footer=(), kk=()):
    """A LAMPID form with merged headings.

    ``blocks`` are the names of the blocks from left to right; those in ``kk``
    have a fourth column. With ``n_rows`` 3 a heading spans all blocks but the
    first and the last.
    """
    book = Workbook()
    sheet = book.active
    for title in titles:
        sheet.append([title])
    width = _headings(sheet, len(titles) + 1, blocks, n_rows, kk)
    if numbering:
        sheet.append(list(range(1, width)))
    for row in [*rows, *footer]:
        sheet.append(list(row))
    book.save(path)
    return path


def _headings(sheet, top, blocks, n_rows, kk):
    """Write the merged headings; return the first column behind them."""
    column = 3
    for name, width in (("No", 1), ("Desa/Kelurahan", 2)):
        sheet.cell(top, width, name)
        sheet.merge_cells(
            start_row=top, end_row=top + n_rows - 1, start_column=width, end_column=width
        )
    spans = []
    for block in blocks:
        sides = (*SIDES, "KK") if block in kk else SIDES
        row = top if n_rows == 2 or block in (blocks[0], blocks[-1]) else top + 1
        sheet.cell(row, column, block)
        end = column + len(sides) - 1
        deep = top + n_rows - 2
        sheet.merge_cells(start_row=row, end_row=deep, start_column=column, end_column=end)
        for place, side in enumerate(sides):
            sheet.cell(top + n_rows - 1, column + place, side)
        spans.append((column, end))
        column = end + 1
    if n_rows == 3:
        sheet.cell(top, spans[1][0], "MUTASI PENDUDUK")
        sheet.merge_cells(
            start_row=top, end_row=top, start_column=spans[1][0], end_column=spans[-2][1]
        )
    return column
