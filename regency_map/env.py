"""Settings from the environment, refusing to guess."""

import os
from urllib.parse import unquote, urlsplit

_MISSING = object()


class BadSetting(SystemExit):
    """A setting that is absent or cannot be read; the message says what to do."""

    def __init__(self, name: str, found: str, allowed: str) -> None:
        super().__init__(
            f"Setting {name} is {found}; expected {allowed}. "
            "See .env.example and docs/operations.md."
        )


def env(name: str, default=_MISSING) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is _MISSING:
        raise BadSetting(name, "not set", "a value")
    return default


def env_choice(name: str, allowed: tuple[str, ...], *, default: str) -> str:
    value = env(name, default)
    if value not in allowed:
        raise BadSetting(name, repr(value), "one of " + ", ".join(allowed))
    return value


def env_database_url(name: str) -> str:
    value = env(name)
    if not value.startswith("postgis://") or "/" not in value.removeprefix("postgis://"):
        # The value may hold a password: it is not shown.
        raise BadSetting(name, "of another form", "postgis://USER:PASSWORD@HOST:PORT/DATABASE")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "true", "false"}:
        raise BadSetting(name, repr(value), "'true' or 'false'")
    return default if value == "" else value == "true"


def env_int(name: str, *, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if value and not value.isdecimal():
        raise BadSetting(name, repr(value), "a whole number")
    return int(value) if value else default


def env_list(name: str, *, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_address(name: str, *, is_needed: bool) -> str:
    """How the site is reached, without a slash at its end; empty where it need not be known."""
    value = env(name) if is_needed else env(name, "")
    address = urlsplit(value)
    is_whole = address.scheme in ("http", "https") and address.hostname
    if value and not (is_whole and address.path in ("", "/") and not address.query):
        raise BadSetting(name, repr(value), "such as https://peta.example.go.id")
    return value.rstrip("/")


def env_mail(name: str) -> dict:
    """Django's settings of a mail server from one address; empty where mail is not sent."""
    value = env(name, "")
    address = urlsplit(value)
    if not value:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if address.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if address.scheme not in ("smtp", "smtp+tls", "smtps") or not address.hostname:
        # The value may hold a password: it is not shown.
        expected = "smtp+tls://USER:PASSWORD@HOST:PORT, smtps://…, smtp://… or console:"
        raise BadSetting(name, "of another form", expected)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": address.hostname,
        "EMAIL_PORT": address.port or {"smtps": 465, "smtp+tls": 587}.get(address.scheme, 25),
        "EMAIL_HOST_USER": unquote(address.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(address.password or ""),
        "EMAIL_USE_TLS": address.scheme == "smtp+tls",
        "EMAIL_USE_SSL": address.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }
