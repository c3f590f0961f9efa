"""What must be true of boundaries before anything is written; every fault is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.areas.batch.readers import BoundaryFile, BoundaryIssue, BoundaryRow
from geo.areas.models import INDONESIA
from geo.lib.errors import GeoError
from geo.lib.register import VILLAGE_KINDS, Register, level_of

SHOWN = 50
WEST, SOUTH, EAST, NORTH = INDONESIA.extent


class BoundaryFaults(GeoError):
    """The file is refused whole; ``issues`` holds every fault."""

    template = gettext_lazy(
        "The boundaries were refused and nothing was changed. %(n)s faults:\n%(listed)s"
    )

    def __init__(self, issues: list[BoundaryIssue]):
        self.issues = issues
        lines = [f"- {issue}" for issue in issues[:SHOWN]]
        if len(issues) > SHOWN:
            lines.append("- … " + _("and %(n)s more") % {"n": len(issues) - SHOWN})
        super().__init__(n=len(issues), listed="\n".join(lines))


def find_issues(file: BoundaryFile, register: Register | None, regency: str) -> list[BoundaryIssue]:
    """All faults of a file, in the order of its rows; empty when it can be loaded."""
    issues = list(file.issues)
    if not file.rows and not issues:
        message = _("It holds no village with a boundary.")
        issues.append(BoundaryIssue(_("file"), "", message))
    seen = Counter(row.code for row in file.rows)
    knows_crs = not any(issue.code == "" for issue in file.issues)
    for row in file.rows:
        messages = list(_code_messages(row.code, register, regency))
        if seen[row.code] > 1:
            n = seen[row.code]
            messages.append(_("The code stands in %(n)s rows instead of one.") % {"n": n})
        messages += list(_shape_messages(row.geometry, knows_crs))
        issues += [BoundaryIssue(row.place, row.code, message) for message in messages]
    return issues


def _code_messages(code: str, register: Register | None, regency: str) -> Iterator[str]:
    if level_of(code) != "village":
        yield _("“%(code)s” is not a village code, which looks like 16.07.10.1003.") % {
            "code": code
        }
    elif not code.startswith(f"{regency}."):
        yield _("The village belongs to regency %(found)s; expected is %(expected)s.") % {
            "found": code[:5],
            "expected": regency,
        }
    elif register is not None and code not in register.codes:
        yield _("The code is not in the register of %(regency)s.") % {"regency": regency}
    elif register is None and code.rpartition(".")[2][0] not in VILLAGE_KINDS:
        yield _("The last part of a village code begins with 1, 2 or 3.")


def _shape_messages(shape: shapely.Geometry | None, knows_crs: bool) -> Iterator[str]:
    if shape is None or shape.is_empty:
        yield _("The geometry is empty or cannot be read; a ring needs at least four points.")
        return
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        yield _("The geometry is a %(found)s; expected is a polygon.") % {"found": shape.geom_type}
        return
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        yield _("A coordinate is not a finite number.")
        return
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        yield _("A ring is not valid: %(reason)s (lon lat).") % {"reason": reason}
    if knows_crs:
        yield from _place_messages(shape)


def _place_messages(shape: shapely.Geometry) -> Iterator[str]:
    west, south, east, north = shape.bounds
    if _is_in_indonesia(west, south, east, north):
        return
    facts = {"lon": f"{west:.4f}…{east:.4f}", "lat": f"{south:.4f}…{north:.4f}"}
    if _is_in_indonesia(south, west, north, east):
        yield (
            _("The axes look swapped: longitude %(lon)s, latitude %(lat)s. Longitude comes first.")
            % facts
        )
    else:
        yield _("It lies outside Indonesia: longitude %(lon)s, latitude %(lat)s.") % facts


def _is_in_indonesia(west: float, south: float, east: float, north: float) -> bool:
    return west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH


def find_losses(rows: list[BoundaryRow], before, after) -> list[BoundaryIssue]:
    """Villages whose area cleaning would change by more than overlaps and slivers explain.

    ``before`` and ``after`` are arrays of areas in the order of ``rows``.
    """
    allowed_share = 0.05
    return [
        BoundaryIssue(
            row.place,
            row.code,
            _(
                "It overlaps its neighbours: putting that right would change its area from "
                "%(before).2f to %(after).2f km²; allowed are 5 %%."
            )
            % {"before": old, "after": new},
        )
        for row, old, new in zip(rows, before, after, strict=True)
        if abs(new - old) > allowed_share * old
    ]


__all__ = ["BoundaryFaults", "find_issues", "find_losses"]
