"""The parent's side of taking a photo or a document: what it is, and what comes of it.

The child is believed as little as the file: what it answers is measured once more here.
"""

from __future__ import annotations

import base64
import binascii
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.lib.sandbox import Limits, open_regular, run_sandboxed

PHOTO, DOCUMENT = "photo", "document"
LARGEST_MB = {PHOTO: 15, DOCUMENT: 10}
MOST_MEGAPIXELS = 50
LEAST_SIDE_PX = 240
# A report of some hundred pages, tagged for readers aloud, has tens of thousands. So many take
# 5 s and 370 MB, a third of the limits below (docs/photos.md).
MOST_OBJECTS = 100_000
LARGE_PX, LARGE_BYTES = 1600, 300_000
THUMBNAIL_PX, THUMBNAIL_BYTES = 480, 25_000
# With the wait for a turn less than the minute that proxies give a page.
LIMITS = Limits(cpu_s=15, wall_s=25.0, memory_mb=1024, answer_mb=2)
CHILDREN = {PHOTO: "geo.lib.attachments.photo_child", DOCUMENT: "geo.lib.attachments.pdf_child"}
HEAD_BYTES = 512
MARKS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", "zip"),
    (b"%!PS", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
)
KINDS = {"jpeg": PHOTO, "png": PHOTO, "webp": PHOTO, "pdf": DOCUMENT}


@dataclass(frozen=True, slots=True)
class Picture:
    """One of the two pictures that are made of a photo."""

    content: bytes
    width: int
    height: int


@dataclass(slots=True)
class Checked:
    """What came of a file: either ``fault`` is set, or the rest is.

    ``facts`` are what the fault's sentence needs.
    """

    kind: str = ""
    fault: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    large: Picture | None = None
    thumbnail: Picture | None = None
    n_pages: int | None = None

    @property
    def ok(self) -> bool:
        """Whether it can be taken."""
        return not self.fault


def sniff(head: bytes) -> str:
    """What a file is by its first bytes; its name says nothing."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:11] in {b"hei", b"hev", b"mif", b"msf"} else "video"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<?xml", b"<svg")):
        return "svg"
    return "html" if text.startswith((b"<!doctype", b"<html")) else "other"


def check(path: Path) -> Checked:
    """Look at a file from a stranger, a photo or a PDF; never raises for its sake."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            size_bytes, head = os.fstat(file.fileno()).st_size, file.read(HEAD_BYTES)
    except OSError:
        return _refused("unreadable")
    if not size_bytes:
        return _refused("empty")
    found = sniff(head)
    kind = KINDS.get(found)
    if kind is None:
        return _refused("not_taken", found=found)
    if size_bytes > LARGEST_MB[kind] << 20:
        return _refused("too_large", found_mb=-(-size_bytes >> 20))
    outcome = run_sandboxed(CHILDREN[kind], _request(), path, limits=LIMITS)
    if not outcome.ok:
        return _refused("no_sandbox" if outcome.code == "no_sandbox" else "unreadable")
    return _believed(outcome.answer, kind)


def _refused(fault: str, **facts: Any) -> Checked:
    return Checked(fault=fault, facts=facts)


def _request() -> dict[str, Any]:
    return {
        "most_pixels": MOST_MEGAPIXELS * 1_000_000,
        "least_side_px": LEAST_SIDE_PX,
        "most_objects": MOST_OBJECTS,
        "sizes": {
            "large": {"side_px": LARGE_PX, "most_bytes": LARGE_BYTES},
            "thumbnail": {"side_px": THUMBNAIL_PX, "most_bytes": THUMBNAIL_BYTES},
        },
    }


def _believed(answer: Any, kind: str) -> Checked:
    if not isinstance(answer, dict):
        return _refused("unreadable")
    if fault := answer.pop("fault", ""):
        facts = {str(name): str(value)[:40] for name, value in answer.items()}
        return _refused(str(fault), **facts)
    if kind == DOCUMENT:
        n_pages = answer.get("n_pages")
        is_count = isinstance(n_pages, int) and 0 < n_pages < 1_000_000
        return Checked(kind, n_pages=n_pages) if is_count else _refused("unreadable")
    large = _picture(answer.get("large"), _jpeg_size, LARGE_PX, LARGE_BYTES)
    thumbnail = _picture(answer.get("thumbnail"), _webp_size, THUMBNAIL_PX, THUMBNAIL_BYTES)
    if large is None or thumbnail is None:
        return _refused("unreadable")
    return Checked(kind, large=large, thumbnail=thumbnail)


def _picture(text: Any, size_of: Any, most_px: int, most_bytes: int) -> Picture | None:
    try:
        content = base64.b64decode(text, validate=True)
        width, height = size_of(content)
    except (TypeError, ValueError, binascii.Error, struct.error):
        return None
    is_fit = 0 < width <= most_px and 0 < height <= most_px and len(content) <= most_bytes
    return Picture(content, width, height) if is_fit else None


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height that the frame header of a JPEG states."""
    if not content.startswith(b"\xff\xd8\xff"):
        raise ValueError("no JPEG")
    at = 2
    while content[at : at + 1] == b"\xff":
        marker, length = struct.unpack_from(">xBH", content, at)
        if 0xC0 <= marker <= 0xC2:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + length
    raise ValueError("no frame")


def _webp_size(content: bytes) -> tuple[int, int]:
    """Width and height of a WebP of one lossy frame, the only kind that the child writes."""
    if content[:4] != b"RIFF" or content[8:16] != b"WEBPVP8 " or content[23:26] != b"\x9d\x01\x2a":
        raise ValueError("no lossy WebP")
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF
