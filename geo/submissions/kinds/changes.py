"""What publishing would change, as people look at it: figures, totals and a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Level
from geo.areas.queries import outline_of
from geo.lib.form_rules import number
from geo.lib.grids import LAT, LON, NO_DATA, NUMERIC, Cell, Change, Column, Grid
from geo.lib.numbers import format_change
from geo.lib.periods import format_period
from geo.lib.pictures import LAND_FILL, draw_areas
from geo.lib.place_pictures import LonLat, lay_lines, lay_moves
from geo.submissions.kinds.base import Kind, LaterChange
from geo.submissions.kinds.registry import kind_of
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import label_of
from geo.submissions.rules.showing import shown, shown_change

# Up to so many rows of a list are shown whole; of more, one column at a time.
MOST_READ_WHOLE = 20
# Of figures of later periods that change too, so many are listed.
MOST_LATER = 60
# From this share of the old figure on, a change is called a large one.
LARGE_PERCENT = 10
LESS, SOME_LESS, SAME, SOME_MORE, MORE, NEW = (
    "less", "some_less", "same", "some_more", "more", "new",
)  # fmt: skip
# How villages are coloured by what changes: less in browns, more in greens, new in violet.
TONES = {
    LESS: ("#8a4b08", _("more than a tenth less")),
    SOME_LESS: ("#d9a04e", _("less")),
    SAME: ("#cfd8d8", _("as before")),
    SOME_MORE: ("#6fb3ac", _("more")),
    MORE: ("#15596f", _("more than a tenth more")),
    NEW: ("#9e9ac8", _("new, or another text")),
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as a table writes it."""

    key: str
    label: str
    old: str
    new: str
    difference: str
    percent: str


@dataclass(frozen=True)
class ColumnChanges:
    """What changes in one column; ``before`` and ``after`` are totals where these make sense.

    ``n_compared`` says over how many rows, where these are not all of the form.
    """

    column: Column
    changes: Sequence[Change]
    before: float | None = None
    after: float | None = None
    n_compared: int | None = None

    @property
    def label(self) -> str:
        return label_of(self.column)

    @property
    def lines(self) -> list[ChangeLine]:
        return [self._line(change) for change in self.changes]

    def _line(self, change: Change) -> ChangeLine:
        percent = percent_of(change)
        language = get_language() or "id"
        return ChangeLine(
            change.key,
            change.label,
            shown(change.old, self.column) or "–",
            shown(change.new, self.column),
            shown_change(change.difference, self.column),
            "" if percent is None else f"{format_change(percent, 1, language)}\N{NO-BREAK SPACE}%",
        )

    @property
    def has_totals(self) -> bool:
        return self.after is not None

    @property
    def total(self) -> ChangeLine:
        """Both totals and their difference, as one line."""
        code = self.column.code
        return self._line(Change("", "", code, self.before, self.after))


@dataclass(frozen=True)
class Tone:
    """One line of the legend of the map of changes."""

    colour: str
    label: str
    n: int


@dataclass(frozen=True)
class Changes:
    """All that a grid would change in what is published, against what stands now."""

    form: Form
    columns: Sequence[ColumnChanges]
    n_unchanged: int
    chosen: ColumnChanges | None = None
    has_free_rows: bool = False
    # Nothing stands for the period yet: figures are compared with the period before.
    is_first: bool = False
    # It has happened: told in the past.
    is_done: bool = False
    # Lines that come with the rows, in (lon, lat).
    lines: Sequence[Sequence[LonLat]] = ()
    # What changes in later periods, because it is carried forward from here.
    later: Sequence[LaterChange] = ()

    @property
    def before_words(self) -> str:
        """The heading over what stood, or stands."""
        if self.is_first:
            return format_period(self.form.period_before, get_language() or "id")
        return gettext("Before") if self.is_done else gettext("Now")

    @property
    def after_words(self) -> str:
        """The heading over what stands after the change."""
        if self.is_first:
            return format_period(self.form.period, get_language() or "id")
        return gettext("After") if self.is_done else pgettext("after a change", "Then")

    @property
    def has_totals(self) -> bool:
        return any(one.has_totals for one in self.columns)

    @property
    def is_of_one(self) -> bool:
        """Whether it is about one area, of which a table says all."""
        return self.form.area.level == self.form.level and not self.has_free_rows

    @cached_property
    def n_changed(self) -> int:
        return sum(len(one.changes) for one in self.columns)

    @property
    def is_all_new(self) -> bool:
        """Whether nothing stood before in any of the cells."""
        return all(change.old is None for one in self.columns for change in one.changes)

    @cached_property
    def n_rows(self) -> int:
        """How many areas or places change."""
        return len({(line.key, line.label) for one in self.columns for line in one.changes})

    @cached_property
    def single(self) -> list[tuple[ColumnChanges, ChangeLine]]:
        """Column and change, for a form about one area."""
        return [(one, line) for one in self.columns for line in one.lines]

    @cached_property
    def by_row(self) -> list[tuple[str, list[tuple[ColumnChanges, ChangeLine]]]]:
        """Row by row, where rows are added and few enough to be read whole; else empty."""
        found: dict[tuple[str, str], list[tuple[ColumnChanges, ChangeLine]]] = {}
        for one, line in self.single if self.has_free_rows else []:
            found.setdefault((line.key, line.label), []).append((one, line))
        few = found if len(found) <= MOST_READ_WHOLE else {}
        return [(label or key, lines) for (key, label), lines in few.items()]

    @cached_property
    def places_picture(self) -> SafeString | None:
        """Where rows with a position stood and will stand; None where none has moved."""
        moves = self._moves() if self.has_free_rows else []
        is_one = self.form.area.level == self.form.level
        around = self.form.area.parent if is_one else self.form.area
        outline = outline_of(around, self.form.level) if moves and around else None
        if outline is None:
            return None
        fills = dict.fromkeys(outline.picture["paths"], LAND_FILL)
        svg = draw_areas(outline.picture, fills, selected=self.form.area.code if is_one else None)
        return mark_safe(lay_moves(svg, outline.picture, moves))  # noqa: S308 plain numbers

    @cached_property
    def lines_picture(self) -> SafeString | None:
        """Where lines are drawn that come with the rows; None without any."""
        level = Level.DISTRICT if self.form.area.level == Level.REGENCY else self.form.level
        outline = outline_of(self.form.area, level) if self.lines else None
        if outline is None:
            return None
        fills = dict.fromkeys(outline.picture["paths"], LAND_FILL)
        svg = draw_areas(outline.picture, fills)
        return mark_safe(lay_lines(svg, outline.picture, self.lines))  # noqa: S308 plain numbers

    def _moves(self) -> list[tuple[LonLat | None, LonLat | None]]:
        """Positions before and after, by row, where both coordinates change."""
        sides = {one.column.type: {c.key: c for c in one.changes} for one in self.columns}
        lons, lats = sides.get(LON, {}), sides.get(LAT, {})
        pairs = [(lons[key], lats[key]) for key in lons if key in lats]
        return [(_pair(lon.old, lat.old), _pair(lon.new, lat.new)) for lon, lat in pairs]

    @property
    def n_later(self) -> int:
        """How many later periods change."""
        return len({one.period for one in self.later})

    @property
    def n_later_hidden(self) -> int:
        return max(len(self.later) - MOST_LATER, 0)

    def later_lines(self) -> list[tuple[str, ColumnChanges, ChangeLine]]:
        """Period, column and change, for as many as are listed."""
        columns = {column.code: column for column in kind_of(self.form.dataset).columns(self.form)}
        return [
            (one.period, part, line)
            for one in self.later[:MOST_LATER]
            if one.change.column in columns
            for part in [ColumnChanges(columns[one.change.column], [one.change])]
            for line in part.lines
        ]

    @cached_property
    def tones(self) -> dict[str, str]:
        """By code of an area, how the chosen column changes there."""
        chosen = self.chosen.changes if self.chosen else ()
        return {change.key: tone_of(change) for change in chosen}

    @cached_property
    def legend(self) -> list[Tone]:
        named = list(self.tones.values())
        return [
            Tone(colour, str(label), named.count(tone))
            for tone, (colour, label) in TONES.items()
            if tone in named
        ]

    @cached_property
    def picture(self) -> SafeString | None:
        """Where the chosen column changes; None for one area, or where no boundary is known."""
        if self.is_of_one or self.has_free_rows or not self.tones:
            return None
        outline = outline_of(self.form.area, self.form.level)
        if outline is None:
            return None
        plain = dict.fromkeys(outline.picture["paths"], LAND_FILL)
        fills = plain | {code: TONES[tone][0] for code, tone in self.tones.items()}
        return mark_safe(draw_areas(outline.picture, fills))  # noqa: S308 draw_areas escapes


def _pair(lon: Cell, lat: Cell) -> LonLat | None:
    east, north = number(lon), number(lat)
    return None if east is None or north is None else (east, north)


def tone_of(change: Change) -> str:
    """How a change is coloured: by its size against the old figure."""
    if change.difference is None:
        return NEW
    if change.difference == 0:
        return SAME
    old = abs(float(change.old or 0))
    is_large = old == 0 or abs(change.difference) > old * LARGE_PERCENT / 100
    if change.difference < 0:
        return LESS if is_large else SOME_LESS
    return MORE if is_large else SOME_MORE


def percent_of(change: Change) -> float | None:
    """The difference in percent of the old figure; None where that is no number or 0."""
    old = number(change.old)
    if change.difference is None or not old:
        return None
    return 100 * change.difference / abs(old)


def read_changes(kind: Kind, form: Form, grid: Grid, chosen: str = "") -> Changes:
    """Compare a grid with what stands.

    Parameters
    ----------
    chosen
        Code of the column that the map shows; the one with most changes where it has none.
    """
    columns = kind.columns(form)
    grid = _readable(grid, columns)
    found = kind.changes(form, grid)
    # What is added to a list is new, not the next figure of a series.
    is_first = not kind.has_free_rows and not any(kind.standing(form).values())
    last = kind.last(form) if is_first else {}
    if is_first:
        found = [replace(one, old=last.get(one.key, {}).get(one.column)) for one in found]
    by_column: dict[str, list[Change]] = {}
    for change in found:
        by_column.setdefault(change.column, []).append(change)
    parts = [
        ColumnChanges(column, by_column[column.code])
        for column in columns
        if column.code in by_column
    ]
    if form.area.level != form.level:
        totals = kind.totals(form, found)
        summed = _summed_twice if is_first else _summed
        parts = [summed(form, one, totals) for one in parts]
    largest = max(parts, key=lambda one: len(one.changes), default=None)
    picked = next((one for one in parts if one.column.code == chosen), largest)
    return Changes(
        form,
        parts,
        kind.effect(form, grid, found).unchanged,
        picked,
        kind.has_free_rows,
        is_first,
        lines=lines_of(grid),
        later=kind.later(form, grid),
    )


def _readable(grid: Grid, columns: Sequence[Column]) -> Grid:
    """The grid without what was typed where a number belongs and is none: it changes nothing."""
    numeric = {column.code for column in columns if column.type in NUMERIC}

    def kept(code: str, cell: Cell) -> bool:
        return code not in numeric or not isinstance(cell, str) or cell == NO_DATA

    rows = [
        replace(row, cells={code: cell for code, cell in row.cells.items() if kept(code, cell)})
        for row in grid.rows
    ]
    return replace(grid, rows=rows)


def lines_of(grid: Grid) -> list[list[LonLat]]:
    """The lines of a grid's rows, those of several parts taken apart."""
    drawn = [row.geometry for row in grid.rows if row.geometry]
    single = [one["coordinates"] for one in drawn if one["type"] == "LineString"]
    parts = [
        part for one in drawn if one["type"] == "MultiLineString" for part in one["coordinates"]
    ]
    return [[(point[0], point[1]) for point in line] for line in (*single, *parts)]


Totals = Mapping[str, tuple[float, float]]


def _summed(form: Form, one: ColumnChanges, totals: Totals) -> ColumnChanges:
    before, after = totals.get(one.column.code, (None, None))
    return replace(one, before=before, after=after)


def _summed_twice(form: Form, one: ColumnChanges, totals: Totals) -> ColumnChanges:
    """Totals of two periods over the same rows: those with a number in both."""
    if one.column.code not in totals:
        return one
    pairs = [(number(change.old), number(change.new)) for change in one.changes]
    both = [(old, new) for old, new in pairs if old is not None and new is not None]
    if not both:
        return replace(one, after=totals[one.column.code][1])
    n_rows = len(form.areas)
    return replace(
        one,
        before=sum(old for old, _new in both),
        after=sum(new for _old, new in both),
        n_compared=len(both) if len(both) < n_rows else None,
    )
