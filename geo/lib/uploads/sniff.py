"""What a file is, by its content: the name that somebody gave it is never asked."""

from __future__ import annotations

import codecs
import re

from geo.lib.uploads.archives import Archive
from geo.lib.uploads.faults import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SQLITE = b"SQLite format 3\0"
SHAPEFILE = b"\x00\x00\x27\x0a"
MAPS = {"geojson", "kml", "gpx", "shp", "gpkg"}
KNOWN_STRANGERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"RIFF": "WebP/WAV",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "GZIP",
    b"BZh": "BZIP2",
    b"\xfd7zXZ": "XZ",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"{\\rtf": "RTF",
    b"FWS": "SWF",
}
ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
HTML_ROOTS = {"html", "table", "head", "body", "meta", "style", "div", "tr"}


def sniff(content: bytes) -> tuple[str, Archive | None]:
    """Tell the format of a file.

    Returns
    -------
    tuple
        ``xlsx``, ``csv``, ``geojson``, ``kml``, ``gpx``, ``shp`` or ``gpkg``; and the
        opened archive where the file is one.

    Raises
    ------
    Refused
        Another format; most codes say how to save the file so that it can be read.
    """
    if content.startswith(OLE):
        raise Refused(*_of_ole(content))
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        archive = Archive(content)
        return _of_archive(archive), archive
    if content.startswith(SQLITE):
        return "gpkg", None
    if content.startswith(SHAPEFILE):
        raise Refused("attributes_missing", found="*.shp")
    for start, name in KNOWN_STRANGERS.items():
        if content.startswith(start) and not _is_text(content[:200]):
            raise Refused("unknown_format", found=name)
    return _of_text(_beginning(content)), None


def _of_ole(content: bytes) -> tuple[str]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return ("locked_workbook",)
    return ("old_workbook",)


def _of_archive(archive: Archive) -> str:
    names = archive.names()
    lower = {name.lower() for name in names}
    _refuse_office(names, lower)
    if "[content_types].xml" in lower:
        if any(name.startswith("xl/") for name in lower):
            return "xlsx"
        raise Refused("unknown_format", found="DOCX/PPTX")
    for ending, found in ((".shp", "shp"), (".kml", "kml")):
        if any(name.endswith(ending) for name in lower):
            return found
    raise Refused("zip_no_map", found=", ".join(names[:5])[:200] or "–")


def _refuse_office(names: list[str], lower: set[str]) -> None:
    """Refuse what table programs write besides XLSX, and XLSX that holds programs."""
    for name in names:
        if name.lower().endswith("vbaproject.bin") or name.lower().startswith("xl/macrosheets/"):
            raise Refused("macro_workbook", member=name[:80])
    if "xl/workbook.bin" in lower:
        raise Refused("binary_workbook")
    if "mimetype" in lower and "content.xml" in lower:
        raise Refused("open_document")


def _is_text(beginning: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\r\n" for byte in beginning) and beginning.isascii()


def _beginning(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content[:4096].decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    # UTF-16 without its mark: every other byte of a "<" or "{" is nought.
    beginning = content[:4096].replace(b"\0", b"")
    return beginning.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")


def _of_text(beginning: str) -> str:
    if beginning.startswith("{"):
        return "geojson"
    if re.match(r"\[\s*[\[{]", beginning):
        return "geojson"
    if not beginning.startswith("<"):
        return "csv"
    if re.match(r"<!doctype\s+html", beginning, re.IGNORECASE):
        raise Refused("html_workbook")
    return _of_xml(beginning)


def _of_xml(beginning: str) -> str:
    found = ROOT.search(re.sub(r"<!--.*?(-->|$)", "", beginning, flags=re.DOTALL))
    root = found[1] if found else ""
    if root in {"kml", "gpx"}:
        return root
    if root.lower() in HTML_ROOTS:
        raise Refused("html_workbook")
    if root.startswith(("OGRVRT", "VRTDataset", "WMS_", "GDAL_", "WMTS", "OGRWFS")):
        raise Refused("linked_file", found=root[:40])
    if re.search(r"<!(DOCTYPE|ENTITY)", beginning):
        line = beginning[: beginning.index("<!")].count("\n") + 1
        raise Refused("xml_doctype", line=line, part="XML")
    if root == "Workbook":
        raise Refused("old_workbook")
    raise Refused("unknown_format", found=f"XML <{root[:40]}>")
