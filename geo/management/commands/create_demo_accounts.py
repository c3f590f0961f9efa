"""Makes the accounts of a demonstration, each with a random password."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = _("Create the demonstration accounts, with random passwords kept in VAR_DIR.")

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))

    def handle(self, *, dry_run: bool, **options):
        User = get_user_model()
        if User.objects.filter(username="admin").exists():
            self.stdout.write(_("The account admin exists already; nothing was changed."))
            return
        if dry_run:
            self.stdout.write(_("The account admin would be created."))
            return
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(username="admin", password=password)
        note_accounts({"admin": password})
        self.stdout.write(_("Created accounts: %(n)s.") % {"n": 1})


def note_accounts(passwords: dict[str, str]) -> Path:
    """Write the names and passwords where only the operator reads them."""
    file = Path(settings.VAR_DIR) / "demo-accounts.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [_("Demonstration accounts (kept in %(file)s):") % {"file": file}]
    lines += [f"  {name:<12} {password}" for name, password in passwords.items()]
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
    return file
