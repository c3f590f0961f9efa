"""``load_demo``: invented figures for a living map where no real ones are loaded."""

import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from geo.indicators.batch.demo import load_demo, remove_demo
from geo.lib.errors import GeoError
from geo.opportunities.batch import demo as opportunities
from geo.places.batch import demo as places
from geo.population.batch import demo as population
from geo.roads.batch import demo as roads
from geo.travel.batch import demo as travel

# Rooms that invent rows of their own and publish figures made of them, in this order.
ROOMS = [
    ("population", population),
    ("places", places),
    ("roads", roads),
    ("travel", travel),
    ("opportunities", opportunities),
]


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
            self.remove()
            return
        try:
            with transaction.atomic():
                self.load(settings_file, dry_run)
                if dry_run:
                    transaction.set_rollback(True)
        except GeoError as error:
            raise CommandError(str(error)) from error
        if not dry_run:
            # Tables just filled have no statistics yet: pages would be ten times slower.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    @transaction.atomic
    def remove(self):
        for name, room in ROOMS:
            text = _("Demonstration rows of “%(room)s” removed: %(count)d.")
            self.stdout.write(text % {"room": name, "count": room.remove_demo()})
        text = _("Demonstration data removed: %(count)d figures.")
        self.stdout.write(text % {"count": remove_demo()})

    def load(self, settings_file, dry_run):
        report = load_demo(settings_file=settings_file, regency_code=settings.REGENCY_CODE)
        seed = tomllib.loads(settings_file.read_text(encoding="utf-8"))["seed"]
        for name, room in ROOMS:
            done = room.load_demo(seed=seed, progress=iter)
            text = _("%(room)s: %(new)d rows new, %(changed)d changed, %(same)d as before.")
            counts = {"new": done.new, "changed": done.changed, "same": done.unchanged}
            self.stdout.write(text % {"room": name, **counts})
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
