import pytest
from openpyxl import Workbook

from geo.lib.tables import UnreadableTable, read_table, safe_cell, write_csv


def table_of(tmp_path, content: bytes):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return read_table(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_dialect(tmp_path, delimiter, encoding):
    text = f"kode{delimiter}nama\r\n16.07.01{delimiter}Désa\r\n\r\n".encode(encoding)
    table = table_of(tmp_path, text)
    assert table.columns == ["kode", "nama"]
    assert table.rows == [(2, {"kode": "16.07.01", "nama": "Désa"})]


def test_short_and_long_rows(tmp_path):
    table = table_of(tmp_path, b"a,b\n1\n1,2,\n1,2,3\n")
    assert table.rows[0] == (2, {"a": "1", "b": ""})
    assert table.too_long == [4]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a,a\n1,2\n", "column_twice"),
        (b"a,,b\n1,2,3\n", "no_header"),
        (b"a,b\n\0,2\n", "not_text"),
        (b"PK\x03\x04 not a workbook", "not_a_workbook"),
    ],
)
def test_what_is_not_a_table(tmp_path, content, reason):
    with pytest.raises(UnreadableTable) as caught:
        table_of(tmp_path, content)
    assert caught.value.reason == reason


def test_workbook_keeps_numbers_and_codes(tmp_path):
    book = Workbook()
    book.active.append(["iddesa", "kode", "nilai"])
    book.active.append([1607061001, "16.07.19.2003", 1.5])
    book.create_sheet("Lain").append(["x"])
    path = tmp_path / "file.xlsx"
    book.save(path)
    assert read_table(path).rows == [
        (2, {"iddesa": 1607061001.0, "kode": "16.07.19.2003", "nilai": 1.5})
    ]
    assert read_table(path, "Lain").columns == ["x"]
    with pytest.raises(UnreadableTable):
        read_table(path, "Tidak ada")


def test_no_cell_runs_as_a_formula():
    assert [safe_cell(c) for c in ("=1+1", "+1", "-1", "@x", "a=1", -1.5, None)] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "a=1",
        -1.5,
        "",
    ]
    assert write_csv(["a"], [["=x"], [0.1]]) == "a\r\n'=x\r\n0.1\r\n"
