"""Data of persons where only totals belong: numbers of identity, telling headings, lists of names.

A statistic of a village needs none of it, and once published it cannot be taken back. The
value found is never shown whole, not even to the person who sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from geo.lib.uploads.contract import Cell, RawSheet, ReadFault, Reading, column_letters
from geo.lib.uploads.faults import Faults

# Sixteen digits, perhaps in groups; not part of a longer number.
SIXTEEN = re.compile(r"(?<![0-9])[0-9](?:[ .\-]?[0-9]){15}(?![0-9])")
# A decimal number: its fraction alone, or with what stands before the mark. Sixteen
# digits between two commas are one of a list, and 1.607E+15 is how a NIK is mistreated.
WHOLE_PART = re.compile(r"(?<![0-9])[0-9]{1,3}([.,])\Z")
WITH_FRACTION = re.compile(r"[0-9]{1,3}\.[0-9]{4,}(?![0-9eE])")
# With the blanks around it; a long text is not looked through anew for each number in it.
LONGEST_ALONE = 60
MASKED = re.compile(r"[0-9]{4}\*{8}[0-9]{4}")
PROVINCES = {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77),
             81, 82, *range(91, 98)}  # fmt: skip
TELLING_HEADINGS = {
    "nik", "nonik", "nomornik", "nomorindukkependudukan", "noindukkependudukan", "noktp",
    "nomorktp", "nokk", "nkk", "nomorkk", "nokartukeluarga", "nomorkartukeluarga",
    "namalengkap", "namapenduduk", "namakepalakeluarga", "namakk", "namaibu", "namaibukandung",
    "namaayah", "namaanak", "namabalita", "namapasien", "namawarga", "namapenerima", "tanggallahir",
    "tgllahir", "tempattanggallahir", "namaibuhamil", "namasiswa",
}  # fmt: skip
# Of places these are public: the telephone of an office, the name of its head.
ON_MAPS = {"nik", "nonik", "nomornik", "nomorindukkependudukan", "noindukkependudukan", "noktp",
           "nomorktp", "nokk", "nkk", "nomorkk", "nokartukeluarga", "nomorkartukeluarga",
           "tanggallahir", "tgllahir"}  # fmt: skip
NAME_HEADINGS = {"nama", "namanama", "name", "fullname", "namaorang", "penduduk", "warga"}
PERSON = re.compile(
    r"\b(bin|binti|h\.|hj\.|s\.?pd|s\.?h|s\.?e|s\.?kep|m\.?si|drs?\.|ir\.|ny\.|tn\.|alm\.|"
    r"muhammad|mohammad|muhamad|moh\.?|ahmad|achmad|abdul|abd\.?|siti|nur|sri|dewi|budi|agus|joko|"
    r"slamet|suparman|sugeng|sutrisno|wahyu|putri|putra|yanti|yanto|rahmat|hasan|husin|ali|umar|"
    r"usman|ibrahim|yusuf|fatimah|aminah|rina|rini|lestari|susanti|susanto|wati|hidayat|saputra|"
    r"pratama|kurniawan|setiawan|handayani|wijaya|maryam|iskandar|syamsul|zainal|rosmala)\b",
    re.IGNORECASE,
)
# Before these words, “nama” names a place or a thing.
OF_THINGS = (
    "desa", "kelurahan", "kampung", "dusun", "kecamatan", "kabupaten", "kota", "provinsi",
    "wilayah", "daerah", "kawasan", "tempat", "lokasi", "sekolah", "madrasah", "satuan", "lembaga",
    "paud", "tk", "sd", "mi", "smp", "mts", "sma", "smk", "faskes", "fasilitas", "puskesmas",
    "pustu", "pos", "rumahsakit", "rs", "klinik", "apotek", "jalan", "ruas", "jembatan", "sungai",
    "objek", "obyek", "dayatarik", "wisata", "atraksi", "pasar", "masjid", "gereja", "usaha",
    "perusahaan", "badan", "koperasi", "bumdes", "kelompok", "gapoktan", "poktan", "opd", "dinas",
    "instansi", "kantor", "unit", "kegiatan", "program", "proyek", "peluang", "komodit", "tanaman",
    "produk", "barang", "jenis", "penyakit", "obat", "indikator", "data", "variabel", "kolom",
    "bulan", "tahun", "periode", "aset", "bangunan", "gedung", "kapal", "pelabuhan", "dermaga",
    "kebun", "pabrik", "hotel", "penginapan", "bank", "lain", "umum", "resmi", "singkat", "dalam",
    "in",
)  # fmt: skip
# Before these it names a person, whatever the names look like.
OF_PERSONS = (
    "petani", "nelayan", "peternak", "pekebun", "pengrajin", "perajin", "pedagang", "pemilik",
    "ketua", "kepala", "anggota", "pengurus", "kader", "bidan", "dokter", "perawat", "guru",
    "murid", "pelajar", "ibu", "bapak", "suami", "istri", "anak", "balita", "bayi", "korban",
    "penderita", "pelanggan", "pemohon", "pelapor", "responden", "pekerja", "buruh", "karyawan",
    "pegawai", "perangkat", "keluarga", "lansia", "janda", "penyandang", "peserta", "penerima",
    "orang", "warga", "jelas", "panggilan", "wali", "siswa", "pasien", "penduduk",
)  # fmt: skip
NAME_SHAPE = re.compile(r"[^\W\d_][^\d_;:!?()\[\]/\\]{2,59}")
MOST_WORDS = 6
FEWEST_NAMES, FEWEST_UNDER_HEADING = 5, 3
# Of the texts of a column without a telling heading, how many must hold a usual name.
LIKELY_SHARE = 0.5
HEADING_LINES = 15
# A longer column of texts is judged by its first ones.
MOST_TEXTS = 2000


def check_personal(reading: Reading, faults: Faults, *, is_statistic: bool = False) -> None:
    """Note all data of persons in a reading.

    Parameters
    ----------
    is_statistic
        Only figures are asked for, so that any list of names is one too many; a list of
        places may name the head of a school.
    """
    for sheet in reading.sheets:
        for fault in find_personal(sheet, is_statistic=is_statistic):
            faults.take(fault)
    for feature in reading.features:
        for fault in _in_attributes(feature.row, feature.properties):
            faults.take(fault)


def find_personal(sheet: RawSheet, *, is_statistic: bool = False) -> Iterable[ReadFault]:
    """Find data of persons in one sheet: numbers, telling headings, lists of names."""
    for row, cells in sheet.lines:
        for at, cell in enumerate(cells):
            found = identity_number(cell) if cell.__class__ is not float else ""
            if found:
                place = column_letters(at)
                yield ReadFault("personal_number", row, place, sheet.name, {"found": mask(found)})
    told = list(_in_headings(sheet))
    yield from told
    if is_statistic and not sheet.hidden:
        yield from _in_texts(sheet, {fault.column for fault in told})


def identity_number(cell: Cell) -> str:
    """The NIK or KK number in a cell, "" when there is none.

    Both begin with a region and a date (of birth, women's days 41 to 71, or of issue) and
    end with a serial number that is not 0000.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | str):
        return ""
    if not (cell >= 10**15 if isinstance(cell, int) else len(cell) >= 16):
        return ""
    text = str(cell)
    # A workbook rounds such a number: its last digit is then 0.
    is_rounded = isinstance(cell, int)
    numbers = (digits for _, digits in _numbers(text))
    return next((one for one in numbers if _is_identity(one, rounded=is_rounded)), "")


def _is_region(digits: str) -> bool:
    return int(digits[:2]) in PROVINCES and 1 <= int(digits[2:4]) <= 79


def _is_identity(digits: str, *, rounded: bool) -> bool:
    day, month = int(digits[6:8]), int(digits[8:10])
    return (
        _is_region(digits)
        and (1 <= day <= 31 or 41 <= day <= 71)
        and 1 <= month <= 12
        and (rounded or digits[12:] != "0000")
    )


def mask(digits: str) -> str:
    """Show as much of a number as is needed to find it: ``1607********0003``."""
    return digits[:4] + "*" * (len(digits) - 8) + digits[-4:]


def masked_number(cell: Cell) -> str:
    """The number that was masked in a cell before it was kept, "" when there is none."""
    found = MASKED.search(cell) if isinstance(cell, str) else None
    return found[0] if found else ""


def masked(text: str) -> str:
    """A text in which no sixteen digits stand whole, wherever it quotes them."""
    shown, upto = [], 0
    for (start, end), digits in _numbers(text):
        shown += [text[upto:start], mask(digits)]
        upto = end
    return "".join([*shown, text[upto:]])


def sixteen_digits(cell: Cell) -> str:
    """Sixteen digits in a cell, "" where there are none: no count or rate has so many.

    They need not be a number that was ever given out: a slip in a NIK leaves the rest of it.
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | str):
        return ""
    return next((digits for _, digits in _numbers(str(cell))), "")


def _numbers(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Where sixteen digits of one number stand in a text, and which."""
    found = SIXTEEN.search(text)
    while found:
        digits = _digits(found)
        if digits:
            yield found.span(), digits
        # What is no number may have swallowed the beginning of one.
        found = SIXTEEN.search(text, found.end() if digits else found.start() + 1)


def _digits(found: re.Match[str]) -> str:
    """The digits of what was found; "" where they are a decimal number, or several numbers."""
    digits, marks = re.sub("[^0-9]", "", found[0]), re.sub("[0-9]", "", found[0])
    if _is_decimal(found):
        return ""
    if not marks or _is_identity(digits, rounded=False):
        return digits
    # Years stand in a row, too: with a slip in it, a number in groups has to look like one.
    is_alone = len(found.string) <= LONGEST_ALONE and found.string.strip() == found[0]
    is_apart = is_alone or re.match("[0-9]{6}[^0-9]", found[0]) is not None
    is_one_number = len(set(marks)) == 1 and marks != "." and is_apart
    return digits if is_one_number and _is_region(digits) else ""


def _is_decimal(found: re.Match[str]) -> bool:
    text, start = found.string, found.start()
    before = WHOLE_PART.search(text, max(0, start - 5), start)
    after = text[found.end() : found.end() + 1]
    is_listed = before is not None and before[1] == after == "," and found[0].isdigit()
    is_fraction = before is not None and not is_listed
    return is_fraction or WITH_FRACTION.match(text, start) is not None


def masked_cell(cell: Cell) -> Cell:
    """A cell in which no sixteen digits stand whole."""
    if isinstance(cell, str):
        return masked(cell)
    digits = sixteen_digits(cell)
    return mask(digits) if digits else cell


def _plain(cell: Cell) -> str:
    return re.sub(r"[^a-z]", "", cell.lower()) if isinstance(cell, str) and len(cell) < 60 else ""


def _in_headings(sheet: RawSheet) -> Iterable[ReadFault]:
    seen = set()
    for row, cells in sheet.lines[:HEADING_LINES]:
        for at, cell in enumerate(cells):
            heading = _plain(cell)
            if at in seen or not heading or len(cells) < 2:
                continue
            place = (row, column_letters(at), sheet.name)
            facts: dict[str, Cell] = {"found": str(cell)[:60]}
            if heading in TELLING_HEADINGS and _values_below(sheet, row, at):
                seen.add(at)
                yield ReadFault("personal_column", *place, facts)
            elif heading in NAME_HEADINGS:
                n = _n_persons(_values_below(sheet, row, at))
                if n:
                    seen.add(at)
                    yield ReadFault("personal_names", *place, facts | {"n": n})


def _values_below(sheet: RawSheet, row: int, at: int) -> list[Cell]:
    return [
        cells[at]
        for number, cells in sheet.lines
        if number > row and at < len(cells) and cells[at] is not None
    ]


def _n_persons(values: list[Cell]) -> int:
    """How many values are names of persons, 0 when it may well be something else."""
    names = {value for value in values if isinstance(value, str)}
    n_telling = sum(bool(PERSON.search(name)) for name in names)
    if n_telling >= FEWEST_NAMES and n_telling >= 0.25 * len(names):
        return len(names)
    return 0


def _in_texts(sheet: RawSheet, told: set[str]) -> Iterable[ReadFault]:
    """Columns of texts that list persons, whatever stands above them."""
    columns: dict[int, dict[str, int]] = {}
    for row, cells in sheet.lines:
        for at, cell in enumerate(cells):
            if cell.__class__ is str and cell[:1].isalpha():  # type: ignore[index, union-attr]
                texts = columns.setdefault(at, {})
                if len(texts) < MOST_TEXTS:
                    texts.setdefault(cell, row)  # type: ignore[arg-type]
    for at, texts in columns.items():
        place = column_letters(at)
        if len(texts) <= FEWEST_UNDER_HEADING or place in told:
            continue
        heading = next((one for one in texts if texts[one] <= HEADING_LINES), "")
        below = {one: row for one, row in texts.items() if one != heading}
        n = _n_listed(_plain(heading), below)
        if n:
            found = "–" if PERSON.search(heading) else heading[:60]
            yield ReadFault(
                "personal_names", min(below.values()), place, sheet.name, {"found": found, "n": n}
            )


def _n_listed(heading: str, texts: Iterable[str]) -> int:
    """How many texts below a heading name persons, 0 when they may well be something else."""
    rest = heading.removeprefix("nama")
    is_name = heading.startswith("nama") and bool(rest)
    if is_name and rest.startswith(OF_THINGS):
        return 0
    names = [one for one in texts if NAME_SHAPE.fullmatch(one) and one.count(" ") < MOST_WORDS]
    if is_name and rest.startswith(OF_PERSONS):
        return len(names) if len(names) >= FEWEST_UNDER_HEADING else 0
    n_telling = sum(bool(PERSON.search(name)) for name in names)
    fewest, share = (FEWEST_UNDER_HEADING, 0.25) if is_name else (FEWEST_NAMES, LIKELY_SHARE)
    return len(names) if n_telling >= max(fewest, share * len(names)) else 0


def _in_attributes(row: int, properties: dict[str, Cell]) -> Iterable[ReadFault]:
    for name, cell in properties.items():
        found = identity_number(cell)
        if found:
            yield ReadFault("personal_number", row, name[:60], "", {"found": mask(found)})
        elif cell is not None and _plain(name) in ON_MAPS:
            yield ReadFault("personal_column", row, name[:60], "", {"found": name[:60]})
