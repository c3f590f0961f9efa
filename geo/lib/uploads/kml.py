"""KML and KMZ from strangers: placemarks only, as a stream; no link in it is followed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

from geo.lib.uploads.archives import Archive
from geo.lib.uploads.crs import GEOGRAPHIC
from geo.lib.uploads.faults import Faults, Refused
from geo.lib.uploads.raw_maps import RawMap
from geo.lib.uploads.strict_xml import XmlListener, listen

LINKS = {"NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay"}
TEXTS = {"name", "description", "address", "phoneNumber", "styleUrl"}
MARKUP = re.compile(r"<[a-zA-Z!/]|&[a-zA-Z#]")


def read_kml(content: bytes, archive: Archive | None, wanted: str | None, faults: Faults) -> RawMap:
    """Read all placemarks; the name of their folder becomes the layer.

    Raises
    ------
    Refused
        ``xml_…``, ``zip_several`` or ``too_many_features``.
    """
    pieces: Iterable[bytes] = [content]
    if archive is not None:
        pieces = archive.pieces(_main_of(archive, wanted))
    listener = KmlListener()
    listen(pieces, listener, "KML")
    if listener.n_links:
        faults.add("links_left_out", n=listener.n_links)
    if listener.n_html:
        faults.add("html_removed", n=listener.n_html)
    raw = listener.raw
    raw.layers = list(dict.fromkeys(one.layer for one in raw.features if one.layer))
    return raw


def _main_of(archive: Archive, wanted: str | None) -> str:
    names = [name for name in archive.names() if name.lower().endswith(".kml")]
    if wanted in names:
        return str(wanted)
    # Programs read the first; a second one is only there for links, which are not followed.
    main = [name for name in names if name.lower() == "doc.kml"] or names
    if len(main) > 1:
        raise Refused("zip_several", found=len(main), names=", ".join(main)[:200])
    return main[0]


class KmlListener(XmlListener):
    """Hears placemarks: name, attributes, and the coordinates of their drawings."""

    def __init__(self) -> None:
        self.raw = RawMap(crs=GEOGRAPHIC.code, encoding="utf-8")
        self.path: list[str] = []
        self.folders: list[str] = []
        self.pieces: list[str] = []
        self.properties: dict[str, Any] | None = None
        self.attribute = ""
        self.drawings: list[dict[str, Any]] = []
        self.rings: list[Any] = []
        self.track: list[Any] = []
        self.n_links = self.n_html = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        self.path.append(name)
        self.pieces = []
        if name == "Placemark":
            self.properties, self.drawings = {}, []
        elif name in {"Folder", "Document"}:
            self.folders.append("")
        elif name in LINKS:
            self.n_links += 1
        elif name in {"Data", "SimpleData"}:
            self.attribute = attributes.get("name", "")
        elif name == "Polygon":
            self.rings = []
        elif name == "Track":
            self.track = []

    def text(self, text: str) -> None:
        """Letters of the innermost tag."""
        self.pieces.append(text)

    def end(self, name: str) -> None:
        """A tag closes."""
        self.path.pop()
        text = "".join(self.pieces).strip()
        self.pieces = []
        parent = self.path[-1] if self.path else ""
        if self.properties is not None:
            self._end_in_placemark(name, parent, text)
        elif name == "name" and parent in {"Folder", "Document"}:
            self.folders[-1] = text
        if name in {"Folder", "Document"} and self.folders:
            self.folders.pop()

    def _end_in_placemark(self, name: str, parent: str, text: str) -> None:
        assert self.properties is not None  # noqa: S101 for the type checker
        if name in TEXTS and parent == "Placemark":
            self.properties[name] = self._without_html(text)
        elif name == "SimpleData" or (name == "value" and parent == "Data"):
            self.properties[self.attribute or "?"] = self._without_html(text)
        elif name == "coordinates":
            self._draw(parent, _positions(text))
        elif name == "coord" and parent == "Track":
            self.track.append(_numbers(text.split()))
        elif name == "Track":
            self.drawings.append({"type": "LineString", "coordinates": self.track})
        elif name == "Polygon":
            self.drawings.append({"type": "Polygon", "coordinates": self.rings})
        elif name == "Placemark":
            self._finish()

    def _draw(self, parent: str, positions: list[Any]) -> None:
        if parent == "LinearRing" and "Polygon" in self.path:
            # The outer boundary comes first, wherever it stands in the file.
            place = 0 if "outerBoundaryIs" in self.path else len(self.rings)
            self.rings.insert(place, positions)
        elif parent == "Point":
            coordinates = positions[0] if positions else None
            self.drawings.append({"type": "Point", "coordinates": coordinates})
        else:
            self.drawings.append({"type": "LineString", "coordinates": positions})

    def _finish(self) -> None:
        geometry: dict[str, Any] | None = None
        if len(self.drawings) == 1:
            geometry = self.drawings[0]
        elif self.drawings:
            geometry = {"type": "GeometryCollection", "geometries": self.drawings}
        properties = self.properties or {}
        properties.pop("styleUrl", None)
        folder = next((name for name in reversed(self.folders) if name), "")
        self.raw.add(properties, geometry, folder[:200])
        self.properties = None

    def _without_html(self, text: str) -> str:
        if not MARKUP.search(text):
            return text
        self.n_html += 1
        return strip_html(text)


def _positions(text: str) -> list[Any]:
    # "104.7, -2.9" is written by hand often enough.
    tuples = re.sub(r"\s*,\s*", ",", text).split()
    return [_numbers(one.split(",")) for one in tuples]


def _numbers(parts: list[str]) -> list[Any]:
    numbers: list[Any] = []
    for part in parts[:3]:
        try:
            numbers.append(float(part))
        except ValueError:
            # Not a number: the check of shapes says so, with the number of the object.
            numbers.append(part)
    return numbers


class _TextOnly(HTMLParser):
    """Keeps what a browser would show, without tags, scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.hidden += tag in {"script", "style"}
        self.kept.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(self.hidden - (tag in {"script", "style"}), 0)
        self.kept.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.kept.append(data)


def strip_html(text: str) -> str:
    """Return the words of a piece of HTML; no angle bracket survives."""
    parser = _TextOnly()
    parser.feed(text[:100_000])
    parser.close()
    words = " ".join("".join(parser.kept).split())
    return words.replace("<", "‹").replace(">", "›")
