"""Typical needs, as ``data/investment/presets.toml`` declares them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from geo.indicators.rules import BadDeclaration
from geo.lib.presets import Preset, read_presets


class BadPresets(BadDeclaration):
    """The file of presets cannot be read; ``faults`` holds every fault."""

    status = 500
    template = _("The presets for investors cannot be read.\n%(faults)s")


def presets() -> list[Preset]:
    """All presets in the order of the file; none where there is no file.

    Raises BadPresets.
    """
    path = settings.DATA_DIR / "investment" / "presets.toml"
    if not path.exists():
        return []
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> list[Preset]:
    found, faults = read_presets(path.read_text("utf-8"), f"investment/{path.name}")
    if faults:
        raise BadPresets(faults)
    return found
