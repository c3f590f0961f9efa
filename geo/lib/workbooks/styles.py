"""How the cells of our workbooks look, and what may be typed into them."""

from __future__ import annotations

from typing import Any

from geo.lib.grids import CHOICE, DATE, NO_DATA, NUMERIC, TEXT, WHOLE, YES_NO, Cell, Column
from geo.lib.numbers import format_number
from geo.lib.workbooks.contract import WorkbookForm

BRAND, SOFT, LINE, FIELD, GREY = "#0d5c63", "#eef3f2", "#c4d0d0", "#fff9db", "#46606a"
HEADING = {"bold": True, "border": 1, "border_color": LINE, "text_wrap": True, "align": "center"}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": BRAND},
    "section": {"bold": True, "font_size": 13, "font_color": BRAND, "valign": "top"},
    "fact": {"font_color": GREY},
    "heading": HEADING | {"font_color": "#ffffff", "bg_color": BRAND},
    "quiet_heading": HEADING | {"font_color": GREY, "bg_color": SOFT},
    "code": {"font_size": 7, "font_color": "#8fa3a9"},
    "label": {"bg_color": SOFT, "border": 1, "border_color": LINE, "text_wrap": True},
    "nothing": {"bg_color": "#d8dfdf", "border": 1, "border_color": LINE},
    "text": {"text_wrap": True, "valign": "top"},
}
MOST_IN_LIST = 250
MOST_TITLE, MOST_MESSAGE = 32, 255


def capital(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._fields: dict[tuple[str, int, bool], Any] = {}
        self._looks: dict[str, Any] = {}

    def _format(self, **properties: Any) -> Any:
        usual = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
        return self.book.add_format(usual | properties)

    def look(self, name: str) -> Any:
        """One of ``LOOKS``."""
        if name not in self._looks:
            self._looks[name] = self._format(**LOOKS[name])
        return self._looks[name]

    def field(self, column: Column, *, locked: bool = False, quiet: bool = False) -> Any:
        """A cell of this column: yellow to be typed in, grey where locked."""
        kind = "text" if column.type not in NUMERIC else column.type
        key = (kind + ("q" if quiet else ""), column.decimals, locked)
        if key not in self._fields:
            look = {
                "border": 1,
                "border_color": LINE,
                "bg_color": SOFT if locked else FIELD,
                "locked": locked,
                "num_format": _number_format(column),
                "align": "right" if column.type in NUMERIC else "left",
            }
            if quiet:
                look["font_color"] = GREY
            self._fields[key] = self._format(**look)
        return self._fields[key]


def _number_format(column: Column) -> str:
    if column.type not in NUMERIC:
        return "@"
    if column.type == WHOLE:
        return "#,##0"
    # General: as many decimals as were typed; nothing is hidden by rounding.
    return "General"


def written_cell(cell: Cell, form: WorkbookForm, column: Column) -> str | float | None:
    """How a cell of a grid is written in a workbook."""
    if cell is None or cell == "":
        return None
    if cell == NO_DATA:
        return form.words.no_data
    if isinstance(cell, bool):
        return form.words.yes if cell else form.words.no
    if column.type == CHOICE:
        return dict(column.choices).get(str(cell), str(cell))
    return cell


def validation_of(column: Column, form: WorkbookForm, address: str, lists: Any) -> dict[str, Any]:
    """What a spreadsheet lets be typed in here, and what it says otherwise; {} for any text.

    Parameters
    ----------
    address
        Of the first cell, relative, such as ``D8``: the formula is about each cell's own.
    lists
        Takes choices that are too long for the rule itself; returns where they stand.
    """
    words = form.words
    if column.type in {CHOICE, YES_NO}:
        choices = [words.yes, words.no]
        if column.type == CHOICE:
            choices = [label for _value, label in column.choices]
        if form.takes_no_data:
            choices.append(words.no_data)
        fits = len(",".join(choices)) <= MOST_IN_LIST and not any("," in one for one in choices)
        rule: dict[str, Any] = {"validate": "list", "source": choices if fits else lists(choices)}
        return rule | _messages(column, form, words.choose)
    if column.type == TEXT:
        return {}
    if column.type == DATE:
        return _messages(column, form, words.date, only_hint=True)
    formula = f"AND(ISNUMBER({address}){_range(column, address)})"
    if form.takes_no_data:
        formula = f'OR({formula},LOWER({address})="{words.no_data.lower()}")'
    sentence = words.whole_between if column.type == WHOLE else words.number_between
    return {"validate": "custom", "value": f"={formula}"} | _messages(column, form, sentence)


def _range(column: Column, address: str) -> str:
    parts = [f"{address}=INT({address})"] if column.type == WHOLE else []
    if column.lowest is not None:
        parts.append(f"{address}>={column.lowest:.15g}")
    if column.highest is not None:
        parts.append(f"{address}<={column.highest:.15g}")
    return "".join(f",{part}" for part in parts)


def allowed(column: Column, form: WorkbookForm) -> str:
    """What may stand in a column, as a sentence."""
    words = form.words
    if column.type in {CHOICE, YES_NO}:
        labels = [label for _value, label in column.choices] or [words.yes, words.no]
        return ", ".join(labels)
    if column.type == DATE:
        return words.date
    if column.type == TEXT:
        return ""
    sentence = words.whole_between if column.type == WHOLE else words.number_between
    return _filled(sentence, column, form)


def _filled(sentence: str, column: Column, form: WorkbookForm) -> str:
    facts = {
        "lowest": _number(column.lowest, form.language),
        "highest": _number(column.highest, form.language),
    }
    text = sentence % facts
    return f"{text} {words_for_nothing(form)}".strip()


def words_for_nothing(form: WorkbookForm) -> str:
    """The sentence that says what to write where there is no figure; "" where that is none."""
    return form.words.or_no_data % {"no_data": form.words.no_data} if form.takes_no_data else ""


def _number(value: float | None, language: str) -> str:
    if value is None:
        return "…"
    return format_number(value, 0 if value == int(value) else 2, language)


def _messages(
    column: Column, form: WorkbookForm, sentence: str, *, only_hint: bool = False
) -> dict[str, Any]:
    error = _filled(sentence, column, form)[:MOST_MESSAGE]
    rule: dict[str, Any] = {"validate": "any"} if only_hint else {}
    name = f"{column.group}: {column.label}" if column.group else column.label
    hint = f"{column.hint} {error}".strip() if column.hint else ""
    if hint or only_hint:
        rule |= {
            "input_title": capital(name)[:MOST_TITLE],
            "input_message": (hint or error)[:MOST_MESSAGE],
        }
    if not only_hint:
        rule |= {"error_title": form.words.wrong_value[:MOST_TITLE], "error_message": error}
    return rule
