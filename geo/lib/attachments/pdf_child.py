"""The reader of documents in the sandbox: whether a PDF is one, is whole, and only to be read."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import IO, Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

HEADS = (b"%PDF-1.", b"%PDF-2.")
END = b"%%EOF"
# What makes a document do something, or carry other files; what we call it.
KEYS = {"/JS": "script", "/JavaScript": "script", "/EmbeddedFiles": "files", "/EF": "files",
        "/XFA": "form", "/RichMediaContent": "media"}  # fmt: skip
ACTIONS = {"/JavaScript": "script", "/Launch": "program", "/ImportData": "program",
           "/SubmitForm": "form", "/GoToR": "program", "/GoToE": "files"}  # fmt: skip


def prepare(request: dict[str, Any]) -> None:
    """Read a small document, so that all that is loaded late is loaded."""
    logging.disable(logging.CRITICAL)
    written = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    writer.write(written)
    _read(written.getvalue(), request["most_objects"])


def answer(
    request: dict[str, Any], file: IO[bytes], _progress: Callable[[Any], None]
) -> dict[str, Any]:
    """``{"n_pages"}``, or ``{"fault"}`` with its facts.

    ``request`` says with ``most_objects`` how many a document may be made of.
    """
    content = file.read()
    if not content.startswith(HEADS) or END not in content:
        return {"fault": "damaged_document"}
    if content[content.rindex(END) + len(END) :].strip(b"\x00\t\n\f\r "):
        return {"fault": "more_than_document"}
    try:
        return _read(content, request["most_objects"])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 pypdf raises whatever a broken file makes it
        return {"fault": "damaged_document"}


def _read(content: bytes, most_objects: int) -> dict[str, Any]:
    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        return {"fault": "locked_document"}
    numbers = _object_numbers(reader)
    if len(numbers) > most_objects:
        return {"fault": "too_many_objects", "found": len(numbers)}
    n_pages = len(reader.pages)
    if not n_pages:
        return {"fault": "damaged_document"}
    found = next((what for number in numbers for what in _acts(reader.get_object(number))), "")
    return {"fault": "active_document", "found": found} if found else {"n_pages": n_pages}


def _object_numbers(reader: pypdf.PdfReader) -> list[int]:
    numbers = {number for table in reader.xref.values() for number in table}
    return sorted(numbers | set(reader.xref_objStm))


def _acts(thing: Any) -> Iterator[str]:
    """What in an object would act if somebody opened the document."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            yield from (what for key, what in KEYS.items() if key in one)
            action = one.get("/S")
            if isinstance(action, IndirectObject):
                action = action.get_object()
            if isinstance(action, str) and action in ACTIONS:
                yield ACTIONS[action]
            # Each indirect object is looked at on its own: references are not followed.
            waiting += list(dict.values(one))
        elif isinstance(one, ArrayObject):
            waiting += list(list.__iter__(one))
