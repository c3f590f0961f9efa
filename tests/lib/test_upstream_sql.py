import pytest

from geo.lib.upstream_sql import polygon_of, read_rows, sql_paths

SQUARE = "[[[-2,104],[-2,105],[-1,105],[-1,104],[-2,104]]]"


def test_paths_follow_province_and_regency():
    assert sql_paths("16.07")["village"] == "db/kel/16/wilayah_boundaries_kel_16.07.sql"


def test_latitude_comes_first_in_the_file_and_second_in_the_geometry():
    assert polygon_of(SQUARE).bounds == (104, -2, 105, -1)


def test_multipolygons_and_holes_are_told_apart_by_depth():
    hole = "[[-1.6,104.4],[-1.6,104.6],[-1.4,104.6],[-1.4,104.4],[-1.6,104.4]]"
    with_hole = polygon_of(f"{SQUARE[:-1]},{hole}]")
    two_parts = polygon_of(f"[{SQUARE},[{hole}]]")

    assert with_hole.area == pytest.approx(0.96)
    assert len(two_parts.geoms) == 2


@pytest.mark.parametrize(
    "path", ["[[-2,104]]", "[[[-2,104],[-2,105]]]", "not json", "[[[[]]]]", "7"]
)
def test_a_path_that_is_no_polygon_is_refused(path):
    with pytest.raises(ValueError, match=r"."):
        polygon_of(path)


def test_rows_are_read_with_their_lines_and_none_is_lost(tmp_path):
    file = tmp_path / "a.sql"
    file.write_text(
        "/*\n('head')\n*/\nINSERT INTO wilayah_boundaries VALUES\n"
        f"\t('99.01.01.2001','Air ''Bah',-2,104,'{SQUARE}'),\n"
        "\t('99.01.01.2002','Nol',NULL,NULL,NULL),\n"
        "\t('99.01.01.2003','Putus',-2,104,'[[[\n"
    )

    rows = list(read_rows(file))

    assert [(r.line, r.code, r.name, r.is_readable) for r in rows[1:]] == [
        (5, "99.01.01.2001", "Air 'Bah", True),
        (6, "99.01.01.2002", "Nol", True),
        (7, "99.01.01.2003", "", False),
    ]
    assert rows[2].path is None
