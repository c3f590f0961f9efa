"""Which digits are those of a person, and which are coordinates, years or lists."""

import random

import pytest

from geo.lib.uploads.contract import RawSheet
from geo.lib.uploads.personal import find_personal, identity_number, masked, sixteen_digits

NIK = "1607034506780003"


def is_left_alone(text: str) -> bool:
    return masked(text) == text and not identity_number(text) and not sixteen_digits(text)


@pytest.mark.parametrize("mark", [".", ","])
def test_coordinates_of_full_precision_are_nobodys(mark):
    chance = random.Random(16)  # noqa: S311
    for n_decimals in range(12, 19):
        for _ in range(400):
            fraction = "".join(chance.choices("0123456789", k=n_decimals))
            lat, lon = f"-{chance.randint(1, 4)}{mark}{fraction}", f"104{mark}{fraction}"
            for text in (lat, lon, lat[1:], f"{lat} {lon}", f"{lat}; {lon}", f"titik {lon}."):
                assert is_left_alone(text), text
    # As structured as they can be by chance.
    assert is_left_alone(f"-2{mark}{NIK}") and is_left_alone(f"{lat}, 104{mark}{NIK}")
    assert is_left_alone("-1.607034506780003") and is_left_alone("1.607034 104.123456")


def test_nor_in_a_sheet_of_places():
    lines = [(1, ["nama", "lat", "lon"]), (2, ["Pos", "-2.7267123412341234", f"104.{NIK}"])]
    assert not list(find_personal(RawSheet("", lines)))


IN_SENTENCES = [
    "NIK {}", "nomornya {}.", "nomornya {}, ya", "({})", "No. 1, {}", "-2.7267123412341234 {}",
    "2.981700 104.736800 {}", "tahun 2024 2025 {}",
]  # fmt: skip
IN_GROUPS = ["1607 0345 0678 0003", "160703 450678 0003", "16.07.03.450678.0003"]
CROWDED = ["NIK.{}", "NIK:{}.", "9901012002,{}", "Ubin 11,{},2,1"]


@pytest.mark.parametrize(
    ("text", "written"),
    [(text, written) for text in IN_SENTENCES for written in (NIK, *IN_GROUPS)]
    + [(text, NIK) for text in CROWDED],
)
def test_a_number_is_found_wherever_it_stands(text, written):
    line = text.format(written)
    assert identity_number(line) == NIK and sixteen_digits(line) == NIK
    assert masked(line) == text.format("1607********0003")


def test_as_a_spreadsheet_mistreats_it():
    assert identity_number("1.607034506780003E+15") and masked("1.607034506780003E+15") != NIK


@pytest.mark.parametrize(
    "text",
    [
        "2021 2022 2023 2024", "2199 2035 1221 1221", "angka 2021 2022 2023 2024 lengkap",
        "2021-2022-2023-2024", "2019 2020 2021 2022 2023 2024", "2021.2022.2023.2024",
        "desa: 1221 1321 1445 1556 jiwa",
    ],
)  # fmt: skip
def test_years_and_figures_in_a_row_are_no_number(text):
    assert is_left_alone(text)


@pytest.mark.parametrize("slip", ["1607993203850003", "1607 9932 0385 0003"])
def test_a_slip_in_one_is_seen_where_it_stands_alone(slip):
    assert masked(slip) == sixteen_digits(slip).replace("99320385", "*" * 8) == "1607********0003"
    assert masked("KK 160799 320385 0003") == "KK 1607********0003"
