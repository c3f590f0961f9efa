"""``check_data``: says in sentences what is inconsistent in the data."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.indicators.batch.checks import check_data
from geo.population.batch.checks import check_ledger


class Command(BaseCommand):
    help = (
        "Says what is inconsistent in sectors, figures and data folders; exit code 1 if anything."
    )

    def handle(self, **options):
        sentences = [*check_data(data_folder=settings.DATA_DIR), *check_ledger()]
        for sentence in sentences:
            self.stdout.write(sentence)
        if sentences:
            count = len(sentences)
            text = ngettext("%(count)d fault found.", "%(count)d faults found.", count)
            raise CommandError(text % {"count": count})
        self.stdout.write(_("The data is consistent."))
