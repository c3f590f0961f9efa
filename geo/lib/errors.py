"""Errors that a person can put right: full sentences, never responses."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class GeoError(Exception):
    """Anything a person can put right. ``str(error)`` is safe to show."""

    status = 400
    template: str | Promise = _("Something in the request is not right.")

    def __init__(self, **facts):
        self.facts = facts
        super().__init__(facts)

    def __str__(self) -> str:
        return str(self.template) % self.facts


class UnknownArea(GeoError):
    """No current area has this code."""

    status = 404
    template = _(
        "There is no area with code “%(code)s”. A village code looks like "
        "16.07.10.1003, a district code like 16.07.10."
    )


class UnknownIndicator(GeoError):
    """No sector declares this indicator."""

    status = 404
    template = _("There is no indicator with code “%(code)s”. Known are: %(known)s.")


class UnknownSector(GeoError):
    """No folder declares this sector."""

    status = 404
    template = _("There is no sector with code “%(code)s”. Known are: %(known)s.")


class UnknownPeriod(GeoError):
    """The indicator has no figures for this period."""

    status = 404
    template = _("“%(indicator)s” has no figures for the period “%(period)s”. It has: %(known)s.")


class UnknownChoice(GeoError):
    """A parameter holds a word that is not allowed."""

    template = _("“%(found)s” is not a value of “%(name)s”. Allowed are: %(allowed)s.")


class FileNotMade(GeoError):
    """A child that had to make a file failed or took too long; the log says how."""

    status = 503
    template = _(
        "The file could not be made just now. Try again in a moment; if it fails again, tell "
        "those who run this site."
    )


class TooBusy(GeoError):
    """As many files are being made as this machine can bear."""

    status = 503
    template = _("Many files are being made at this moment. Try again in half a minute.")
