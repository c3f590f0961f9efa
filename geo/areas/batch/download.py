"""Fetching one pinned file: what arrives has the stated checksum or is thrown away."""

from __future__ import annotations

import hashlib
import http.client
import threading
import urllib.error
import urllib.request
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.lib.errors import GeoError

PATIENCE_SECONDS = 4
MAX_BYTES = 100_000_000


class DownloadRefused(GeoError):
    status = 502
    template = gettext_lazy("“%(address)s” was not downloaded: %(reason)s Nothing was changed.")


def fetch(address: str, target: Path, sha256: str) -> Path:
    """Download ``address`` to ``target`` unless the right file is there already."""
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == sha256:
        return target
    content = _content_of(address)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DownloadRefused(
            address=address,
            reason=_("its SHA-256 is %(found)s instead of %(expected)s.")
            % {"found": found, "expected": sha256},
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.replace(target)
    return target


def _content_of(address: str) -> bytes:
    try:
        with _opened(address) as response:
            return _whole_body(response)
    except urllib.error.HTTPError as error:
        reason = _("the server answered %(status)s.") % {"status": error.code}
    except http.client.IncompleteRead as error:
        reason = _("the transfer was cut after %(found)s bytes.") % {"found": len(error.partial)}
    except (OSError, http.client.HTTPException) as error:
        reason = _("the server cannot be reached (%(error)s).") % {
            "error": getattr(error, "reason", None) or str(error) or type(error).__name__
        }
    raise DownloadRefused(address=address, reason=reason)


def _whole_body(response: http.client.HTTPResponse) -> bytes:
    # A read with a limit does not say by itself that bytes are missing.
    content = response.read(MAX_BYTES)
    missing = int(response.headers.get("Content-Length") or 0) - len(content)
    if missing > 0:
        raise http.client.IncompleteRead(content, missing)
    return content


def _opened(address: str) -> http.client.HTTPResponse:
    # Looking up a host name obeys no timeout of ours: wait for it in a thread that may be left.
    outcome: list = []

    def open_address() -> None:
        try:
            outcome.append(urllib.request.urlopen(address, timeout=PATIENCE_SECONDS))  # noqa: S310
        except (OSError, http.client.HTTPException, ValueError) as error:
            outcome.append(error)

    thread = threading.Thread(target=open_address, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    if not outcome:
        raise TimeoutError(_("no answer within %(n)s seconds") % {"n": PATIENCE_SECONDS})
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]
