"""Are the accounts such that the site can be put on a network?"""

from collections.abc import Iterator

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _

from geo.accounts.models import User
from geo.accounts.queries import lacks_second_factor
from geo.status.batch.findings import Finding

PART = "people"


def findings() -> Iterator[Finding]:
    try:
        yield _demonstration()
        yield _second_factor()
    except Error:
        return  # the part about the database says what is wrong


def _demonstration() -> Finding:
    n = User.objects.filter(is_demo=True, is_active=True).count()
    if n and settings.HTTPS:
        return Finding(
            PART,
            _(
                "%(n)s demonstration accounts can sign in without a second factor, and HTTPS=true: "
                "the site looks as if it were on the network."
            )
            % {"n": n},
            _("Sign in as an administrator and let none of them in any longer (/akun/pengguna/)."),
        )
    if n:
        return Finding(PART, _("%(n)s demonstration accounts exist.") % {"n": n})
    return Finding(PART, _("No demonstration account exists."))


def _second_factor() -> Finding:
    people = User.objects.filter(is_active=True, is_demo=False)
    n = sum(lacks_second_factor(person) for person in people.filter(is_superuser=True))
    if n and settings.HTTPS:
        return Finding(
            PART,
            _("%(n)s persons who run this site have no second factor.") % {"n": n},
            _("Each of them signs in at /masuk/ and sets it up at /akun/kode/."),
        )
    return Finding(PART, _("Whoever runs this site has a second factor, or it is not public."))
