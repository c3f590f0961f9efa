"""``create_accounts``: accounts for many people from one sheet, all or nothing."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.accounts.services import create_accounts, read_sheet
from geo.lib.tables import write_csv


class Command(BaseCommand):
    help = _(
        "Create accounts from an XLSX or CSV sheet with the columns kode wilayah, nama, jabatan, "
        "peran, sektor, telepon, email. All faults are told at once; all accounts or none. User "
        "names and first passwords go into a file that only you can read."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--output", type=Path, help=_("where the first passwords go (CSV)"))
        parser.add_argument("--dry-run", action="store_true", help=_("only check the sheet"))

    def handle(self, *, file: Path, output: Path | None, dry_run: bool, **options):
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        accounts, issues = read_sheet(file)
        for issue in issues:
            where = ", ".join(str(part) for part in (issue.row, issue.column) if part)
            self.stdout.write(f"[{where}] {issue.found}: {issue.message}")
        if issues:
            text = _("No account was created: %(n)s things must be mended first.")
            raise CommandError(text % {"n": len(issues)})
        if dry_run:
            self.stdout.write(_("%(n)s accounts would be created.") % {"n": len(accounts)})
            return
        with transaction.atomic():
            slips = create_accounts(accounts=accounts, by=None)
            path = keep_slips(slips, output)
        self.stdout.write(
            _(
                "Created accounts: %(n)s. User names and first passwords: %(path)s. Hand them "
                "over, then delete the file."
            )
            % {"n": len(slips), "path": path}
        )


def keep_slips(slips, output: Path | None) -> Path:
    """Write the slips before the accounts are committed: without them nobody could sign in."""
    name = f"accounts-{timezone.localtime():%Y%m%d-%H%M%S}.csv"
    path = output or Path(settings.VAR_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        [slip.user.full_name, str(slip.assignment), slip.user.username, slip.password]
        for slip in slips
    ]
    text = write_csv([_("name"), _("task"), _("user name"), _("first password")], rows)
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        text = _("%(path)s exists already. Nothing was written; name another file.")
        raise CommandError(text % {"path": path}) from error
    with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as out:
        out.write(text)
    return path
