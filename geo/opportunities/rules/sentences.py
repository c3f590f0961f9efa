"""What must hold of an opportunity that somebody brings in, each as a full sentence."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext, gettext_lazy

from geo.lib.grids import Cell
from geo.lib.kbli import DIGITS, read_classification
from geo.lib.tables import ERROR, WARNING, Issue
from geo.opportunities.models import Zoning

REQUIRED = ("title_id", "business", "kbli", "area", "stage", "status_on", "contact_office")

SENTENCES = {
    "empty": gettext_lazy(
        "%(title)s: “%(label)s” is empty, and nobody can judge an opportunity without it. Fill it "
        "in."
    ),
    "kbli_shape": gettext_lazy(
        "%(title)s: the KBLI code “%(found)s” does not exist. It has five digits, such as 10631, "
        "and its first two name a division of KBLI 2020. Look it up at OSS.%(alike)s"
    ),
    "kbli_unlisted": gettext_lazy(
        "%(title)s: the KBLI code %(found)s is not in the list that this site knows.%(alike)s If "
        "it stands so in OSS, write the reason."
    ),
    "unknown_area": gettext_lazy(
        "%(title)s: there is no village or district “%(found)s” in %(form)s. Write its code, such "
        "as 16.07.03.2001, or its name as this site writes it."
    ),
    "ambiguous_area": gettext_lazy(
        "%(title)s: several areas are called “%(found)s”: %(near)s. Write the code of the one that "
        "is meant."
    ),
    "half_point": gettext_lazy(
        "%(title)s: a position needs both longitude and latitude; only one of them is filled in. "
        "Fill in the other, or empty both."
    ),
    "outside_form": gettext_lazy(
        "%(title)s: the position %(found)s lies outside %(form)s. Check longitude and latitude; "
        "they may have been interchanged."
    ),
    "outside_area": gettext_lazy(
        "%(title)s: the position %(found)s lies outside %(area)s, in %(other)s. Correct the "
        "position or the village; if both are right, write the reason."
    ),
    "bad_outline": gettext_lazy(
        "%(title)s: the outline in the file cannot be used: %(found)s. Draw it again as one or "
        "several closed areas, or give a point."
    ),
    "zoning_source": gettext_lazy(
        "%(title)s: it says that the spatial plan makes this “%(found)s”, but not by which "
        "document and since when. Fill in the source of the zoning and its date, or leave the "
        "zoning “not stated”."
    ),
    "ends_before": gettext_lazy(
        "%(title)s: it is valid until %(found)s, which is before %(start)s, the day of its status. "
        "Correct whichever is wrong."
    ),
    "in_future": gettext_lazy(
        "%(title)s: “%(label)s” is %(found)s, which has not come yet. Correct the day."
    ),
    "bad_email": gettext_lazy(
        "%(title)s: “%(found)s” is not an e-mail address. Write it whole, such as "
        "nama@contoh.go.id."
    ),
    "bad_address": gettext_lazy(
        "%(title)s: “%(found)s” is not the address of a page. Copy it from the browser; it begins "
        "with https://."
    ),
    "protected": gettext_lazy(
        "%(title)s: it lies in a protected area, where most enterprises are not allowed. If it is "
        "meant so, write the reason."
    ),
    "too_long": gettext_lazy(
        "%(title)s: “%(label)s” has %(length)s characters; at most %(most)s are taken. Shorten it."
    ),
    "twice": gettext_lazy(
        "%(title)s stands twice in the list for the same area, in rows %(first)s and %(row)s. "
        "Keep one of the two."
    ),
    "there_already": gettext_lazy(
        "%(title)s is in the catalogue already, as %(code)s. Write into that row, or give this one "
        "another title."
    ),
}
# What wants a reason, and the columns that decide it.
WARNINGS = {
    "kbli_unlisted": ("kbli",),
    "outside_area": ("lon", "lat", "area"),
    "protected": ("zoning",),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One row as it would stand: its line, its cells by column, and how columns are called."""

    row: int
    title: str
    cells: Mapping[str, Cell]
    labels: Mapping[str, str]

    def issue(self, rule: str, column: str, **facts: Any) -> Issue:
        """A sentence at a cell of the row."""
        found = str(facts.setdefault("found", self.cells.get(column) or ""))
        facts |= {"title": self.title, "label": self.labels.get(column, column), "row": self.row}
        severity = WARNING if rule in WARNINGS else ERROR
        return Issue(self.row, column, found, str(SENTENCES[rule]) % facts, severity, rule)


def is_old_news(issue: Issue, cells: Mapping[str, Cell], before: Mapping[str, Cell]) -> bool:
    """Whether a warning is of what stands so already, for which nobody gives a reason again."""
    columns = WARNINGS.get(issue.rule, ())
    return bool(columns) and all(cells.get(one) == before.get(one) for one in columns)


def check_entry(entry: Checked, *, today: datetime.date, most: Mapping[str, int]) -> list[Issue]:
    """Every problem of one row by itself, without asking the database.

    Parameters
    ----------
    most
        How many characters a column takes, by its code.
    """
    issues: list[Issue] = []
    for column in REQUIRED:
        if entry.cells.get(column) in (None, ""):
            issues.append(entry.issue("empty", column))
    for check in CHECKS:
        issues += check(entry)
    for column in ("status_on", "zoning_on"):
        day = _day(entry, column)
        if day is not None and day > today:
            issues.append(entry.issue("in_future", column, found=_written(day)))
    for column, limit in most.items():
        text = entry.cells.get(column)
        if isinstance(text, str) and len(text) > limit:
            facts = {"length": len(text), "most": limit, "found": text[:40]}
            issues.append(entry.issue("too_long", column, **facts))
    return issues


def _kbli(entry: Checked) -> Iterator[Issue]:
    code = entry.cells.get("kbli")
    if code in (None, ""):
        return
    known = read_classification()
    text = known.tidied(str(code))
    if text in known.codes:
        return
    near = ", ".join(known.alike(text))
    alike = " " + gettext("Alike are: %(near)s.") % {"near": near} if near else ""
    is_code = len(text) == DIGITS and known.section_of(text) is not None
    yield entry.issue("kbli_unlisted" if is_code else "kbli_shape", "kbli", found=text, alike=alike)


def _point(entry: Checked) -> Iterator[Issue]:
    lon, lat = entry.cells.get("lon"), entry.cells.get("lat")
    if (lon is None) != (lat is None):
        yield entry.issue("half_point", "lat" if lat is None else "lon")


def _zoning(entry: Checked) -> Iterator[Issue]:
    zoning = entry.cells.get("zoning")
    if zoning in (None, "", "unstated"):
        return
    if not entry.cells.get("zoning_source") or not entry.cells.get("zoning_on"):
        missing = "zoning_source" if not entry.cells.get("zoning_source") else "zoning_on"
        yield entry.issue("zoning_source", missing, found=_zone(zoning))
    if zoning == "protected":
        yield entry.issue("protected", "zoning", found=_zone(zoning))


def _days(entry: Checked) -> Iterator[Issue]:
    start, end = _day(entry, "status_on"), _day(entry, "valid_until")
    if start and end and end < start:
        facts = {"found": _written(end), "start": _written(start)}
        yield entry.issue("ends_before", "valid_until", **facts)


def _addresses(entry: Checked) -> Iterator[Issue]:
    checks: list[tuple[str, str, Callable[[str], None]]] = [
        ("contact_email", "bad_email", validate_email),
        ("document_url", "bad_address", URLValidator(schemes=["http", "https"])),
    ]
    for column, code, validate in checks:
        text = entry.cells.get(column)
        if text:
            try:
                validate(str(text))
            except ValidationError:
                yield entry.issue(code, column)


CHECKS = (_kbli, _point, _zoning, _days, _addresses)


def _zone(code: Cell) -> str:
    return str(dict(Zoning.choices).get(str(code), code))


def _day(entry: Checked, column: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(entry.cells.get(column)))
    except ValueError:
        return None


def _written(day: datetime.date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
