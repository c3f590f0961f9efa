"""Questions in Kabupaten Kotak."""

import secrets
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from geo.indicators.models import Sector
from geo.inquiries.queries import find_subject
from geo.inquiries.services.asking import Asker, ask

VILLAGE = "99.01.01.2001"
ASK = "/en/tanya/"
TEXT = "Is there land for a rice mill near the river?"
CANARY_NAME, CANARY_EMAIL, CANARY_PHONE = "Kanari Wijaya", "kanari@example.org", "0812 7777 8888"
CANARIES = (CANARY_NAME, CANARY_EMAIL, CANARY_PHONE, "81277778888", "kanari")


def filled(**given):
    """What a browser sends; each form has a key of its own."""
    fields = {"text": TEXT, "sector": "health", "form_key": secrets.token_urlsafe(8)}
    return fields | given


def asked(sector="health", *, text=TEXT, language="en", days_ago=0, **asker):
    """A question that was taken; ``days_ago``, if told."""
    asker.setdefault("address", f"10.0.{secrets.randbelow(250)}.{secrets.randbelow(250)}")
    since = timezone.now() - timedelta(days=days_ago)
    with patch("django.utils.timezone.now", return_value=since):
        return ask(
            subject=find_subject({"a": VILLAGE}),
            sector=Sector.objects.get(code=sector),
            text=text,
            language=language,
            asker=Asker(**asker),
            form_key=secrets.token_urlsafe(8),
        )
