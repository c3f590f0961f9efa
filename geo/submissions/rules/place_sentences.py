"""What is said of a row about a place, where a list and a form differ."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

KIND_MISSING, KIND_CHANGED, NAME_CHANGED = "kind_missing", "kind_changed", "name_changed"
VILLAGE_UNKNOWN, VILLAGE_SEVERAL, NOWHERE = "village_unknown", "village_several", "nowhere"
HALF, MOVED, NEAR, NOT_OF_KIND = "half_position", "moved", "near", "not_of_kind"
OUTSIDE = "outside"
TAKEN, CLOSED_LATER, CLOSED_NEW, TWICE = "taken", "closed_later", "closed_new", "place_twice"

SENTENCES = {
    KIND_MISSING: gettext_lazy("What kind of place is it? Choose one of: %(kinds)s."),
    KIND_CHANGED: gettext_lazy(
        "It is listed as %(was)s. A place does not change its kind: write when this one closed, "
        "and add the new one in a row of its own."
    ),
    VILLAGE_UNKNOWN: gettext_lazy(
        "No village of this form (%(form)s) is called “%(found)s”. Write its code, or its name as "
        "it stands in the list of villages. Alike are: %(near)s."
    ),
    VILLAGE_SEVERAL: gettext_lazy(
        "Several villages are called “%(found)s”: %(near)s. Write the code of the one that is "
        "meant."
    ),
    NOWHERE: gettext_lazy(
        "Neither a village nor usable coordinates say where it is. Write its village."
    ),
    OUTSIDE: gettext_lazy(
        "Longitude %(lon)s and latitude %(lat)s lie far outside of %(area)s. Correct them; or "
        "empty both, and only the village is known."
    ),
    HALF: gettext_lazy(
        "Only one of the two coordinates is filled in. Write both, or leave both empty."
    ),
    MOVED: gettext_lazy(
        "Its position moves by %(distance)s m. If this is right, write the reason."
    ),
    NEAR: gettext_lazy(
        "%(other)s, of the same kind, stands %(distance)s m from here already. If it is the same "
        "place, change that one instead; if there are two, write so."
    ),
    NOT_OF_KIND: gettext_lazy(
        "“%(figure)s” is not asked of a place of the kind %(kind)s. Empty the cell."
    ),
    TAKEN: gettext_lazy(
        "The number %(found)s belongs to %(other)s in %(village)s already. Correct the number; or "
        "have that place closed first."
    ),
    TWICE: gettext_lazy(
        "It is the place that stands in row %(row)s already. Keep one of the two rows."
    ),
    CLOSED_LATER: gettext_lazy(
        "It cannot be closed since %(found)s, a day that is still to come or before it opened."
    ),
    CLOSED_NEW: gettext_lazy(
        "A place that is not listed here cannot be closed. Delete the row, or empty the day."
    ),
}
LISTED = gettext_lazy("%(name)s: %(sentence)s")
