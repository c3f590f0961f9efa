"""``import_road_surveys``: one year's surveys of roads (form DD-1), or their segments."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.lib.errors import GeoError
from geo.roads.batch.reports import Origin
from geo.roads.batch.segments import import_segments
from geo.roads.batch.surveys import SurveysRequest, import_surveys
from geo.roads.batch.words import add_origin_arguments, issue_lines, summary, why_not
from geo.roads.models import Authority


class Command(BaseCommand):
    help = "Imports one year's road surveys (form DD-1, CSV or XLSX) or segments, all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--segments", action="store_true", help="a table of segments (from–to)")
        parser.add_argument("--classes", default="bina_marga", help="class set of data/roads")
        parser.add_argument("--sheet", help="sheet of a workbook; the first without it")
        parser.add_argument("--decimal", choices=[",", "."], help="where the table does not tell")
        parser.add_argument("--unit", choices=["km", "m"], help="of lengths without a unit")
        parser.add_argument("--method", default="", help="regulation the survey followed")
        parser.add_argument(
            "--authority",
            choices=Authority.values,
            default="",
            help="enter roads that are not known, without a line, under this authority",
        )
        add_origin_arguments(parser)

    def handle(self, *, file, segments, **options):
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        names = ("title", "publisher", "licence", "verified_by", "accept_warnings")
        origin = Origin(file, entered_by="import_road_surveys", **{n: options[n] for n in names})
        names = ("year", "classes", "sheet", "decimal", "unit", "authority", "method", "dry_run")
        request = SurveysRequest(origin, settings.REGENCY_CODE, **{n: options[n] for n in names})
        try:
            report = (import_segments if segments else import_surveys)(request)
        except GeoError as error:
            raise CommandError(str(error)) from error
        subject = _("Segments") if segments else _("Surveys")
        self.stdout.write("\n".join([*issue_lines(report), *summary(report, subject)]))
        if not report.written:
            raise CommandError(why_not(report))
        if options["dry_run"]:
            self.stdout.write(_("Trial run: nothing was written."))
