"""What `script/manage cek` examines, one module a part of the installation."""

from collections.abc import Iterator

from geo.status.batch import database, files, libraries, people, safety, uploads, worker
from geo.status.batch.findings import Finding


def examine() -> Iterator[Finding]:
    """Yield every finding, good ones too; one broken part does not hide the others."""
    yield from libraries.findings()
    yield from safety.findings()
    yield from files.findings()
    yield from database.findings()
    yield from people.findings()
    yield from uploads.findings()
    yield from worker.findings()
