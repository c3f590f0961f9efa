"""Bad files, each with the fault that has to be found; ``test_corpus.py`` reads them all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECRET = "KANARI-4711-RAHASIA"
ACCEPTED = ""


@dataclass(frozen=True)
class Canary:
    """What a hostile file would like to reach: a secret file, a listening server."""

    secret: Path
    url: str
    folder: Path


@dataclass(frozen=True)
class Case:
    """One file: how it is made, what is expected of it, and what must be said about it."""

    name: str
    make: Callable[[Canary], bytes] | bytes
    code: str
    kind: str = "map"
    suffix: str = ""
    # Read in spite of the code, which is a notice then.
    is_read: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def content(self, canary: Canary) -> bytes:
        return self.make if isinstance(self.make, bytes) else self.make(canary)


def all_cases() -> list[Case]:
    from tests.uploads import corpus_archives, corpus_maps, corpus_tables, corpus_text

    modules = (corpus_archives, corpus_maps, corpus_tables, corpus_text)
    return [case for module in modules for case in module.cases()]
