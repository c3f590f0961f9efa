"""Sheets of people, as CSV and XLSX."""

from pathlib import Path

import openpyxl

from geo.lib.tables import write_csv

HEADINGS = ["kode wilayah", "nama", "jabatan", "peran", "sektor", "telepon", "email"]


def as_csv(folder: Path, *rows, headings=HEADINGS) -> Path:
    path = folder / "people.csv"
    path.write_text(write_csv(headings, rows), encoding="utf-8")
    return path


def as_xlsx(folder: Path, *rows, headings=HEADINGS) -> Path:
    book = openpyxl.Workbook()
    for row in (headings, *rows):
        book.active.append(list(row))
    path = folder / "people.xlsx"
    book.save(path)
    return path
