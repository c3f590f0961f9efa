"""Importing a table of figures: everything is checked and listed, then all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from geo.areas.models import Area
from geo.indicators.batch.areas_index import (
    build_index,
    read_confirmations,
    remember_confirmations,
)
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.batch.columns import (
    ColumnsMap,
    check_columns,
    guess_columns,
    read_columns_map,
    refuse_derived,
)
from geo.indicators.batch.rows import Proposal, match_rows, read_value, row_period, unreadable
from geo.indicators.models import Indicator, Observation, RollUp, Source, Status
from geo.indicators.rules import ReadValue, check_values
from geo.indicators.services import NewValue, make_source_of_file, publish_observations
from geo.lib.matching import AreaIndex
from geo.lib.names import name_key
from geo.lib.tables import ERROR, WARNING, Issue, Table, UnreadableTable, as_text, read_table


@dataclass(slots=True)
class ImportReport:
    """What an import found and did. ``written`` is False when anything stood in the way."""

    n_rows: int = 0
    matched: dict[int, str] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    written: bool = False

    def of_severity(self, severity: str) -> list[Issue]:
        """The issues of one severity."""
        return [issue for issue in self.issues if issue.severity == severity]


@dataclass(frozen=True, slots=True)
class Request:
    """What an operator asked for."""

    path: Path
    regency_code: str
    by: str = "code"
    sector: str | None = None
    only: tuple[str, ...] = ()
    period: str | None = None
    columns: Path | None = None
    confirm: Path | None = None
    accept_warnings: str = ""
    verified_by: str = ""
    entered_by: str = "import_table"
    dry_run: bool = False


def import_table(request: Request) -> ImportReport:
    """Read, match, check and publish one table, all or nothing.

    Errors block; warnings block until ``accept_warnings`` gives a reason. The
    report lists everything at once, whatever happened.
    """
    report = ImportReport()
    try:
        chosen = read_columns_map(request.columns) if request.columns else None
        layout = chosen or ColumnsMap()
        table = read_table(
            request.path,
            layout.sheet,
            header_row=layout.header_row,
            header_rows=layout.header_rows,
        )
    except UnreadableTable as error:
        report.issues.append(unreadable(error))
        return report
    report.n_rows = len(table.rows)
    with transaction.atomic():
        values = _read(request, table, chosen, report)
        _publish(request, values, chosen, report)
        if not report.written or request.dry_run:
            transaction.set_rollback(True)
    return report


def _read(
    request: Request, table: Table, chosen: ColumnsMap | None, report: ImportReport
) -> dict[tuple[str, str], list[ReadValue]]:
    """Read all values, by (indicator code, period); every problem goes into the report."""
    known, wanted = _indicators(request)
    chosen = chosen or guess_columns(table, wanted)
    report.issues += check_columns(table, chosen, request.by, known, set(wanted))
    report.issues += refuse_derived(chosen, wanted)
    if report.of_severity(ERROR):
        return {}
    columns = {c: wanted[code] for c, code in chosen.columns.items() if code in wanted}
    levels = {indicator.level for indicator in columns.values()}
    if len(levels) > 1:
        text = _("Indicators of one file must be of one level; found: %(levels)s.")
        facts = {"levels": ", ".join(sorted(levels))}
        report.issues.append(Issue(1, "", "", text % facts, ERROR))
        return {}
    index = build_index(level=levels.pop(), regency_code=request.regency_code)
    _confirm(request, index)
    match_rows(table, chosen, request.by, index, report)
    values = _values(request, table, chosen, columns, report)
    kinds = dict(Area.objects.current().values_list("code", "kind"))
    for (code, period), read in values.items():
        report.issues += check_values(
            wanted[code],
            period,
            read,
            others=_others(wanted[code], period, values),
            regency_code=request.regency_code,
            n_expected=len(index.candidates),
            all_of=_wholes(wanted[code], period, values),
            sums=_sums(wanted[code].checks.get("sum_of", []), period, values),
            kinds=kinds,
        )
    return values


def _indicators(request: Request) -> tuple[set[str], dict[str, Indicator]]:
    """Codes of all observed indicators, and those that are asked for."""
    observed = Indicator.objects.select_related("sector").exclude(roll_up=RollUp.RATIO)
    known = {indicator.code: indicator for indicator in observed}
    wanted = {
        code: indicator
        for code, indicator in known.items()
        if request.sector in {None, indicator.sector.code}
        and (not request.only or code in request.only)
    }
    return set(known), wanted


def _confirm(request: Request, index: AreaIndex) -> None:
    """Take up the names that a person has confirmed; they are kept as aliases."""
    accepted = read_confirmations(request.confirm, index) if request.confirm else []
    remember_confirmations(accepted)
    for name, district, code in accepted:
        index.confirmed[name_key(name), index.districts[name_key(district)]] = code


def _values(
    request: Request,
    table: Table,
    chosen: ColumnsMap,
    columns: dict[str, Indicator],
    report: ImportReport,
) -> dict[tuple[str, str], list[ReadValue]]:
    values: dict[tuple[str, str], list[ReadValue]] = defaultdict(list)
    for number, cells in table.rows:
        code = report.matched.get(number)
        name = as_text(cells.get(chosen.areas.get("name", ""))) or code or ""
        for column, indicator in columns.items():
            given = chosen.periods.get(indicator.code) or request.period
            period = row_period(number, cells, chosen, indicator, given, report)
            value = read_value(number, column, cells[column], chosen, report)
            if value is not None and code is not None and period is not None:
                read = ReadValue(number, column, code, name_key(name), value)
                values[indicator.code, period].append(read)
    return values


def _others(
    indicator: Indicator, period: str, values: dict[tuple[str, str], list[ReadValue]]
) -> dict[str, float]:
    """Values of the indicator that must be zero too: in this file, else the nearest stored."""
    other = indicator.checks.get("zero_needs_zero")
    if other is None:
        return {}
    stored = Observation.objects.as_of().filter(
        indicator__code=other, source__is_demo=False, value__isnull=False
    )
    # Newer last, so that it wins; a household census of some years ago still
    # tells a false zero from a village where nobody lives.
    known = dict(stored.order_by("period").values_list("area__code", "value"))
    for (code, _period), read in values.items():
        if code == other:
            known |= {one.code: one.value for one in read}
    return known


def _wholes(
    indicator: Indicator, period: str, values: dict[tuple[str, str], list[ReadValue]]
) -> dict[str, float]:
    """What an indicator is a part of, by area code; a 0 that is told as a gap is no whole."""
    whole = indicator.checks.get("at_most")
    found = _known(whole, period, values)
    told = Indicator.objects.filter(code=whole, checks__zero_needs_zero=indicator.code)
    if whole and told.exists():
        return {code: value for code, value in found.items() if value}
    return found


def _known(
    code: str | None, period: str, values: dict[tuple[str, str], list[ReadValue]]
) -> dict[str, float]:
    """Values of an indicator in one period, by area code: of this file, else as they stand."""
    if code is None:
        return {}
    stored = Observation.objects.as_of().filter(
        indicator__code=code, period=period, source__is_demo=False, value__isnull=False
    )
    read = {one.code: one.value for one in values.get((code, period), [])}
    return dict(stored.values_list("area__code", "value")) | read


def _sums(
    codes: Sequence[str], period: str, values: dict[tuple[str, str], list[ReadValue]]
) -> dict[str, float]:
    """Sums of the parts by area code, where all of them are known."""
    parts = [_known(code, period, values) for code in codes]
    whole = set.intersection(*(set(part) for part in parts)) if parts else set()
    return {area: sum(part[area] for part in parts) for area in whole}


def _publish(
    request: Request,
    values: dict[tuple[str, str], list[ReadValue]],
    chosen: ColumnsMap | None,
    report: ImportReport,
) -> None:
    blocking = report.of_severity(ERROR) or report.proposals
    if blocking or (report.of_severity(WARNING) and not request.accept_warnings) or not values:
        return
    indicators = {i.code: i for i in Indicator.objects.filter(code__in={c for c, _p in values})}
    areas = dict(Area.objects.current().values_list("code", "pk"))
    status = Status.VERIFIED if request.verified_by else Status.UNVERIFIED
    source = _make_source(request, chosen, report)
    done = publish_observations(
        values=[
            NewValue(areas[one.code], indicators[code], period, one.value, status, one.row)
            for (code, period), read in values.items()
            for one in read
        ],
        source=source,
    )
    report.new, report.changed, report.unchanged = done.new, done.changed, done.unchanged
    report.written = True
    if done.new or done.changed:
        compute_breaks(indicators.values())
    else:
        source.delete()


def _make_source(request: Request, chosen: ColumnsMap | None, report: ImportReport) -> Source:
    return make_source_of_file(
        request.path,
        n_warnings=len(report.of_severity(WARNING)),
        accept_warnings=request.accept_warnings,
        entered_by=request.entered_by,
        verified_by=request.verified_by,
        **(chosen.source if chosen else {}),
    )
