import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from geo.indicators.models import Dataset, Indicator, Observation, Sector
from geo.indicators.rules import BadDeclaration
from geo.indicators.services import load_sectors
from tests.indicators.world import observe

PEOPLE = """
[sector]
name = { id = "Uji", en = "Test" }

[indicators.people]
name = { id = "Orang", en = "People" }
definition = { id = "Orang.", en = "People." }
unit = "person"
frequency = "year"
level = "village"
roll_up = "sum"
range = [0, 100]
direction = "neutral"
classes = { scheme = "quantile", palette = "teal" }
"""
DENSITY = (
    PEOPLE[PEOPLE.index("[indicators") :]
    .replace("people", "density")
    .replace('"sum"', '"ratio"\nnumerator = "people"\nper_km2 = true')
)


def write(folder, text, sector="test"):
    (folder / sector).mkdir(exist_ok=True)
    (folder / sector / "sector.toml").write_text(text, encoding="utf-8")
    return folder


def faults(folder):
    with pytest.raises(BadDeclaration) as caught:
        load_sectors(folder=folder)
    assert not Sector.objects.exists()
    assert not Indicator.objects.exists()
    return str(caught.value)


def test_loads_and_loading_twice_changes_nothing(db, tmp_path):
    folder = write(tmp_path, PEOPLE + DENSITY)
    report = load_sectors(folder=folder)
    assert report.new == ["people", "density"]
    people, density = (Indicator.objects.get(code=code) for code in ("people", "density"))
    assert (people.valid_min, people.valid_max) == (0, 100)
    assert density.numerator == people
    assert density.per_km2
    assert load_sectors(folder=folder).unchanged == ["people", "density"]
    write(tmp_path, PEOPLE.replace('"People"', '"Persons"') + DENSITY)
    assert load_sectors(folder=folder).changed == ["people"]
    people.refresh_from_db()
    assert people.name_en == "Persons"


def test_a_trial_run_writes_nothing(db, tmp_path):
    assert load_sectors(folder=write(tmp_path, PEOPLE), dry_run=True).new == ["people"]
    assert not Indicator.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "key", "found", "allowed"),
    [
        ('"person"', '"persn"', "people.unit", '"persn"', "household"),
        ('"sum"', '"mean"', "people.roll_up", '"mean"', "weighted_mean"),
        ("[0, 100]", "[100, 0]", "people.range", "[100, 0]", "two rising numbers"),
        ("[0, 100]", "[nan, 1]", "people.range", "[nan, 1]", "two rising numbers"),
        ('"teal"', '"rainbow"', "classes.palette", '"rainbow"', "amber"),
        ('"teal" }', '"teal", k = 9 }', "classes.k", "9", "2 to 7"),
        ('"quantile"', '"manual"', "classes.manual", "nothing", "rising numbers"),
        (', en = "People" }', "}", "people.name", "'id': 'Orang'", "both languages"),
        ('unit = "person"\n', "", "people.unit", "nothing", "person"),
        ('"sum"', '"weighted_mean"', "people.weight", "nothing", "indicator"),
        ('"sum"', '"ratio"\nnumerator = "people"', "denominator", "nothing", "indicator"),
        ('"sum"', '"sum"\nweight = "people"', "people.weight", '"people"', "does not use"),
        ("[sector]", "[sector", "–", "line", "TOML"),
    ],
)
def test_refused_naming_file_key_found_and_allowed(db, tmp_path, old, new, key, found, allowed):
    assert old in PEOPLE
    said = faults(write(tmp_path, PEOPLE.replace(old, new)))
    for part in ("test/sector.toml", key, found, allowed):
        assert part in said


def test_an_unknown_key_is_refused_with_what_was_perhaps_meant(db, tmp_path):
    said = faults(write(tmp_path, PEOPLE.replace("direction", "directon")))
    assert "people.directon" in said
    assert "“direction”" in said


def test_all_faults_of_all_files_at_once(db, tmp_path):
    write(tmp_path, PEOPLE.replace('"person"', '"x"').replace('"sum"', '"y"'))
    said = faults(write(tmp_path, "nothing = 1", sector="other"))
    assert said.count("test/sector.toml") == 2
    assert said.count("other/sector.toml") == 3


def test_references_must_be_declared_and_fit(db, tmp_path):
    said = faults(write(tmp_path, PEOPLE + DENSITY.replace('= "people"', '= "peple"')))
    assert "density.numerator" in said
    assert "“people”" in said
    yearly = PEOPLE + DENSITY.replace('"year"', '"month"')
    assert "same frequency" in faults(write(tmp_path, yearly))
    hidden = PEOPLE + "sensitive = true\n" + DENSITY
    assert "density.sensitive" in faults(write(tmp_path, hidden))
    write(tmp_path, PEOPLE)
    assert "once" not in str(load_sectors(folder=tmp_path))


def test_a_code_is_declared_once(db, tmp_path):
    write(tmp_path, PEOPLE)
    assert "indicators.people" in faults(write(tmp_path, PEOPLE, sector="other"))


def test_what_was_observed_is_kept(kotak, tmp_path):
    folder = write(tmp_path, PEOPLE + DENSITY)
    load_sectors(folder=folder)
    observe(Indicator.objects.get(code="people"), "2024", {"01.2001": 1})
    write(tmp_path, PEOPLE.replace("people", "dogs").replace("[sector]", "[sector]\nposition = 5"))
    report = load_sectors(folder=folder)
    assert (report.kept, report.removed, report.new) == (["people"], ["density"], ["dogs"])
    assert Observation.objects.count() == 1


def test_the_sectors_of_the_project_load(db, capsys):
    call_command("load_sectors")
    assert Sector.objects.count() == len(list((settings.DATA_DIR / "sectors").iterdir()))
    assert {"population", "households", "flood_hazard"} <= set(
        Indicator.objects.values_list("code", flat=True)
    )
    for indicator in Indicator.objects.all():
        assert indicator.definition_id.endswith(".")
        assert indicator.definition_en.endswith(".")


def test_the_command_says_the_faults(db, tmp_path):
    with pytest.raises(CommandError, match="persn"):
        call_command("load_sectors", folder=write(tmp_path, PEOPLE.replace('"person"', '"persn"')))


# --- data sets -------------------------------------------------------------------

DATASET = """
[datasets.people_yearly]
name = { id = "Orang", en = "People" }
indicators = ["people"]
frequency = "year"
reporter = "village"
office = { id = "Dinas", en = "Office" }
due_days = 45
"""


def test_a_sector_without_a_word_about_data_sets_gets_one_for_each_frequency(db, tmp_path):
    load_sectors(folder=write(tmp_path, PEOPLE + DENSITY))
    usual = Dataset.objects.get()
    assert (usual.code, usual.kind, usual.frequency) == ("test_year", "values", "year")
    assert usual.contents == ["people"], "a ratio is never typed in"
    assert (usual.reporter, usual.due_days) == ("village", 31)


def test_declared_data_sets_replace_the_usual_ones_and_are_renewed(db, tmp_path):
    load_sectors(folder=write(tmp_path, PEOPLE))
    load_sectors(folder=write(tmp_path, PEOPLE + DATASET))
    assert Dataset.objects.get().due_days == 45
    load_sectors(folder=write(tmp_path, PEOPLE + DATASET.replace("45", "50")))
    assert Dataset.objects.get().due_days == 50


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["people"]', '["peple"]', "Did you mean “people”?"),
        ('["people"]', '["density"]', "not itself a ratio"),
        ('"village"', '"vilage"', 'found "vilage"'),
        ('frequency = "year"\nreporter', 'frequency = "month"\nreporter', "same frequency"),
        ("due_days = 45", "due_days = 0", "1 to 730"),
        ('indicators = ["people"]\n', "", "datasets.people_yearly.indicators: found nothing"),
        ('indicators = ["people"]', 'kind = "places"\nplaces = ["nowhere"]', "kind of places"),
        ("due_days", "due_dais", "due_dais"),
    ],
)
def test_every_fault_of_a_data_set_is_said(db, tmp_path, old, new, said):
    assert old in DATASET
    assert said in faults(write(tmp_path, PEOPLE + DENSITY + DATASET.replace(old, new)))


def test_what_is_counted_from_something_else_is_not_typed_in(db, tmp_path):
    total = (
        PEOPLE[PEOPLE.index("[indicators") :]
        .replace("people", "total")
        .replace('"sum"', '"sum"\nchecks = { sum_of = ["people"] }')
    )
    text = PEOPLE + total + DATASET.replace('["people"]', '["people", "total"]')
    assert "not counted from something else" in faults(write(tmp_path, text))
