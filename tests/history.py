"""Changing what the database keeps, for tests of databases that were tampered with."""

from contextlib import contextmanager

from django.db import connection

FUNCTIONS = ("history_is_kept", "history_goes_only_if_demo")
PERMISSIVE = """
CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RETURN coalesce(NEW, OLD); END $$
"""


@contextmanager
def history_forgotten():
    """Let rows of history be changed, as the owner of the database could, and nobody else."""
    with connection.cursor() as cursor:
        bodies = []
        for name in FUNCTIONS:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
            bodies += cursor.fetchone()
            cursor.execute(PERMISSIVE.format(name))
        yield
        for body in bodies:
            cursor.execute(body)
