"""What a workbook of ours says of itself, on a hidden sheet and in one line above the form.

The hidden sheet may be lost when another program saves the workbook, and a CSV has none: then
the line is enough, and without it the headings are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.lib.grids import Cell, Column
from geo.lib.uploads.contract import RawSheet
from geo.lib.workbooks.contract import (
    TEMPLATE_SHEET,
    Stamp,
    Subject,
    WorkbookForm,
    short_hash,
    template_version,
)

CODE = re.compile(r"([a-z0-9_]+)/([0-9Q-]{4,7})/([0-9.]+)/([0-9]+-[0-9a-f]{12})/([0-9a-f]{6})\b")
MARK = "peta"
# Says that what was published when the workbook was made stands in lines of ``STOOD``.
KEEPS_STOOD, STOOD = "sejak", "berlaku"
FIRST_LINES = 15


@dataclass(frozen=True, slots=True)
class Template:
    """What the hidden sheet says: the stamp, and the columns as (code, type, unit, label).

    ``stood`` is what was published when the workbook was made, by key of a row and code of a
    column; None in workbooks that were made before they kept it.
    """

    stamp: Stamp
    columns: tuple[tuple[str, str, str, str], ...]
    stood: Mapping[str, Mapping[str, Cell]] | None = None


def form_code(form: WorkbookForm) -> str:
    """The code of a form, with a short checksum: ``ledger/2026-09/16.07.10.2001/1-…/…``."""
    subject = form.subject
    parts = (subject.dataset, subject.period, subject.area, template_version(form.columns))
    written = "/".join(parts)
    return f"{written}/{short_hash(written, 6)}"


def read_form_code(lines: Iterable[tuple[int, Sequence[Cell]]]) -> Stamp | None:
    """Find the form's code among the first lines; None where there is none, or it was changed."""
    for _line, cells in list(lines)[:FIRST_LINES]:
        for cell in cells:
            found = CODE.search(cell) if isinstance(cell, str) else None
            if found and short_hash(found[0].rpartition("/")[0], 6) == found[5]:
                return Stamp(Subject(found[1], found[2], found[3]), found[4])
    return None


def write_template_sheet(book: Any, form: WorkbookForm) -> None:
    """Write the hidden sheet: subject, version, columns, rows, and a checksum over all of it."""
    sheet = book.add_worksheet(TEMPLATE_SHEET)
    lines = _template_lines(form)
    lines.insert(1, ["cek", _checksum(lines)])
    for n, line in enumerate(lines):
        for place, text in enumerate(line):
            sheet.write_string(n, place, text)
    sheet.hide()


def _template_lines(form: WorkbookForm) -> list[list[str]]:
    subject = form.subject
    return [
        [MARK, template_version(form.columns)],
        ["data", subject.dataset],
        ["periode", subject.period],
        ["wilayah", subject.area],
        *(_column_line(column) for column in form.columns),
        *(["baris", row.key] for row in form.rows),
        *_stood_lines(form),
    ]


def _stood_lines(form: WorkbookForm) -> list[list[str]]:
    """What was published, one line a row, as JSON in the order of the columns."""
    if form.stood is None:
        return []
    return [
        [KEEPS_STOOD, form.subject.period],
        *(
            [STOOD, key, *(_as_json(cells.get(column.code)) for column in form.columns)]
            for key, cells in form.stood.items()
        ),
    ]


def _as_json(cell: Cell) -> str:
    return "" if cell in (None, "") else json.dumps(cell)


def _read_stood(
    lines: Iterable[Sequence[str]], codes: Sequence[str]
) -> Mapping[str, Mapping[str, Cell]]:
    return {
        line[1]: {
            code: json.loads(cell) for code, cell in zip(codes, line[2:], strict=False) if cell
        }
        for line in lines
        if line[0] == STOOD
    }


def _column_line(column: Column) -> list[str]:
    label = f"{column.group}: {column.label}" if column.group else column.label
    return ["kolom", column.code, column.type, column.unit, label]


def _checksum(lines: Iterable[Sequence[str]]) -> str:
    return short_hash("\n".join("\t".join(line).rstrip("\t") for line in lines), 16)


def read_template(sheets: Iterable[RawSheet]) -> Template | None:
    """Read the hidden sheet; None where it was lost or somebody changed it."""
    sheet = next((one for one in sheets if one.name == TEMPLATE_SHEET), None)
    if sheet is None:
        return None
    lines = [["" if cell is None else str(cell) for cell in cells] for _n, cells in sheet.lines]
    checks = [line for line in lines if line[0] == "cek"]
    rest = [line for line in lines if line[0] != "cek"]
    if len(checks) != 1 or checks[0][1:] != [_checksum(rest)] or rest[0][0] != MARK:
        return None
    said = {line[0]: line[1] for line in rest if len(line) > 1}
    subject = Subject(said.get("data", ""), said.get("periode", ""), said.get("wilayah", ""))
    columns = [(*line[1:], "", "", "", "")[:4] for line in rest if line[0] == "kolom"]
    stood = _read_stood(rest, [column[0] for column in columns]) if KEEPS_STOOD in said else None
    return Template(Stamp(subject, said[MARK]), tuple(columns), stood)  # type: ignore[arg-type]
