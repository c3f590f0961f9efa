"""Reports as OpenSID prints them and as a kecamatan gathers them, invented here."""

import io

import openpyxl

LINES = (
    ("opening", "Penduduk/Keluarga awal bulan ini"),
    ("births", "Kelahiran/Keluarga baru bulan ini"),
    ("deaths", "Kematian bulan ini"),
    ("arrivals", "Pendatang bulan ini"),
    ("departures", "Pindah/Keluarga pergi bulan ini"),
    ("missing", "Penduduk hilang bulan ini"),
    ("closing", "Penduduk/Keluarga akhir bulan ini"),
)
# (citizens male, female), (foreigners male, female), (households male, female)
FIGURES = {
    "opening": ((598, 580), (2, 0), (250, 40)),
    "births": ((3, 2), (0, 0), (1, 0)),
    "deaths": ((1, 2), (0, 0), (0, 0)),
    "arrivals": ((4, 1), (1, 1), (1, 0)),
    "departures": ((2, 0), (0, 0), (0, 0)),
    "missing": ((0, 0), (0, 0), (0, 0)),
    "closing": ((602, 581), (3, 1), (252, 40)),
}
CELLS = {
    "opening_male": 600,
    "opening_female": 580,
    "births_male": 3,
    "births_female": 2,
    "deaths_male": 1,
    "deaths_female": 2,
    "arrivals_male": 5,
    "arrivals_female": 2,
    "departures_male": 2,
    "departures_female": 0,
    "missing_male": 0,
    "missing_female": 0,
    "closing_male": 605,
    "closing_female": 582,
    "opening_households": 290,
    "closing_households": 292,
}


def report(*, month="Oktober 2026", village="Ubin 11", changed=None, figures=None) -> bytes:
    """OpenSID's monthly report; ``changed`` writes into cells afterwards."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "LAPORAN PERKEMBANGAN PENDUDUK (LAMPIRAN A-9)"
    sheet["A2"] = f"Desa : {village}"
    sheet["A3"] = f"Bulan : {month}"
    _headings(sheet)
    for line, (name, label) in enumerate(LINES, start=9):
        citizens, foreigners, households = (figures or FIGURES)[name]
        both = [a + b for a, b in zip(citizens, foreigners, strict=True)]
        counts = [*citizens, *foreigners, *both, sum(both), *households, sum(households)]
        for column, cell in enumerate([line - 8, label, *(n or "-" for n in counts)], start=1):
            sheet.cell(line, column, cell)
    sheet["B18"] = "Mengetahui,"
    sheet["B19"] = "Kepala Desa"
    for address, value in (changed or {}).items():
        sheet[address] = value
    return as_bytes(book)


def _headings(sheet):
    spans = [
        ("A5:A7", "No"),
        ("B5:B7", "Perincian"),
        ("C5:I5", "Penduduk"),
        ("J5:L6", "Keluarga (KK)"),
        ("C6:D6", "WNI"),
        ("E6:F6", "WNA"),
        ("G6:I6", "Jumlah"),
    ]
    for cells, text in spans:
        sheet[cells.split(":")[0]] = text
        sheet.merge_cells(cells)
    sides = ("L", "P", "L", "P", "L", "P", "L+P", "L", "P", "L+P")
    for column, side in enumerate(sides, start=3):
        sheet.cell(7, column, side)
    for column in range(1, 13):
        sheet.cell(8, column, column)


def kecamatan(
    rows, *, words=("Lahir", "Mati", "Datang", "Pindah"), sides=("L", "P", "L+P")
) -> bytes:
    """The flat form: one row a village; rows are (name, {figure: (male, female)}, [sums])."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["KECAMATAN PETAK 1"])
    sheet.append(["BULAN : OKTOBER 2026"])
    blocks = ["Penduduk awal bulan ini", *words, "Penduduk akhir bulan ini"]
    sheet.append(["No", "Desa", *(t for block in blocks for t in (block, None, None))])
    sheet.append([None, None, *(sides * len(blocks))])
    names = ("opening", "births", "deaths", "arrivals", "departures", "closing")
    for n, (village, figures) in enumerate(rows, start=1):
        cells = [c for name in names for c in (*figures[name][:2], sum(figures[name][:2]))]
        sheet.append([n, village, *cells])
    sheet.append([None, "JUMLAH"])
    return as_bytes(book)


def as_bytes(book) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
