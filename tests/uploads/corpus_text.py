"""Text tables in every encoding and broken in every way."""

import csv
import io

from tests.uploads import makers
from tests.uploads.corpus import ACCEPTED, Case

TEXT = "kode;nama;jumlah\r\n16.07.01.2001;Désa Ä;12\r\n16.07.01.2002;Désa B;7\r\n"
# What Python can write; those of other scripts lose the accents and keep the rest.
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1",
    "iso8859-15", "cp1250", "cp1251", "cp1254", "cp437", "cp850", "mac-roman", "koi8-r",
    "shift-jis", "gb18030", "big5", "euc-kr", "utf-7", "iso2022-jp",
)  # fmt: skip
GUESSED = {"cp1252", "latin-1", "iso8859-15", "cp1250", "cp1254", "cp437", "cp850", "mac-roman",
           "gb18030"}  # fmt: skip


def encodings():
    for encoding in ENCODINGS:
        content = TEXT.encode(encoding, errors="replace")
        code = "encoding_guessed" if encoding in GUESSED else ACCEPTED
        yield Case(f"csv-{encoding}", content, code, "table", is_read=True)
    marked = "\ufeff" + TEXT
    yield Case("csv-utf16-be-marked", marked.encode("utf-16-be"), ACCEPTED, "table", is_read=True)
    yield Case("csv-utf32-be-marked", marked.encode("utf-32-be"), ACCEPTED, "table", is_read=True)
    yield Case("csv-utf16-cut", TEXT.encode("utf-16")[:-1], "letters_lost", "table", is_read=True)
    yield Case("csv-ebcdic", TEXT.encode("cp037", "replace"), "encoding_guessed", "table",
               is_read=True)  # fmt: skip
    yield Case("csv-undefined-byte", TEXT.encode("cp1252") + b"x;\x81;1\r\n", "letters_lost",
               "table", is_read=True)  # fmt: skip
    yield Case("csv-half-utf8", TEXT.encode() + b"x;\xc3\r\n", "encoding_guessed", "table",
               is_read=True)  # fmt: skip
    yield Case("csv-nul", TEXT.replace("Désa B", "De\0sa").encode(), "not_text", "table")
    yield Case("csv-nul-late", (TEXT * 100 + "a;\0;b").encode(), "not_text", "table")


def written(rows, separator=";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode()


def shapes():
    for name, separator in (
        ("comma", ","),
        ("tab", "\t"),
        ("bar", "|"),
        ("hat", "^"),
        ("wave", "~"),
    ):
        content = written(makers.ROWS, separator)
        yield Case(f"csv-{name}", content, ACCEPTED, "table", is_read=True)
    yield Case("csv-sep-line", b"sep=;\r\n" + written(makers.ROWS), ACCEPTED, "table", is_read=True)
    yield Case("csv-old-mac", TEXT.replace("\r\n", "\r").encode(), ACCEPTED, "table", is_read=True)
    yield Case("csv-quote-open", b'a;b\n1;"2\n3;4\n5;6\n', "quote_open", "table")
    yield Case("csv-quote-inside", b'a;b\n1;2"\n3;4\n', ACCEPTED, "table", is_read=True)
    yield Case("csv-long-cell", written([["a", "b"], ["x" * 40_000, 1]]), "cell_too_long", "table")
    yield Case("csv-301-columns", written([["a"] * 301]), "too_many_columns", "table")
    yield Case("csv-50001-rows", b"a;b\n" * 50_001, "too_many_rows", "table")
    yield Case("csv-too-many-cells", (b"1;" * 299 + b"1\n") * 5_100, "too_many_cells", "table")
    yield Case("csv-blank", b"\r\n \r\n\t\r\n", "no_rows", "table")
    yield Case("csv-only-mark", b"\xef\xbb\xbf", "no_rows", "table")
    yield Case("csv-only-separators", b";;;\n;;;\n", "no_rows", "table")
    for name, mark in (("bidi", "\u202e"), ("zero-width", "\u200b"), ("bell", "\x07"),
                       ("soft-hyphen", "\u00ad"), ("isolate", "\u2066"),
                       ("escape", "\x1b[31m")):  # fmt: skip
        content = f"kode;nama\n1;De{mark}sa\n".encode()
        yield Case(f"csv-{name}", content, "controls_removed", "table", is_read=True)
    yield Case("csv-formula", b"a;b\n1;\"=cmd|'/c calc'!A0\"\n", ACCEPTED, "table", is_read=True)
    yield Case("csv-vsi", b"/vsicurl/http://127.0.0.1/x\n", ACCEPTED, "table", is_read=True)


def persons():
    for name, number in (("man", "1607010505850003"), ("woman", "1607014505850003"),
                         ("spaced", "1607 0105 0585 0003"),
                         ("dotted", "1607.0105.0585.0003")):  # fmt: skip
        content = f"kode;isi\n1;{number}\n".encode()
        yield Case(f"person-{name}", content, "personal_number", "table")
    book = makers.xlsx(makers.sheet_xml([["a", "b"], ["x", 1607010505850003]]))
    yield Case("person-as-number", book, "personal_number", "table")
    in_text = b"kode;isi\n1;atas nama Budi (1607010505850003) lunas\n"
    yield Case("person-in-text", in_text, "personal_number", "table")
    for heading in ("NIK", "No. KK", "Nama Lengkap", "Tgl. Lahir", "Nama Kepala Keluarga"):
        content = f"kode;{heading}\n1;x\n2;y\n".encode()
        yield Case(f"person-{heading}", content, "personal_column", "table")
    people = ["Budi Santoso", "Siti Aminah", "Ahmad bin Hasan", "Sri Lestari", "Hj. Nur Aini",
              "Agus Setiawan"]  # fmt: skip
    listed = "kode;nama\n" + "".join(f"{n};{name}\n" for n, name in enumerate(people))
    yield Case("person-names", listed.encode(), "personal_names", "table")
    yield from lists_of_persons()
    places = ["Tanjung Lago", "Muara Telang", "Sungai Rengit", "Talang Kelapa", "Mariana", "Betung"]
    villages = "kode;nama\n" + "".join(f"{n};{name}\n" for n, name in enumerate(places))
    yield Case("villages-are-no-persons", villages.encode(), ACCEPTED, "table", is_read=True)
    harmless = b"kode;isi\n1;1234567890123456\n2;9999991399990000\n3;16070105058500031\n"
    yield Case("sixteen-digits-of-nobody", harmless, ACCEPTED, "table", is_read=True)


def lists_of_persons():
    """Lists under headings that nobody listed: refused where only figures are asked for."""
    usual = ["Budi Santoso", "Siti Aminah", "Ahmad Yani", "Joko Susilo", "Dewi Lestari",
             "Sri Wahyuni", "Agus Salim"]  # fmt: skip
    unusual = ["Kartini", "Tono Raharjo", "Yusman"]
    things = ["Padi", "Jagung Budi", "Kedelai Putra", "Kopi Ali", "Karet Sri", "Lada Nur"]
    villages = ["Sri Mulyo", "Sri Jaya", "Budi Mulya", "Wana Mukti", "Mariana", "Betung", "Sako",
                "Pangkalan Panji", "Lubuk Lancang", "Tirta Kencana"]  # fmt: skip
    for name, heading, texts, code in (
        ("farmers", "Nama petani", usual, "personal_names"),
        ("unusual-names", "Nama petani", unusual, "personal_names"),
        ("unknown-role", "Nama penggarap", usual[:3], "personal_names"),
        ("without-a-word", "Keterangan", usual, "personal_names"),
        ("crops-are-no-persons", "Nama komoditas", things, ACCEPTED),
        ("names-of-villages-are-no-persons", "Wilayah", villages, ACCEPTED),
        ("remarks-are-no-persons", "Keterangan", ["Sudah dicek", "Menurut Pak Budi", "Belum"],
         ACCEPTED),
    ):  # fmt: skip
        lines = "".join(f"{n};{text}\n" for n, text in enumerate(texts))
        content = f"kode;{heading}\n{lines}".encode()
        yield Case(f"person-{name}", content, code, "table", is_read=code == ACCEPTED)
    heads = "kode;Nama kepala sekolah\n" + "".join(f"{n};{one}\n" for n, one in enumerate(usual))
    yield Case("heads-of-schools-in-a-list", heads.encode(), ACCEPTED, "any", is_read=True)


def cases():
    yield from encodings()
    yield from shapes()
    yield from persons()
