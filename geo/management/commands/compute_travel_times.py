"""``compute_travel_times``: minutes on roads and rivers from every village, and ambulances."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from tqdm import tqdm

from geo.lib.errors import GeoError
from geo.lib.travel_speeds import SEASONS
from geo.travel import rules
from geo.travel.batch.compute import compute_travel_times
from geo.travel.models import Outcome

MOST_SHOWN = 40


class Command(BaseCommand):
    help = "Computes minutes from every village by road and boat, and what ambulances reach."

    def add_arguments(self, parser):
        parser.add_argument(
            "--season", choices=SEASONS, help="only figures of this season; both without it"
        )
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, season, dry_run, **options):
        try:
            with transaction.atomic():
                report = compute_travel_times(
                    settings.REGENCY_CODE,
                    seasons=[season] if season else SEASONS,
                    progress=self.progress,
                )
                if dry_run:
                    transaction.set_rollback(True)
        except GeoError as error:
            raise CommandError(str(error)) from error
        self.report(report, dry_run)

    def progress(self, items):
        return tqdm(items, disable=None, leave=False)

    def report(self, report, dry_run):
        found = report.run.findings
        self.stdout.write(rules.summary(found))
        remarks = rules.remarks(found)
        for remark in remarks[:MOST_SHOWN]:
            self.stdout.write(f"{remark.severity} {remark.text}")
        if len(remarks) > MOST_SHOWN:
            text = _("… and %(count)d more; all stand at /akses/jaringan/.")
            self.stdout.write(text % {"count": len(remarks) - MOST_SHOWN})
        for season, counts in report.outcomes.items():
            text = _("Ambulance, %(season)s: %(counts)s.")
            named = ", ".join(f"{Outcome(code).label} {n}" for code, n in counts.items())
            self.stdout.write(text % {"season": season, "counts": named})
        published = report.published
        text = _("Figures: %(new)d new, %(changed)d changed, %(same)d as before.")
        counts = {"new": published.new, "changed": published.changed, "same": published.unchanged}
        self.stdout.write(text % counts)
        if dry_run:
            self.stdout.write(_("Trial run: nothing was written."))
