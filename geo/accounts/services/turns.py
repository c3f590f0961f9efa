"""One after the other, where many at once would all slip past a count."""

import zlib

from django.db import connection


def take_turn(name: str) -> None:
    """Hold a lock of this name until the transaction ends."""
    key = zlib.crc32(name.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x5045_5441, key])
