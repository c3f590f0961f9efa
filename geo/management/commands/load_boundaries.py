"""Load the boundaries of a regency: script/manage load_boundaries [SOURCE]."""

import datetime
from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from geo.areas.batch.load import GAP_WIDTH_M, LoadReport, load_boundaries
from geo.areas.batch.sources import BetterBoundariesStand
from geo.lib.errors import GeoError


class Command(BaseCommand):
    help = (
        "Load boundaries of villages, check and clean them, and dissolve districts and regency. "
        "All or nothing; loading again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "source",
            nargs="?",
            default="auto",
            help="folder, file (GeoJSON, GeoPackage, shapefile, SQL), a declared source "
            "(wilayah_boundaries, indicative), or auto",
        )
        parser.add_argument("--regency", default=settings.REGENCY_CODE, help="such as 16.07")
        parser.add_argument(
            "--valid-from",
            type=datetime.date.fromisoformat,
            help="first day of the areas (YYYY-MM-DD) where no register says it",
        )
        parser.add_argument("--code-column", help="column that holds the village codes")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")

    def handle(self, *args, **options):
        try:
            report = load_boundaries(
                options["source"],
                regency_code=options["regency"],
                valid_from=options["valid_from"],
                code_column=options["code_column"],
                dry_run=options["dry_run"],
                progress=partial(tqdm, disable=None, unit=_("outlines")),
            )
        except BetterBoundariesStand as reason:
            self.stdout.write(str(reason))
            return
        except GeoError as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in sentences(report):
            self.stdout.write(line)
        if options["valid_from"] and not report.register.is_derived:
            self.stdout.write(
                _("--valid-from was not used: the register says since when areas exist.")
            )
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was kept."))


def listed(codes, most: int = 12) -> str:
    """The first few codes; the rest is only counted."""
    shown = ", ".join(codes[:most])
    left = len(codes) - most
    return shown if left <= 0 else _("%(shown)s and %(n)s more") % {"shown": shown, "n": left}


def sentences(report: LoadReport) -> list[str]:
    """The report for the operator, one sentence a line."""
    edition, cleaning, register = report.edition, report.cleaning, report.register
    lines = list(edition.notes)
    lines.append(
        _("Boundaries: %(title)s (%(path)s), licence %(licence)s.")
        % {
            "title": edition.declaration.title,
            "path": edition.villages,
            "licence": edition.declaration.licence,
        }
    )
    if register.is_derived:
        lines.append(
            _("There is no register for %(code)s: areas are derived from the boundaries.")
            % {"code": register.regency_code}
        )
    if register.unlisted:
        lines.append(
            _("Areas in the database that the register lacks: %(codes)s.")
            % {"codes": listed(register.unlisted)}
        )
    lines.append(
        _(
            "%(n)s slivers narrower than %(width)s m were closed (%(ha).1f ha), overlaps of "
            "%(overlaps).1f ha assigned; no village changed by more than %(most).1f ha. "
            "%(holes)s inner holes were left."
        )
        % {
            "n": cleaning.n_gaps_closed,
            "width": GAP_WIDTH_M,
            "ha": cleaning.gaps_closed_ha,
            "overlaps": cleaning.overlaps_ha,
            "most": cleaning.max_change_ha,
            "holes": len(cleaning.holes_left_ha),
        }
    )
    return lines + _counts(report)


def _counts(report: LoadReport) -> list[str]:
    lines = []
    if report.without_boundary:
        lines.append(
            _("%(n)s areas without a boundary: %(codes)s.")
            % {"n": len(report.without_boundary), "codes": listed(report.without_boundary)}
        )
    if report.lost_boundary:
        lines.append(
            _("These had a boundary before: %(codes)s.") % {"codes": listed(report.lost_boundary)}
        )
    n = report.n_by_level
    lines.append(
        _(
            "%(regency)s regency, %(district)s districts, %(village)s villages, %(km2).1f km²: "
            "%(created)s areas created, %(named)s renamed or re-dated, %(changed)s boundaries and "
            "%(outlines)s outlines changed."
        )
        % {
            **n,
            "km2": report.total_km2,
            "created": report.register.n_created,
            "named": report.register.n_changed,
            "changed": report.n_changed,
            "outlines": report.n_outlines_changed,
        }
    )
    return lines
