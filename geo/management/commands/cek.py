"""Tells an operator in sentences what is wrong with this installation."""

import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from geo.status.batch import examine


class Command(BaseCommand):
    help = _("Examine this installation; say what is wrong and what to do.")
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help=_("answer as JSON"))

    def handle(self, *, json: bool, **options):
        found = list(examine())
        wrong = [finding for finding in found if not finding.is_well]
        self._write_json(found) if json else self._write_sentences(found, wrong)
        if wrong:
            sys.exit(1)

    def _write_json(self, found):
        rows = [{**asdict(finding), "ok": finding.is_well} for finding in found]
        self.stdout.write(json.dumps({"findings": rows}, ensure_ascii=False, indent=2))

    def _write_sentences(self, found, wrong):
        for finding in found:
            mark = self.style.SUCCESS(_("ok   ")) if finding.is_well else self.style.ERROR("✗    ")
            self.stdout.write(f"{mark}{finding.sentence}")
            if finding.advice:
                self.stdout.write(f"     → {finding.advice}")
        self.stdout.write("")
        if wrong:
            self.stdout.write(_("Wrong: %(n)s of %(all)s.") % {"n": len(wrong), "all": len(found)})
        else:
            self.stdout.write(_("All is well."))
