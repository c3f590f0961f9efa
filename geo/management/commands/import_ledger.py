"""``import_ledger``: months of the book of population changes (LAMPID), all or nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.indicators.batch.rows import write_proposals
from geo.lib.periods import is_period
from geo.lib.tables import ERROR, NOTICE, WARNING
from geo.population.batch.imports import Request, import_ledger

MOST_SHOWN = 200


class Command(BaseCommand):
    help = "Imports births, deaths, arrivals and departures by village and month (LAMPID)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--period", help="2024-03; else from a column or the title")
        parser.add_argument("--by", choices=["code", "bps", "name"], default="code")
        parser.add_argument("--district", help="name of the district, with --by name")
        parser.add_argument("--sheet", help="of a workbook; the first without it")
        parser.add_argument("--reason", default="", help="why months that stand are corrected")
        parser.add_argument("--verified-by", default="", metavar="NAME")
        parser.add_argument("--proposals", type=Path, help="write proposed names to this file")
        parser.add_argument("--confirm", type=Path, help="proposals with accept = yes")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, file, proposals, **options):
        self.check(file, options)
        names = ("period", "by", "district", "sheet", "reason", "verified_by", "confirm", "dry_run")
        chosen = {name: options[name] for name in names}
        report = import_ledger(Request(path=file, regency_code=settings.REGENCY_CODE, **chosen))
        self.show(report)
        if proposals and report.proposals:
            write_proposals(proposals, report.proposals)
        if report.recorded is None:
            raise CommandError(self.why(report))
        if options["dry_run"]:
            self.stdout.write(_("Trial run: nothing was written."))

    def check(self, file, options):
        for path in (file, options["confirm"]):
            if path is not None and not path.is_file():
                raise CommandError(_("There is no file %(path)s.") % {"path": path})
        period = options["period"]
        if period and not is_period(period, "month"):
            text = _("“%(period)s” is not a month. A month looks like 2024-03.")
            raise CommandError(text % {"period": period})

    def show(self, report):
        for issue in report.issues[:MOST_SHOWN]:
            where = ", ".join(str(part) for part in (issue.row, issue.column) if part)
            self.stdout.write(f"{issue.severity} [{where}] {issue.found}: {issue.message}")
        if len(report.issues) > MOST_SHOWN:
            text = _("… and %(count)d more.")
            self.stdout.write(text % {"count": len(report.issues) - MOST_SHOWN})
        text = _(
            "%(rows)d months read: %(errors)d errors, %(warnings)d warnings, %(notices)d notices."
        )
        counts = {
            "rows": report.n_rows,
            "errors": len(report.of_severity(ERROR)),
            "warnings": len(report.of_severity(WARNING)),
            "notices": len(report.of_severity(NOTICE)),
        }
        self.stdout.write(text % counts)
        if report.recorded:
            self.show_recorded(report.recorded)

    def show_recorded(self, done):
        text = _("%(code)s %(period)s was recomputed after the correction of %(origin)s.")
        for code, period, origin in done.recomputed[:MOST_SHOWN]:
            self.stdout.write(text % {"code": code, "period": period, "origin": origin})
        text = _(
            "Months: %(new)d new, %(corrected)d corrected, %(recomputed)d recomputed, "
            "%(same)d as before. Figures published: %(published)d."
        )
        counts = {
            "new": len(done.new),
            "corrected": len(done.corrected),
            "recomputed": len(done.recomputed),
            "same": len(done.unchanged),
            "published": done.published.new + done.published.changed,
        }
        self.stdout.write(text % counts)

    def why(self, report):
        if report.of_severity(ERROR):
            return _("Nothing was imported: the errors above must be put right first.")
        return _(
            "Nothing was imported: some names must be confirmed. Write them with --proposals "
            "FILE, mark the right ones under “accept”, and give the file back with --confirm."
        )
