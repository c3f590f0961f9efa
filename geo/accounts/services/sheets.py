"""Accounts for many people from one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import Assignment
from geo.accounts.queries import villages_without_operator
from geo.accounts.rules import (
    HEADINGS,
    ROLE_WORDS,
    Known,
    KnownArea,
    NewAccount,
    names_people,
    plain,
    read_accounts,
)
from geo.areas.models import Area
from geo.indicators.models import Sector
from geo.lib.children import run_child
from geo.lib.names import name_key
from geo.lib.tables import ERROR, Issue, as_text
from geo.lib.uploads.contract import ReadFault
from geo.lib.uploads.personal import masked
from geo.lib.uploads.reading import read_upload
from geo.lib.uploads.sentences import SENTENCES

# For the child that writes the sheet.
SECONDS, MEMORY_MB = 20, 300
NOT_OF_ACCOUNTS = {
    "personal_number": _(
        "Cell %(cell)s looks like the NIK or KK number of a person (%(found)s). No account needs "
        "it: delete it, and send the sheet again."
    ),
    "personal_column": _(
        "Column %(column)s is headed “%(found)s”. No account needs that of a person: delete the "
        "column, and send the sheet again."
    ),
}


def read_sheet(path: Path) -> tuple[list[NewAccount], list[Issue]]:
    """The accounts that a workbook or CSV asks for, and everything that is wrong with it."""
    reading = read_upload(path, kind="table")
    # A list of people is what this sheet is; identity numbers are refused here too.
    reading.faults = [fault for fault in reading.faults if not _is_name(fault)]
    told = [_issue(fault) for fault in reading.faults if fault.severity != "notice"]
    stopping = {one.code for one in reading.faults if one.severity in {"error", "question"}}
    if stopping - NOT_OF_ACCOUNTS.keys() or not reading.sheets:
        return [], told
    sheets = [
        [(row, [_text(cell) for cell in cells]) for row, cells in sheet.lines]
        for sheet in reading.sheets
    ]
    # A sheet of notes may have been put before the one that we handed out.
    accounts, issues = read_accounts(next(filter(names_people, sheets), sheets[0]), known())
    return ([], told + issues) if stopping else (accounts, issues)


def _issue(fault: ReadFault) -> Issue:
    sentence = NOT_OF_ACCOUNTS.get(fault.code) or gettext(SENTENCES[fault.code].text)
    return Issue(fault.row, fault.column, fault.cell, sentence % fault.words(), ERROR)


def _is_name(fault: ReadFault) -> bool:
    """Whether no more was found than the names of the people."""
    heading = plain(str(fault.facts.get("found", "")))
    is_telling = fault.code == "personal_column" and heading in HEADINGS["name"]
    return fault.code == "personal_names" or is_telling


def write_sheet(path: Path) -> None:
    """Write a workbook with a row for each village without operator, ready to be filled."""
    run_child("geo.lib.sheets", _sheets(), path, seconds=SECONDS, memory_mb=MEMORY_MB)


def _sheets() -> Iterator[Any]:
    columns = [words[0] for words in HEADINGS.values()]
    yield {"title": "Akun"}
    yield {"name": "Akun", "header": columns, "widths": [16, 38, 30, 26, 14, 18, 18, 28]}
    for village in villages_without_operator():
        district = village.parent.name if village.parent else ""
        yield [village.code, f"{village}, {district}", *[None] * (len(columns) - 2)]
    yield {"name": "Pilihan", "header": ["peran", "sektor"], "widths": [18, 30]}
    roles = [words[0] for words in ROLE_WORDS.values()]
    sectors = [sector.name_id for sector in Sector.objects.order_by("name_id")]
    yield from (list(row) for row in zip_longest(roles, sectors))


def _text(cell: str | int | float | bool | None) -> str:
    if isinstance(cell, str) or cell is None:
        return masked((cell or "").strip())
    return masked(as_text(float(cell)))


def known() -> Known:
    """What a sheet may name in this database."""
    areas = Area.objects.current().filter(code__startswith=settings.REGENCY_CODE)
    areas = areas.only("code", "level", "kind", "name")
    sectors: dict[str, int] = {}
    for sector in Sector.objects.all():
        for name in (sector.name_id, sector.name_en, sector.code.replace("_", " ")):
            sectors.setdefault(name.lower(), sector.pk)
    held = Assignment.objects.not_ended().filter(user__is_active=True)
    rows = held.values_list("role", "area", "sector", "user__full_name")
    return Known(
        areas={one.code: KnownArea(one.pk, one.level, str(one)) for one in areas},
        sectors=sectors,
        held={(role, area, sector, name_key(name)) for role, area, sector, name in rows},
    )
