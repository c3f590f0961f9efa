"""Lists of places: one row a facility or attraction; new ones stand below, without a number."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence

from geo.areas.models import Area
from geo.indicators.models import Indicator, Source, Status
from geo.indicators.services import withdraw_source
from geo.lib.form_rules import RANGE, Rule
from geo.lib.form_rules import WHOLE as IS_WHOLE
from geo.lib.grids import NO_DATA, NUMERIC, WHOLE, Change, Column, Grid, GridRow
from geo.lib.tables import Issue
from geo.places.services import revise_places, verify_places, withdraw_places
from geo.submissions.kinds.base import Kind, Standing
from geo.submissions.kinds.place_checks import check_places
from geo.submissions.kinds.place_columns import (
    LATITUDE,
    LONGITUDE,
    VILLAGE,
    kinds_of,
    place_columns,
)
from geo.submissions.kinds.place_entries import Entry, PlaceReader
from geo.submissions.kinds.values import verify_figures
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import check_rows


class PlacesKind(Kind):
    """Facilities and attractions of the kinds that a data set names."""

    has_free_rows = True
    has_geometry = True
    geometries = frozenset({"Point"})
    # New rows have no key by which one of them could be left out.
    rows_are_independent = False

    def columns(self, form: Form) -> list[Column]:
        return place_columns(form, kinds_of(form))

    def rules(self, form: Form) -> list[Rule]:
        # Of coordinates it is said what is wrong with them, not between what they must lie.
        measured = [
            one
            for one in self.columns(form)
            if one.type in NUMERIC and one.code not in (LONGITUDE, LATITUDE)
        ]
        rules: list[Rule] = [
            {"kind": RANGE, "column": one.code, "lowest": one.lowest, "highest": one.highest}
            for one in measured
            if one.lowest is not None or one.highest is not None
        ]
        return rules + [
            {"kind": IS_WHOLE, "column": one.code} for one in measured if one.type == WHOLE
        ]

    def rows(self, form: Form) -> list[GridRow]:
        return [
            GridRow(n, key, place.name, {VILLAGE: place.village.code})
            for n, (key, place) in enumerate(PlaceReader(form).places.items(), start=1)
        ]

    def standing(self, form: Form) -> Standing:
        reader = PlaceReader(form)
        return {key: reader.cells_of(place) for key, place in reader.places.items()}

    def last(self, form: Form) -> Standing:
        return {}

    def check(self, form: Form, grid: Grid) -> list[Issue]:
        issues = check_rows(self.rules(form), grid, self.columns(form), {})
        said = {(issue.row, issue.column) for issue in issues}
        reader = PlaceReader(form)
        found = check_places(reader, reader.read(grid))
        return issues + [one for one in found if (one.row, one.column) not in said]

    def indicators(self, form: Form) -> list[Indicator]:
        codes = [code for kind in kinds_of(form) for code in kind.feeds.values()]
        return list(Indicator.objects.filter(code__in=codes))

    def publish(
        self, form: Form, grid: Grid, *, source: Source, moment: datetime.datetime, note: str
    ) -> None:
        reader = PlaceReader(form)
        entries = reader.read(grid)
        # Villages that nobody stated are found by the positions, as when it was checked.
        check_places(reader, entries)
        revise_places(
            places=[reader.given(entry) for entry in entries],
            source=source,
            period=form.period,
            moment=moment,
            status=Status.VERIFIED if source.verified_by else Status.UNVERIFIED,
            whole=_known_whole(form, reader, entries),
        )

    def verify(self, form: Form, *, source: Source, by: Source, moment: datetime.datetime) -> None:
        verify_places(source=source, by=by, moment=moment)
        verify_figures(source=source, by=by, moment=moment)

    def undo(self, form: Form, *, source: Source, moment: datetime.datetime) -> None:
        withdraw_places(source=source, moment=moment)
        withdraw_source(source=source, moment=moment)

    def changes(self, form: Form, grid: Grid) -> list[Change]:
        reader = PlaceReader(form)
        columns = self.columns(form)
        entries = reader.read(grid)
        check_places(reader, entries)
        return [change for entry in entries for change in _changes(reader, entry, columns)]


def _changes(reader: PlaceReader, entry: Entry, columns: Sequence[Column]) -> list[Change]:
    """What differs between a place as it stands and as it would stand."""
    was = reader.cells_of(entry.before) if entry.before else {}
    key = entry.key or f"#{entry.row.row}"
    found = []
    for column in columns:
        old, new = was.get(column.code), entry.cells.get(column.code)
        if old != new:
            found.append(
                Change(key, entry.label, column.code, old, NO_DATA if new is None else new)
            )
    return found


def _known_whole(
    form: Form, reader: PlaceReader, entries: Sequence[Entry]
) -> dict[str, list[Area]]:
    """Villages in which all places of a kind are known now, by code of the kind.

    Of its own village a form says all, also that there is none; of a district or the
    regency only of the villages that it names.
    """
    if form.area.level == form.level:
        return {code: [form.area] for code in reader.kinds}
    named: dict[str, dict[int, Area]] = defaultdict(dict)
    for entry in entries:
        was = entry.before.village if entry.before else None
        for area in (entry.village, was):
            if entry.kind and area is not None:
                named[entry.kind.code][area.pk] = area
    return {code: list(areas.values()) for code, areas in named.items()}
