"""How the readers in the child tell what is wrong: some faults end the reading, most do not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from geo.lib.uploads.contract import MOST_FAULTS, Cell, ReadFault

MOST_ROWS, MOST_COLUMNS = 50_000, 300
# Filled cells and the gaps before them, over all sheets of a file.
MOST_CELLS = 1_500_000
MOST_LETTERS = 32_767
MOST_SHOWN = 500
# Control characters but tab and line ends; marks that turn or hide letters.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
PLAIN = re.compile(r"[\x20-\x7e]*")


def make_fault(
    code: str, row: int | None, column: str, sheet: str, facts: dict[str, Cell]
) -> ReadFault:
    """Make a fault whose facts can be shown: the file chose them, so they may hold anything."""
    shown = {name: _shown(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return ReadFault(code, row, _shown(column), _shown(sheet), shown)


def _shown(text: str) -> str:
    if PLAIN.fullmatch(text) and len(text) <= MOST_SHOWN:
        return text
    text = INVISIBLE.sub("", text)[:MOST_SHOWN]
    # Half of a pair of surrogates cannot be written.
    return " ".join(text.encode("utf-8", "replace").decode().split())


class Refused(Exception):
    """The file cannot be read any further, and this fault says why."""

    def __init__(
        self, code: str, *, row: int | None = None, column: str = "", sheet: str = "", **facts: Cell
    ) -> None:
        super().__init__(code)
        self.fault = make_fault(code, row, column, sheet, facts)


class Faults:
    """Faults of one file: as many as people can use, the rest only counted."""

    def __init__(self) -> None:
        self.found: list[ReadFault] = []
        self.left = 0

    def add(
        self, code: str, *, row: int | None = None, column: str = "", sheet: str = "", **facts: Cell
    ) -> None:
        """Note one fault."""
        self.take(make_fault(code, row, column, sheet, facts))

    def take(self, fault: ReadFault) -> None:
        """Note a fault that was made elsewhere."""
        if len(self.found) >= MOST_FAULTS:
            self.left += 1
        else:
            self.found.append(fault)

    def listed(self) -> list[ReadFault]:
        """All that were kept, and how many were not."""
        if not self.left:
            return self.found
        facts: dict[str, Cell] = {"most": MOST_FAULTS, "left": self.left}
        return [*self.found, ReadFault("many_faults", facts=facts)]


class TextCleaner:
    """Makes texts comparable (NFC, no invisible characters) and counts where it had to."""

    def __init__(self) -> None:
        self.n_changed = 0
        self.changed_now = False
        self.first: tuple[str, int] = ("", 0)

    def clean_cell(self, text: str, column: str, row: int) -> str:
        """Clean the text of a cell, and remember the first that was changed."""
        cleaned = self.clean(text)
        if self.changed_now and self.n_changed == 1:
            self.first = column, row
        return cleaned

    def clean(self, text: str) -> str:
        """Return the text without what nobody sees."""
        self.changed_now = False
        if PLAIN.fullmatch(text):
            return text.strip(" ")
        seen = INVISIBLE.sub("", text)
        if seen != text:
            self.n_changed += 1
            self.changed_now = True
        composed = unicodedata.normalize("NFC", seen).strip(" \t\r\n")
        return composed.encode("utf-8", "replace").decode()


@contextmanager
def refusing(code: str, *errors: type[Exception], **facts: str) -> Iterator[None]:
    """Turn errors of a parser into one fault."""
    try:
        yield
    except errors as error:
        raise Refused(code, **facts) from error  # type: ignore[arg-type]
