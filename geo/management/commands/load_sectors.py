"""``load_sectors``: make the tables say what data/sectors declares."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.rules import BadDeclaration
from geo.indicators.services import load_sectors
from geo.places.services import load_place_kinds


class Command(BaseCommand):
    help = "Loads the sectors and indicators that data/sectors declares, all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=settings.DATA_DIR / "sectors")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, folder, dry_run, **options):
        try:
            with transaction.atomic():
                report = load_sectors(folder=folder)
                kinds = load_place_kinds(folder=folder)
                transaction.set_rollback(dry_run)
        except BadDeclaration as error:
            raise CommandError(str(error)) from error
        if (report.new or report.changed) and not dry_run:
            compute_breaks()
        for code in [*report.kept, *kinds.kept]:
            text = _("“%(code)s” is no longer declared; it stays because figures depend on it.")
            self.stderr.write(text % {"code": code})
        text = _(
            "Indicators: %(new)d new, %(changed)d changed, %(unchanged)d as before, "
            "%(removed)d removed."
        )
        self.stdout.write(text % counts(report))
        text = _(
            "Kinds of places: %(new)d new, %(changed)d changed, %(unchanged)d as before, "
            "%(removed)d removed."
        )
        self.stdout.write(text % counts(kinds))
        if dry_run:
            self.stdout.write(_("Trial run: nothing was written."))


def counts(report):
    names = ("new", "changed", "unchanged", "removed")
    return {name: len(getattr(report, name)) for name in names}
