"""``load_demo``: invented figures for a living map where no real ones are loaded."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.indicators.batch.demo import load_demo, remove_demo
from geo.lib.errors import GeoError


class Command(BaseCommand):
    help = "Makes marked demonstration data for every area; --remove deletes it again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--settings-file", type=Path, default=settings.DATA_DIR / "demo" / "demo.toml"
        )
        parser.add_argument("--remove", action="store_true")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, settings_file, remove, dry_run, **options):
        if remove:
            text = _("Demonstration data removed: %(count)d figures.")
            self.stdout.write(text % {"count": remove_demo()})
            return
        try:
            report = load_demo(
                settings_file=settings_file,
                regency_code=settings.REGENCY_CODE,
                dry_run=dry_run,
            )
        except GeoError as error:
            raise CommandError(str(error)) from error
        self.report(report, dry_run)

    def report(self, report, dry_run):
        if report.left_to_real:
            text = _("Left alone, because real figures are there: %(pairs)s.")
            pairs = ", ".join(f"{code} {period}" for code, period in report.left_to_real)
            self.stdout.write(text % {"pairs": pairs})
        text = _(
            "Demonstration data: %(new)d figures new, %(changed)d changed, %(same)d as before."
        )
        counts = {"new": report.new, "changed": report.changed, "same": report.unchanged}
        self.stdout.write(text % counts)
        if dry_run:
            self.stdout.write(_("Trial run: nothing was written."))
