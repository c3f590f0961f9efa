"""``data_dictionary``: docs/data-dictionary.md, written from what data/sectors declares."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.indicators.rules import BadDeclaration
from geo.lib.dictionary import data_dictionary
from geo.lib.sectors import check_together, read_sector

DICTIONARY = settings.BASE_DIR / "docs" / "data-dictionary.md"


def read_dictionary(folder: Path) -> str:
    """The dictionary as it should stand; raises BadDeclaration with every fault."""
    sectors, faults = [], []
    for path in sorted(folder.glob("*/sector.toml")):
        name = f"data/sectors/{path.parent.name}/{path.name}"
        declared, found = read_sector(path.parent.name, path.read_text("utf-8"), name)
        sectors.append(declared)
        faults += found
    faults = faults or check_together(sectors)
    if faults:
        raise BadDeclaration(faults)
    return data_dictionary(sectors)


class Command(BaseCommand):
    help = "Writes docs/data-dictionary.md from what data/sectors declares."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=settings.DATA_DIR / "sectors")
        parser.add_argument("--output", type=Path, default=DICTIONARY)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, folder, output, dry_run, **options):
        try:
            text = read_dictionary(folder)
        except BadDeclaration as error:
            raise CommandError(str(error)) from error
        counts = {"path": output, "count": text.count("\n### ")}
        if output.exists() and output.read_text("utf-8") == text:
            self.stdout.write(_("%(path)s is as it should be: %(count)d indicators.") % counts)
            return
        if not dry_run:
            output.write_text(text, "utf-8")
        self.stdout.write(_("%(path)s now describes %(count)d indicators.") % counts)
        if dry_run:
            self.stdout.write(_("Trial run: nothing was written."))
