"""What workbooks are written from and what reading one finds: plain values, no Django.

Words come in from outside, so that a workbook speaks the language of the page; the few words
that are recognised in files of others stand in ``vocabulary``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.lib.form_rules import Rule
from geo.lib.grids import Cell, Column, Grid, GridRow
from geo.lib.matching import AreaIndex
from geo.lib.workbooks.places import Places

# Rises when the layout of our workbook changes so that older ones have to be read otherwise.
FORMAT = "1"
TEMPLATE_SHEET, LISTS_SHEET, MARKS_SHEET = "_templat", "_daftar", "_tanda"
# Begins our line of columns' codes, above the codes of the rows.
ROW_CODES = "kode"
# Begins our words in notes at cells, and ends the second line of our summaries.
OUR_SIGN = "[peta]"
# How a file was understood.
BY_ROW, BY_COLUMN, BY_HEADING, REPORT, KECAMATAN = (
    "by_row",  # our own, one row an area
    "by_column",  # our own, one row a figure
    "by_heading",  # a table with headings that people wrote
    "report",  # OpenSID's monthly report of one village
    "kecamatan",  # the flat LAMPID form
)
OWN = (BY_ROW, BY_COLUMN)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a workbook is about, in codes: data set, period and area."""

    dataset: str
    period: str
    area: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one of our workbooks says of itself: its subject and its template's version."""

    subject: Subject
    template: str


@dataclass(frozen=True, slots=True)
class Words:
    """Every word of a workbook that does not come from a column, in one language.

    Texts with ``%(…)s`` are filled in by the writer: ``lowest``, ``highest``, ``no_data``.
    """

    title: str
    form_sheet: str
    help_sheet: str
    code: str
    area: str
    district: str
    figure: str
    value: str
    last: str
    computed: str
    total: str
    form_code: str
    no_data: str
    yes: str
    no: str
    wrong_value: str
    whole_between: str
    number_between: str
    or_no_data: str
    choose: str
    date: str
    how_to: Sequence[str]
    table: Sequence[str]  # headings of the list of columns: figure, unit, what is allowed, meaning
    page: str  # of the footer, "%(page)s" and "%(pages)s"


@dataclass(frozen=True, slots=True)
class WorkbookForm:
    """All that a workbook says.

    ``rows`` hold what is filled in: locked cells, and what is published for the period
    already. ``last`` is shown beside the cells, by key of a row and code of a column.
    ``stood`` is what was published for the period when the workbook was made: it goes along
    hidden, so that reading tells what the sender changed from what others have changed since.
    ``districts`` is empty where all rows lie in one. ``free_rows`` is how many blank rows
    follow for what is new. ``takes_no_data`` says whether “no data” is an answer.
    """

    subject: Subject
    columns: Sequence[Column]
    rows: Sequence[GridRow]
    words: Words
    last: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    facts: Sequence[tuple[str, str]] = ()
    rules: Sequence[Rule] = ()
    districts: Mapping[str, str] = field(default_factory=dict)
    free_rows: int = 0
    takes_no_data: bool = True
    language: str = "id"
    stood: Mapping[str, Mapping[str, Cell]] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a file: the form that it answers.

    ``index`` knows the areas by code and name; without it rows are matched by their keys
    and labels alone. ``is_ledger`` lets the reports that villages already write be understood.
    """

    subject: Subject
    columns: Sequence[Column]
    rows: Sequence[GridRow]
    index: AreaIndex | None = None
    has_free_rows: bool = False
    is_ledger: bool = False


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing about a file or grid; a code with facts, said in ``submissions.rules``.

    ``row`` is the line in the file, ``column`` the code of a column of the form.
    """

    code: str
    row: int | None = None
    column: str = ""
    found: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Recognised:
    """What a file says, as a grid of the form; ``grid`` is None where nothing was recognised.

    ``faults`` are about the file: they are not found again by looking at the grid.
    ``places`` tells where each cell stands, by line of the row and code of the column.
    ``stood`` is what was published when our workbook was made, None where the file does not say.
    """

    grid: Grid | None = None
    faults: list[SheetFault] = field(default_factory=list)
    template: str = ""
    layout: str = ""
    places: Places = field(default_factory=Places)
    stood: Mapping[str, Mapping[str, Cell]] | None = None

    @property
    def is_own(self) -> bool:
        """Whether the file is one of our workbooks, perhaps saved by another program."""
        return self.layout in OWN


def template_version(columns: Sequence[Column]) -> str:
    """The version of a template: other columns, types or units make another one.

    The order of the columns and what they are called do not.
    """
    written = ";".join(sorted(f"{one.code}:{one.type}:{one.unit}" for one in columns))
    return f"{FORMAT}-{short_hash(written, 12)}"


def short_hash(text: str, length: int) -> str:
    """The first letters of a SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]
