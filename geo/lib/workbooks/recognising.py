"""Recognising what a file says about a form, whoever wrote it and in whichever program.

In this order: our own workbook by its codes, as XLSX or CSV and whatever another program made
of it; for the ledger OpenSID's monthly report and the flat form of the kecamatan; any table
whose headings name columns of the form. Reading cells and checking them is left to those who
look at the grid: here a cell that cannot be read stays the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geo.lib.cells import CellFault, decimal_mark, read_cell
from geo.lib.grids import NUMBER, Cell, Column, Grid, GridRow
from geo.lib.ledger_titles import period_in
from geo.lib.names import name_key
from geo.lib.uploads.contract import RawSheet
from geo.lib.workbooks.areas import RowFinder
from geo.lib.workbooks.contract import (
    BY_COLUMN,
    BY_HEADING,
    BY_ROW,
    KECAMATAN,
    LISTS_SHEET,
    MARKS_SHEET,
    OUR_SIGN,
    REPORT,
    TEMPLATE_SHEET,
    Asked,
    Recognised,
    SheetFault,
)
from geo.lib.workbooks.headings import NUMBERING, Table, find_table
from geo.lib.workbooks.percentages import Percentages
from geo.lib.workbooks.places import Place
from geo.lib.workbooks.reports import FlatForm, find_flat_form, find_report, sum_faults
from geo.lib.workbooks.stamps import read_form_code, read_template
from geo.lib.workbooks.templates import compare_subject, compare_template
from geo.lib.workbooks.vocabulary import NOTE_ROW, TOTAL_ROW

OURS_TO_SKIP = {TEMPLATE_SHEET, LISTS_SHEET, MARKS_SHEET}
DOWNWARDS = re.compile(r"kode ([0-9.]+)")
FIRST_LINES = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to understand one sheet; the greater ``score`` is taken."""

    sheet: RawSheet
    layout: str
    score: int
    table: Table | None = None
    flat: FlatForm | None = None
    at: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def recognise(sheets: Sequence[RawSheet], asked: Asked) -> Recognised:
    """Understand a file as an answer to a form.

    Returns
    -------
    Recognised
        With a grid, or without one and a fault that says what was looked for. Rows whose
        area is not known keep what the file says as their key.
    """
    answer = Recognised()
    template = read_template(sheets)
    found = max(_candidates(sheets, asked), key=lambda one: one.score, default=None)
    stamp = template.stamp if template else None
    if stamp is None and found is not None:
        stamp = read_form_code(found.sheet.lines)
    if stamp is not None:
        answer.template = stamp.template
        answer.faults += compare_subject(stamp.subject, asked)
    is_of_form = stamp is None or stamp.subject.dataset == asked.subject.dataset
    # Of a workbook of another data set nobody is told that each of its columns is not asked for.
    if template is not None and is_of_form:
        answer.faults += compare_template(template, asked.columns)
    if template is not None and template.stamp.subject == asked.subject:
        answer.stood = template.stood
    if found is None:
        answer.faults.append(_nothing_found(sheets, asked))
        return answer
    answer.layout = found.layout
    _read(found, asked, answer)
    return answer


def _nothing_found(sheets: Sequence[RawSheet], asked: Asked) -> SheetFault:
    names = [f"{one.group}: {one.label}" if one.group else one.label for one in asked.columns]
    seen = ", ".join(sheet.name for sheet in sheets if sheet.name and not sheet.hidden)
    more = " …" if len(names) > 5 else ""
    return SheetFault(
        "nothing_recognised", facts={"names": ", ".join(names[:5]) + more}, found=seen
    )


# --- ways to understand a sheet ------------------------------------------------------


def _candidates(sheets: Sequence[RawSheet], asked: Asked) -> Iterator[Candidate]:
    for sheet in sheets:
        if sheet.name in OURS_TO_SKIP or sheet.hidden or _is_summary(sheet):
            continue
        down = _find_downwards(sheet, asked)
        if down:
            yield Candidate(sheet, BY_COLUMN, 5000 + len(down), at=down)
            continue
        table = find_table(sheet.lines, asked.columns)
        if table and table.has_codes:
            yield Candidate(sheet, BY_ROW, 4000 + len(table.figures), table)
            continue
        if asked.is_ledger:
            yield from _ledger_candidates(sheet)
        if table:
            yield Candidate(sheet, BY_HEADING, len(table.figures), table)


def _is_summary(sheet: RawSheet) -> bool:
    """Whether a sheet is the list of problems that we put into a returned workbook."""
    texts = (cells[0] for line, cells in sheet.lines[:3] if line <= 3 and cells)
    return any(isinstance(text, str) and OUR_SIGN in text for text in texts)


def _ledger_candidates(sheet: RawSheet) -> Iterator[Candidate]:
    report = find_report(sheet.lines)
    if report:
        yield Candidate(sheet, REPORT, 2000 + len(report.cells))
    flat = find_flat_form(sheet.lines)
    if flat and len(flat.table.figures) > 4:
        yield Candidate(sheet, KECAMATAN, 1000 + len(flat.table.figures), flat=flat)


def _find_downwards(sheet: RawSheet, asked: Asked) -> dict[str, tuple[int, int]]:
    """Places (line, column) of our form that is written downwards; empty for anything else.

    The line of headings names the village; each line below begins with codes of columns. The
    first of them stands right of the figure's name, the others beside it.
    """
    known = {column.code for column in asked.columns}
    former = {alias: one.code for one in asked.columns for alias in one.aliases}
    places: dict[str, tuple[int, int]] = {}
    begun = -1
    for number, cells in sheet.lines:
        texts = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
        head = next((n for n, text in enumerate(texts) if DOWNWARDS.fullmatch(text)), -1)
        if head >= 0:
            begun = head
            continue
        if begun < 0 or begun >= len(texts):
            continue
        codes = [former.get(code, code) for code in texts[begun].split()]
        if codes and all(code in known for code in codes):
            for n, code in enumerate(codes):
                places.setdefault(code, (number, begun + 2 + n))
    return places


# --- reading it ------------------------------------------------------------------------


def _read(found: Candidate, asked: Asked, answer: Recognised) -> None:
    if found.layout == BY_COLUMN:
        _read_downwards(found, asked, answer)
    elif found.layout == REPORT:
        _read_report(found, asked, answer)
    elif found.flat is not None:
        _read_table(found, found.flat.table, asked, answer)
    elif found.table is not None:
        _read_table(found, found.table, asked, answer)


def _read_downwards(found: Candidate, asked: Asked, answer: Recognised) -> None:
    at = dict(found.sheet.lines)
    cells: dict[str, Cell] = {}
    percentages = Percentages(found.sheet, asked.columns)
    first = min(line for line, _place in found.at.values())
    key = _village_of(found.sheet)
    for code, (line, place) in found.at.items():
        cells[code] = percentages.read(code, _at(at[line], place), line, place)
        answer.places[first, code] = Place(found.sheet.name, line, place)
    answer.places[first, ""] = Place(found.sheet.name, first, 1)
    label = next((row.label for row in asked.rows if row.key == key), "")
    row = GridRow(first, key, label, _typed(cells, asked.columns))
    answer.grid = Grid(list(found.at), [row])
    answer.faults += percentages.faults()


def _village_of(sheet: RawSheet) -> str:
    texts = (cell.strip() for _n, cells in sheet.lines for cell in cells if isinstance(cell, str))
    return next((named[1] for text in texts if (named := DOWNWARDS.fullmatch(text))), "")


def _read_report(found: Candidate, asked: Asked, answer: Recognised) -> None:
    report = find_report(found.sheet.lines)
    if report is None:
        return
    if len(asked.rows) != 1:
        answer.faults.append(SheetFault("report_of_one_village"))
        return
    answer.faults += report.faults + _title_faults(report.title, asked)
    key, first = asked.rows[0].key, report.first_line
    for code, (line, place) in report.places.items():
        answer.places[first, code] = Place(found.sheet.name, line, place)
    cells = _typed(report.cells, asked.columns)
    answer.grid = Grid(list(report.cells), [GridRow(first, key, asked.rows[0].label, cells)])


def _title_faults(title: str, asked: Asked) -> list[SheetFault]:
    """Where the title of a report names another month, or another village."""
    faults = []
    period = period_in(title)
    if period and period != asked.subject.period:
        facts = {"expected": asked.subject.period}
        faults.append(SheetFault("other_period", found=period, facts=facts))
    named = re.search(r"\b(?:desa|kelurahan)\b\s*/?\s*(?:kelurahan)?\s*:\s*([^:;,]+?)(?=\s+"
                      r"(?:kecamatan|kec|kabupaten|kab|bulan|tahun|laporan)\b|\s*[:;,]|$)",
                      title, re.IGNORECASE)  # fmt: skip
    label = asked.rows[0].label
    if named and name_key(named[1]) != name_key(label):
        faults.append(SheetFault("other_village", found=named[1], facts={"expected": label}))
    return faults


def _read_table(found: Candidate, table: Table, asked: Asked, answer: Recognised) -> None:
    finder = RowFinder(asked)
    percentages = Percentages(found.sheet, asked.columns)
    answer.grid = _grid_under(found, table, answer)
    lines = found.sheet.lines[table.first :]
    mark = _decimal_mark(lines, table, asked.columns)
    for line, cells in lines:
        if _is_passed_over(cells, table):
            continue
        raw = {
            code: percentages.read(code, _at(cells, place), line, place)
            for code, place in table.figures.items()
        }
        named_by = {role: _at(cells, place) for role, place in table.areas.items()}
        if all(cell in (None, "") for cell in raw.values()) and not any(
            _text(cell) for role, cell in named_by.items() if role != NUMBERING
        ):
            continue
        row, faults = finder.find(line, named_by)
        row.cells = _typed(raw, asked.columns, mark)
        answer.faults += faults
        if found.flat is not None:
            answer.faults += sum_faults(line, cells, found.flat)
        answer.grid.rows.append(row)
        answer.places.lines.add(line)
    answer.faults += percentages.faults()
    if not answer.grid.rows:
        answer.faults.append(SheetFault("no_rows"))


def _grid_under(found: Candidate, table: Table, answer: Recognised) -> Grid:
    """The grid that the headings announce, still without rows; where it stands is noted."""
    named = [place for role, place in table.areas.items() if role != NUMBERING]
    answer.places.sheet = found.sheet.name
    answer.places.columns = {**table.figures, "": min(named, default=0)}
    for code in dict.fromkeys(table.twice):
        answer.faults.append(SheetFault("column_twice", column=code))
    return Grid([*table.figures, *([] if table.has_codes else table.strangers)])


def _is_passed_over(cells: Sequence[Cell], table: Table) -> bool:
    """Whether a line is no row: a total, a note, or the numbers of the columns."""
    first = next((text for cell in cells if (text := _text(cell))), "")
    if not first:
        return True
    if first.strip("()") == "1" and _is_numbering(cells):
        return True
    before = max(min(table.figures.values(), default=1), 1)
    if any(TOTAL_ROW.fullmatch(cell.strip()) for cell in cells[:before] if isinstance(cell, str)):
        return True
    return bool(NOTE_ROW.match(first)) and sum(1 for cell in cells if _text(cell)) <= 2


def _is_numbering(cells: Sequence[Cell]) -> bool:
    numbers = [text.strip("()") for cell in cells if (text := _text(cell))]
    return len(numbers) > 3 and numbers == [str(n + 1) for n in range(len(numbers))]


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _decimal_mark(
    lines: Sequence[tuple[int, Sequence[Cell]]], table: Table, columns: Sequence[Column]
) -> str | None:
    """The mark before decimals, as the measures of a file tell it.

    Not as its coordinates do: those are copied from maps, which write 104.75 everywhere.
    """
    measures = {column.code for column in columns if column.type == NUMBER}
    places = [place for code, place in table.figures.items() if code in measures]
    return decimal_mark(_at(cells, place) for _line, cells in lines for place in places)


def _typed(
    raw: Mapping[str, Cell], columns: Sequence[Column], mark: str | None = None
) -> dict[str, Cell]:
    """Cells in the types of their columns; what cannot be read stays as it is."""
    by_code = {column.code: column for column in columns}
    cells: dict[str, Cell] = {}
    for code, cell in raw.items():
        read = read_cell(cell, by_code[code], mark) if code in by_code else cell
        if isinstance(read, CellFault):
            read = cell
        if read is not None:
            cells[code] = read
    return cells
