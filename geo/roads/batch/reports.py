"""What an import of roads found and did, and the source it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from geo.indicators.models import Source
from geo.indicators.services import make_source_of_file
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
    return make_source_of_file(
        origin.path,
        title=origin.title,
        n_warnings=len(report.of_severity(WARNING)),
        accept_warnings=origin.accept_warnings,
        entered_by=origin.entered_by,
        verified_by=origin.verified_by,
        publisher=origin.publisher,
        licence=origin.licence,
    )
