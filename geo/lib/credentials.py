"""Names to sign in with, and first passwords that survive being copied from paper."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Container

# No 0 O 1 l i: a slip of paper is read aloud over the telephone.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4
LONGEST_USERNAME = 30
# Titles before a name; what follows a comma (S.Kom., M.Si.) is cut off with it.
TITLES = {"h", "hj", "ir", "dr", "drs", "dra", "prof", "kh", "ust", "bapak", "ibu", "sdr", "sdri"}


def make_first_password() -> str:
    """Four groups of four signs, 79 bits: ``kqm7-3xwd-pt5h-e9va``."""
    groups = (
        "".join(secrets.choice(SIGNS) for _sign in range(GROUP_LENGTH)) for _group in range(GROUPS)
    )
    return "-".join(groups)


def make_username(full_name: str, taken: Container[str]) -> str:
    """A name to sign in with that is like the person's and not among ``taken``.

    Parameters
    ----------
    full_name : str
        As people write it: ``"Hj. Siti Aminah, S.Pd."``.
    taken : container of str
        Names in use, in small letters.

    Returns
    -------
    str
        Small letters, digits and a dot: ``"siti.aminah"``, then
        ``"siti.aminah2"``. ``"pengguna"`` where no Latin letter is in the name.
    """
    plain = unicodedata.normalize("NFKD", full_name.split(",")[0])
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    first = ".".join(words[:2])[:LONGEST_USERNAME].rstrip(".") or "pengguna"
    name, n = first, 1
    while name in taken:
        n += 1
        name = f"{first}{n}"
    return name
