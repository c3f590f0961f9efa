"""Each thing that can be wrong with an opportunity is a sentence at its cell."""

import datetime

import pytest

from geo.opportunities.rules.placing import Finder, check_positions, check_together
from geo.opportunities.rules.sentences import SENTENCES, Checked, check_entry
from tests.opportunities.world import publish

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
GOOD = {
    "title_id": "Gudang",
    "business": "fisheries",
    "kbli": "52102",
    "area": "99.01.01.2001",
    "stage": "offered",
    "status_on": "2026-10-01",
    "contact_office": "DPMPTSP",
}


def checked(**more) -> Checked:
    return Checked(4, "Gudang", GOOD | more, {})


def rules_of(**more) -> list[tuple]:
    found = check_entry(checked(**more), today=TODAY, most={"title_id": 150})
    return [(issue.column, issue.rule, issue.severity) for issue in found]


def test_a_right_row_has_no_problem():
    assert rules_of() == []


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"title_id": None}, ("title_id", "empty", "error")),
        ({"kbli": "99"}, ("kbli", "kbli_shape", "error")),
        ({"kbli": "34567"}, ("kbli", "kbli_shape", "error")),
        ({"kbli": "10293"}, ("kbli", "kbli_unlisted", "warning")),
        ({"lon": 104.7}, ("lat", "half_point", "error")),
        ({"zoning": "holding"}, ("zoning_source", "zoning_source", "error")),
        (
            {"zoning": "holding", "zoning_source": "Perda"},
            ("zoning_on", "zoning_source", "error"),
        ),
        ({"valid_until": "2026-09-30"}, ("valid_until", "ends_before", "error")),
        ({"status_on": "2026-11-23"}, ("status_on", "in_future", "error")),
        ({"contact_email": "x@"}, ("contact_email", "bad_email", "error")),
        ({"document_url": "javascript:alert(1)"}, ("document_url", "bad_address", "error")),
        ({"title_id": "x" * 151}, ("title_id", "too_long", "error")),
    ],
)
def test_each_fault_is_told_at_its_cell(cells, told):
    assert rules_of(**cells) == [told]


def test_a_protected_area_wants_a_reason():
    zoned = {"zoning": "protected", "zoning_source": "Perda", "zoning_on": "2026-01-01"}
    assert rules_of(**zoned) == [("zoning", "protected", "warning")]


def test_sentences_say_what_was_found_and_what_is_alike():
    (issue,) = check_entry(checked(kbli="10632"), today=TODAY, most={})
    assert "10632" in issue.message
    assert "10631" in issue.message


def test_all_sentences_can_be_written():
    """Every placeholder is one that somebody fills in."""
    facts = dict.fromkeys(
        ("title", "label", "found", "alike", "form", "near", "area", "other", "start", "length",
         "most", "first", "row", "code"), "x",
    )  # fmt: skip
    for sentence in SENTENCES.values():
        assert "x" in str(sentence) % facts


# --- where it lies ---------------------------------------------------------------------


@pytest.fixture
def finder(world):
    return Finder(world.regency)


@pytest.mark.parametrize("written", ["99.01.01.2001", "Ubin 11", "ubin 11", "Ubin 11, Barat Daya"])
def test_areas_are_found_by_code_and_by_name(world, finder, written):
    village = world.village("99.01.01.2001")
    written = written.replace("Ubin 11", village.name).replace("Barat Daya", village.parent.name)
    assert finder.code(written) == village.code
    assert finder.check(checked(area=written)) == []


def test_an_area_elsewhere_is_told(world, finder):
    (issue,) = finder.check(checked(area="99.02.01.2001"))
    assert issue.rule == "unknown_area"
    assert "99.02.01.2001" in issue.message


def test_of_two_namesakes_the_code_is_asked_for(world):
    twin = world.villages[4]
    twin.name = world.villages[0].name
    twin.save()
    (issue,) = Finder(world.regency).check(checked(area=twin.name))
    assert issue.rule == "ambiguous_area"
    assert twin.code in issue.message
    assert world.villages[0].code in issue.message


def place_issues(finder, area, lon, lat, geometry=None):
    entry = checked(area=area, lon=lon, lat=lat)
    return [one.rule for one in check_positions([entry], {4: geometry}, finder)]


def test_a_position_lies_where_it_says(world, finder):
    inside = world.villages[0].interior_point
    other = world.villages[-2].interior_point
    code = world.villages[0].code
    assert place_issues(finder, code, inside.x, inside.y) == []
    assert place_issues(finder, world.villages[0].parent.code, inside.x, inside.y) == []
    assert place_issues(finder, code, other.x, other.y) == ["outside_area"]


def test_a_position_outside_the_regency_is_refused(world, finder):
    assert place_issues(finder, "99.01.01.2001", 106.8, -6.2) == ["outside_form"]


def test_a_village_without_boundary_has_no_inside(world, finder):
    inside = world.villages[0].interior_point
    assert place_issues(finder, "99.01.04.1005", inside.x, inside.y) == []


def test_outlines_are_checked_too(world, finder):
    x, y = world.villages[0].interior_point.coords
    bow = [[x, y], [x + 0.001, y + 0.001], [x + 0.001, y], [x, y + 0.001], [x, y]]
    right = [[x, y], [x + 0.001, y], [x + 0.001, y + 0.001], [x, y]]
    code = world.villages[0].code
    crossed = {"type": "Polygon", "coordinates": [bow]}
    assert place_issues(finder, code, None, None, crossed) == ["bad_outline"]
    line = {"type": "LineString", "coordinates": right}
    assert place_issues(finder, code, None, None, line) == ["bad_outline"]
    assert place_issues(finder, code, None, None, {"type": "Polygon", "coordinates": [right]}) == []


def test_twice_in_the_list_or_there_already(world):
    stands = publish(world.villages[0], title_id="Gudang")
    rows = [checked(), checked()]
    twice = [Checked(5, *vars_of(rows[0]))]
    assert rules_together([rows[0], *twice], {4: stands.code, 5: stands.code}, stands) == ["twice"]
    assert rules_together([rows[0]], {4: ""}, stands) == ["there_already"]
    assert rules_together([rows[0]], {4: stands.code}, stands) == []


def vars_of(entry: Checked) -> tuple:
    return entry.title, entry.cells, entry.labels


def rules_together(entries, keys, *standing) -> list[str]:
    return [one.rule for one in check_together(entries, keys, standing)]
