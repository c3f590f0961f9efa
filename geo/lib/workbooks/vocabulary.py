"""Words that people write in headings, in Indonesian and English, and what they mean."""

from __future__ import annotations

import re
import unicodedata

SIDE_WORDS = {
    "male": {"l", "lk", "laki", "lakilaki", "pria", "m", "male", "males"},
    "female": {"p", "pr", "perempuan", "wanita", "f", "female", "females"},
}
CODE_HEADINGS = {"kode", "kodedesa", "kodewilayah", "kodekemendagri", "code", "kodedesakelurahan"}
BPS_HEADINGS = {"kodebps", "bps", "bpscode", "iddesa"}
NAME_HEADINGS = {
    "desa",
    "kelurahan",
    "namadesa",
    "namakelurahan",
    "desakelurahan",
    "namadesakelurahan",
    "wilayah",
    "namawilayah",
    "village",
    "villageorward",
    "area",
    "name",
    "nama",
}
DISTRICT_HEADINGS = {"kecamatan", "namakecamatan", "district"}
NUMBERING_HEADINGS = {"no", "nomor", "nourut", "number"}
TOTAL_ROW = re.compile(r"(jumlah|jml|total|grand total|sub ?total)\b.*", re.IGNORECASE)
NOTE_ROW = re.compile(r"(keterangan|catatan|sumber|note|notes|source)\b", re.IGNORECASE)


def squeezed(text: object) -> str:
    """Small letters and digits of a text and nothing else: two spellings of a heading meet."""
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)
