"""How a sentence about an upload is written down; ``sentences`` holds them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "question", "notice"]


def _(msgid: str) -> str:
    """Mark a text for xgettext; the room that shows it translates."""
    return msgid


@dataclass(frozen=True, slots=True)
class Sentence:
    """How grave a code is, and what is said about it."""

    text: str
    severity: Severity = "error"


def notice(text: str) -> Sentence:
    """Make a sentence that only tells."""
    return Sentence(text, "notice")


def question(text: str) -> Sentence:
    """Make a sentence that waits for an answer."""
    return Sentence(text, "question")
