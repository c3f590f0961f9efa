"""A child that typesets documents: see ``lib.children`` for how it is started.

It is given one object: ``template`` (a file of templates/documents), ``format`` (``pdf`` or
``png``) and ``page``, everything that the document says. Typst gets ``page`` as JSON, never
as markup: no name and no sentence can be taken for a command. From ``page["address"]``, a
QR code is made and given as ``page["qr"]``.

PDF is written as PDF/UA-1 (for screen readers) and PDF/A-2b (for archives) at once. The fonts
are those of the package font-source-sans-pro, so that every machine sets the same page.
"""

from __future__ import annotations

import io
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno
import typst

from geo.lib.limits import limit_myself, read_lines

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "documents"
STANDARDS = ["ua-1", "a-2b"]
DOTS_PER_INCH = 144.0  # A4 landscape: 1684 × 1191


def _fonts() -> list[str]:
    package = find_spec("font_source_sans_pro")
    return [str(Path(package.origin).parent / "files")] if package and package.origin else []


def qr_code(address: str) -> str:
    """A QR code as SVG, with the four modules of quiet around it that readers need."""
    written = io.BytesIO()
    segno.make(address, error="m", micro=False).save(written, kind="svg", border=4)
    return written.getvalue().decode()


def typeset(asked: dict[str, Any]) -> bytes:
    """Return the document as PDF, or its first page as PNG."""
    page = asked["page"] | {"qr": qr_code(asked["page"]["address"])}
    shape: dict[str, Any] = {"format": "pdf", "pdf_standards": STANDARDS}
    if asked["format"] == "png":
        page["pages"] = 1
        shape = {"format": "png", "ppi": DOTS_PER_INCH}
    made = typst.compile(
        str(TEMPLATES / asked["template"]),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"page": json.dumps(page)},
        **shape,
    )
    return made[0] if isinstance(made, list) else made


if __name__ == "__main__":
    limit_myself()
    sys.stdout.buffer.write(typeset(next(read_lines())))
