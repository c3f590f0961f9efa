"""Where the cells of a grid stand in the file that it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: sheet, line counted from 1, column counted from 0."""

    sheet: str
    line: int
    column: int


class Places(Mapping[tuple[int, str], Place]):
    """Place by line of the row and code of the column; "" is the cell that names the row.

    A table is kept as its lines and its columns, so that a large one costs nothing; cells
    that stand elsewhere are kept one by one.
    """

    def __init__(self) -> None:
        self.sheet = ""
        self.lines: set[int] = set()
        self.columns: dict[str, int] = {}
        self.single: dict[tuple[int, str], Place] = {}

    def __getitem__(self, key: tuple[int, str]) -> Place:
        line, code = key
        if line in self.lines and code in self.columns:
            return Place(self.sheet, line, self.columns[code])
        return self.single[key]

    def __setitem__(self, key: tuple[int, str], place: Place) -> None:
        self.single[key] = place

    def __iter__(self) -> Iterator[tuple[int, str]]:
        yield from ((line, code) for line in sorted(self.lines) for code in self.columns)
        yield from self.single

    def __len__(self) -> int:
        return len(self.lines) * len(self.columns) + len(self.single)

    def of_row(self, line: int) -> Iterator[tuple[str, Place]]:
        """Codes and places of the cells of one row, without the cell that names it."""
        if line in self.lines:
            named = ((code, column) for code, column in self.columns.items() if code)
            yield from ((code, Place(self.sheet, line, column)) for code, column in named)
        for (own, code), place in self.single.items():
            if own == line and code:
                yield code, place

    def key_at(self, sheet: str, line: int, column: int) -> tuple[int, str] | None:
        """Line of the row and code of the column of the cell that stands there."""
        if sheet == self.sheet and line in self.lines:
            for code, own in self.columns.items():
                if own == column:
                    return line, code
        wanted = Place(sheet, line, column)
        return next((key for key, place in self.single.items() if place == wanted), None)


RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
MOST_RANGES = 200


def merged_keys(places: Places, sheet: str, ranges: Sequence[str]) -> Iterator[tuple[str, list]]:
    """Merged ranges that cover several cells of a grid, each with their keys, the first first."""
    at = {(key, place) for key, place in places.items() if place.sheet == sheet and key[1]}
    for text in ranges[:MOST_RANGES]:
        found = RANGE.fullmatch(text)
        if not found:
            continue
        left, right = column_number(found[1]), column_number(found[3])
        lines = range(int(found[2]), int(found[4]) + 1)
        inside = [
            (place.line, place.column, key)
            for key, place in at
            if place.line in lines and left <= place.column <= right
        ]
        if len(inside) > 1:
            yield text, [key for _line, _column, key in sorted(inside)]


def column_number(letters: str) -> int:
    """A column counted from 0 by its letters: ``A`` → 0, ``AB`` → 27; −1 for anything else."""
    number = 0
    if not (letters.isascii() and letters.isalpha() and letters.isupper()):
        return -1
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
