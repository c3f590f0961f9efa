import pytest

from geo.lib.names import name_key, name_variants, without_title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maju Ria", "MAJURIA"),
        ("Tj. Lago", "Tanjung Lago"),
        ("Sei Rengit", "Sungai  Rengit"),
        ("Sg.Rengit", "sungai rengit"),
        ("Ma. Padang", "Muara Padang"),
        ("Tlg Kelapa", "Talang Kelapa"),
        ("Sungsang II", "sungsang 2"),
        ("Sungsang 02", "SUNGSANG-II"),
        ("Desa Sungsang IV", "Sungsang 4"),
        ("Kel. Mariana", "MARIANA"),
        ("Ketapang (Lama)", "ketapang lama"),
    ],
)
def test_spellings_of_one_name_meet(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sukamoro", "Sukomoro"),
        ("Sungsang I", "Sungsang II"),
        ("Banyuasin", "Banyuasin I"),
        ("Karang Ma", "Karang Muara"),
        ("Kota Baru", "Baru"),
    ],
)
def test_different_names_stay_apart(one, other):
    assert name_key(one) != name_key(other)


def test_a_name_that_is_only_an_abbreviation_or_a_title_is_kept():
    assert name_key("Sei") == "sei"
    assert name_key("Desa") == "desa"
    assert name_key(" . ") == ""


def test_variants_reach_numerals_both_ways():
    assert name_variants("Sg. 2") == ["sg2", "sungai2", "sungaiii"]


def test_titles_are_taken_off_but_not_the_whole_name():
    assert without_title("Kabupaten Kotak") == "Kotak"
    assert without_title("Kota Baru") == "Kota Baru"
    assert without_title("Desa") == "Desa"
