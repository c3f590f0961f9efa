import pytest

from geo.areas.batch.outlines import refresh_outlines
from geo.areas.models import AreaAlias
from geo.areas.queries import (
    NoRegency,
    UnknownOutline,
    ancestors,
    find_area,
    find_outline,
    outline_of,
    regency,
    search_areas,
    title_of,
)
from geo.lib.errors import UnknownArea
from geo.lib.names import name_key


@pytest.fixture
def here(kotak, settings):
    settings.REGENCY_CODE = "99.01"
    return kotak


def rename(area, name):
    area.name = name
    area.save()


def found(text, **options):
    return [area.code for area in search_areas(text, **options)]


def test_an_area_is_found_by_its_code_with_those_above(here, django_assert_num_queries):
    with django_assert_num_queries(1):
        village = find_area("99.01.02.2003")
        assert [title_of(a) for a in ancestors(village)] == ["Kabupaten Kotak", "Kecamatan Petak 2"]
    assert ancestors(here.regency) == []


def test_a_code_of_the_past_is_unknown_today(here):
    here.villages[0].valid_to = "2020-01-01"
    here.villages[0].save()
    with pytest.raises(UnknownArea, match=r"99\.01\.01\.2001"):
        find_area("99.01.01.2001")


def test_the_regency_is_the_one_of_the_settings(here, settings):
    assert regency() == here.regency
    settings.REGENCY_CODE = "99.02"
    with pytest.raises(NoRegency, match="script/manage load_boundaries"):
        regency()


def test_outlines_are_found_by_parent_and_by_address(here):
    assert outline_of(here.regency, "village") is None
    refresh_outlines(here.regency)
    outline = outline_of(here.regency, "village")

    assert find_outline("99.01", "village", outline.content_hash) == outline
    with pytest.raises(UnknownOutline):
        find_outline("99.01", "village", "0" * 16)


def test_search_by_beginning_of_a_name_puts_upper_levels_first(here):
    rename(here.districts[1], "Ubin")

    assert found("ubi")[0] == "99.01.02"
    assert len(found("ubi", limit=5)) == 5


def test_search_by_code_and_by_bps_code(here):
    here.villages[0].bps_code = "9901060019"
    here.villages[0].save()

    assert found("99.01.03") == ["99.01.03", *(f"99.01.03.200{n}" for n in (1, 2, 3, 4))]
    assert found("9901060019") == ["99.01.01.2001"]


def test_search_understands_spellings_and_other_names(here):
    rename(here.villages[0], "Tanjung Lago II")
    AreaAlias.objects.create(
        area=here.villages[5], name="Air Saleh", key=name_key("Air Saleh"), origin="former"
    )

    assert found("Tj. Lago 2") == ["99.01.01.2001"]
    assert found("tanjunglago") == ["99.01.01.2001"]
    assert found("air sa") == ["99.01.02.2002"]


def test_search_forgives_a_wrong_letter(here):
    rename(here.villages[0], "Sukomoro")

    assert found("sukamoro") == ["99.01.01.2001"]


def test_namesakes_come_with_their_districts(here, django_assert_num_queries):
    rename(here.villages[0], "Mekar Sari")
    rename(here.villages[7], "Mekar Sari")

    with django_assert_num_queries(1):
        hits = [(a.name, a.parent.name) for a in search_areas("mekar sari")]
    assert hits == [("Mekar Sari", "Petak 1"), ("Mekar Sari", "Petak 2")]


@pytest.mark.parametrize("text", ["", "  ", "...", "xyzzy", "%", "'; --"])
def test_search_for_nothing_finds_nothing(here, text):
    assert found(text) == []


def test_search_stays_inside_the_regency_and_the_present(here, settings):
    here.villages[0].valid_to = "2020-01-01"
    here.villages[0].save()
    assert "99.01.01.2001" not in found("Ubin 11", limit=50)
    settings.REGENCY_CODE = "99.02"
    assert found("ubin") == []
