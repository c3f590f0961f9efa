"""Whether a text is the name of a person."""

from __future__ import annotations

import re

from geo.lib.names import name_key

# What is written where somebody has still to be found.
NOBODY = {"belumada", "tidakada", "kosong", "nihil"}


def is_name(text: str) -> bool:
    """Whether a text may be somebody's name: it has a letter, and does not say “nobody yet”."""
    return bool(re.search(r"[^\W\d_]", text)) and name_key(text) not in NOBODY
