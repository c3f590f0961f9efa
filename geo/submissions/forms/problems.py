"""Problems of a version as a page lists them, each with the way to its cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.lib.form_rules import GOES_ON, NEAR_BEFORE
from geo.lib.grids import Column, Grid, GridRow, issues_from_json
from geo.lib.tables import ERROR, NOTICE, WARNING, Issue
from geo.submissions.models import CellComment, SubmissionVersion
from geo.submissions.rules.sentences import FAR_FROM_OTHERS, label_of
from geo.submissions.services.mending import ALL_OF_RULE, row_name

COMMENT = "comment"
# A list longer than this helps nobody; the grid and the returned workbook hold them all.
MOST_LISTED = 100
SEVERITIES = {
    ERROR: _("to be mended"),
    WARNING: _("wants a reason"),
    COMMENT: _("comment"),
    NOTICE: _("for your knowledge"),
}
# What warnings of one rule have in common, where one reason may serve them all.
RULES: dict[str, Promise] = {
    GOES_ON: _("other than the period before ended with"),
    NEAR_BEFORE: _("far from the period before"),
    FAR_FROM_OTHERS: _("far from the others in the district"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is said about a grid; ``row`` and ``column`` lead to its cell."""

    severity: str
    message: str
    row: str = ""
    row_label: str = ""
    column: str = ""
    column_label: str = ""
    key: str = ""
    rule: str = ""
    reason: str = ""
    by_name: str = ""

    @property
    def label(self) -> str:
        return str(SEVERITIES[self.severity])


@dataclass(frozen=True)
class RuleGroup:
    """Warnings of one rule, which one reason may explain together."""

    rule: str
    words: Promise | str
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Problems:
    """All that is said about a version, by severity and by cell."""

    errors: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    comments: Sequence[Problem] = ()
    notices: Sequence[Problem] = ()
    by_cell: Mapping[tuple[str, str], list[Problem]] = field(default_factory=dict)

    @property
    def n_unexplained(self) -> int:
        return sum(not one.reason for one in self.warnings)

    @property
    def rows(self) -> set[str]:
        """Names of the rows about which something is to be done."""
        return {one.row for one in (*self.errors, *self.warnings, *self.comments) if one.row}

    @property
    def groups(self) -> list[RuleGroup]:
        """Warnings of which several are of one rule."""
        counts = Counter(one.rule for one in self.warnings)
        return [
            RuleGroup(
                f"{ALL_OF_RULE}{rule}",
                RULES.get(rule, ""),
                [one for one in self.warnings if one.rule == rule],
            )
            for rule, n in counts.items()
            if n > 1
        ]

    @property
    def listed_errors(self) -> Sequence[Problem]:
        return self.errors[:MOST_LISTED]

    @property
    def listed_warnings(self) -> Sequence[Problem]:
        return self.warnings[:MOST_LISTED]

    @property
    def n_unlisted(self) -> int:
        beyond = (max(len(some) - MOST_LISTED, 0) for some in (self.errors, self.warnings))
        return sum(beyond)


def read_problems(
    version: SubmissionVersion,
    grid: Grid,
    columns: Sequence[Column],
    comments: Sequence[CellComment] = (),
) -> Problems:
    """Put the issues of a version and the comments on it where they belong."""
    labels = {column.code: label_of(column) for column in columns}
    by_line = {row.row: row for row in grid.rows}
    found = [
        _of_issue(one, by_line, labels, version.reasons) for one in issues_from_json(version.issues)
    ]
    by_key = {row.key: row for row in grid.rows if row.key}
    said = [
        Problem(
            COMMENT,
            one.text,
            row=one.row_key,
            row_label=by_key[one.row_key].label if one.row_key in by_key else "",
            column=one.column,
            column_label=labels.get(one.column, ""),
            by_name=str(one.by),
        )
        for one in comments
    ]
    by_cell: dict[tuple[str, str], list[Problem]] = {}
    for problem in [*found, *said]:
        by_cell.setdefault((problem.row, problem.column), []).append(problem)
    sorts = {name: [one for one in found if one.severity == name] for name in SEVERITIES}
    return Problems(sorts[ERROR], sorts[WARNING], said, sorts[NOTICE], by_cell)


def _of_issue(
    issue: Issue, by_line: Mapping[int, GridRow], labels: Mapping, reasons: Mapping[str, str]
) -> Problem:
    row = by_line.get(issue.row) if issue.row is not None else None
    return Problem(
        issue.severity,
        issue.message,
        row=row_name(row) if row else "",
        row_label=row.label if row else "",
        column=issue.column if issue.column in labels else "",
        column_label=labels.get(issue.column, ""),
        key=issue.key,
        rule=issue.rule,
        reason=reasons.get(issue.key, ""),
    )
