"""``import_roads``: the lines of roads from a vector file, all or nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.lib.errors import GeoError
from geo.roads.batch.lines import LinesRequest, import_lines
from geo.roads.batch.publish import publish_roads
from geo.roads.batch.reports import Origin
from geo.roads.batch.words import add_origin_arguments, issue_lines, summary, why_not
from geo.roads.models import Authority


class Command(BaseCommand):
    help = "Imports lines of roads (GeoJSON, GeoPackage, shapefile, zipped too), all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--columns", type=Path, help="map of column names (TOML)")
        parser.add_argument("--layer", help="layer of a file with several")
        parser.add_argument(
            "--authority", choices=Authority.values, default="", help="where the file states none"
        )
        parser.add_argument("--join-pieces", action="store_true")
        parser.add_argument(
            "--refresh", action="store_true", help="only publish anew, as after load_boundaries"
        )
        add_origin_arguments(parser)

    def handle(self, *, file, refresh, columns, **options):
        if refresh:
            return self.refresh()
        for path in (file, columns):
            if path is not None and not path.is_file():
                raise CommandError(_("There is no file %(path)s.") % {"path": path})
        if file is None:
            raise CommandError(_("Name a file, or give --refresh."))
        names = ("title", "publisher", "licence", "verified_by", "accept_warnings")
        origin = Origin(file, entered_by="import_roads", **{n: options[n] for n in names})
        chosen = {n: options[n] for n in ("layer", "authority", "join_pieces", "dry_run")}
        request = LinesRequest(origin, settings.REGENCY_CODE, columns=columns, **chosen)
        try:
            report = import_lines(request)
        except (GeoError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join([*issue_lines(report), *summary(report, _("Roads"))]))
        if not report.written:
            raise CommandError(why_not(report))
        if options["dry_run"]:
            self.stdout.write(_("Trial run: nothing was written."))

    def refresh(self):
        report = publish_roads(settings.REGENCY_CODE)
        text = _("Figures: %(new)d new, %(changed)d changed, %(same)d as before.")
        counts = {"new": report.new, "changed": report.changed, "same": report.unchanged}
        self.stdout.write(text % counts)
