"""Files of the book of population changes: the flat table and the form of a kecamatan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from geo.lib.ledger import FIGURES, FLOWS, SEXES, Month, month_from_columns
from geo.lib.ledger_headings import Headings, find_headings, plain
from geo.lib.ledger_titles import district_in, period_in
from geo.lib.numbers import NotANumber, format_number, read_number
from geo.lib.periods import is_period
from geo.lib.tables import ERROR, WARNING, Cell, Issue, as_text
from geo.population.rules import FIGURE_WORDS, figure_words

NEEDED = ("opening", "births", "deaths", "arrivals", "departures", "closing")
# The report that villages print writes these for nought.
NOUGHT = {"-", "–", "—", "nihil"}
TOTAL_ROW = re.compile(r"(jumlah|jml|total|grand total|jumlah total)\b.*")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One village's month as a file has it; ``area`` is what stands in the column of its name."""

    row: int
    area: str
    district: str
    month: Month


@dataclass(slots=True)
class LedgerFile:
    """All that was read of one file. ``role`` says how its rows name their areas."""

    role: str = "code"
    rows: list[FileRow] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)


def read_ledger_lines(
    lines: Sequence[tuple[int, list[Cell]]], *, by: str, period: str | None, district: str | None
) -> LedgerFile:
    """Read the lines of a file; whatever is wrong becomes an issue, and its row is left out.

    Parameters
    ----------
    by
        ``code``, ``bps`` or ``name``: the column that says which village a row means.
    period, district
        For all rows; without them from columns, else from the title above the headings.
    """
    file = LedgerFile(role=by)
    headings = find_headings(lines)
    if headings is None or by not in headings.areas:
        text = _(
            "No heading names the area by “%(by)s”, or none names opening, births, deaths, "
            "arrivals, departures and closing with L and P. See docs/population-ledger.md."
        )
        file.issues.append(Issue(None, "", by, text % {"by": by}, ERROR))
        return file
    file.issues += _absent_columns(headings)
    titles = [as_text(cell) for _n, cells in lines[: headings.last_title] for cell in cells]
    period = period or period_in(" ".join(titles))
    district = district or district_in(titles)
    if not file.issues:
        _read_rows(lines[headings.first_row :], headings, period, district or "", file)
    return file


def _absent_columns(headings: Headings) -> list[Issue]:
    text = _("The file has no column for %(figure)s.")
    return [
        Issue(None, "", "", text % {"figure": figure_words(f"{name}_{sex}")}, ERROR)
        for name in NEEDED
        for sex in SEXES
        if (name, sex) not in headings.figures
    ]


# --- rows ------------------------------------------------------------------------


def _read_rows(
    lines: Sequence[tuple[int, list[Cell]]],
    headings: Headings,
    period: str | None,
    district: str,
    file: LedgerFile,
) -> None:
    sums = _Sums()
    for number, cells in _data_lines(lines, headings, file.role):
        if _is_total(cells, headings):
            _check_total(number, cells, sums, headings, file)
            continue
        n_before = len(file.issues)
        figures = _figures(number, cells, headings, file)
        sums.add(figures)
        month = _row_period(number, cells, headings, period, file)
        area = as_text(_at(cells, headings.areas[file.role]))
        if any(issue.severity == ERROR for issue in file.issues[n_before:]):
            file.incomplete.add(area)
            continue
        columns = {
            _column(name, side): figures.get(place)
            for (name, side), place in headings.figures.items()
        }
        columns |= {f"missing_{s}": columns.get(f"missing_{s}") or 0 for s in SEXES}
        own_district = as_text(_at(cells, headings.areas.get("district")))
        month_read = month_from_columns(month, columns)
        file.rows.append(FileRow(number, area, own_district or district, month_read))


class _Sums:
    """Sums by column: since the last line of totals, and of all rows so far."""

    def __init__(self) -> None:
        self.part: dict[int, int] = {}
        self.whole: dict[int, int] = {}

    def add(self, figures: Mapping[int, int | None]) -> None:
        for place, value in figures.items():
            self.part[place] = self.part.get(place, 0) + (value or 0)
            self.whole[place] = self.whole.get(place, 0) + (value or 0)


def _column(name: str, side: str) -> str:
    return f"{name}_{side}" if side in (*SEXES, "households") else ""


def _at(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else ""


def _data_lines(
    lines: Sequence[tuple[int, list[Cell]]], headings: Headings, role: str
) -> Iterator[tuple[int, list[Cell]]]:
    """Lines with figures, up to the footer: a line with an area or a total, and a number."""
    for number, cells in lines:
        if not any(as_text(cell) for cell in cells):
            continue
        given = sum(1 for p in headings.figures.values() if as_text(_at(cells, p)))
        names_area = bool(as_text(_at(cells, headings.areas[role])))
        # Signatures, places and dates below the table have no figures of their own.
        if given >= 3 and (names_area or _is_total(cells, headings)):
            yield number, cells


def _is_total(cells: Sequence[Cell], headings: Headings) -> bool:
    before = min(headings.figures.values())
    return any(TOTAL_ROW.fullmatch(plain(cell)) for cell in cells[:before])


def _figures(
    number: int, cells: Sequence[Cell], headings: Headings, file: LedgerFile
) -> dict[int, int | None]:
    """Figures by column, each checked, with the sums of both sexes compared."""
    figures = {
        place: _read_cell(number, name, side, place, cells, headings, file)
        for (name, side), place in headings.figures.items()
    }
    for name in FIGURES:
        places = [headings.figures.get((name, side)) for side in (*SEXES, "total")]
        male, female, total = (None if p is None else figures.get(p) for p in places)
        if male is None or female is None or total is None or male + female == total:
            continue
        text = _(
            "%(figure)s: the file says %(found)s for both sexes, but %(male)s + %(female)s = "
            "%(expected)s. The sum of the file is not used."
        )
        facts = {"figure": FIGURE_WORDS[name], "found": total, "male": male, "female": female}
        column = headings.labels[places[2] or 0]
        text %= {**facts, "expected": male + female}
        file.issues.append(Issue(number, column, str(total), text, WARNING))
    return figures


def _read_cell(
    number: int,
    name: str,
    side: str,
    place: int,
    cells: Sequence[Cell],
    headings: Headings,
    file: LedgerFile,
) -> int | None:
    cell = _at(cells, place)
    text = as_text(cell).strip()
    label = headings.labels[place]
    if text.lower() in NOUGHT:
        return 0
    if not text:
        if side in SEXES and name in (*NEEDED, *FLOWS):
            message = _("A figure is missing. Write 0 or - where nothing happened.")
            file.issues.append(Issue(number, label, "", message, ERROR))
        return None
    try:
        value = cell if isinstance(cell, float) else _whole_number(text)
    except NotANumber:
        value = None
    if value is None or value != int(value):
        message = _("“%(found)s” is not a whole number of persons.") % {"found": text}
        file.issues.append(Issue(number, label, text, message, ERROR))
        return None
    return int(value)


def _whole_number(text: str) -> float:
    """Read a count: “1.204” and “1,204” are both thousands, for nobody counts half persons."""
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    return read_number(text, ",")


def _row_period(
    number: int, cells: Sequence[Cell], headings: Headings, period: str | None, file: LedgerFile
) -> str:
    column = headings.areas.get("period")
    text = as_text(_at(cells, column))
    own = text if is_period(text, "month") else period_in(text) if text else None
    found = own or period or ""
    if own and period and own != period:
        message = _("The row is of %(own)s, but %(period)s was asked for.")
        facts = {"own": own, "period": period}
        file.issues.append(Issue(number, "", text, message % facts, ERROR))
    elif not is_period(found, "month"):
        message = _(
            "No month is known for this row. Give --period 2024-03, a column with the period, "
            "or a title such as “Bulan Maret 2024”."
        )
        file.issues.append(Issue(number, "", text, message, ERROR))
    return found


def _check_total(
    number: int, cells: Sequence[Cell], sums: _Sums, headings: Headings, file: LedgerFile
) -> None:
    """Compare a line of totals with the rows above it, or with all of them."""
    text = _("The total of the file is %(found)s, but its rows add up to %(expected)s.")
    for place in headings.figures.values():
        stated = as_text(_at(cells, place)).strip()
        try:
            value = 0 if stated in NOUGHT else _whole_number(stated) if stated else None
        except NotANumber:
            value = -1
        counted = sums.part.get(place, 0)
        if value is not None and value not in {counted, sums.whole.get(place, 0)}:
            facts = {"found": stated, "expected": format_number(counted)}
            issue = Issue(number, headings.labels[place], stated, text % facts, WARNING)
            file.issues.append(issue)
    sums.part = {}
