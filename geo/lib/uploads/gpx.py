"""GPX from strangers: waypoints, routes and tracks, as a stream."""

from __future__ import annotations

from typing import Any

from geo.lib.uploads.crs import GEOGRAPHIC
from geo.lib.uploads.faults import Faults
from geo.lib.uploads.kml import MARKUP, strip_html
from geo.lib.uploads.raw_maps import RawMap
from geo.lib.uploads.strict_xml import XmlListener, listen

OBJECTS = {"wpt", "rte", "trk"}
TEXTS = {"name", "desc", "cmt", "type", "sym", "src", "number"}


def read_gpx(content: bytes, faults: Faults) -> RawMap:
    """Read waypoints as points, routes and tracks as lines; times and heights are not kept.

    Raises
    ------
    Refused
        ``xml_…`` or ``too_many_features``.
    """
    listener = GpxListener()
    listen([content], listener, "GPX")
    if listener.n_html:
        faults.add("html_removed", n=listener.n_html)
    listener.raw.layers = list(dict.fromkeys(one.layer for one in listener.raw.features))
    return listener.raw


class GpxListener(XmlListener):
    """Hears one object after the other."""

    def __init__(self) -> None:
        self.raw = RawMap(crs=GEOGRAPHIC.code, encoding="utf-8")
        self.path: list[str] = []
        self.pieces: list[str] = []
        self.properties: dict[str, Any] = {}
        self.segments: list[list[Any]] = []
        self.n_html = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        self.path.append(name)
        self.pieces = []
        if name in OBJECTS:
            self.properties = {}
            self.segments = [] if name == "trk" else [[]]
        if name == "trkseg":
            self.segments.append([])
        if name in {"wpt", "rtept", "trkpt"} and self.segments:
            position = [_number(attributes.get("lon", "")), _number(attributes.get("lat", ""))]
            self.segments[-1].append(position)

    def text(self, text: str) -> None:
        """Letters of the innermost tag."""
        self.pieces.append(text)

    def end(self, name: str) -> None:
        """A tag closes."""
        self.path.pop()
        parent = self.path[-1] if self.path else ""
        if name in TEXTS and parent in OBJECTS:
            text = "".join(self.pieces).strip()
            if MARKUP.search(text):
                self.n_html += 1
                text = strip_html(text)
            self.properties[name] = text
        elif name in OBJECTS:
            self._finish(name)
        self.pieces = []

    def _finish(self, name: str) -> None:
        segments = [one for one in self.segments if one]
        geometry: dict[str, Any] | None = None
        if segments and name == "wpt":
            geometry = {"type": "Point", "coordinates": segments[0][0]}
        elif len(segments) == 1:
            geometry = {"type": "LineString", "coordinates": segments[0]}
        elif segments:
            geometry = {"type": "MultiLineString", "coordinates": segments}
        self.raw.add(self.properties, geometry, name)
        self.segments = []


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text or "–"
