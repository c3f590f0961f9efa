"""Rankings as files: made once for each state of the figures, kept in a bounded folder."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from geo.indicators.queries import data_version
from geo.investment.queries import Ranking
from geo.investment.queries.tables import (
    KEEPING,
    described,
    description_rows,
    description_text,
    features,
    table_header,
    table_rows,
)
from geo.lib.children import run_child
from geo.lib.csv_tables import write_table
from geo.lib.kept_files import KeptFiles

MOST_KEPT_BYTES = 50_000_000
SECONDS, MEMORY_MB = 60, 1000
# Rises when files are written in another way.
EDITION = 2


class RankingFile:
    """One ranking to be taken along.

    Parameters
    ----------
    ranking
        Everything that is in the file.
    address
        Where the same ranking is on the site.
    """

    def __init__(self, ranking: Ranking, address: str) -> None:
        self.ranking, self.address = ranking, address

    def _described(self) -> list[list[str]]:
        return description_rows(self.ranking, self.address)

    def write_xlsx(self, path: Path) -> None:
        """Write a workbook: the places, then method, criteria and sources."""
        run_child("geo.lib.sheets", self._sheets(), path, seconds=SECONDS, memory_mb=MEMORY_MB)

    def _sheets(self) -> Iterator[Any]:
        header = table_header(self.ranking)
        yield {"title": "Peringkat", "comments": self.address}
        yield {
            "name": "Peringkat",
            "header": header,
            "widths": [7, 15, 26, 20] + [14] * len(header),
        }
        yield from table_rows(self.ranking)
        yield {"name": "Keterangan", "header": KEEPING, "widths": [34, 80, 80], "wraps": True}
        yield from self._described()

    def write_csv(self, path: Path) -> None:
        """Write the table as CSV in an archive, with its description beside it."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as folder:
            with (
                folder.open("peringkat.csv", "w") as page,
                io.TextIOWrapper(page, "utf-8", newline="") as text,
            ):
                write_table(text, table_header(self.ranking), table_rows(self.ranking))
            folder.writestr("README.txt", "\ufeff" + description_text(self._described()))

    def write_geojson(self, path: Path) -> None:
        """Write a FeatureCollection that says its own method and sources."""
        about = json.dumps(described(self._described()), ensure_ascii=False)
        with path.open("w", encoding="utf-8") as page:
            page.write(f'{{"type":"FeatureCollection","about":{about},"features":[')
            for place, feature in enumerate(features(self.ranking)):
                page.write("," * bool(place) + feature)
            page.write("]}")


WRITERS: dict[str, Callable[[RankingFile, Path], None]] = {
    "xlsx": RankingFile.write_xlsx,
    "csv": RankingFile.write_csv,
    "geojson": RankingFile.write_geojson,
}


def open_ranking_file(*, kind: str, ranking: Ranking, address: str) -> IO[bytes]:
    """Open a ranking as a file for reading; made only where none is kept.

    Parameters
    ----------
    kind
        One of ``WRITERS``.

    Raises
    ------
    FileNotMade, TooBusy
    """
    kept = KeptFiles(settings.VAR_DIR / "cache" / "rankings", MOST_KEPT_BYTES)
    key = f"{EDITION} {kind} {settings.REGENCY_CODE} {data_version()} {address}"
    return kept.open(key, lambda path: WRITERS[kind](RankingFile(ranking, address), path))
