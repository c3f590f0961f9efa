"""``import_places``: a list of facilities or attractions, all or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.lib.errors import GeoError
from geo.lib.tables import ERROR, NOTICE, WARNING
from geo.places.batch.imports import Request, import_places

MOST_SHOWN = 200


class Command(BaseCommand):
    help = (
        "Imports a list of places of one kind from CSV, XLSX or GeoJSON, and counts them anew. "
        "The list replaces the one before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, help="puskesmas, sd_mi, daya_tarik_wisata …")
        parser.add_argument("--period", help="year for which the list holds; this year without it")
        parser.add_argument("--columns", type=Path, help="columns map (TOML)")
        parser.add_argument(
            "--covers", default="", metavar="CODE", help="the list is complete for this area only"
        )
        parser.add_argument("--partial", action="store_true", help="the list is not complete")
        parser.add_argument("--accept-warnings", default="", metavar="REASON")
        parser.add_argument("--verified-by", default="", metavar="NAME")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, file, kind, period, columns, partial, **options):
        for path in (file, columns):
            if path is not None and not path.is_file():
                raise CommandError(_("There is no file %(path)s.") % {"path": path})
        names = ("covers", "accept_warnings", "verified_by", "dry_run")
        request = Request(
            path=file,
            kind=kind,
            period=period or str(timezone.localdate().year),
            columns=columns,
            is_complete=not partial,
            **{name: options[name] for name in names},
        )
        try:
            report = import_places(request)
        except GeoError as error:
            raise CommandError(str(error)) from error
        self.show(report)
        if report.done is None:
            raise CommandError(self.why(report))
        if options["dry_run"]:
            self.stdout.write(_("Trial run: nothing was written."))

    def show(self, report):
        for issue in report.issues[:MOST_SHOWN]:
            where = ", ".join(part for part in (str(issue.row or ""), issue.column) if part)
            self.stdout.write(f"{issue.severity} [{where}] {issue.found}: {issue.message}")
        if len(report.issues) > MOST_SHOWN:
            text = _("… and %(count)d more.")
            self.stdout.write(text % {"count": len(report.issues) - MOST_SHOWN})
        text = _("%(rows)d rows; %(errors)d errors, %(warnings)d warnings, %(notices)d notices.")
        counts = {
            "rows": report.n_rows,
            "errors": len(report.of_severity(ERROR)),
            "warnings": len(report.of_severity(WARNING)),
            "notices": len(report.of_severity(NOTICE)),
        }
        self.stdout.write(text % counts)
        if report.done is not None:
            self.show_done(report.done)

    def show_done(self, done):
        text = _("Places: %(new)d new, %(changed)d changed, %(same)d as before, %(closed)d closed.")
        counts = {"new": done.new, "changed": done.changed, "same": done.unchanged}
        self.stdout.write(text % {**counts, "closed": done.closed})
        text = _("Figures: %(new)d new, %(changed)d changed, %(same)d as before.")
        figures = done.figures
        counts = {"new": figures.new, "changed": figures.changed, "same": figures.unchanged}
        self.stdout.write(text % counts)

    def why(self, report):
        if report.of_severity(ERROR):
            return _("Nothing was imported: the errors above must be put right first.")
        if report.of_severity(WARNING):
            return _(
                "Nothing was imported: there are warnings. Put the file right, or accept them "
                "with --accept-warnings REASON; the reason is kept with the source."
            )
        return _("Nothing was imported: the file holds no places.")
