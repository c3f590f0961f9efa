"""What is wrong with a new password, and what to do: all of it at once, in our own sentences."""

from __future__ import annotations

from django.contrib.auth.password_validation import (
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.accounts.models import User

# What the site's validators find, by the code of their error.
SENTENCES = {
    "password_too_short": gettext_lazy(
        "The password has %(found)s characters; at least %(min_length)s are needed. Add a word "
        "or two."
    ),
    "password_too_common": gettext_lazy(
        "This password is used by so many people that it is among the first to be tried. Choose "
        "words that only you would put together."
    ),
    "password_entirely_numeric": gettext_lazy(
        "The password is made of digits only, which programs try out quickly. Add words."
    ),
    "password_too_similar": gettext_lazy(
        "The password is too much like your name, your user name or your e-mail address, which "
        "others know. Choose words that have nothing to do with them."
    ),
}


def advice() -> str:
    """What a good password is like, as it stands beside the field."""
    least = max(getattr(one, "min_length", 0) for one in get_default_password_validators())
    words = _(
        "At least %(least)s characters, not digits alone, and not your name. Three or four words "
        "that have nothing to do with each other are strong and easy to remember."
    )
    return words % {"least": least}


def faults_of_password(password: str, user: User) -> list[str]:
    """Everything that is wrong with a password that ``user`` would like to have.

    Parameters
    ----------
    password : str
    user : User
        With the password that holds now.

    Returns
    -------
    list of str
        Whole sentences; empty when all is well.
    """
    faults = []
    if user.check_password(password):
        faults.append(_("This is the password you have now. Choose another one."))
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults += [_sentence(one, password) for one in error.error_list]
    return faults


def _sentence(error: ValidationError, password: str) -> str:
    words = SENTENCES.get(error.code or "")
    if words is None:  # a validator of another installation speaks for itself
        return " ".join(error.messages)
    return str(words) % {"found": len(password), **(error.params or {})}
