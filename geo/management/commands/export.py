"""``export values``: figures as CSV or GeoJSON, with a description beside them."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.indicators.batch.export import as_csv, as_geojson, describe
from geo.indicators.queries import find_indicator, latest_period, read_figures
from geo.lib.errors import GeoError, UnknownArea

WRITERS = {"csv": as_csv, "geojson": as_geojson}


class Command(BaseCommand):
    help = "Writes the figures of one indicator and period to a file."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["values"])
        parser.add_argument("--indicator", required=True)
        parser.add_argument("--period", help="the newest without it")
        parser.add_argument("--level", choices=Level.values, default=Level.VILLAGE)
        parser.add_argument("--parent", default=settings.REGENCY_CODE, help="code of an area")
        parser.add_argument("--format", choices=list(WRITERS), default="csv")
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *, indicator, period, level, parent, format, output, **options):
        try:
            figures = self.read(indicator, period, level, parent)
        except GeoError as error:
            raise CommandError(str(error)) from error
        beside = output.with_name(f"{output.name}.description.json")
        try:
            output.write_text(WRITERS[format](figures), encoding="utf-8", newline="")
            described = json.dumps(describe(figures), ensure_ascii=False, indent=2)
            beside.write_text(described, encoding="utf-8")
        except OSError as error:
            text = _("%(path)s cannot be written: %(reason)s.")
            raise CommandError(text % {"path": output, "reason": error.strerror}) from error
        text = _("%(count)d figures written to %(path)s; what they mean stands in %(beside)s.")
        facts = {"count": len(figures.items), "path": output, "beside": beside}
        self.stdout.write(text % facts)

    def read(self, code, period, level, parent_code):
        parent = Area.objects.current().filter(code=parent_code).first()
        if parent is None:
            raise UnknownArea(code=parent_code)
        indicator = find_indicator(code)
        period = period or latest_period(indicator) or "–"
        return read_figures(indicator=indicator, period=period, level=level, parent=parent)
