"""How the keys of second factors are kept."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings


class UnreadableKey(Exception):
    """No SECRET_KEY that is known opens the key of this second factor."""


class SecretsAdapter(DefaultMFAAdapter):
    """Encrypts the keys with SECRET_KEY: a copy of the database alone opens no account.

    After a change of SECRET_KEY, the old one is read from SECRET_KEY_FALLBACKS.
    """

    def get_totp_issuer(self) -> str:
        """Name the site as its pages do: the telephone shows this beside the code."""
        from geo.areas.queries import regency  # models are not ready before

        return f"Peta {regency().name}"

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises UnreadableKey where no key fits."""
        from cryptography.fernet import InvalidToken

        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise UnreadableKey from error


def _cipher():
    # Imported when somebody shows a code: 7 MB that most web workers never need.
    from cryptography.fernet import Fernet, MultiFernet

    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"second factor:{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
