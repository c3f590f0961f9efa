"""The source that an imported file leaves behind."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from geo.indicators.models import Source


def make_source_of_file(
    path: Path,
    *,
    title: str = "",
    n_warnings: int = 0,
    accept_warnings: str = "",
    entered_by: str,
    verified_by: str = "",
    **said: str,
) -> Source:
    """Keep where figures come from: the file by name and hash, and who answers for it.

    Parameters
    ----------
    n_warnings, accept_warnings
        How many warnings somebody accepted, and why; the title says so for good.
    said
        ``publisher``, ``licence`` and ``address``, where they are known.
    """
    title = title or path.name
    if n_warnings:
        text = _("%(title)s (accepted with %(count)d warnings: %(reason)s)")
        title = text % {"title": title, "count": n_warnings, "reason": accept_warnings}
    return Source.objects.create(
        title=title[:300],
        publisher=said.get("publisher", ""),
        licence=said.get("licence", ""),
        address=said.get("address", ""),
        file_name=path.name[:200],
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        entered_by=entered_by[:150],
        verified_by=verified_by[:150],
        verified_on=timezone.localdate() if verified_by else None,
    )
