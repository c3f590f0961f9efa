"""Making the tables of sectors, indicators and data sets say what is declared."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError

from geo.indicators.models import (
    ClassBreaks,
    Dataset,
    Indicator,
    KeptFigure,
    Sector,
    ShownValues,
)
from geo.indicators.rules import BadDeclaration
from geo.indicators.services.observations import note_change
from geo.lib.declarations import Fault
from geo.lib.sectors import (
    IndicatorDeclaration,
    SectorDeclaration,
    check_together,
    read_sector,
)
from geo.lib.sensitive import sensitive_faults


@dataclass(slots=True)
class SectorReport:
    """What loading the sectors changed."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def read_declarations(folder: Path) -> list[SectorDeclaration]:
    """Read every sector.toml below ``folder``.

    Raises
    ------
    BadDeclaration
        With all faults of all files.
    """
    sectors, faults = [], []
    for path in sorted(folder.glob("*/sector.toml")):
        name = f"{path.parent.name}/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            faults.append(Fault(name, "", str(error), "toml"))
            continue
        declared, found = read_sector(path.parent.name, text, name)
        sectors.append(declared)
        faults += found
    if not sectors and not faults:
        faults.append(Fault(str(folder), "", "nothing", "toml"))
    faults = faults or check_together(sectors) or sensitive_faults(sectors)
    if faults:
        raise BadDeclaration(faults)
    return sectors


@transaction.atomic
def load_sectors(*, folder: Path, dry_run: bool = False) -> SectorReport:
    """Make the tables say what the folder declares, all or nothing.

    Indicators that are no longer declared are removed unless something was
    observed of them; those stay, and the report names them.

    Raises
    ------
    BadDeclaration
        With every fault; nothing is written.
    """
    sectors = read_declarations(folder)
    report = SectorReport()
    owners = {}
    for declared in sectors:
        sector, _created = Sector.objects.update_or_create(
            code=declared.code, defaults=declared.fields
        )
        owners.update({item.code: sector for item in declared.indicators})
    items = [item for sector in sectors for item in sector.indicators]
    # First what stands by itself, then what is made of it.
    for item in sorted(items, key=lambda item: bool(item.parts)):
        _save_indicator(item, owners[item.code], report)
    _remove_undeclared({item.code for item in items}, {s.code for s in sectors}, report)
    _save_datasets(sectors)
    if report.changed:
        # What was kept was computed as the folder said before.
        note_change([])
        KeptFigure.objects.all().delete()
        ShownValues.objects.all().delete()
        ClassBreaks.objects.exclude(period=None).delete()
    if dry_run:
        transaction.set_rollback(True)
    return report


def _save_datasets(sectors: Sequence[SectorDeclaration]) -> None:
    """Make the data sets those declared; one that was ever delivered keeps its row."""
    rows = {sector.code: sector for sector in Sector.objects.all()}
    declared = {item.code: (rows[s.code], item) for s in sectors for item in s.datasets}
    for code, (sector, item) in declared.items():
        Dataset.objects.update_or_create(code=code, defaults={"sector": sector, **item.fields})
    for gone in Dataset.objects.exclude(code__in=declared):
        with contextlib.suppress(ProtectedError), transaction.atomic():
            gone.delete()


def _save_indicator(item: IndicatorDeclaration, sector: Sector, report: SectorReport) -> None:
    parts: dict = dict.fromkeys(("numerator", "denominator", "weight"))
    parts |= {name: Indicator.objects.get(code=code) for name, code in item.parts.items()}
    wanted = {"sector": sector, **item.fields, **parts}
    stored = Indicator.objects.filter(code=item.code).first()
    if stored is None:
        Indicator.objects.create(code=item.code, **wanted)
        report.new.append(item.code)
    elif any(getattr(stored, name) != value for name, value in wanted.items()):
        Indicator.objects.filter(pk=stored.pk).update(**wanted)
        report.changed.append(item.code)
    else:
        report.unchanged.append(item.code)


def _remove_undeclared(indicators: set[str], sectors: set[str], report: SectorReport) -> None:
    undeclared = Indicator.objects.exclude(code__in=indicators)
    # What is made of others is never kept for its own sake, so it goes first.
    for indicator in sorted(undeclared, key=lambda item: item.numerator_id is None):
        needed = Indicator.objects.filter(weight=indicator).exists()
        if needed or indicator.observations.exists():
            report.kept.append(indicator.code)
        else:
            indicator.delete()
            report.removed.append(indicator.code)
    Sector.objects.exclude(code__in=sectors).filter(indicators=None).delete()
