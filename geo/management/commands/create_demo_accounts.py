"""Makes the accounts of a demonstration, each with a random password."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from geo.accounts.services import DEMO_CAST, create_demo_cast


class Command(BaseCommand):
    help = _(
        "Create the demonstration accounts, one for each role, with random passwords kept in "
        "VAR_DIR. Those that exist already stay as they are."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))

    def handle(self, *, dry_run: bool, **options):
        if settings.HTTPS:
            self.stdout.write(
                _(
                    "HTTPS=true: this looks like a site on the network. Demonstration accounts "
                    "need no second factor and do not belong there. None was created."
                )
            )
            return
        passwords = {member.username: secrets.token_urlsafe(12) for member in DEMO_CAST}
        with transaction.atomic():
            made, missing = create_demo_cast(passwords)
            if dry_run:
                transaction.set_rollback(True)
        for name in missing:
            self.stdout.write(
                _("%(name)s was left out: its area or sector is not loaded.") % {"name": name}
            )
        self._say(made, passwords, dry_run=dry_run)

    def _say(self, made, passwords, *, dry_run):
        if not made:
            self.stdout.write(_("The demonstration accounts exist already; nothing was changed."))
        elif dry_run:
            names = ", ".join(user.username for user in made)
            self.stdout.write(_("These accounts would be created: %(names)s.") % {"names": names})
        else:
            lines = {user.username: (passwords[user.username], tasks(user)) for user in made}
            note_accounts(lines)
            self.stdout.write(_("Created accounts: %(n)s.") % {"n": len(made)})


def tasks(user) -> str:
    """What the person answers for, in a line."""
    return "; ".join(str(assignment) for assignment in user.assignments.all())


def accounts_file() -> Path:
    return Path(settings.VAR_DIR) / "demo-accounts.txt"


def note_accounts(made: dict[str, tuple[str, str]]) -> Path:
    """Write names, passwords and tasks where only the operator reads them; earlier ones stay."""
    file = accounts_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [_("Demonstration accounts (kept in %(file)s):") % {"file": file}]
    if file.exists():
        earlier = file.read_text().splitlines()[1:]
        lines += [line for line in earlier if line.split()[:1] and line.split()[0] not in made]
    lines += [f"  {name:<12} {password}  {task}" for name, (password, task) in made.items()]
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
    return file
