"""Cells of downloaded tables: no database needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.opendata.rules import number_cell, table_text, text_cell


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (0.0, "0"),
        (-3.5, "-3,5"),
        (1500.0, "1500"),
        (888324, "888324"),
        (0.1, "0,1"),
        (-0.00001, "-0,00001"),
        (123456789012.25, "123456789012,25"),
        (None, ""),
    ],
)
def test_numbers(number, written):
    assert number_cell(number) == written


@given(st.floats(min_value=-1e15, max_value=1e15))
def test_no_number_loses_a_digit(number):
    assert float(number_cell(number).replace(",", ".")) == number


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝"])
def test_formulas_become_texts(start):
    assert text_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["Sungai Pinang", "16.07.01", "a=b", "'kutip", ""])
def test_texts_stay(text):
    assert text_cell(text) == text


def test_table_tells_numbers_from_texts():
    text = table_text(["name", "value"], [["-3.5", -3.5], ['a;"b"', None]])
    assert text == '\ufeffname;value\r\n\'-3.5;-3,5\r\n"a;""b""";\r\n'
