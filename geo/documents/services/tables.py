"""The figures of a dossier as tables: XLSX and GeoPackage, made from what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings

from geo.documents.models import Dossier
from geo.documents.queries.dossiers import shapes_of
from geo.lib.children import run_child
from geo.lib.kept_files import KeptFiles

MOST_KEPT_BYTES = 50_000_000
SECONDS, MEMORY_MB = 60, 1000
# Rises when the tables are written in another way.
EDITION = 2
CHILDREN = {"xlsx": "geo.lib.sheets", "gpkg": "geo.lib.geopackage"}
HEADER = [
    "area", "name", "sector", "indicator", "indicator_name", "unit", "period", "value", "status",
    "status_words", "coverage", "rank", "sources",
]  # fmt: skip
TYPES = ["number" if name == "value" else "text" for name in HEADER]
WIDTHS = [15, 24, 20, 24, 44, 18, 16, 14, 14, 22, 12, 10, 10]
KEEPING = ["about", "text"]


def open_dossier_table(*, dossier: Dossier, file_format: str) -> IO[bytes]:
    """Open the figures of a dossier that is ready as ``xlsx`` or ``gpkg``.

    Raises
    ------
    FileNotMade, TooBusy
    """
    contents = dossier.contents or {}
    if "shapes" not in contents:
        # Before the third edition boundaries were not kept.
        codes = [column["code"] for column in contents["columns"]]
        contents = {**contents, "shapes": shapes_of(codes, dossier.pinned_at)}
    lines = {"xlsx": _sheets, "gpkg": _layers}[file_format](contents)
    kept = KeptFiles(settings.VAR_DIR / "cache" / "dossiers", MOST_KEPT_BYTES)
    return kept.open(
        f"{EDITION} {dossier.code} {dossier.pk} {file_format}",
        lambda path: run_child(
            CHILDREN[file_format], lines, path, seconds=SECONDS, memory_mb=MEMORY_MB
        ),
    )


def _sheets(contents: dict[str, Any]) -> Iterator[Any]:
    yield {"title": contents["title"], "comments": contents["address"]}
    yield {"name": "figures", "header": HEADER, "widths": WIDTHS}
    yield from _rows(contents)
    if contents["ranking"]:
        header = ["area", "name", "rank", "score", "criterion", "figure", "adds"]
        yield {"name": "ranking", "header": header, "widths": [15, 28, 8, 8, 44, 20, 8]}
        yield from _ranking_rows(contents["ranking"])
    yield {"name": "about", "header": KEEPING, "widths": [26, 120], "wraps": True}
    yield from _about(contents)


def _layers(contents: dict[str, Any]) -> Iterator[Any]:
    yield {"TITLE": contents["title"], "DESCRIPTION": contents["citation"]}
    fields = [[name, "text"] for name in ("code", "name", "within")]
    rows = [row for section in contents["sections"] for row in section["rows"]]
    for row in rows:
        fields += [[row["code"], "number"], [f"{row['code']}_status", "text"]]
    yield _layer("areas", contents["pinned"], fields, has_geometry=True)
    for n, column in enumerate(contents["columns"]):
        cells = [part for row in rows for part in _pair(row["cells"][n])]
        named = [column["code"], column["name"], column["within"]]
        yield [*named, *cells, contents["shapes"].get(column["code"])]
    figures = [list(pair) for pair in zip(HEADER, TYPES, strict=True)]
    yield _layer("figures", contents["pinned"], figures)
    yield from _rows(contents)
    yield _layer("about", contents["title"], [[name, "text"] for name in KEEPING])
    yield from _about(contents)


def _layer(
    name: str, description: str, fields: list[list[str]], *, has_geometry: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "fields": fields,
        "has_geometry": has_geometry,
    }


def _pair(cell: dict[str, Any]) -> list[Any]:
    return [cell["value"], cell["status"]]


def _rows(contents: dict[str, Any]) -> Iterator[list[Any]]:
    for section in contents["sections"]:
        for row in section["rows"]:
            for column, cell in zip(contents["columns"], row["cells"], strict=True):
                yield [
                    column["code"],
                    column["name"],
                    section["name"],
                    row["code"],
                    row["name"],
                    row["unit"],
                    row["period_code"],
                    cell["value"],
                    cell["status"],
                    cell["status_words"],
                    cell["coverage"],
                    cell["rank"],
                    ", ".join(row["sources"]),
                ]


def _ranking_rows(ranking: dict[str, Any]) -> Iterator[list[Any]]:
    for entry in ranking["entries"]:
        named = [entry["code"], entry["name"], entry["rank"], entry["score"]]
        for part in entry["parts"]:
            yield [*named, part["name"], part["figure"], part["adds"]]


def _about(contents: dict[str, Any]) -> Iterator[list[str]]:
    words = contents["words"]
    yield [words["cite"], contents["citation"]]
    yield ["", contents["pinned"]]
    for number, text in contents["sources"]:
        yield [f"{words['sources']} {number}", text]
    for text in contents["method"]:
        yield [words["method"], text]
    for text in contents["caveats"]:
        yield [words["caveats"], text]
