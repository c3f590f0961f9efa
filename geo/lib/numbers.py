"""Numbers for people, and numbers that people wrote."""

from __future__ import annotations

import math
import re

MINUS = "−"
SEPARATORS = {"id": (".", ","), "en": (",", ".")}  # thousands, decimals


class NotANumber(ValueError):
    """The text is not a finite number."""


class AmbiguousNumber(ValueError):
    """The text can be read as two numbers; ``readings`` holds both."""

    def __init__(self, readings: tuple[float, float]) -> None:
        super().__init__(readings)
        self.readings = readings


# What people write into a cell when there is nothing to write.
NOTHING = {"", "-", "--", "–", "—", ".", "nihil", "n/a", "na", "tidak ada", "tdk ada", "kosong"}


def format_number(value: float, decimals: int = 0, language: str = "id") -> str:
    """Write ``1234.5`` as ``1.234,5`` (id) or ``1,234.5`` (en), with a true minus sign."""
    thousands, point = SEPARATORS.get(language, SEPARATORS["id"])
    text = f"{abs(value):,.{decimals}f}"
    # What rounds to nought has no sign: "−0" would ask a question nobody can answer.
    negative = value < 0 and any(digit in "123456789" for digit in text)
    written = text.translate(str.maketrans(",.", thousands + point))
    return f"{MINUS}{written}" if negative else written


def format_change(value: float, decimals: int = 0, language: str = "id") -> str:
    """Write a difference with its sign: ``+12,3``, ``−4,1``, ``0,0``."""
    written = format_number(value, decimals, language)
    rises = value > 0 and any(digit in "123456789" for digit in written)
    return f"+{written}" if rises else written


_PLAIN = re.compile(r"[+-]?[0-9]+")
_EXPONENT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+")
_ONE_MARK = re.compile(r"([+-]?)([0-9]+)([.,])([0-9]+)")
_GROUPED = re.compile(r"([+-]?[0-9]{1,3}(?:([., ])[0-9]{3})(?:\2[0-9]{3})*)(?:([.,])([0-9]+))?")


def read_number(text: str, decimal: str | None = None) -> float:
    """Read a number as people write it in Indonesia or abroad.

    Parameters
    ----------
    text
        ``1234``, ``1.234,5``, ``1,234.5``, ``0,75``, ``1 234`` …
    decimal
        ``","`` or ``"."`` where it is known which of them parts the decimals.

    Returns
    -------
    float
        Always finite.

    Raises
    ------
    AmbiguousNumber
        For ``1.500`` or ``1,500`` without ``decimal``: 1500 or 1.5.
    NotANumber
        For anything else, also for NaN and infinity.
    """
    written = text.strip().replace("\u00a0", " ").replace(MINUS, "-")
    if decimal is not None:
        return _read_with(written, decimal)
    if _PLAIN.fullmatch(written) or _EXPONENT.fullmatch(written):
        return _finite(written)
    one = _ONE_MARK.fullmatch(written)
    if one:
        return _read_one_mark(*one.groups())
    grouped = _GROUPED.fullmatch(written)
    if grouped is None or grouped[2] == grouped[3]:
        raise NotANumber(text)
    whole = grouped[1].replace(grouped[2], "")
    return _finite(f"{whole}.{grouped[4] or 0}")


def _read_one_mark(sign: str, whole: str, mark: str, rest: str) -> float:
    value = _finite(f"{sign}{whole}.{rest}")
    # Exactly three digits after one to three that do not start with 0: thousands or decimals?
    if len(rest) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        raise AmbiguousNumber((_finite(f"{sign}{whole}{rest}"), value))
    return value


def _read_with(written: str, decimal: str) -> float:
    thousands = "." if decimal == "," else ","
    whole, _, rest = written.partition(decimal)
    for mark in (thousands, " "):
        groups = whole.lstrip("+-").split(mark)
        if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
            whole = whole.replace(mark, "")
    if not re.fullmatch(r"[+-]?[0-9]+", whole) or not re.fullmatch(r"[0-9]*", rest):
        if decimal == "." and _EXPONENT.fullmatch(written):
            return _finite(written)
        raise NotANumber(written)
    return _finite(f"{whole}.{rest or 0}")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise NotANumber(text)
    return value
