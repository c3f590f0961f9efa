"""``import_crossings``: boat links (ferries, speedboats) from a table or a file of lines."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.roads.batch.crossings import CrossingsRequest, import_crossings
from geo.roads.batch.reports import Origin
from geo.roads.batch.words import add_origin_arguments, issue_lines, summary, why_not


class Command(BaseCommand):
    help = "Imports boat links from CSV, XLSX, GeoJSON, GeoPackage or shapefile, all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--layer", help="layer of a file with several")
        parser.add_argument("--decimal", choices=[",", "."], default="")
        add_origin_arguments(parser)

    def handle(self, *, file, layer, decimal, dry_run, **options):
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        names = ("title", "publisher", "licence", "verified_by", "accept_warnings")
        origin = Origin(file, entered_by="import_crossings", **{n: options[n] for n in names})
        report = import_crossings(CrossingsRequest(origin, decimal, layer, dry_run))
        self.stdout.write("\n".join([*issue_lines(report), *summary(report, _("Boat links"))]))
        if not report.written:
            raise CommandError(why_not(report))
        text = _("Trial run: nothing was written.") if dry_run else _("Travel times will follow.")
        self.stdout.write(text)
