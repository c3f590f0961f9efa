"""What is said of a row about a road; sums of lengths are said by ``roads.rules``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

NUMBER_MISSING, NUMBER_ODD, NUMBER_CHANGED = "number_missing", "number_odd", "number_changed"
NAME_MISSING, AUTHORITY_MISSING, LENGTH_ZERO = "name_missing", "authority_missing", "length_zero"
SURVEY_DIFFERS, LINE_DIFFERS = "survey_differs", "line_differs"
OUTSIDE, PARTLY_OUTSIDE, TWICE = "outside", "partly_outside", "road_twice"

SENTENCES = {
    NUMBER_MISSING: gettext_lazy("Its number is missing. Write it as it stands in the decree."),
    NUMBER_ODD: gettext_lazy(
        "“%(number)s” is no number of a road: at most 30 letters, digits, blanks, dots and hyphens "
        "are expected, a letter or digit first."
    ),
    NUMBER_CHANGED: gettext_lazy(
        "It has the number %(was)s, which cannot be changed. Put it back, and write a new road in "
        "a row of its own."
    ),
    NAME_MISSING: gettext_lazy("Every road needs a name of at most %(most)s letters."),
    AUTHORITY_MISSING: gettext_lazy(
        "This road is new here. Say who answers for it: choose its authority."
    ),
    LENGTH_ZERO: gettext_lazy("A road of 0 km cannot be. Write its length, or leave it empty."),
    SURVEY_DIFFERS: gettext_lazy(
        "%(found)s km were surveyed, the decree states %(stated)s km: %(percent)s %% off. If this "
        "is right, write the reason."
    ),
    LINE_DIFFERS: gettext_lazy(
        "The line is %(found)s km long, stated are %(stated)s km: %(percent)s %% off. If this is "
        "right, write the reason."
    ),
    OUTSIDE: gettext_lazy(
        "Its line lies wholly outside of %(area)s. Look at its coordinates, or delete it."
    ),
    PARTLY_OUTSIDE: gettext_lazy(
        "%(outside)s km of its line lie outside of %(area)s and count in none of its villages. If "
        "this is right, write the reason."
    ),
    TWICE: gettext_lazy("The road %(number)s stands in row %(row)s already. Keep one of the two."),
}
