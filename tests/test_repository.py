"""What is promised is tested: documents, licences, templates, scripts and sizes."""

import re
import tomllib

import pytest
from django.conf import settings
from django.core.management import call_command

from geo.management.commands.data_dictionary import DICTIONARY, read_dictionary
from tests.repository import ROOT, files, is_sentence, name, strings_of

SCRIPTS = files("geo/static/*.js")
TEMPLATES = files("templates/*.html", "geo/*.html")
# Registries are looked for in operations/test_requirements.py.
FOREIGN_HOSTS = [
    ".".join(parts)
    for parts in [
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "com"),
        ("cdnjs", "cloudflare", "com"),
        ("esm", "sh"),
        ("skypack", "dev"),
        ("googleapis", "com"),
        ("gstatic", "com"),
        ("bootstrapcdn", "com"),
        ("googletagmanager", "com"),
    ]
]


# --- documents --------------------------------------------------------------------


def test_the_data_dictionary_is_current():
    expected = read_dictionary(settings.DATA_DIR / "sectors")
    assert DICTIONARY.read_text("utf-8") == expected, "run script/manage data_dictionary"


def test_every_sector_is_in_the_data_dictionary():
    text = DICTIONARY.read_text("utf-8")
    declared = files("data/sectors/*/sector.toml")
    assert declared
    for path in declared:
        assert f"`{name(path)}`" in text
        for code in tomllib.loads(path.read_text("utf-8"))["indicators"]:
            assert f"### {code}\n" in text, (name(path), code)


def test_the_dictionary_lists_faults_and_writes_nothing(tmp_path):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "sector.toml").write_text("[sector]\nposition = 'x'\n")
    output = tmp_path / "out.md"
    with pytest.raises(Exception, match=r"odd/sector\.toml"):
        call_command("data_dictionary", folder=tmp_path, output=output)
    assert not output.exists()


def test_the_dictionary_command_may_be_repeated(tmp_path, capsys):
    output = tmp_path / "out.md"
    call_command("data_dictionary", output=output, dry_run=True)
    assert not output.exists()
    call_command("data_dictionary", output=output)
    first = output.stat().st_mtime_ns
    call_command("data_dictionary", output=output)
    assert output.stat().st_mtime_ns == first
    assert output.read_text("utf-8") == read_dictionary(settings.DATA_DIR / "sectors")


# --- data -------------------------------------------------------------------------


def licences_in(path) -> list[str]:
    """The licences that a TOML file names, at whatever depth."""
    found = []

    def look(value):
        if isinstance(value, list):
            for inner in value:
                look(inner)
        elif isinstance(value, dict):
            found.extend(text for key, text in value.items() if key == "licence")
            look(list(value.values()))

    look(tomllib.loads(path.read_text("utf-8")))
    return found


def test_all_data_says_its_source_and_licence():
    tables = [path for path in files("data/*") if path.suffix not in {".toml", ".md"}]
    assert tables
    for path in tables:
        beside = [path.with_name("source.toml"), path.with_suffix(".source.toml")]
        described = [each for each in beside if each.exists()]
        assert described, f"{name(path)} has no source.toml"
        assert all(licences_in(each) for each in described), f"{name(path)} has no licence"
    assert licences_in(ROOT / "data/demo/demo.toml")
    assert licences_in(ROOT / "data/boundaries/sources.toml")


# --- templates --------------------------------------------------------------------


def test_every_template_is_a_page_or_a_part_of_one():
    assert len(TEMPLATES) > 10
    for path in TEMPLATES:
        is_part = path.name.startswith("_") or path.parent.name == "_components"
        stands_alone = path.name in {"base.html", "500.html"}
        extends = path.read_text().startswith("{% extends ")
        assert extends != (is_part or stands_alone), name(path)


def test_every_block_of_several_lines_says_what_it_ends():
    for path in TEMPLATES:
        open_blocks = []
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            for kind, label in re.findall(r"{% (block|endblock)(?: (\w+))? %}", line):
                if kind == "block":
                    open_blocks.append((label, number))
                    continue
                opened, at = open_blocks.pop()
                assert label == opened or (at == number and not label), f"{name(path)}:{number}"
        assert open_blocks == []


def test_no_template_styles_or_runs_anything_inline():
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"\sstyle=", text), name(path)
        assert not re.search(r"\son[a-z]+=", text), name(path)
        assert "javascript:" not in text, name(path)
        for tag in re.findall(r"<(?:script|style)[^>]*>", text):
            assert "src=" in tag, f"{name(path)}: {tag}"
        assert "|safe" not in text, name(path)
        assert "autoescape off" not in text, name(path)


# --- scripts ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No connection", True),
        ("Tidak ada data", True),
        ("nobody has reported this yet", True),
        ("#table tbody tr", False),
        ("map-picture is-estimate", False),
        ("offline", False),
        ("", False),
    ],
)
def test_a_sentence_is_told_from_a_selector(text, expected):
    assert is_sentence(text) is expected


def test_no_words_in_scripts():
    assert len(SCRIPTS) > 5
    for path in SCRIPTS:
        sentences = [text for text in strings_of(path.read_text()) if is_sentence(text)]
        assert sentences == [], f"{name(path)}: words belong into templates"


def test_scripts_write_text_never_html():
    for path in SCRIPTS:
        code = path.read_text()
        for dangerous in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ):
            assert dangerous not in code, f"{name(path)}: {dangerous}"


def test_all_calls_to_leaflet_stand_in_the_adapter():
    for path in SCRIPTS:
        calls = re.findall(r"\bL\.[A-Za-z]+", path.read_text())
        assert not calls or path.name == "adapter.js", name(path)
        assert "bindTooltip" not in path.read_text()
        assert "bindPopup" not in path.read_text()


def test_imports_ask_for_the_hashed_name(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = re.compile(r"\.[0-9a-f]{12}\.js$")
    modules = [path for path in tmp_path.rglob("*.js") if hashed.search(path.name)]
    ours = [path for path in modules if "geo/js" in path.as_posix()]
    assert len(ours) == len(SCRIPTS)
    for path in modules:
        if "geo" not in path.parts and "topojson" not in path.parts:
            continue
        found = re.findall(r"""(?:from\s*|import\s*\(?\s*)["']([^"']+)["']""", path.read_text())
        for asked in found:
            assert asked.startswith((".", "/")), f"{path.name} asks for {asked}"
            assert hashed.search(asked), f"{path.name} asks for {asked}"
            if asked.startswith("."):
                assert (path.parent / asked).resolve().exists(), f"{path.name} asks for {asked}"


# --- everything -------------------------------------------------------------------


LONGEST = {"*.py": 400, "geo/static/*.js": 300, "tests/*.js": 300, "geo/static/*.css": 400}


def test_files_are_short():
    long = {
        name(path): n
        for pattern, most in LONGEST.items()
        for path in files(pattern)
        if "migrations" not in path.parts and (n := len(path.read_text().splitlines())) > most
    }
    assert long == {}


def test_no_foreign_host_is_named():
    for path in files():
        try:
            text = path.read_text("utf-8").lower()
        except UnicodeDecodeError:
            continue
        found = [host for host in FOREIGN_HOSTS if host in text]
        assert found == [], name(path)


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
