"""Is the installation safe to put on a network?"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from geo.status.batch.findings import Finding

PART = "safety"
SHORTEST_SECRET_KEY = 32
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def findings() -> Iterator[Finding]:
    yield _secret_key()
    yield _debug()
    yield _hosts()
    yield _https()


def _secret_key() -> Finding:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_SECRET_KEY or len(set(key)) < 10 or key.startswith("django-insecure"):
        return Finding(
            PART,
            _(
                "SECRET_KEY is easy to guess: it has %(n)s characters, %(different)s of them "
                "different."
            )
            % {"n": len(key), "different": len(set(key))},
            _(
                "Unset SECRET_KEY, then script/server makes a good one, or set one of at least "
                "%(n)s random characters."
            )
            % {"n": SHORTEST_SECRET_KEY},
        )
    return Finding(PART, _("SECRET_KEY is long and random enough."))


def _debug() -> Finding:
    if settings.DEBUG:
        return Finding(
            PART,
            _("DEBUG is on: error pages show source code and settings to every visitor."),
            _("Set DEBUG=false, or remove it from .env, and start again."),
        )
    return Finding(PART, _("DEBUG is off."))


def _hosts() -> Finding:
    if "*" in settings.ALLOWED_HOSTS:
        return Finding(
            PART,
            _("ALLOWED_HOSTS holds *: the site answers under any name, also a forged one."),
            _(
                "Set ALLOWED_HOSTS to the site's names, for example: "
                "ALLOWED_HOSTS=peta.example.go.id"
            ),
        )
    hosts = ", ".join(settings.ALLOWED_HOSTS)
    return Finding(PART, _("The site answers under: %(hosts)s.") % {"hosts": hosts})


def _https() -> Finding:
    public = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if public and not settings.HTTPS:
        return Finding(
            PART,
            _("The site answers under %(host)s, but HTTPS is off: passwords travel readable.")
            % {"host": public[0]},
            _("Put nginx with a certificate in front (deploy/nginx.conf) and set HTTPS=true."),
        )
    if settings.HTTPS:
        return Finding(PART, _("HTTPS is on."))
    return Finding(PART, _("HTTPS is off, and the site answers only on this machine."))
