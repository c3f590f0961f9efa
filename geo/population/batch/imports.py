"""Importing the book of population changes: everything is listed, then all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from geo.areas.models import Level
from geo.indicators.batch.areas_index import (
    build_index,
    read_confirmations,
    remember_confirmations,
)
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.batch.rows import Proposal, unreadable
from geo.indicators.models import Indicator
from geo.indicators.services import make_source_of_file
from geo.lib.matching import AMBIGUOUS, MATCHED, PROPOSED, UNKNOWN_DISTRICT, AreaIndex, Match
from geo.lib.names import name_key
from geo.lib.tables import ERROR, NOTICE, Issue, UnreadableTable, read_lines
from geo.population.batch.files import FileRow, LedgerFile, read_ledger_lines
from geo.population.rules import PUBLISHED_CODES
from geo.population.services import Entry, LedgerRefused, LedgerReport, record_months


@dataclass(frozen=True, slots=True)
class Request:
    """What an operator asked for."""

    path: Path
    regency_code: str
    by: str = "code"
    period: str | None = None
    district: str | None = None
    sheet: str | None = None
    confirm: Path | None = None
    reason: str = ""
    verified_by: str = ""
    entered_by: str = "import_ledger"
    dry_run: bool = False


@dataclass(slots=True)
class ImportReport:
    """What an import found and did. ``recorded`` is None when anything stood in the way."""

    n_rows: int = 0
    issues: list[Issue] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    recorded: LedgerReport | None = None

    def of_severity(self, severity: str) -> list[Issue]:
        """The issues of one severity."""
        return [issue for issue in self.issues if issue.severity == severity]


def import_ledger(request: Request) -> ImportReport:
    """Read, match, check and record one file, all or nothing."""
    report = ImportReport()
    try:
        lines = list(read_lines(request.path, request.sheet))
    except UnreadableTable as error:
        report.issues.append(unreadable(error))
        return report
    file = read_ledger_lines(lines, by=request.by, period=request.period, district=request.district)
    report.issues += file.issues
    report.n_rows = len(file.rows)
    with transaction.atomic():
        entries = _match(request, file, report)
        if not file.rows and not report.of_severity(ERROR):
            text = _("The file holds no months.")
            report.issues.append(Issue(None, "", "", text, ERROR))
        _record(request, entries, report)
        if report.recorded is None or request.dry_run:
            transaction.set_rollback(True)
    return report


def _record(request: Request, entries: Sequence[Entry], report: ImportReport) -> None:
    # What does not balance is listed even where names are unknown: all problems at once.
    blocked = bool(report.of_severity(ERROR) or report.proposals)
    source = make_source_of_file(
        request.path, entered_by=request.entered_by, verified_by=request.verified_by
    )
    try:
        with transaction.atomic():
            done = record_months(entries=entries, source=source, reason=request.reason)
            if blocked:
                transaction.set_rollback(True)
    except LedgerRefused as error:
        report.issues += error.issues
        return
    if blocked:
        return
    report.recorded = done
    report.issues += done.warnings
    if done.published.new or done.published.changed:
        compute_breaks(Indicator.objects.filter(code__in=PUBLISHED_CODES))
    elif not (done.new or done.corrected):
        source.delete()


# --- areas -----------------------------------------------------------------------


def _match(request: Request, file: LedgerFile, report: ImportReport) -> list[Entry]:
    """Entries of the rows whose village is certain; what is not goes into the report."""
    index = build_index(level=Level.VILLAGE, regency_code=request.regency_code)
    accepted = read_confirmations(request.confirm, index) if request.confirm else []
    remember_confirmations(accepted)
    for name, district, code in accepted:
        index.confirmed[name_key(name), index.districts[name_key(district)]] = code
    entries = []
    for row in file.rows:
        found = _find(index, file.role, row)
        # A village with an unreadable row would only seem to have a gap.
        if found.code is not None and row.area not in file.incomplete:
            entries.append(Entry(found.code, row.month, row.row))
        _tell(found, row, index, report)
    return entries


def _find(index: AreaIndex, role: str, row: FileRow) -> Match:
    if role == "code":
        return index.match_code(row.area)
    if role == "bps":
        return index.match_bps(row.area)
    return index.match_name(row.area, row.district or None)


def _tell(found: Match, row: FileRow, index: AreaIndex, report: ImportReport) -> None:
    near = ", ".join(code for code, _likeness in found.near)
    facts = {"near": near, "district": row.district, "code": found.code, "old": found.former_code}
    severity = ERROR
    if found.outcome == MATCHED:
        if found.former_code is None:
            return
        severity = NOTICE
        text = _("The code %(old)s is no longer in force; its successor is %(code)s.")
    elif found.outcome == PROPOSED:
        code, likeness = found.near[0]
        name = index.by_code[code].name
        report.proposals.append(Proposal(row.row, row.area, row.district, code, name, likeness))
        severity = NOTICE
        text = _("No village of the district has this name. Alike are: %(near)s.")
    elif found.outcome == AMBIGUOUS:
        text = _("Several villages have this name: %(near)s. Name the district (--district).")
    elif found.outcome == UNKNOWN_DISTRICT:
        text = _("No district is called “%(district)s”.")
    else:
        text = _("No village in force fits this row.")
    report.issues.append(Issue(row.row, "", row.area, text % facts, severity))
