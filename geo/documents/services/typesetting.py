"""Making documents: typeset once, then kept for as long as nothing in them changes."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from geo.lib.children import run_child
from geo.lib.kept_files import KeptFiles

MOST_KEPT_BYTES = 100_000_000
SECONDS, MEMORY_MB = 30, 1500


@cache
def _edition(folder: Path) -> str:
    """A text that changes whenever a template does, read once a process."""
    texts = b"".join(path.read_bytes() for path in sorted(folder.glob("*.typ")))
    return hashlib.sha256(texts).hexdigest()[:12]


def open_document(*, template: str, file_format: str, page: dict[str, Any]) -> IO[bytes]:
    """Typeset ``page`` and open the document for reading.

    What a document says is also the key under which it is kept: nothing that is
    shown can be stale, and two addresses that say the same share a file.

    Parameters
    ----------
    template
        A file of templates/documents.
    file_format
        ``pdf``, or ``png`` for the first page as a picture.

    Raises
    ------
    FileNotMade, TooBusy
    """
    folder = settings.BASE_DIR / "templates" / "documents"
    asked = {"template": template, "format": file_format, "page": page}
    kept = KeptFiles(settings.VAR_DIR / "cache" / "documents", MOST_KEPT_BYTES)
    key = f"{_edition(folder)} {json.dumps(asked, sort_keys=True)}"
    return kept.open(
        key,
        lambda path: run_child(
            "geo.lib.typesetting", [asked], path, seconds=SECONDS, memory_mb=MEMORY_MB
        ),
    )
