"""What the sender must say about a file before it can be read, and the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.lib.grids import Column
from geo.lib.tables import Issue
from geo.submissions.rules.map_sentences import (
    COLUMN_ANSWER,
    PARTING,
    VALUE_ANSWER,
    WHICH_COLUMN,
    WHICH_VALUE,
)

CRS_CHOICES = [
    ("EPSG:4326", _("degrees, as in a GPS (WGS 84)")),
    ("EPSG:32748", _("metres, UTM zone 48 south")),
    ("EPSG:32747", _("metres, UTM zone 47 south")),
    ("EPSG:3857", _("metres, as in web maps (Web Mercator)")),
]
# Questions with the same answers for every file, by the rule of their issue.
QUESTIONS = {"file:crs_unknown": ("crs", CRS_CHOICES)}
PLAIN_ANSWERS = ("crs", "sheet")


@dataclass(frozen=True)
class Question:
    """One thing that is asked, and what may be chosen."""

    name: str
    message: str
    choices: Sequence[tuple[str, str | Promise]]


def read_question(issue: Issue, columns: Sequence[Column]) -> Question | None:
    """The question that an issue puts; None where it only tells."""
    if issue.rule in QUESTIONS:
        name, choices = QUESTIONS[issue.rule]
        return Question(name, issue.message, choices)
    if issue.rule == WHICH_COLUMN:
        names = issue.found.split(PARTING)
        return Question(
            COLUMN_ANSWER + issue.column, issue.message, [(name, name) for name in names]
        )
    if issue.rule == WHICH_VALUE:
        choices = next((one.choices for one in columns if one.code == issue.column), ())
        return Question(VALUE_ANSWER + issue.column, issue.message, choices)
    return None


def read_answers(posted: Mapping[str, str]) -> dict[str, str]:
    """What was answered, by the name of the question."""
    return {
        name: str(posted[name])
        for name in posted
        if posted[name]
        and (name in PLAIN_ANSWERS or name.startswith((COLUMN_ANSWER, VALUE_ANSWER)))
    }
