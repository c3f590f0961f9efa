"""``delete_inquiry_contacts``: forgets who asked, when the stated time is over."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from geo.inquiries.services.retention import delete_old_contacts


class Command(BaseCommand):
    help = "Deletes the contacts of those who asked questions, once their stated time is over."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")

    def handle(self, *, dry_run, **options):
        with transaction.atomic():
            done = delete_old_contacts()
            if dry_run:
                transaction.set_rollback(True)
        text = _("Contacts deleted: %(contacts)s. Traces of the network emptied: %(senders)s.")
        self.stdout.write(text % {"contacts": done.n_contacts, "senders": done.n_senders})
        if dry_run:
            self.stdout.write(_("Nothing was written: --dry-run."))
