"""Settings from the environment, refusing to guess."""

import os

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
