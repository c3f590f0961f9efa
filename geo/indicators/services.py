"""Writing what is measured: declarations of sectors, and observations."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, Observation, Sector, Source, Status
from geo.lib.declarations import Fault
from geo.lib.errors import GeoError
from geo.lib.rollup import weakest
from geo.lib.sectors import (
    IndicatorDeclaration,
    SectorDeclaration,
    check_together,
    read_sector,
)

ALLOWED: dict[str, Promise] = {
    "both_languages": gettext_lazy('{ id = "…", en = "…" } with a text in both languages'),
    "true_or_false": gettext_lazy("true or false"),
    "number": gettext_lazy("a number"),
    "number_not_zero": gettext_lazy("a number other than 0"),
    "indicator": gettext_lazy("the code of an indicator"),
    "text": gettext_lazy("a text"),
    "table": gettext_lazy("a table"),
    "position": gettext_lazy("a whole number from 0 to 32000"),
    "decimals": gettext_lazy("a whole number from 0 to 6"),
    "classes": gettext_lazy("a whole number from 2 to 7"),
    "range": gettext_lazy("[lowest, highest], two rising numbers"),
    "rising": gettext_lazy("a list of at least two rising numbers"),
    "period": gettext_lazy("a period such as 2024, 2024-Q1 or 2024-03"),
    "toml": gettext_lazy("a TOML file in UTF-8"),
    "folder_name": gettext_lazy("a folder name of small letters, digits and underscores"),
    "indicator_table": gettext_lazy("a table under a code of small letters, digits, underscores"),
    "nothing_for_roll_up": gettext_lazy("nothing: this roll-up does not use it"),
    "code_once": gettext_lazy("one declaration of each code in all sectors"),
    "declared_indicator": gettext_lazy("another indicator that some sector declares"),
    "observed_indicator": gettext_lazy("an indicator that is observed, not itself a ratio"),
    "summed_indicator": gettext_lazy('an indicator with roll_up = "sum"'),
    "same_level": gettext_lazy("an indicator of the same level"),
    "same_frequency": gettext_lazy("an indicator of the same frequency"),
    "sensitive_too": gettext_lazy("true, because a part of it is sensitive"),
    "indicators": gettext_lazy("a list of codes of indicators"),
    "grades": gettext_lazy("a list of tables"),
    "rising_steps": gettext_lazy("steps of which the first has no “over” and the others rise"),
    "texts": gettext_lazy("a list of texts"),
    "code": gettext_lazy("a code of small letters, digits and underscores"),
    "pattern": gettext_lazy("a regular expression"),
    "choices": gettext_lazy('at least two codes, each = { id = "…", en = "…" }'),
    "place_table": gettext_lazy("a table under a code of small letters, digits, underscores"),
    "attribute_table": gettext_lazy("a table under a code of small letters, digits, underscores"),
    "nothing_for_type": gettext_lazy("nothing: this type does not use it"),
    "fed_once": gettext_lazy("one kind of places or attribute that an indicator is counted from"),
    "yearly_of_villages": gettext_lazy("an indicator of the level village and the frequency year"),
}


class BadDeclaration(GeoError):
    """Sector files that cannot be loaded; ``faults`` holds every fault."""

    template = gettext_lazy("The sectors were not loaded; nothing was changed.\n%(faults)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(faults="\n".join(sentence(fault) for fault in faults))


def sentence(fault: Fault) -> str:
    """Say a fault: file, key, what was found, what is allowed, what was perhaps meant."""
    listed = isinstance(fault.allowed, list)
    allowed = ", ".join(fault.allowed) if listed else ALLOWED[str(fault.allowed)]
    found = {"nothing": _("nothing"), "unknown_key": _("a key that is not known")}
    words = {
        "file": fault.file,
        "key": fault.key or "–",
        "found": found.get(fault.found, fault.found),
        "allowed": allowed,
    }
    said = _("%(file)s, %(key)s: found %(found)s; allowed is %(allowed)s.") % words
    return f"{said} " + _("Did you mean “%s”?") % fault.meant if fault.meant else said


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
    faults = faults or check_together(sectors)
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
    if dry_run:
        transaction.set_rollback(True)
    return report


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


# --- observations ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewValue:
    """One value to publish; ``value`` is None where ``status`` is missing or not assessed."""

    area_id: int
    indicator: Indicator
    period: str
    value: float | None
    status: str
    source_row: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """How many values were new, changed or as before."""

    new: int
    changed: int
    unchanged: int


@transaction.atomic
def publish_observations(
    *, values: Iterable[NewValue], source: Source, moment: datetime.datetime | None = None
) -> Published:
    """Record values; a changed one supersedes the revision before, which is kept.

    A value that is as before makes no revision, unless it now comes from real
    data where it was a demonstration. Demonstration values of an indicator and
    period give way altogether to the first real ones, so that no total mixes them.
    What follows from the values is published with them: see ``with_derived``.
    """
    moment = moment or timezone.now()
    values = with_derived(list(values))
    if not source.is_demo:
        remove_demo_beside(values)
    standing = _standing(values)
    fresh, superseded, counts = [], [], {"new": 0, "changed": 0, "unchanged": 0}
    for value in values:
        before = standing.get((value.area_id, value.indicator.pk, value.period))
        if before and (before.value, before.status) == (value.value, value.status):
            counts["unchanged"] += 1
            continue
        counts["changed" if before else "new"] += 1
        if before:
            superseded.append(before.pk)
        fresh.append(_observation(value, source, moment, before))
    Observation.objects.filter(pk__in=superseded).update(superseded_at=moment)
    Observation.objects.bulk_create(fresh, batch_size=2000)
    return Published(**counts)


def with_derived(values: list[NewValue]) -> list[NewValue]:
    """Add what follows from ``values``.

    Declared sums of parts (``sum_of``), "not assessed" for areas of a kind
    that an indicator leaves out (``only``), and the count of areas in each
    grade (``grades``). What is given is never replaced.
    """
    values = values + _not_assessed(values)
    values = values + _sums(values)
    return values + _grades(values)


def _not_assessed(values: Sequence[NewValue]) -> list[NewValue]:
    limited = {v.indicator.pk: v.indicator for v in values if v.indicator.checks.get("only")}
    if not limited:
        return []
    given = {(value.area_id, value.indicator.pk, value.period) for value in values}
    regencies = Area.objects.filter(level=Level.REGENCY, children__children__in=_areas_of(values))
    villages = Area.objects.current().filter(parent__parent__in=regencies).defer("boundary")
    return [
        NewValue(village.pk, indicator, period, None, Status.NOT_ASSESSED)
        for pk, period in {(pk, period) for _area, pk, period in given if pk in limited}
        for indicator in [limited[pk]]
        for village in villages
        if village.kind != indicator.checks["only"] and (village.pk, pk, period) not in given
    ]


def _areas_of(values: Sequence[NewValue]) -> set[int]:
    return {value.area_id for value in values}


def _sums(values: Sequence[NewValue]) -> list[NewValue]:
    given = {(v.area_id, v.indicator.code, v.period): (v.value, v.status) for v in values}
    codes = {code for _area, code, _period in given}
    made = []
    for total in Indicator.objects.filter(checks__has_key="sum_of"):
        parts = total.checks["sum_of"]
        if not codes & set(parts):
            continue
        known = _standing_parts(values, parts) | given
        touched = {(area, period) for area, code, period in given if code in parts}
        for area, period in sorted(touched):
            found = [known.get((area, code, period)) for code in parts]
            if (area, total.code, period) in given or None in found:
                continue
            made.append(_sum(total, area, period, [one for one in found if one]))
    return made


def _standing_parts(
    values: Sequence[NewValue], parts: Sequence[str]
) -> dict[tuple[int, str, str], tuple[float | None, str]]:
    rows = Observation.objects.as_of().filter(
        indicator__code__in=parts,
        period__in={value.period for value in values},
        area__in=_areas_of(values),
    )
    found = rows.values_list("area_id", "indicator__code", "period", "value", "status")
    return {(area, code, period): (value, status) for area, code, period, value, status in found}


def _sum(
    total: Indicator, area_id: int, period: str, parts: Sequence[tuple[float | None, str]]
) -> NewValue:
    absent = [status for value, status in parts if value is None]
    if absent:
        return NewValue(area_id, total, period, None, absent[0])
    status = weakest(status for _value, status in parts)
    return NewValue(area_id, total, period, sum(value or 0 for value, _status in parts), status)


def _grades(values: Sequence[NewValue]) -> list[NewValue]:
    graded = [value for value in values if value.indicator.grades]
    if not graded:
        return []
    counts = {one.code: one for one in Indicator.objects.filter(checks__has_key="from_grades")}
    made = []
    for one in graded:
        steps = one.indicator.grades_in(one.period)
        reached = one.indicator.grade_of(one.value, one.period)
        for step in (step for step in steps if step.get("counts") in counts):
            value = None if one.value is None else float(step is reached)
            indicator = counts[step["counts"]]
            made.append(NewValue(one.area_id, indicator, one.period, value, one.status))
    return made


def remove_demo_beside(values: Iterable[NewValue]) -> None:
    """Delete demonstration values of the indicators and periods of real ``values``."""
    for indicator_id, period in {(value.indicator.pk, value.period) for value in values}:
        Observation.objects.filter(
            indicator_id=indicator_id, period=period, source__is_demo=True
        ).delete()


def _standing(values: Sequence[NewValue]) -> dict[tuple[int, int, str], Observation]:
    found = Observation.objects.as_of().filter(
        indicator_id__in={value.indicator.pk for value in values},
        period__in={value.period for value in values},
    )
    return {(row.area_id, row.indicator_id, row.period): row for row in found}


def _observation(
    value: NewValue, source: Source, moment: datetime.datetime, before: Observation | None
) -> Observation:
    return Observation(
        area_id=value.area_id,
        indicator=value.indicator,
        period=value.period,
        value=value.value,
        status=value.status,
        source=source,
        source_row=value.source_row,
        revision=before.revision + 1 if before else 1,
        recorded_at=moment,
    )
