"""XLSX from strangers, read as a stream: what a sheet says it is, is not believed.

Only values are read. A formula is its last calculated value, a picture or a link to another
workbook is not looked at. Every limit is checked while reading, so that a sheet of a few
kilobytes cannot become a table of billions of cells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo.lib.uploads.archives import Archive
from geo.lib.uploads.contract import Cell, RawSheet, column_letters
from geo.lib.uploads.faults import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_ROWS,
    Faults,
    Refused,
    TextCleaner,
)
from geo.lib.uploads.strict_xml import listen, local_name, make_parser, parse
from geo.lib.uploads.workbook_parts import (
    BookListing,
    FormatListing,
    SharedTexts,
    SheetEntry,
    as_iso,
    find_of_kind,
    read_relations,
    unescape,
)

MOST_MERGED_NAMED = 5


class Workbook:
    """One workbook and what all its sheets share."""

    def __init__(self, archive: Archive, faults: Faults) -> None:
        self.archive, self.faults = archive, faults
        self.cleaner = TextCleaner()
        self.n_cells = 0
        main = find_of_kind(read_relations(archive, ""), "officeDocument", archive)
        self.main = main or "xl/workbook.xml"
        if self.main not in archive.members:
            raise Refused("workbook_broken", part=self.main[:80])
        self.listing = BookListing()
        listen(archive.pieces(self.main), self.listing, self.main)
        self.relations = read_relations(archive, self.main)
        formats = self._formats()
        self.dates, self.percents = formats.dates, formats.percents
        self.shared = self._shared()
        if any(name.startswith("xl/externalLinks/") for name in archive.names()):
            faults.add("external_links")

    def _formats(self) -> FormatListing:
        part = find_of_kind(self.relations, "styles", self.archive)
        formats = FormatListing()
        if part:
            listen(self.archive.pieces(part), formats, part)
        return formats

    def _shared(self) -> SharedTexts:
        part = find_of_kind(self.relations, "sharedStrings", self.archive)
        shared = SharedTexts(self.cleaner)
        if part:
            listen(self.archive.pieces(part), shared, part)
        return shared

    def read(self, wanted: str | None, progress: Callable[[Any], None]) -> list[RawSheet]:
        """Read one sheet or all; sheets that hold only a chart are left out."""
        entries = [e for e in self.listing.sheets if self._kind(e) != "chartsheet"]
        if wanted is not None:
            entries = [entry for entry in entries if entry.name == wanted]
        if not entries:
            known = ", ".join(entry.name for entry in self.listing.sheets)
            raise Refused("no_sheet", found=wanted or "–", known=known[:500] or "–")
        sheets = []
        for number, entry in enumerate(entries, start=1):
            sheets.append(self._read_sheet(entry))
            progress({"step": "sheet", "done": number, "of": len(entries)})
        return sheets

    def _kind(self, entry: SheetEntry) -> str:
        return self.relations.get(entry.relation, ("", ""))[0]

    def _read_sheet(self, entry: SheetEntry) -> RawSheet:
        part = self.relations.get(entry.relation, ("", ""))[1]
        if part not in self.archive.members:
            raise Refused("workbook_broken", part=(part or entry.name)[:80])
        name = self.cleaner.clean(entry.name)
        stream = SheetStream(self, name)
        stream.read(part)
        if entry.hidden:
            self.faults.add("hidden_sheet", sheet=name)
        return stream.finish(hidden=entry.hidden)


class SheetStream:
    """Hears one sheet, cell by cell."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.book, self.name, self.faults = book, name, book.faults
        self.lines: dict[int, list[Cell]] = {}
        self.merged: list[str] = []
        self.percents: list[tuple[int, int]] = []
        self.columns: dict[str, int] = {}
        self.row, self.line = 0, list[Cell]()
        self.column, self.kind, self.style = -1, "n", ""
        self.pieces: list[str] = []
        self.listens = self.has_formula = False
        self.n_letters = 0
        self.formulas: list[str] = []
        self.hidden: list[int] = []
        self.changed: list[str] = []
        self.n_formulas = self.n_changed = 0
        self.readers: dict[str, Callable[[str], Cell]] = {
            "s": self._shared,
            "str": self._plain,
            "inlineStr": self._plain,
            "d": self._plain,
            "b": lambda text: text in {"1", "true"},
            "e": self._error,
        }

    def read(self, part: str) -> None:
        """Stream the member; the parser calls back for what matters."""
        parser = make_parser(part)
        starts = {
            "c": self._start_cell,
            "v": self._start_text,
            "t": self._start_text,
            "f": self._start_formula,
            "row": self._start_row,
            "mergeCell": self._merge,
        }
        ends = {"c": self._end_cell, "v": self._end_text, "t": self._end_text, "row": self._end_row}
        # By full name, so that a tag costs one look-up.
        known_starts: dict[str, Any] = {}
        known_ends: dict[str, Any] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name not in known_starts:
                known_starts[name] = starts.get(local_name(name))
                known_ends[name] = ends.get(local_name(name))
            hear = known_starts[name]
            if hear is not None:
                hear(attributes)

        def end(name: str) -> None:
            hear = known_ends[name]
            if hear is not None:
                hear()

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = self._text
        parse(parser, self.book.archive.pieces(part), part)

    # --- rows -----------------------------------------------------------------------

    def _start_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r", "")
        if written.isdecimal() and len(written) < 9:
            self.row = int(written)
        else:
            self.row += 1
        self.line = self.lines.pop(self.row, [])
        self.column = -1
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden.append(self.row)

    def _end_row(self) -> None:
        line = self.line
        while line and line[-1] is None:
            line.pop()
        if line:
            self.lines[self.row] = line
            self.book.n_cells += len(line)
            if self.book.n_cells > MOST_CELLS:
                raise Refused("too_many_cells", sheet=self.name, most=MOST_CELLS)
        elif self.hidden and self.hidden[-1] == self.row:
            self.hidden.pop()

    # --- cells ----------------------------------------------------------------------

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            letters = place.rstrip("0123456789")
            column = self.columns.get(letters)
            self.column = self._locate(letters) if column is None else column
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        self.pieces = []
        self.has_formula = False

    def _locate(self, letters: str) -> int:
        index = 0
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise Refused("workbook_broken", part=f"{self.name}!{letters[:10]}{self.row}")
        for letter in letters.upper():
            index = 26 * index + ord(letter) - 64
        self.columns[letters] = index - 1
        return index - 1

    def _start_text(self, _attributes: dict[str, str]) -> None:
        self.listens = True
        self.n_letters = 0

    def _text(self, text: str) -> None:
        if not self.listens:
            return
        self.n_letters += len(text)
        # The rest of a text that is too long is not kept: its length is enough.
        if self.n_letters <= 2 * MOST_LETTERS:
            self.pieces.append(text)

    def _end_text(self) -> None:
        self.listens = False

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self.has_formula = True

    def _end_cell(self) -> None:
        text = self.pieces[0] if len(self.pieces) == 1 else "".join(self.pieces)
        if self.has_formula:
            self._note_formula(text)
        if not text:
            return
        if self.column >= MOST_COLUMNS or self.row > MOST_ROWS:
            self._too_far()
        read = self.readers.get(self.kind)
        value = self._number(text) if read is None else read(text)
        if value is None or value == "":
            return
        line = self.line
        gap = self.column - len(line)
        if gap > 0:
            line.extend([None] * gap)
        if gap >= 0:
            line.append(value)
        else:
            line[self.column] = value

    def _note_formula(self, text: str) -> None:
        self.n_formulas += 1
        if self.n_formulas == 1:
            self.formulas.append(self._letters())
            self.formulas.append(str(self.row))
        if not text and self.kind == "n":
            self._fault("formula_without_value")

    def _too_far(self) -> None:
        # Rows that all are filled make a long table; one cell out there is a slip.
        if self.row > MOST_ROWS and len(self.lines) >= MOST_ROWS * 0.9:
            raise Refused("too_many_rows", sheet=self.name, most=MOST_ROWS)
        n_filled = sum(cell is not None for cell in self.line)
        if self.row <= MOST_ROWS and n_filled >= MOST_COLUMNS * 0.9:
            found = self.column + 1
            sheet = self.name
            raise Refused("too_many_columns", row=self.row, sheet=sheet, found=found,
                          most=MOST_COLUMNS)  # fmt: skip
        raise Refused("far_cell", row=self.row, column=self._letters(), sheet=self.name,
                      most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)  # fmt: skip

    # --- values ---------------------------------------------------------------------

    def _number(self, text: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        # Neither NaN nor infinity, and no digits that only look like ours.
        if not (abs(number) <= 1e300 and text.isascii() and "_" not in text):
            self._fault("cell_broken", found=text[:40])
            return None
        if self.style and self._has_style(self.book.dates):
            return as_iso(number, from_1904=self.book.listing.from_1904) or number
        if self.style and self._has_style(self.book.percents):
            self.percents.append((self.row, self.column))
        # A 16-digit number in a workbook has lost its last digit; it is shown whole.
        return int(number) if number.is_integer() and abs(number) < 1e17 else number

    def _has_style(self, styles: list[bool]) -> bool:
        return self.style.isdecimal() and int(self.style) < len(styles) and styles[int(self.style)]

    def _shared(self, text: str) -> Cell:
        shared = self.book.shared
        if not (text.isdecimal() and len(text) < 9 and int(text) < len(shared.texts)):
            self._fault("cell_broken", found=text[:40])
            return None
        number = int(text)
        if number in shared.changed:
            self._note_change()
        found = shared.texts[number]
        if len(found) > MOST_LETTERS:
            self._fault("cell_too_long", found=len(found), most=MOST_LETTERS)
            return None
        return found

    def _plain(self, text: str) -> Cell:
        if len(text) > MOST_LETTERS:
            self._fault("cell_too_long", found=self.n_letters, most=MOST_LETTERS)
            return None
        cleaned = self.book.cleaner.clean(unescape(text))
        if self.book.cleaner.changed_now:
            self._note_change()
        return cleaned

    def _error(self, text: str) -> None:
        self._fault("cell_error", found=text[:20])

    def _note_change(self) -> None:
        self.n_changed += 1
        if self.n_changed == 1:
            self.changed = [self._letters(), str(self.row)]

    # --- the whole ------------------------------------------------------------------

    def _merge(self, attributes: dict[str, str]) -> None:
        if len(self.merged) < MOST_ROWS:
            self.merged.append(attributes.get("ref", "")[:20])

    def _letters(self) -> str:
        return column_letters(self.column)

    def _fault(self, code: str, **facts: Cell) -> None:
        column = self._letters()
        self.faults.add(code, row=self.row, column=column, sheet=self.name, **facts)

    def finish(self, *, hidden: bool) -> RawSheet:
        """Return the sheet, and tell once a sheet what was met on the way."""
        add, sheet = self.faults.add, self.name
        if self.n_formulas:
            column, row = self.formulas
            add("formulas", row=int(row), column=column, sheet=sheet, n=self.n_formulas)
        if self.n_changed:
            column, row = self.changed
            add("controls_removed", row=int(row), column=column, sheet=sheet, n=self.n_changed)
        if self.merged:
            more = " …" if len(self.merged) > MOST_MERGED_NAMED else ""
            found = ", ".join(self.merged[:MOST_MERGED_NAMED]) + more
            add("merged_cells", sheet=sheet, found=found)
        if self.hidden:
            add("hidden_rows", row=self.hidden[0], sheet=sheet, n=len(self.hidden))
        return RawSheet(sheet, sorted(self.lines.items()), self.merged, hidden, self.percents)
