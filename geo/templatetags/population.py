"""Filters of the pages of the book of population changes."""

from django import template
from django.utils.translation import get_language

from geo.lib.numbers import format_number
from geo.population.queries import BookRow
from geo.population.rules import FIGURE_WORDS, figure_words

register = template.Library()


@register.filter
def sum_of(row: BookRow, name: str) -> int | None:
    """Both sexes of one figure of a row."""
    return row.total(name)


@register.filter
def figure_name(name: str) -> str:
    """What a block of the table holds, as a heading."""
    words = str(FIGURE_WORDS[name])
    return words[:1].upper() + words[1:]


@register.filter
def column_name(column: str) -> str:
    """What one column holds: “births (males)”."""
    return figure_words(column)


@register.filter
def signed(value: int | None) -> str:
    """A difference with its sign: +12, −3, 0."""
    if value is None:
        return ""
    written = format_number(value, 0, get_language() or "id")
    return f"+{written}" if value > 0 else written
