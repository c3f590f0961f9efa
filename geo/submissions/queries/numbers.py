"""Submissions by the number on their receipt."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.lib.errors import GeoError
from geo.submissions.models import Submission

NUMBER = re.compile(r"PB-([0-9]{4})-([0-9]{6,18})")


class UnknownNumber(GeoError):
    """No submission has this number, or this person may not see it."""

    status = 404
    template = gettext_lazy(
        "There is no submission with the number %(number)s that you may see. It looks like "
        "PB-2026-000123 and stands on the receipt."
    )


def find_submission(user: User, number: str, right: Right = Right.SEE) -> Submission:
    """Find the submission that a receipt names, with all that its page needs of it.

    Raises
    ------
    UnknownNumber
        Also where it exists and is not theirs.
    """
    matched = NUMBER.fullmatch(number)
    rows = Submission.objects.in_hand_of(user, right).select_related(
        "dataset__sector", "area__parent__parent", "current__file", "created_by", "job_by"
    )
    without = ("area__boundary", "area__parent__boundary", "area__parent__parent__boundary")
    found = rows.defer(*without).filter(pk=int(matched[2])).first() if matched else None
    if found is None or found.number != number:
        raise UnknownNumber(number=number)
    return found
