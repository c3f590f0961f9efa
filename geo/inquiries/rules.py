"""What a question may hold, and how many one may ask: checks without a database."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from geo.lib.errors import GeoError
from geo.lib.uploads.personal import SIXTEEN, identity_number, mask

LONGEST_TEXT = 3000
SHORTEST_TEXT = 10
MOST_LINKS = 3
# Questions kept: from one address on the network, with one e-mail or telephone, and in all.
MOST_BY_SENDER_AN_HOUR = 5
MOST_BY_CONTACT_A_DAY = 5
MOST_IN_TEN_MINUTES = 20
MOST_FOLLOW_UPS_A_DAY = 10

LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
# Indonesian mobile numbers, and whatever begins with a country code.
TELEPHONE = re.compile(r"(?<![\w+])(?:0[ .\-]?8|\+\d)(?:[ .\-()]{0,2}\d){7,14}(?!\d)")
STARS = "*" * 6


class Personal(enum.StrEnum):
    """A kind of personal data that is not kept in a text."""

    IDENTITY = "identity"
    EMAIL = "email"
    TELEPHONE = "telephone"


@dataclass(frozen=True)
class Masked:
    """A text without personal data, and which kinds it held."""

    text: str
    found: frozenset[Personal]


class TooManyQuestions(GeoError):
    """One sender, one contact or everybody together asked too much in a short time."""

    status = 429
    template = _(
        "Your question was not taken: too many have come in a short time. Keep your text, and try "
        "again in an hour. Nothing of it was kept."
    )


class TooManyFollowUps(GeoError):
    """The private thread was written in too often today."""

    status = 429
    template = _(
        "Your text was not taken: %(most)s texts a day are the most for one question. Write again "
        "tomorrow."
    )


class AskedAlready(GeoError):
    """The same form was sent twice."""

    status = 409
    template = _(
        "This form was sent before, and your question has arrived: its number is %(number)s. The "
        "private link was shown then, and cannot be shown again."
    )


class NotYetAnswered(GeoError):
    """A question is closed only with an answer."""

    status = 409
    template = _("%(number)s has no answer yet. Write one first: a question is closed with it.")


class AlreadyClosed(GeoError):
    """Nothing more is written under a closed question."""

    status = 409
    template = _("%(number)s is closed. Ask a new question if there is more to say.")


class SameOffice(GeoError):
    """A question is passed on to another office, not to the one it lies with."""

    template = _("%(number)s lies with this office already. Choose another one.")


def mask_personal(text: str, *, with_contacts: bool = True) -> Masked:
    """Take numbers of identity out of a text and, unless told, e-mails and telephones.

    Texts are kept for longer than who asked; an office may write its own telephone.
    """
    found = set()

    def hide_identity(match: re.Match[str]) -> str:
        digits = identity_number(match[0])
        if not digits:
            return match[0]
        found.add(Personal.IDENTITY)
        return mask(digits)

    text = SIXTEEN.sub(hide_identity, text)
    for kind, pattern in ((Personal.EMAIL, EMAIL), (Personal.TELEPHONE, TELEPHONE)):
        if with_contacts and pattern.search(text):
            found.add(kind)
            text = pattern.sub(STARS, text)
    return Masked(text, frozenset(found))


def faults_of_text(text: str) -> list[str]:
    """All that keeps a text from being taken, in sentences."""
    faults = []
    if len(text) < SHORTEST_TEXT:
        faults.append(
            _("The text has %(found)s characters. Write at least %(least)s, in a whole sentence.")
            % {"found": len(text), "least": SHORTEST_TEXT}
        )
    if len(text) > LONGEST_TEXT:
        faults.append(
            _("The text has %(found)s characters; %(most)s are the most. Shorten it.")
            % {"found": len(text), "most": LONGEST_TEXT}
        )
    if len(LINK.findall(text)) > MOST_LINKS:
        faults.append(
            _("The text has more than %(most)s links, as advertisements do. Take some out.")
            % {"most": MOST_LINKS}
        )
    return faults
