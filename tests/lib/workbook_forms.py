"""Small forms and files for the tests of workbooks."""

from dataclasses import replace

import openpyxl

from geo.lib.form_rules import SUM
from geo.lib.grids import CHOICE, LAT, LON, NUMBER, TEXT, YES_NO, Column, GridRow
from geo.lib.matching import AreaIndex, Candidate
from geo.lib.names import name_key
from geo.lib.uploads.reading import read_upload
from geo.lib.workbooks.contract import Asked, Subject, Words, WorkbookForm
from geo.lib.workbooks.recognising import recognise

WORDS = Words(
    title="Uji – Kotak – 2025",
    form_sheet="Isian",
    help_sheet="Petunjuk",
    code="Kode",
    area="Desa/Kelurahan",
    district="Kecamatan",
    figure="Uraian",
    value="Isian",
    last="Tahun lalu",
    computed="Dihitung",
    total="Jumlah",
    form_code="Kode formulir",
    no_data="tidak ada data",
    yes="ya",
    no="tidak",
    wrong_value="Salah",
    whole_between="Isi bilangan bulat dari %(lowest)s sampai %(highest)s.",
    number_between="Isi angka dari %(lowest)s sampai %(highest)s.",
    or_no_data="Bila tidak ada, tulis “%(no_data)s”.",
    choose="Pilih dari daftar.",
    date="Tulis tanggal.",
    how_to=("Isi sel kuning.", "Jangan menulis nama."),
    table=("Uraian", "Satuan", "Isi", "Arti"),
    page="Halaman %(page)s dari %(pages)s",
)
NURSES = Column("nurses", "Perawat", lowest=0, highest=500, aliases=("Nurses", "staff_nurses"))
RATE = Column("rate", "Cakupan", NUMBER, unit="%", decimals=1, lowest=0, highest=100)
NAMES = {"99.01.01.2001": "Desa Ubin Satu", "99.01.01.2002": "Desa Sungai Dua",
         "99.01.02.2001": "Desa Tanjung Tiga"}  # fmt: skip
ROWS = [GridRow(n, code, name) for n, (code, name) in enumerate(NAMES.items(), start=1)]
SIDES = (("male", "L"), ("female", "P"))
BALANCE = [
    Column(f"{name}_{sex}", side, group=group, lowest=0, highest=9999, locked=name == "opening")
    for name, group in (("opening", "Awal"), ("births", "Lahir"), ("closing", "Akhir"))
    for sex, side in SIDES
]
BALANCE_RULES = [
    {"kind": SUM, "column": f"closing_{sex}", "plus": [f"opening_{sex}", f"births_{sex}"],
     "minus": []}
    for sex, _side in SIDES
]  # fmt: skip
PLACE_COLUMNS = [
    Column("name", "Nama tempat", TEXT, required=True),
    Column("kind", "Jenis", CHOICE, choices=(("sd", "Sekolah dasar"), ("smp", "SMP"))),
    Column("long", "Pilihan", CHOICE, choices=tuple((f"c{n}", f"Pilihan {n}") for n in range(40))),
    Column("is_open", "Buka", YES_NO),
    Column("lon", "Bujur", LON, lowest=95, highest=141.1),
    Column("lat", "Lintang", LAT, lowest=-11.1, highest=6.1),
]


def values_form(rows=ROWS, columns=(NURSES, RATE), **changed) -> WorkbookForm:
    area = rows[0].key if len(rows) == 1 else "99.01"
    form = WorkbookForm(
        subject=Subject("figures", "2025", area),
        columns=list(columns),
        rows=list(rows),
        words=WORDS,
        last={rows[0].key: {columns[0].code: 7}},
        facts=(("Periode", "2025"), ("Wilayah", "Kotak")),
    )
    return replace(form, **changed)


def balance_form(rows=ROWS[:1], **changed) -> WorkbookForm:
    known = [replace(row, cells={"opening_male": 600, "opening_female": 580}) for row in rows]
    last = {rows[0].key: {"closing_male": 600}}
    return values_form(known, BALANCE, rules=BALANCE_RULES, last=last, **changed)


def place_form() -> WorkbookForm:
    known = [GridRow(1, "17", "", {"name": "SDN 1", "kind": "sd", "is_open": True, "lon": 104.7})]
    return values_form(known, PLACE_COLUMNS, free_rows=5, last={})


def index() -> AreaIndex:
    candidates = [
        Candidate(
            code, name.removeprefix("Desa "), f"99010{n}", code[:8], frozenset({name_key(name)})
        )
        for n, (code, name) in enumerate(NAMES.items())
    ]
    districts = {"petak1": "99.01.01", "petak2": "99.01.02"}
    return AreaIndex(candidates, districts, {"99.01.09.2009": "99.01.01.2002"})


def asked(form: WorkbookForm, **changed) -> Asked:
    found = Asked(
        subject=form.subject,
        columns=form.columns,
        rows=form.rows,
        index=None if form.free_rows else index(),
        has_free_rows=bool(form.free_rows),
    )
    return replace(found, **changed)


def understand(path, form, **changed):
    """Read a file in the sandbox and recognise it as an answer to a form."""
    return recognise(read_upload(path, kind="table").sheets, asked(form, **changed))


def cells_of(answer) -> dict:
    return {row.key: row.cells for row in answer.grid.rows}


def codes(answer) -> list[str]:
    return [fault.code for fault in answer.faults]


def saved(tmp_path, content: bytes, name="isian.xlsx"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def table(tmp_path, *lines, name="tabel.xlsx"):
    """A workbook of somebody else: plain lines."""
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    path = tmp_path / name
    book.save(path)
    return path
