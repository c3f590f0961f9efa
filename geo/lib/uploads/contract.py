"""What reading an upload returns: plain values that the web process may import.

Nothing in here was interpreted yet: cells are what the file says, numbers in a CSV are still
text, and faults are codes with facts. ``sentences.SENTENCES`` holds one English sentence a code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from geo.lib.uploads.sentences import SENTENCES, WORDS
from geo.lib.uploads.wording import Severity

__all__ = ["Cell", "Feature", "RawSheet", "ReadFault", "Reading", "Severity", "column_letters"]

Cell = str | int | float | bool | None
FORMATS = ("xlsx", "csv", "geojson", "kml", "gpx", "shp", "gpkg")
# More faults than these are counted, not listed: nobody mends five thousand by hand.
MOST_FAULTS = 2000


class GarbledAnswer(ValueError):
    """What the child answered is not a reading."""


@dataclass(frozen=True, slots=True)
class ReadFault:
    """One thing about an upload: at a cell, a row, a sheet or the whole file.

    ``row`` is the number people see in the file (of a map: the feature, from 1), ``column``
    a spreadsheet's letters or the name of an attribute. ``facts`` fill the sentence.
    """

    code: str
    row: int | None = None
    column: str = ""
    sheet: str = ""
    facts: dict[str, Cell] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """``error`` stops, ``question`` waits for an answer, ``notice`` only tells."""
        return SENTENCES[self.code].severity

    @property
    def cell(self) -> str:
        """Address of the cell, such as ``D7``; as much of it as is known."""
        return f"{self.column}{self.row or ''}"

    def words(self) -> dict[str, Cell]:
        """Everything that the sentence of this code may name."""
        place = {"row": self.row, "column": self.column, "sheet": self.sheet, "cell": self.cell}
        return place | self.facts

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Say it in English, or in the language that ``translate`` (gettext) speaks."""
        words = {
            name: translate(WORDS[value]) if isinstance(value, str) and value in WORDS else value
            for name, value in self.words().items()
        }
        return translate(SENTENCES[self.code].text) % words


@dataclass(slots=True)
class RawSheet:
    """One sheet as it stands: every line that is not empty, with its number.

    Empty cells at the end of a line are cut. A date is ISO text, a number of a workbook a
    number, everything in a CSV text. ``merged`` lists ranges such as ``A1:C1``; the value
    stands in the first cell of each. ``percents`` are the cells, by line and place from 0,
    that the workbook shows as percentages: 0.955 in them is shown as 95.5 %.
    """

    name: str
    lines: list[tuple[int, list[Cell]]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden: bool = False
    percents: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Feature:
    """One object of a map: its number in the file, its attributes and its place.

    ``geometry`` is a GeoJSON geometry in lon, lat (WGS 84): two-dimensional, finite, valid,
    in Indonesia. It is None when a fault of this row says why. ``repaired`` may then hold
    one that people can choose instead; nothing is repaired without being asked.
    """

    row: int
    properties: dict[str, Cell]
    geometry: dict[str, Any] | None = None
    layer: str = ""
    repaired: dict[str, Any] | None = None


@dataclass(slots=True)
class Reading:
    """What one upload holds, and all that is wrong with it."""

    format: str = ""
    sha256: str = ""
    size_bytes: int = 0
    sheets: list[RawSheet] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    crs: str = ""
    encoding: str = ""
    separator: str = ""
    faults: list[ReadFault] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether anything stops this file; a question counts until it is answered."""
        return any(fault.severity in {"error", "question"} for fault in self.faults)

    def codes(self) -> set[str]:
        """Codes of all faults."""
        return {fault.code for fault in self.faults}


def column_letters(index: int) -> str:
    """Letters of a column counted from 0: ``0`` → ``A``, ``27`` → ``AB``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def as_answer(reading: Reading) -> dict[str, Any]:
    """Write a reading as JSON can carry it."""
    written = {name: getattr(reading, name) for name in Reading.__slots__}
    for name in ("sheets", "features", "faults"):
        written[name] = [_shallow(one) for one in written[name]]
    return written


def _shallow(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__slots__}


def from_answer(answer: dict[str, Any]) -> Reading:
    """Build a reading from a child's answer, trusting none of it.

    Raises
    ------
    GarbledAnswer
        Something in it is of another type than a reader writes.
    """
    try:
        return Reading(
            format=_one_of(answer["format"], ("", *FORMATS)),
            sheets=[_sheet(one) for one in answer["sheets"]],
            features=[_feature(one) for one in answer["features"]],
            layers=[_text(one) for one in answer["layers"]],
            crs=_text(answer["crs"]),
            encoding=_text(answer["encoding"]),
            separator=_text(answer["separator"]),
            faults=[_fault(one) for one in answer["faults"]],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GarbledAnswer(type(error).__name__) from error


def _one_of(value: Any, known: Any) -> str:
    if value not in known:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 31:
        raise TypeError
    return value


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return _text(value)
    if value is not None and not isinstance(value, int | float):
        raise TypeError
    return value


def _sheet(one: dict[str, Any]) -> RawSheet:
    return RawSheet(
        name=_text(one["name"]),
        lines=[(_whole(number), [_cell(c) for c in cells]) for number, cells in one["lines"]],
        merged=[_text(text) for text in one["merged"]],
        hidden=bool(one["hidden"]),
        percents=[(_whole(line), _whole(place)) for line, place in one["percents"]],
    )


def _feature(one: dict[str, Any]) -> Feature:
    return Feature(
        row=_whole(one["row"]),
        properties={_text(key): _cell(value) for key, value in one["properties"].items()},
        geometry=_geometry(one["geometry"]),
        layer=_text(one["layer"]),
        repaired=_geometry(one["repaired"]),
    )


def _geometry(one: Any) -> dict[str, Any] | None:
    if one is None:
        return None
    kinds = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
    depth = _depth_of(_one_of(one["type"], kinds))
    return {"type": one["type"], "coordinates": _positions(one["coordinates"], depth)}


def _depth_of(kind: str) -> int:
    return {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2}.get(
        kind, 3
    )


def _positions(value: Any, depth: int) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    if depth:
        return [_positions(inner, depth - 1) for inner in value]
    lon, lat = value
    if type(lon) not in (int, float) or type(lat) not in (int, float):
        raise TypeError
    return value


def _fault(one: dict[str, Any]) -> ReadFault:
    fault = ReadFault(
        code=_one_of(one["code"], SENTENCES),
        row=None if one["row"] is None else _whole(one["row"]),
        column=_text(one["column"]),
        sheet=_text(one["sheet"]),
        facts={_text(key): _cell(value) for key, value in one["facts"].items()},
    )
    fault.sentence()
    return fault
