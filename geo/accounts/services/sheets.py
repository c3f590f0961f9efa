"""Accounts for many people from one sheet."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from geo.accounts.models import Assignment
from geo.accounts.rules import Known, NewAccount, read_accounts
from geo.areas.models import Area
from geo.indicators.models import Sector
from geo.lib.names import name_key
from geo.lib.tables import ERROR, Issue, as_text
from geo.lib.uploads.reading import read_upload
from geo.lib.uploads.sentences import SENTENCES


def read_sheet(path: Path) -> tuple[list[NewAccount], list[Issue]]:
    """The accounts that a workbook or CSV asks for, and everything that is wrong with it."""
    reading = read_upload(path, kind="table")
    if reading.refused or not reading.sheets:
        return [], [
            Issue(
                fault.row,
                fault.column,
                fault.cell,
                gettext(SENTENCES[fault.code].text) % fault.words(),
                ERROR,
            )
            for fault in reading.faults
            if fault.severity != "notice"
        ]
    lines = [(row, [_text(cell) for cell in cells]) for row, cells in reading.sheets[0].lines]
    return read_accounts(lines, known())


def _text(cell: str | int | float | bool | None) -> str:
    if isinstance(cell, str) or cell is None:
        return (cell or "").strip()
    return as_text(float(cell))


def known() -> Known:
    """What a sheet may name in this database."""
    areas = Area.objects.current().filter(code__startswith=settings.REGENCY_CODE)
    sectors: dict[str, int] = {}
    for sector in Sector.objects.all():
        for name in (sector.name_id, sector.name_en, sector.code.replace("_", " ")):
            sectors.setdefault(name.lower(), sector.pk)
    held = Assignment.objects.not_ended().filter(user__is_active=True)
    rows = held.values_list("role", "area", "sector", "user__full_name")
    return Known(
        areas={code: (pk, level) for code, pk, level in areas.values_list("code", "pk", "level")},
        sectors=sectors,
        held={(role, area, sector, name_key(name)) for role, area, sector, name in rows},
    )
