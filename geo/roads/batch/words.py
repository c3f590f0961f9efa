"""What the two import commands share: arguments, and how a report is said."""

from django.utils.translation import gettext as _

from geo.lib.tables import ERROR, NOTICE, WARNING
from geo.roads.batch.reports import RoadReport

MOST_SHOWN = 200


def add_origin_arguments(parser) -> None:
    parser.add_argument("--title", default="", help="of the source; its file name without it")
    parser.add_argument("--publisher", default="")
    parser.add_argument("--licence", default="")
    parser.add_argument("--verified-by", default="", metavar="NAME")
    parser.add_argument("--accept-warnings", default="", metavar="REASON")
    parser.add_argument("--dry-run", action="store_true")


def issue_lines(report: RoadReport) -> list[str]:
    shown = []
    for issue in report.issues[:MOST_SHOWN]:
        row = _("row %(row)d") % {"row": issue.row} if issue.row else ""
        where = ", ".join(part for part in (row, issue.column) if part)
        shown.append(f"{issue.severity} [{where}] {issue.message}")
    if len(report.issues) > MOST_SHOWN:
        shown.append(_("… and %(count)d more.") % {"count": len(report.issues) - MOST_SHOWN})
    return shown


def summary(report: RoadReport, subject: str) -> list[str]:
    text = _("%(rows)d rows: %(errors)d errors, %(warnings)d warnings, %(notices)d notices.")
    counts = {
        "rows": report.n_rows,
        "errors": len(report.of_severity(ERROR)),
        "warnings": len(report.of_severity(WARNING)),
        "notices": len(report.of_severity(NOTICE)),
    }
    lines = [text % counts]
    if report.written:
        text = _("%(subject)s: %(new)d new, %(changed)d changed, %(same)d as before.")
        counts = {"new": report.new, "changed": report.changed, "same": report.unchanged}
        lines.append(text % {"subject": subject, **counts})
    if report.new_roads:
        lines.append(_("Entered without a line: %(count)d roads.") % {"count": report.new_roads})
    if report.demo_removed:
        text = _("Demonstration roads removed: %(count)d.")
        lines.append(text % {"count": report.demo_removed})
    return lines


def why_not(report: RoadReport) -> str:
    if report.of_severity(ERROR):
        return _("Nothing was imported: the errors above must be put right first.")
    if report.of_severity(WARNING):
        return _(
            "Nothing was imported: there are warnings. Put the file right, or accept them "
            "with --accept-warnings REASON; the reason is kept with the source."
        )
    return _("Nothing was imported: the file holds no roads.")
