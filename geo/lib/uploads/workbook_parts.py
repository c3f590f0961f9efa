"""The small parts of a workbook: relations, list of sheets, formats of numbers, shared texts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from geo.lib.uploads.archives import Archive
from geo.lib.uploads.faults import Refused, TextCleaner
from geo.lib.uploads.strict_xml import XmlListener, listen, local_name

MOST_TEXT_MB = 64
# Numbers of formats that every program knows to be percentages, and to be dates or times.
PERCENT_FORMATS = {9, 10}
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
NOT_A_PATTERN = re.compile(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]|\\.|_.', re.IGNORECASE)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LAST_DAY = 2_958_465  # 9999-12-31


@dataclass(slots=True)
class SheetEntry:
    """One line of the list of sheets."""

    name: str
    relation: str
    hidden: bool


@dataclass
class BookListing(XmlListener):
    """Hears ``workbook.xml``."""

    sheets: list[SheetEntry] = field(default_factory=list)
    from_1904: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A sheet, or the property that tells where days are counted from."""
        if name == "sheet":
            plain = {local_name(key): value for key, value in attributes.items()}
            hidden = plain.get("state", "visible") != "visible"
            self.sheets.append(SheetEntry(plain.get("name", ""), plain.get("id", ""), hidden))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in {"1", "true"}


@dataclass
class RelationListing(XmlListener):
    """Hears a ``.rels`` part: what is inside, by identifier and by type."""

    targets: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One relation; those that lead outside are not even noted."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.targets[attributes.get("Id", "")] = kind, attributes.get("Target", "")


@dataclass
class FormatListing(XmlListener):
    """Hears ``styles.xml``: which styles of cells write a number as a date or a percentage."""

    own: set[int] = field(default_factory=set)
    own_percent: set[int] = field(default_factory=set)
    dates: list[bool] = field(default_factory=list)
    percents: list[bool] = field(default_factory=list)
    in_cell_styles: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A format of numbers, or a style that uses one."""
        if name == "numFmt":
            pattern = NOT_A_PATTERN.sub("", attributes.get("formatCode", "")).split(";")[0]
            if re.search("[dmyhs]", pattern, re.IGNORECASE):
                self.own.add(_whole(attributes.get("numFmtId")))
            elif "%" in pattern:
                self.own_percent.add(_whole(attributes.get("numFmtId")))
        elif name == "cellXfs":
            self.in_cell_styles = True
        elif name == "xf" and self.in_cell_styles:
            number = _whole(attributes.get("numFmtId"))
            self.dates.append(number in DATE_FORMATS or number in self.own)
            self.percents.append(number in PERCENT_FORMATS or number in self.own_percent)

    def end(self, name: str) -> None:
        """After the styles of cells come styles of other things."""
        if name == "cellXfs":
            self.in_cell_styles = False


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1


class SharedTexts(XmlListener):
    """Hears ``sharedStrings.xml``."""

    def __init__(self, cleaner: TextCleaner) -> None:
        self.texts: list[str] = []
        self.changed: set[int] = set()
        self.cleaner = cleaner
        self.pieces: list[str] = []
        self.n_letters = 0
        self.listens = self.is_reading_aid = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A text begins, or the reading aid of one, which is no part of it."""
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.is_reading_aid = True
        elif name == "t":
            self.listens = not self.is_reading_aid

    def text(self, text: str) -> None:
        """Letters; together they may not fill the memory."""
        if self.listens:
            self.n_letters += len(text)
            if self.n_letters > MOST_TEXT_MB << 20:
                raise Refused("too_much_text", most_mb=MOST_TEXT_MB)
            self.pieces.append(text)

    def end(self, name: str) -> None:
        """A text is complete."""
        if name == "t":
            self.listens = False
        elif name == "rPh":
            self.is_reading_aid = False
        elif name == "si":
            text = self.cleaner.clean(unescape("".join(self.pieces)))
            if self.cleaner.changed_now:
                self.changed.add(len(self.texts))
            self.texts.append(text)


def unescape(text: str) -> str:
    """Write ``_x000D_`` as the letter it stands for."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(
        lambda found: chr(int(found[1], 16)).encode("utf-8", "ignore").decode(), text
    )


def read_relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Relations of a part, their targets as names in the archive; nothing where it has none."""
    folder, name = posixpath.split(part)
    listing = RelationListing()
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.members:
        return {}
    listen(archive.pieces(path), listing, path)
    return {
        key: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
        for key, (kind, target) in listing.targets.items()
    }


def find_of_kind(relations: dict[str, tuple[str, str]], kind: str, archive: Archive) -> str | None:
    """Name of the member that is related by this kind, where there is one."""
    found: Iterable[str] = (target for known, target in relations.values() if known == kind)
    return next((target for target in found if target in archive.members), None)


def as_iso(serial: float, *, from_1904: bool) -> str | None:
    """Write the number of a day as ISO text; None where no day has it.

    Before March 1900 Excel counts a day that there never was; such dates are a day off in
    every program, and kept as Excel shows them.
    """
    if not 0 <= serial <= LAST_DAY:
        return None
    if serial < 1 and not from_1904:
        return (datetime(2000, 1, 1) + _since(serial)).time().isoformat()  # noqa: DTZ001
    year, month, day = (1904, 1, 1) if from_1904 else (1899, 12, 31 if serial < 60 else 30)
    start = datetime(year, month, day)  # noqa: DTZ001 a cell knows no time zone
    try:
        moment = start + _since(serial)
    except OverflowError:
        return None
    return moment.date().isoformat() if serial == int(serial) else moment.isoformat()


def _since(serial: float) -> timedelta:
    return timedelta(seconds=round(serial * 86_400))
