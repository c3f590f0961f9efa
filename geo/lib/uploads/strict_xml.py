"""XML from strangers: a stream of tags without document types, entities or deep nesting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.parsers import expat

from geo.lib.uploads.faults import Refused

DEEPEST = 100


class XmlListener:
    """What somebody wants to hear of an XML file; names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, name: str) -> None:
        """A tag closes."""

    def text(self, text: str) -> None:
        """Letters between tags, perhaps in pieces."""


def listen(pieces: Iterable[bytes], listener: XmlListener, part: str) -> None:
    """Parse a stream.

    Parameters
    ----------
    pieces
        The file, in any number of pieces.
    part
        How the file is called in a fault.

    Raises
    ------
    Refused
        ``xml_doctype``, ``xml_broken``, ``xml_too_deep``, or what the listener raises.
    """
    parser = make_parser(part)
    local: dict[str, str] = {}
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Refused("xml_too_deep", most=DEEPEST, part=part)
        known = local.get(name)
        if known is None:
            known = local[name] = local_name(name)
        listener.start(known, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        listener.end(local[name])

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    parse(parser, pieces, part)


def make_parser(part: str) -> Any:
    """Make a parser that refuses every DOCTYPE; namespaces stand before names, with a blank."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16

    def refuse(*_declared: Any) -> None:
        raise Refused("xml_doctype", line=parser.CurrentLineNumber, part=part)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def parse(parser: Any, pieces: Iterable[bytes], part: str) -> None:
    """Feed a parser to the end, turning its errors into faults."""
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refused("xml_broken", line=error.lineno, at=error.offset + 1, part=part) from error
    except (LookupError, ValueError) as error:
        # An encoding that nobody has, or one that is no encoding of single bytes.
        line, at = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        raise Refused("xml_broken", line=line, at=at, part=part) from error


def local_name(name: str) -> str:
    """Cut the namespace off a name."""
    return name.rpartition(" ")[2]
