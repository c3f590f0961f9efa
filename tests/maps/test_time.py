"""Changes, classes, all periods and origins: every figure here was computed by hand."""

import datetime
import re

import pytest

from geo.areas.models import Area, AreaChange
from geo.indicators.models import ClassBreaks
from geo.lib.errors import UnknownChoice, UnknownPeriod
from geo.lib.palettes import ramp
from geo.lib.pictures import CONTEXT_FILL, MISSING_FILL, SPLIT_FILL, draw_shapes, draw_small
from geo.maps.queries import read_choices, read_scene, read_series
from tests.indicators.world import make_indicator, make_source, observe
from tests.maps.html import read


@pytest.fixture
def changing(drawn):
    """People of four villages in 2020 and 2024, and the share of the ill.

    village   01.2001 01.2002 01.2003 01.2004  02.2001
    2020          100      50      10       0        –
    2024          150      40      10       8       20
    """
    people = make_indicator("people", name_en="Population")
    share = make_indicator("share", unit="percent", decimals=1, roll_up="none")
    observe(people, "2020", {"01.2001": 100, "01.2002": 50, "01.2003": 10, "01.2004": 0})
    observe(people, "2022", {"01.2001": 120})
    now = {"01.2001": 150, "01.2002": 40, "01.2003": 10, "01.2004": 8, "02.2001": 20}
    observe(people, "2024", now)
    observe(share, "2020", {"01.2001": 10.0, "01.2002": 12.5})
    observe(share, "2024", {"01.2001": 14.5, "01.2002": 8.4})
    return people


def row_of(scene, code):
    return next(row for row in scene.rows if row.area.code == f"99.01.{code}")


# --- change -----------------------------------------------------------------------


def test_counts_change_in_per_cent_of_the_earlier_figure(changing, scene_of):
    scene = scene_of("i=people&a=99.01.01&dari=2020")
    change = {code: row_of(scene, f"01.{code}").figure.value for code in ("2001", "2002", "2003")}
    assert change == {"2001": 50, "2002": -20, "2003": 0}
    assert row_of(scene, "01.2004").figure.value is None, "no per cent of nothing"
    assert scene.own.value == pytest.approx(100 * (208 - 160) / 160)
    assert [end.value for end in scene.ends] == [160, 208]
    assert scene.direction == "up"
    assert not scene.circles, "a change is no count"
    assert scene.shown.unit == "percent"


def test_the_scale_of_changes_is_centred_at_zero(changing, scene_of):
    scene = scene_of("i=people&a=99.01.01&dari=2020")
    edges = scene.legend.edges
    assert edges == [-edge for edge in reversed(edges)]
    middle = scene.legend.classes[len(scene.legend.classes) // 2]
    assert middle.lower < 0 < middle.upper
    assert middle.colour == ramp("amber_teal", 3)[1]
    assert row_of(scene, "01.2003").fill == middle.colour
    assert row_of(scene, "01.2002").x < 0.5 < row_of(scene, "01.2001").x
    assert row_of(scene, "01.2004").fill == MISSING_FILL


def test_a_percentage_changes_by_points(changing, client):
    page = read(client.get("/en/peta/?i=share&l=village&dari=2020"))
    values = [cell.text for cell in page.all("td", "ranking__value")][:2]
    assert values == ["+4.5", "−4.1"]
    page = read(client.get("/en/peta/?i=share&a=99.01.01.2002&dari=2020"))
    assert page.one("span", "panel__unit").text == "points"
    assert "went down by 4.1 points since 2020: from 12.5 % to 8.4 %." in (
        page.one("p", "panel__sentence").text.replace("\xa0", " ")
    )


def test_the_way_back_from_a_change_is_in_plain_sight(changing, client):
    page = read(client.get("/en/peta/?i=people&dari=2020"))
    notice = page.one("p", "pinned")
    assert "Change from 2020 to 2024" in notice.text
    assert notice.one("a").attributes["href"] == "/en/peta/?i=people"
    rows = page.one("table", "ranking").one("tbody").all("a")
    assert all("dari=2020" in row.attributes["href"] for row in rows)
    download = [a.attributes["href"] for a in page.all("a") if "download" in a.attributes]
    assert download
    assert not [href for href in download if "dari" in href]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("a=99.01.01.2003&dari=2020", "has not changed since 2020"),
        ("a=99.01.01.2004&dari=2020", "What begins at zero has no change in per cent"),
        ("a=99.01.02.2001&dari=2020", "no figure for both 2020 and 2024"),
        ("dari=2022", "up by 25.0 % since 2022, counted over the 1 of its 17 villages"),
    ],
)
def test_what_cannot_be_told_is_said(changing, client, address, sentence):
    page = read(client.get(f"/en/peta/?i=people&{address}"))
    told = page.one("p", "panel__sentence").text.replace("\xa0", " ")
    assert sentence in told


def test_a_change_from_a_withheld_figure_is_withheld(kotak, scene_of):
    ill = make_indicator("ill", sensitive=True, roll_up="none")
    observe(ill, "2020", {"01.2001": 3, "01.2002": 10})
    observe(ill, "2024", {"01.2001": 30, "01.2002": 20})
    scene = scene_of("i=ill&a=99.01.01&dari=2020")
    assert row_of(scene, "01.2001").figure.value is None
    assert row_of(scene, "01.2001").figure.status == "suppressed"
    assert row_of(scene, "01.2002").figure.value == 10
    assert scene.legend.n_suppressed == 1


def test_only_an_earlier_period_can_be_compared_with(changing, state_of):
    with pytest.raises(UnknownPeriod, match="1990"):
        state_of("i=people&dari=1990")
    for address in ("i=people&t=2020&dari=2020", "i=people&t=2020&dari=2024"):
        with pytest.raises(UnknownChoice, match="dari"):
            state_of(address)
    choices = read_choices(state_of("i=people&t=2022&dari=2020"))
    assert [(c.label, c.is_current) for c in choices.earlier] == [("2020", True)]
    assert [c.address for c in choices.periods] == [
        "/peta/?i=people&t=2020",
        "/peta/?i=people&t=2022&dari=2020",
        "/peta/?i=people&dari=2020",
    ]


# --- classes ------------------------------------------------------------------------


def test_classes_of_one_period_are_asked_for_and_said(measured, client, scene_of):
    ClassBreaks.objects.create(
        indicator=measured.people,
        level="district",
        scheme="quantile",
        period="2023",
        edges=[0, 5, 9],
    )
    assert scene_of("i=people&t=2023").legend.edges == [0, 100, 200]
    assert scene_of("i=people&t=2023&c=own").legend.edges == [0, 5, 9]
    legend = read(client.get("/en/peta/?i=people&t=2023&c=own")).one("section", "legend")
    assert "Classes of this period only" in legend.text
    legend = read(client.get("/en/peta/?i=people&t=2023")).one("section", "legend")
    assert "The same classes in all periods" in legend.text


def test_one_class_leaves_the_others_quiet(drawn, measured, client, scene_of):
    scene = scene_of("i=size&l=village&f=3")
    inside = [row for row in scene.rows if not row.is_out]
    assert {row.figure.value for row in inside} == {4, 5, 6}
    assert {row.area_fill for row in scene.rows if row.is_out} == {CONTEXT_FILL}
    assert MISSING_FILL not in scene.fills.values()
    page = read(client.get("/en/peta/?i=size&l=village&f=3"))
    shown = [
        row
        for row in page.one("table", "ranking").one("tbody").all("tr")
        if "hidden" not in row.attributes
    ]
    assert len(shown) == len(inside) == 8
    pressed = [b for b in page.all("button") if b.attributes.get("aria-pressed") == "true"]
    assert [b.attributes["data-class"] for b in pressed] == ["3"]
    assert "From 4 to 6 persons/household: 8 areas" in pressed[0].attributes["aria-label"]
    back = page.one("p", "legend__all")
    assert back.one("a").attributes["href"] == "/en/peta/?i=size&l=village"


def test_a_class_is_kept_while_it_means_the_same(measured, state_of):
    state = state_of("i=people&t=2023&l=village&f=2")
    assert "f=2" in state.address(period="2024")
    assert "f=2" in state.address_of("99.01.01.2001")
    assert "f=" not in state.address(level="district")
    assert "f=" not in state.address(scheme="equal")
    assert "f=" not in state.address_with_indicator(measured.size)
    assert "f=" not in state_of("i=people&f=2").address_of("99.01.01"), "districts, then villages"


def test_a_class_that_the_map_does_not_have_hides_nothing(measured, scene_of):
    assert not any(row.is_out for row in scene_of("i=size&f=9").rows)


# --- areas as they were ----------------------------------------------------------------


def test_split_and_later_villages_are_told_apart(drawn, client, scene_of):
    people = make_indicator("people")
    observe(people, "2019", {"01.2003": 5})
    observe(people, "2024", {"01.2001": 1, "01.2002": 2, "01.2003": 5, "01.2004": 7})
    day = datetime.date(2021, 6, 1)
    old = Area.objects.create(
        code="99.01.01.2009",
        name="Lama",
        level="village",
        kind="desa",
        parent=drawn.districts[0],
        valid_from=datetime.date(2002, 1, 1),
        valid_to=day,
    )
    for code in ("2001", "2002"):
        successor = drawn.village(f"99.01.01.{code}")
        Area.objects.filter(pk=successor.pk).update(valid_from=day)
        AreaChange.objects.create(
            predecessor=old, successor=successor, date=day, nature="split", share=0.5
        )
    Area.objects.filter(code="99.01.01.2004").update(valid_from=day)
    scene = scene_of("i=people&t=2019&a=99.01.01")
    fills = {row.area.code[-4:]: row.fill for row in scene.rows}
    assert fills["2001"] == fills["2002"] == SPLIT_FILL
    assert fills["2004"] == MISSING_FILL
    legend = scene.legend
    assert (legend.n_split, legend.n_not_yet, legend.n_missing) == (2, 1, 0)
    text = read(client.get("/en/peta/?i=people&t=2019&a=99.01.01")).one("section", "legend").text
    assert "Part of another area then (2)" in text
    assert "Did not exist in 2019 (1)" in text
    assert "totals of its district" in text


# --- all periods ---------------------------------------------------------------------


def test_all_years_stand_beside_each_other(changing, state_of, client):
    series = read_series(state_of("i=people&a=99.01.01&dari=2020"))
    assert [(one.period, one.own.value) for one in series.maps] == [
        ("2020", 160),
        ("2022", 120),
        ("2024", 208),
    ]
    page = read(client.get("/en/peta/deret/?i=people&a=99.01.01"))
    links = page.one("ol", "series").all("a")
    assert [link.attributes["href"] for link in links] == [
        "/en/peta/?i=people&t=2020&a=99.01.01",
        "/en/peta/?i=people&t=2022&a=99.01.01",
        "/en/peta/?i=people&a=99.01.01",
    ]
    assert len(page.all("section", "legend")) == 1
    assert len({n.attributes["id"] for n in page.all("path") if "id" in n.attributes}) >= 5


def test_of_months_one_year_is_shown(drawn, state_of, client):
    births = make_indicator("births", frequency="month")
    for month in (*(f"2023-{n:02}" for n in range(1, 13)), "2024-01", "2024-02"):
        observe(births, month, {"01.2001": 1})
    assert [m.period for m in read_series(state_of("i=births")).maps] == ["2024-01", "2024-02"]
    assert len(read_series(state_of("i=births&t=2023-05")).maps) == 12
    page = read(client.get("/en/peta/deret/?i=births"))
    assert "/en/peta/deret/?i=births&t=2023-12" in [a.attributes.get("href") for a in page.all("a")]


def test_series_take_few_queries(changing, client, django_assert_max_num_queries):
    client.get("/peta/deret/?i=people")
    with django_assert_max_num_queries(12):
        page = read(client.get("/peta/deret/?i=people"))
    assert [year for year in ("2020", "2022", "2024") if year in page.one(id="main").text] == [
        "2020",
        "2022",
        "2024",
    ]


def test_shapes_are_written_once_and_used(drawn):
    picture = {"paths": {"a": "M0 0z", "b": "M1 1z", "c": "M2 2z"}, "lines": "M9 9"}
    picture |= {"width": 10, "height": 5}
    assert draw_shapes(picture).count("<path id=") == 4
    svg = draw_small(picture, {"a": "#111111", "b": "#111111", "c": "#222222"})
    assert '<use href="#all" fill="#111111"/>' in svg
    assert re.findall(r'href="#s(\d)"', svg) == ["2"]
    assert "M0" not in svg


# --- origin ----------------------------------------------------------------------------


def test_a_ratio_shows_its_parts_and_sources(measured, client):
    page = read(client.get("/en/peta/asal/?i=size&a=99.01.02"))
    text = page.one("article", "origin").text
    assert "Population ÷ Homes" in text
    assert "150 persons" in text.replace("\xa0", " ")
    assert "20 households" in text.replace("\xa0", " ")
    assert "2 of 4 areas have reported" in text
    assert "Ubin 24 (Petak 2)" in text
    assert "Register 2024 , Dinas Uji" in text
    assert "lack one part are left out" in text
    assert "Entered by test" in text


def test_what_it_was_before_is_listed(drawn, client):
    people = make_indicator("people")
    early = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    later = datetime.datetime(2025, 3, 1, tzinfo=datetime.UTC)
    source = make_source(file_name="register.xlsx")
    (old,) = observe(people, "2024", {"01.2001": 10}, recorded_at=early)
    type(old).objects.filter(pk=old.pk).update(superseded_at=later)
    new = {"source": source, "revision": 2, "recorded_at": later, "source_row": 7}
    observe(people, "2024", {"01.2001": 12}, **new)
    page = read(client.get("/en/peta/asal/bagian/?i=people&a=99.01.01.2001"))
    dialog = page.one("dialog")
    assert dialog.attributes["aria-labelledby"] == dialog.one("h2").attributes["id"]
    cells = [[c.text for c in row.all("td")] for row in dialog.one("tbody").all("tr")]
    assert [row[1] for row in cells] == ["10", "12"]
    assert cells[1][2] == "stands"
    assert "File register.xlsx, row 7" in dialog.text


def test_what_is_withheld_stays_withheld(kotak, client):
    ill = make_indicator("ill", sensitive=True, roll_up="none")
    observe(ill, "2024", {"01.2001": 3})
    for address in ("/en/peta/asal/", "/en/peta/asal/bagian/"):
        text = client.get(f"{address}?i=ill&a=99.01.01.2001").content.decode()
        assert "withheld to protect persons" in text
        assert not re.search(r"<td>\s*3\s*</td>", text)


@pytest.mark.parametrize("path", ["asal/", "asal/bagian/", "deret/"])
def test_pages_are_kept_refuse_and_explain(drawn, measured, client, path):
    answer = client.get(f"/peta/{path}?i=people")
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(f"/peta/{path}?i=people", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.post(f"/peta/{path}").status_code == 405
    assert client.get(f"/peta/{path}?i=nothing").status_code == 404


def test_an_indicator_without_figures_has_no_origin(drawn, measured, client):
    make_indicator("empty")
    assert client.get("/peta/asal/?i=empty").status_code == 404
    assert client.get("/peta/deret/?i=empty").status_code == 200


# --- what a step costs --------------------------------------------------------------------


def test_a_step_leaves_the_long_lists_out(drawn, measured, client, django_assert_max_num_queries):
    whole = read(client.get("/peta/?i=people"))
    part = read(client.get("/peta/bagian/?i=people"))
    assert len([a for a in whole.all("a") if "data-indicator" in a.attributes]) == 3
    assert not [a for a in part.all("a") if "data-indicator" in a.attributes]
    rows = whole.one("table", "ranking").one("tbody").all("tr")
    beginning = part.one("table", "ranking").attributes["data-go"]
    assert [beginning + row.attributes["data-code"] for row in rows] == [
        row.one("a").attributes["href"] for row in rows
    ]
    with django_assert_max_num_queries(12):
        client.get("/peta/bagian/?i=people&l=village&t=2023")


def test_names_travel_only_to_whom_has_others(drawn, measured, client):
    def names(address):
        rows = read(client.get(address)).one("table", "ranking").one("tbody").all("tr")
        return {row.attributes["data-code"]: row.one("a").text for row in rows}

    whole = names("/peta/?i=people&l=village")
    assert whole["99.01.01.2001"] == "Ubin 11 Petak 1"
    step = "/peta/bagian/?i=homes&l=village"
    assert names(f"{step}&ada=99.01/village") == dict.fromkeys(whole, "")
    assert names(f"{step}&ada=99.01/district") == names(step) == whole


@pytest.mark.parametrize(
    ("address", "percent"), [("a=99.01.01.2001&dari=2020", 50), ("dari=2022", 25)]
)
def test_a_change_takes_few_queries(
    changing, state_of, django_assert_max_num_queries, address, percent
):
    """Of a village; and of the regency, where only villages that reported twice are compared."""
    state = state_of(f"i=people&{address}")
    with django_assert_max_num_queries(20):
        scene = read_scene(state)
    assert scene.own.value == percent
