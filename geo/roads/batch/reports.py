"""What an import of roads found and did, and the source it leaves behind."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from geo.indicators.models import Source
from geo.lib.tables import ERROR, WARNING, Issue


@dataclass(slots=True)
class RoadReport:
    """``written`` is False when anything stood in the way; ``issues`` are all there are."""

    n_rows: int = 0
    issues: list[Issue] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    new_roads: int = 0
    demo_removed: int = 0
    written: bool = False

    def of_severity(self, severity: str) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity == severity]

    def add(self, row: int | None, column: str, found: object, text: str, severity=ERROR) -> None:
        self.issues.append(Issue(row, column, str(found), text, severity))

    def may_write(self, accept_warnings: str) -> bool:
        """Errors block; warnings block until somebody accepts them with a reason."""
        if self.of_severity(ERROR):
            return False
        return bool(accept_warnings) or not self.of_severity(WARNING)


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose file it is, and who answers for it."""

    path: Path
    title: str = ""
    publisher: str = ""
    licence: str = ""
    entered_by: str = ""
    verified_by: str = ""
    accept_warnings: str = ""


def make_source(origin: Origin, report: RoadReport) -> Source:
    title = origin.title or origin.path.name
    warnings = report.of_severity(WARNING)
    if warnings:
        text = _("%(title)s (accepted with %(count)d warnings: %(reason)s)")
        facts = {"title": title, "count": len(warnings), "reason": origin.accept_warnings}
        title = text % facts
    return Source.objects.create(
        title=title[:300],
        publisher=origin.publisher,
        licence=origin.licence,
        file_name=origin.path.name[:200],
        sha256=hashlib.sha256(origin.path.read_bytes()).hexdigest(),
        entered_by=origin.entered_by[:150],
        verified_by=origin.verified_by[:150],
        verified_on=datetime.date.today() if origin.verified_by else None,  # noqa: DTZ011
    )
