"""Stands in for a module that returns the user's own workbook with cells marked."""

import io
import sys

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill


def prepare(request):
    # openpyxl loads parts of itself when a workbook is first opened or saved.
    book = openpyxl.Workbook()
    book.active["A1"].comment = Comment("x", "x")
    out = io.BytesIO()
    book.save(out)
    openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    assert "openpyxl.reader.excel" in sys.modules


def answer(request, file, progress):
    book = openpyxl.load_workbook(file)
    for place, text in request["marks"].items():
        cell = book.active[place]
        cell.fill = PatternFill("solid", fgColor="FFFFC7CE")
        cell.comment = Comment(text, "Peta")
        progress({"marked": place})
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
