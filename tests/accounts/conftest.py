import time
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.utils import translation

from tests.accounts.world import make_cast, make_sector


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def half_minute_that_does_not_end(monkeypatch):
    """The clock of second factors, for the site and for the telephones of world.py."""
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def kotak(kotak, settings):
    """Kabupaten Kotak as the installation's regency, with two sectors."""
    settings.REGENCY_CODE = "99.01"
    make_sector("health")
    make_sector("roads")
    return kotak


@pytest.fixture
def cast(kotak):
    return make_cast()
