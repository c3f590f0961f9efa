"""How figures, areas and styles are written on a page."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from geo.areas.models import Area
from geo.indicators.models import Indicator
from geo.indicators.queries import Figure
from geo.lib.palettes import PALETTES, ramp
from geo.templatetags import geo as tags

NBSP = "\N{NO-BREAK SPACE}"
SHARE = Indicator(unit="percent", decimals=1)
PEOPLE = Indicator(unit="person")
INDEX = Indicator(unit="index", decimals=2)


def figure(value, status="verified"):
    return Figure("99.01", value, status, 1, 1)


@pytest.mark.parametrize(
    ("language", "written"), [("id", "1.234.567,9"), ("en", "1,234,567.9"), ("fr", "1.234.567,9")]
)
def test_numbers_are_written_as_the_language_does(language, written):
    with translation.override(language):
        assert tags.number(1234567.89, 1) == written
    assert tags.number(None) == ""
    assert tags.number(0) == "0"
    assert tags.number(-3) == "−3"


@pytest.mark.parametrize(
    ("language", "written"),
    [("id", f"1.234,5{NBSP}%"), ("en", f"1,234.5{NBSP}%")],
)
def test_a_unit_never_stands_on_the_next_line(language, written):
    with translation.override(language):
        assert tags.with_unit(figure(1234.5), SHARE) == written


def test_units_are_words_of_the_language():
    assert tags.with_unit(figure(2), PEOPLE) == f"2{NBSP}jiwa"
    with translation.override("en"):
        assert tags.with_unit(figure(2), PEOPLE) == f"2{NBSP}persons"
        assert tags.unit_name(SHARE) == "per cent"
    assert tags.with_unit(figure(0.5), INDEX) == "0,50", "an index has no unit, and no space"


def test_zero_is_written_and_what_is_not_known_is_said():
    with translation.override("en"):
        assert tags.with_unit(figure(0), PEOPLE) == f"0{NBSP}persons"
        assert tags.with_unit(figure(None, "missing"), PEOPLE) == "no data yet"
        assert tags.value_of(figure(None, "suppressed"), PEOPLE) == "withheld to protect persons"
        assert tags.value_of(figure(None, "not_assessed"), PEOPLE) == "not assessed"
        assert tags.value_of(None, PEOPLE) == "no data yet"


@pytest.mark.parametrize(
    ("limit", "indicator", "written"),
    [(20, SHARE, "20"), (20.5, SHARE, "20,5"), (0.126, INDEX, "0,13"), (1500, PEOPLE, "1.500")],
)
def test_a_class_limit_has_no_more_decimals_than_it_needs(limit, indicator, written):
    assert tags.edge(limit, indicator) == written


@pytest.mark.parametrize(
    ("code", "indonesian", "english"),
    [
        ("2024", "2024", "2024"),
        ("2024-Q1", "Triwulan 1 2024", "Quarter 1 2024"),
        ("2024-03", "Maret 2024", "March 2024"),
    ],
)
def test_periods_are_written_for_people(code, indonesian, english):
    assert tags.period(code) == indonesian
    with translation.override("en"):
        assert tags.period(code) == english


def test_an_area_is_called_as_the_law_calls_it():
    assert tags.title(Area(kind="kecamatan", name="Betung")) == "Kecamatan Betung"
    with translation.override("en"):
        assert tags.title(Area(kind="desa", name="Sungai Rebo")) == "Desa Sungai Rebo"
        assert [tags.level_name(x) for x in ("regency", "district", "village")] == [
            "regencies",
            "districts",
            "villages",
        ]


def luminance(colour: str) -> float:
    """Relative luminance, written down from WCAG 2.2 on its own."""
    weights = (0.2126, 0.7152, 0.0722)
    total = 0.0
    for weight, at in zip(weights, (1, 3, 5), strict=True):
        c = int(colour[at : at + 2], 16) / 255
        total += weight * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
    return total


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_counts_can_be_read_on_every_colour_of_every_palette():
    sheet = tags._sheet("map")
    ink = {
        tone: re.search(rf"\.on-{tone}{{color:([^;}}]+)", sheet)[1] for tone in ("dark", "light")
    }
    ink = {
        tone: c if len(c) == 7 else "#" + "".join(2 * d for d in c[1:]) for tone, c in ink.items()
    }
    for name, k in itertools.product(PALETTES, range(1, 10)):
        for colour in ramp(name, k):
            assert contrast(colour, ink[tags.tone(colour)]) >= 4.5, (name, k, colour)


def test_words_can_be_read_on_their_ground():
    token = dict(re.findall(r"(--[a-z0-9-]+):(#[0-9a-f]{6})", tags._sheet("page")))
    grounds = ["--ground", "--paper", "--soft"]
    for ink, ground in itertools.product(["--ink", "--ink-2", "--brand", "--bad"], grounds):
        assert contrast(token[ink], token[ground]) >= 4.5, (ink, ground)
    assert contrast(token["--gold-ink"], token["--gold-soft"]) >= 4.5
    assert contrast(token["--brand-ink"], token["--brand"]) >= 4.5


@pytest.mark.parametrize("name", tags.STYLES)
def test_a_style_sheet_is_whole_and_asks_for_nothing_else(name):
    sheet = tags._sheet(name)
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "/*" not in sheet
    assert "</" not in sheet
    assert sheet.count("{") == sheet.count("}")
    used = set(re.findall(r"var\((--[a-z0-9-]+)", sheet))
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", sheet))
    assert used, "it uses the tokens"
    assert used - defined == set()
    layers = re.search(r"@layer ([^;{]+);", sheet)[1].split(",")
    assert set(re.findall(r"@layer ([a-z]+)\s*{", sheet)) <= {layer.strip() for layer in layers}


def test_every_style_file_is_in_a_sheet():
    files = set((tags.STATIC / "css").rglob("*.css"))
    listed = {
        path
        for parts in tags.STYLES.values()
        for part in parts
        for path in tags.STATIC.glob(f"css/{part}.css")
    }
    assert files == listed


def test_a_descendant_keeps_its_space(tmp_path, monkeypatch):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "one.css").write_text(
        "/* why */\n.a :hover,\n.b > c {\n  margin: 0 1px;\n}\n"
        "@media (width <= 9px) { .d { top: 0 } }"
    )
    monkeypatch.setattr(tags, "STATIC", tmp_path)
    monkeypatch.setitem(tags.STYLES, "one", ["one"])
    tags._sheet.cache_clear()
    sheet = tags._sheet("one")
    tags._sheet.cache_clear()
    assert sheet == ".a :hover,.b>c{margin:0 1px;}@media (width <= 9px){.d{top:0}}"


def test_styles_and_the_early_script_are_allowed_by_their_hash():
    request = RequestFactory().get("/")
    text = Template('{% styles "page" %}{% early_script %}').render(Context({"request": request}))
    sheet, script = re.fullmatch(
        r"<style>(.*)</style><script>(.*)</script>", text, re.DOTALL
    ).groups()
    assert request.inline_hashes == {
        "style-src": [tags.inline_hash(sheet)],
        "script-src": [tags.inline_hash(script)],
    }
    # Of the empty text, as published in RFC 6234's test vectors.
    assert tags.inline_hash("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


@pytest.mark.parametrize("name", [*tags.ICONS, "mark"])
def test_icons_are_drawings_for_the_eye_only(name):
    drawing = ElementTree.fromstring(tags.icon(name))  # noqa: S314 our own
    assert drawing.get("aria-hidden") == "true"
    assert list(drawing)


def test_icons_in_templates_exist():
    templates = tags.STATIC.parents[2] / "templates"
    used = {
        name
        for path in templates.rglob("*.html")
        for name in re.findall(r'{% icon "([a-z]+)" %}', path.read_text())
    }
    assert used
    assert used <= {*tags.ICONS, "mark"}
    with pytest.raises(KeyError):
        tags.icon("nothing")
