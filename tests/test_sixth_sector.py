"""A new sector is a folder of data: nothing else has to change, anywhere.

A sector that no code has ever seen is put into an empty folder, loaded, and then
looked for in every place where a sector shows.
"""

import ast
import io
import re
import tomllib
from pathlib import Path

import openpyxl
import pypdf
import pytest
from django.core.management import call_command

from geo.indicators.batch.demo import load_demo
from geo.indicators.models import Indicator, Sector
from geo.indicators.queries import read_figures
from geo.lib.sectors import read_sector
from tests import factories
from tests.maps import world
from tests.maps.html import read

ROOT = Path(__file__).resolve().parent.parent
FISHERY = """
[sector]
name = { id = "Perikanan uji", en = "Trial fishery" }
position = 200

[indicators.pond_surface]
name = { id = "Luas tambak uji", en = "Trial surface of ponds" }
definition = { id = "Luas tambak.", en = "Surface of ponds." }
unit = "ha"
frequency = "year"
level = "village"
roll_up = "sum"
range = [0, 4000]
direction = "neutral"
classes = { scheme = "quantile", k = 4, palette = "blue" }

[indicators.pond_catch]
name = { id = "Hasil tambak uji", en = "Trial catch of ponds" }
definition = { id = "Hasil setahun.", en = "Catch of the year." }
unit = "tonne"
frequency = "year"
level = "village"
roll_up = "sum"
range = [0, 90000]
direction = "higher_is_better"
classes = { scheme = "quantile", k = 4, palette = "blue" }

[indicators.pond_productivity]
name = { id = "Hasil tambak per hektare uji", en = "Trial catch per hectare" }
definition = { id = "Hasil dibagi luas.", en = "Catch divided by surface." }
unit = "tonne_per_ha"
decimals = 2
frequency = "year"
level = "village"
roll_up = "ratio"
numerator = "pond_catch"
denominator = "pond_surface"
range = [1, 5]
direction = "higher_is_better"
classes = { scheme = "equal", k = 4, palette = "violet" }

[indicators.pond_salinity]
name = { id = "Kadar garam uji", en = "Trial salinity" }
definition = { id = "Kadar garam.", en = "Salinity." }
unit = "index"
decimals = 1
frequency = "month"
level = "village"
roll_up = "weighted_mean"
weight = "pond_workers"
range = [5, 35]
direction = "neutral"
classes = { scheme = "natural", k = 4, palette = "amber" }

[indicators.pond_workers]
name = { id = "Pekerja tambak uji", en = "Trial pond workers" }
definition = { id = "Pekerja.", en = "Workers." }
unit = "person"
frequency = "month"
level = "village"
roll_up = "sum"
range = [0, 2000]
direction = "neutral"
classes = { scheme = "quantile", k = 4, palette = "teal" }
"""
# No recipe for any indicator: what is not declared is made from range and level.
DEMO = """
seed = 1
first_year = 2022
last_year = 2024
growth_percent = [0.6, 3.2]
missing_share = 0
[source]
title = "Data contoh"
publisher = "Uji"
licence = "CC0-1.0"
[indicators]
"""
CODES = ["pond_surface", "pond_catch", "pond_productivity", "pond_salinity", "pond_workers"]


@pytest.fixture
def data(tmp_path):
    """A data folder that holds the one sector, and nothing else."""
    folder = tmp_path / "data"
    (folder / "sectors" / "fishery").mkdir(parents=True)
    (folder / "sectors" / "fishery" / "sector.toml").write_text(FISHERY, "utf-8")
    (folder / "demo").mkdir()
    (folder / "demo" / "demo.toml").write_text(DEMO, "utf-8")
    return folder


@pytest.fixture
def loaded(db, settings, tmp_path, data):
    settings.REGENCY_CODE = "99.01"
    settings.DATA_DIR, settings.VAR_DIR = data, tmp_path / "var"
    kotak = factories.make_kotak()
    world.draw(kotak)
    call_command("load_sectors", folder=data / "sectors", verbosity=0)
    load_demo(settings_file=data / "demo" / "demo.toml", regency_code="99.01")
    return kotak


def figures_of(code, kotak, level="village"):
    indicator = Indicator.objects.get(code=code)
    period = "2024-12" if indicator.frequency == "month" else "2024"
    return read_figures(indicator=indicator, period=period, level=level, parent=kotak.regency)


# --- everywhere ---------------------------------------------------------------


def test_it_is_in_the_tables(loaded):
    assert list(Sector.objects.values_list("code", flat=True)) == ["fishery"]
    assert list(Indicator.objects.values_list("code", flat=True)) == CODES


def test_demonstration_is_plausible_without_a_recipe(loaded):
    surface = figures_of("pond_surface", loaded).values
    assert all(0 < value < 1000 for value in surface), surface
    # What is made of another count agrees with it.
    for value in figures_of("pond_productivity", loaded).values:
        assert 1 <= value <= 5
    assert all(5 <= value <= 35 for value in figures_of("pond_salinity", loaded).values)
    assert len(set(figures_of("pond_salinity", loaded).values)) > 5
    district = figures_of("pond_productivity", loaded, "district").values
    assert all(1 <= value <= 5 for value in district)


def test_it_is_in_the_picker_and_on_the_map(loaded, client):
    page = read(client.get("/en/peta/"))
    text = page.text
    assert "Trial fishery" in text
    for name in Indicator.objects.values_list("name_en", flat=True):
        assert name in text
    shown = client.get("/en/peta/?i=pond_productivity&l=village")
    assert shown.status_code == 200
    assert "tonnes per hectare" in read(shown).text
    assert len(read(shown).all("tr")) >= 17
    months = client.get("/en/peta/?i=pond_salinity&t=2023-04").content.decode()
    assert "April 2023" in months


def test_it_is_in_the_profile_and_its_document(loaded, client):
    text = read(client.get("/en/wilayah/99.01.01.2001/")).text
    assert "Trial fishery" in text
    assert "Trial catch per hectare" in text
    answer = client.get("/en/wilayah/99.01.01.2001/profil.pdf")
    document = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    assert "Trial catch per hectare" in " ".join(document.pages[1].extract_text().split())
    answer = client.get("/en/peta/cetak.pdf?i=pond_productivity")
    document = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    assert "Trial catch per hectare" in " ".join(document.pages[0].extract_text().split())


def test_it_is_in_the_interface_and_its_files(loaded, client):
    items = client.get("/api/v1/indicators").json()["items"]
    assert [item["code"] for item in items] == CODES
    assert items[0]["sector"] == "fishery"
    assert items[0]["periods"] == ["2022", "2023", "2024"]
    values = client.get("/api/v1/values?indicator=pond_productivity").json()
    assert values["values"] == figures_of("pond_productivity", loaded).values
    assert len(values["breaks"]) == 5
    answer = client.get("/api/v1/sectors/fishery.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    found = {row[4] for row in book["Angka"].iter_rows(min_row=2, values_only=True)}
    assert found == set(CODES)
    for kind in ("csv", "geojson", "gpkg", "meta.json"):
        assert client.get(f"/api/v1/sectors/fishery.{kind}").status_code == 200


def test_it_is_in_the_data_dictionary(data, tmp_path):
    output = tmp_path / "dictionary.md"
    call_command("data_dictionary", folder=data / "sectors", output=output, verbosity=0)
    text = output.read_text("utf-8")
    assert "Trial fishery" in text
    for code in CODES:
        assert f"### {code}" in text


def test_taking_the_folder_away_takes_the_sector_away(loaded, data):
    call_command("load_demo", remove=True, verbosity=0)
    (data / "sectors" / "fishery" / "sector.toml").unlink()
    (data / "sectors" / "other").mkdir()
    other = FISHERY.replace("pond_", "other_").replace("Trial fishery", "Other")
    (data / "sectors" / "other" / "sector.toml").write_text(other, "utf-8")
    call_command("load_sectors", folder=data / "sectors", verbosity=0)
    assert not Indicator.objects.filter(code__in=CODES).exists()


# --- the sixth: agriculture ---------------------------------------------------


def test_agriculture_is_one_file():
    folder = ROOT / "data/sectors/agriculture"
    assert [file.name for file in folder.iterdir()] == ["sector.toml"]
    text = (folder / "sector.toml").read_text("utf-8")
    sector, faults = read_sector("agriculture", text, "sector.toml")
    assert faults == []
    kinds = {one.code: one.fields["roll_up"] for one in sector.indicators}
    assert kinds == {
        "paddy_harvested_area": "sum",
        "paddy_production": "sum",
        "paddy_yield": "ratio",
    }
    assert sector.indicators[2].parts == {
        "numerator": "paddy_production",
        "denominator": "paddy_harvested_area",
    }


# --- no code names a sector or an indicator -----------------------------------

# Rooms that keep rows of their own (a book of population changes, places, roads) and publish
# figures made of them: what they publish under which code is what they are. Nothing that
# reads figures is among them. Migrations are history.
PUBLISHERS = (
    "geo/population/",
    "geo/places/",
    "geo/roads/",
    "geo/travel/",
    "geo/opportunities/",
    "geo/migrations/",
)
# The inventors of what those rooms hold.
INVENTORS = (
    "geo/lib/demo.py",
    "geo/lib/demo_places.py",
    "geo/lib/demo_population.py",
    "geo/accounts/services/demo.py",
)
# Words that happen to be a code too, but mean something else there.
HOMONYMS = {
    ("geo/lib/units.py", "households"),  # English for a unit
    ("geo/lib/lines.py", "roads"),  # a kind of drawing
    ("geo/status/urls.py", "health"),  # the address /health
    ("geo/management/commands/load_demo.py", "population"),  # names of rooms
    ("geo/management/commands/load_demo.py", "roads"),
    ("templates/maps/_layers.html", "roads"),  # a layer of the map
    ("geo/static/geo/js/map/adapter.js", "roads"),
    ("geo/static/geo/js/map/layers.js", "roads"),
    ("templates/pages/home.html", "roads"),  # the page of roads
    # Names of rooms, pages, folders and parts of a document.
    ("geo/management/commands/load_demo.py", "opportunities"),
    ("geo/indicators/middleware.py", "investment"),
    ("geo/indicators/middleware.py", "population"),
    ("geo/indicators/middleware.py", "roads"),
    ("geo/investment/queries/presets.py", "investment"),
    ("geo/documents/queries/dossiers/contents.py", "access"),
    ("geo/documents/queries/dossiers/contents.py", "opportunities"),
    ("templates/investment/find.html", "opportunities"),
    ("templates/pages/home.html", "opportunities"),
    # A kind of data set, an English unit, columns of a ledger.
    ("geo/indicators/models/declarations.py", "opportunities"),
    ("geo/lib/datasets.py", "opportunities"),
    ("geo/lib/units.py", "opportunities"),
    ("geo/lib/ledger_headings.py", "households"),
    ("geo/lib/workbooks/reports.py", "households"),
    ("geo/submissions/kinds/ledger.py", "households"),
    # The office that is proposed first, where its sector is declared.
    ("geo/inquiries/queries.py", "investment"),
    # A link to the book of population changes, beside what is counted in it.
    ("templates/maps/_foot.html", "population"),
    ("templates/profiles/profile.html", "population"),
}
TEMPLATES_OF_PUBLISHERS = (
    "templates/population/",
    "templates/places/",
    "templates/roads/",
    "templates/travel/",
    "templates/opportunities/",
)
QUOTED = re.compile(r"""["'`=]([a-z][a-z0-9_]*)["'`&]""")


def declared_codes() -> set[str]:
    codes = set()
    for file in (ROOT / "data/sectors").glob("*/sector.toml"):
        codes |= {file.parent.name, *tomllib.loads(file.read_text("utf-8"))["indicators"]}
    assert {"agriculture", "paddy_yield", "population"} <= codes
    return codes


def texts_in_python(source: str) -> set[str]:
    """Whole texts, and words after “i=” or “indicator=” inside longer ones."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value, *re.findall(r"\b(?:i|indicator)=([a-z0-9_]+)", node.value)}
    return found


def named_in(text: str, suffix: str) -> set[str]:
    return texts_in_python(text) if suffix == ".py" else set(QUOTED.findall(text))


def code_files():
    for folder, patterns in {
        "geo": ["*.py", "*.js"],
        "templates": ["*.html", "*.typ", "*.txt"],
        "regency_map": ["*.py"],
    }.items():
        for pattern in patterns:
            for file in sorted((ROOT / folder).rglob(pattern)):
                yield file.relative_to(ROOT).as_posix(), file


def test_no_python_template_or_script_names_a_sector_or_indicator():
    codes = declared_codes()
    skipped = PUBLISHERS + INVENTORS + TEMPLATES_OF_PUBLISHERS
    n_read, found = 0, set()
    for name, file in code_files():
        if name.startswith(skipped):
            continue
        n_read += 1
        found |= {(name, code) for code in named_in(file.read_text("utf-8"), file.suffix) & codes}
    assert n_read > 100
    assert found - HOMONYMS == set()


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ('if code == "paddy_yield": pass', ".py"),
        ('href = "/peta/?i=paddy_yield&l=village"', ".py"),
        ('{% if indicator.code == "paddy_yield" %}', ".html"),
        ('<a href="/peta/?i=paddy_yield">', ".html"),
        ("if (code === 'paddy_yield') {}", ".js"),
    ],
)
def test_the_search_would_find_it(text, suffix):
    assert "paddy_yield" in named_in(text, suffix)
