"""``import_table``: figures from a CSV or XLSX, all or nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.indicators.batch.imports import Request, import_table
from geo.indicators.batch.rows import write_proposals
from geo.lib.errors import GeoError
from geo.lib.tables import ERROR, NOTICE, WARNING

MOST_SHOWN = 200


class Command(BaseCommand):
    help = "Imports figures from a CSV or XLSX by code, BPS code or name within the district."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--sector", required=True, help="code of the sector")
        parser.add_argument("--only", nargs="+", default=(), help="codes of indicators")
        parser.add_argument("--period", help="2024, 2024-Q1 or 2024-03")
        parser.add_argument("--by", choices=["code", "bps", "name"], default="code")
        parser.add_argument("--columns", type=Path, help="columns map (TOML)")
        parser.add_argument("--proposals", type=Path, help="write proposed names to this file")
        parser.add_argument("--confirm", type=Path, help="proposals with accept = yes")
        parser.add_argument("--accept-warnings", default="", metavar="REASON")
        parser.add_argument("--verified-by", default="", metavar="NAME")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, file, proposals, **options):
        names = ("sector", "period", "by", "columns", "confirm", "dry_run")
        names += ("accept_warnings", "verified_by")
        for path in (file, options["columns"], options["confirm"]):
            if path is not None and not path.is_file():
                raise CommandError(_("There is no file %(path)s.") % {"path": path})
        try:
            report = import_table(
                Request(
                    path=file,
                    regency_code=settings.REGENCY_CODE,
                    only=tuple(options["only"]),
                    **{name: options[name] for name in names},
                )
            )
        except GeoError as error:
            raise CommandError(str(error)) from error
        self.show(report)
        if proposals and report.proposals:
            write_proposals(proposals, report.proposals)
        if not report.written:
            raise CommandError(self.why(report))
        if options["dry_run"]:
            self.stdout.write(_("Trial run: nothing was written."))

    def show(self, report):
        for issue in report.issues[:MOST_SHOWN]:
            where = ", ".join(
                part for part in (f"{issue.row}" if issue.row else "", issue.column) if part
            )
            self.stdout.write(f"{issue.severity} [{where}] {issue.found}: {issue.message}")
        if len(report.issues) > MOST_SHOWN:
            text = _("… and %(count)d more.")
            self.stdout.write(text % {"count": len(report.issues) - MOST_SHOWN})
        text = _(
            "%(rows)d rows: %(matched)d matched, %(proposed)d proposed for confirmation; "
            "%(errors)d errors, %(warnings)d warnings, %(notices)d notices."
        )
        counts = {
            "rows": report.n_rows,
            "matched": len(report.matched),
            "proposed": len(report.proposals),
            "errors": len(report.of_severity(ERROR)),
            "warnings": len(report.of_severity(WARNING)),
            "notices": len(report.of_severity(NOTICE)),
        }
        self.stdout.write(text % counts)
        text = _("Figures: %(new)d new, %(changed)d changed, %(same)d as before.")
        counts = {"new": report.new, "changed": report.changed, "same": report.unchanged}
        self.stdout.write(text % counts)

    def why(self, report):
        if report.of_severity(ERROR):
            return _("Nothing was imported: the errors above must be put right first.")
        if report.proposals:
            return _(
                "Nothing was imported: some names must be confirmed. Write them with --proposals "
                "FILE, mark the right ones under “accept”, and give the file back with --confirm."
            )
        if report.of_severity(WARNING):
            return _(
                "Nothing was imported: there are warnings. Put the file right, or accept them "
                "with --accept-warnings REASON; the reason is kept with the source."
            )
        return _("Nothing was imported: the file holds no figures.")
