"""The classification of business fields, as data/kbli declares it."""

import itertools

import pytest

from geo.lib.kbli import read_classification


def test_every_listed_code_lies_in_a_section_and_has_both_names():
    known = read_classification()
    for code, names in known.codes.items():
        assert known.section_of(code) is not None, code
        assert names["id"] and names["en"], code
    for section in known.sections:
        assert section.name["id"] and section.name["en"], section.letter


def test_sections_follow_each_other_without_overlap():
    sections = read_classification().sections
    assert "".join(one.letter for one in sections) == "ABCDEFGHIJKLMNOPQRSTU"
    for one, following in itertools.pairwise(sections):
        assert one.first <= one.last < following.first


@pytest.mark.parametrize(
    ("code", "letter"),
    [
        ("10631", "C"),
        ("01121", "A"),
        ("52102", "H"),
        ("34000", None),
        ("5210", None),
        ("१०६३१", None),
    ],
)
def test_the_first_two_digits_tell_the_section(code, letter):
    found = read_classification().section_of(code)
    assert (found.letter if found else None) == letter


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1122", "01122"), ("KBLI 10631", "10631"), (" 52 102 ", "52102"), ("1234", "1234")],
)
def test_codes_are_read_as_they_were_meant(typed, meant):
    assert read_classification().tidied(typed) == meant
