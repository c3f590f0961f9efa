"""Reading ``data/kbli/kbli_2020.toml``: the classification of business fields.

A code has five digits; the first two are its division, and divisions lie in sections
A to U. All divisions are known here, of the codes only those that the file lists.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "kbli" / "kbli_2020.toml"
DIGITS = 5
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its letter, its first and last division, its name by language."""

    letter: str
    first: int
    last: int
    name: Names


@dataclass(frozen=True, slots=True)
class Classification:
    """The sections in their order, and the titles of the listed codes by language."""

    sections: tuple[Section, ...]
    codes: Mapping[str, Names]
    source: Mapping[str, Names]

    def section_of(self, code: str) -> Section | None:
        """The section of a code of five digits; None where its division does not exist."""
        if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
            return None
        division = int(code[:2])
        return next((one for one in self.sections if one.first <= division <= one.last), None)

    def alike(self, code: str) -> list[str]:
        """Listed codes that look like ``code``, the likest first, at most three."""
        return get_close_matches(code, self.codes, n=3, cutoff=0.6)

    def tidied(self, code: str) -> str:
        """A code as it was meant: table programs drop the zero in front.

        >>> read_classification().tidied("1122")
        '01122'
        """
        text = "".join(code.split()).removeprefix("KBLI").strip(".")
        longer = text.zfill(DIGITS)
        return longer if len(text) == DIGITS - 1 and longer in self.codes else text


@cache
def read_classification(path: Path = FILE) -> Classification:
    """Read the classification, once a process."""
    stored = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = tuple(
        Section(letter, one["divisions"][0], one["divisions"][1], one["name"])
        for letter, one in stored["sections"].items()
    )
    return Classification(sections, stored["codes"], stored["source"])
