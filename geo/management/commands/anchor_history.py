"""``anchor_history``: one line that stands for the whole history of submissions."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.submissions.queries.anchors import read_anchor


class Command(BaseCommand):
    help = (
        "Prints the SHA-256 of the chain of all events of submissions. With --file it first checks "
        "the lines that are there, and adds today's: keep that file on another machine."
    )

    def add_arguments(self, parser):
        parser.add_argument("--file", type=Path, help="lines of earlier days, one more is added")
        parser.add_argument("--dry-run", action="store_true", help="check only, add nothing")

    def handle(self, *, file, dry_run, **options):
        earlier = file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []
        for number, line in enumerate(earlier, start=1):
            self.check(file, number, line)
        line = f"{timezone.localdate().isoformat()} {read_anchor()}"
        if file and not dry_run:
            file.write_text("".join(f"{one}\n" for one in [*earlier, line]), encoding="utf-8")
        self.stdout.write(line)

    def check(self, file, number, line):
        parts = line.split()
        if len(parts) != 4 or not parts[1].isdecimal():
            text = _("%(file)s, line %(number)d: expected a date, two numbers and a hash.")
            raise CommandError(text % {"file": file, "number": number})
        if str(read_anchor(int(parts[1]))) != " ".join(parts[1:]):
            text = _(
                "%(file)s, line %(number)d: the history up to event %(event)s is not what it was "
                "on %(day)s. Somebody changed it in the database: compare with a backup."
            )
            facts = {"file": file, "number": number, "event": parts[1], "day": parts[0]}
            raise CommandError(text % facts)
