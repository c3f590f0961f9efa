"""The Indonesian catalogue is complete, and says what the code says with the same facts in it."""

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
INDONESIAN = ROOT / "locale/id/LC_MESSAGES/django.po"
ENGLISH = ROOT / "locale/en/LC_MESSAGES/django.po"
KEYWORDS = ["gettext_lazy", "gettext_noop", "ngettext_lazy:1,2", "pgettext_lazy:1c,2"]
FACTS = re.compile(r"%\(\w+\)[.0-9]*[a-z]|%[a-z%]|</?[a-z]+>")


def run(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def entries(po: Path) -> list[tuple[str, str]]:
    """Texts and their translations, each on one line, without the header."""
    lines = run("msgcat", "--no-wrap", "--no-location", po).stdout
    lines = re.sub(r'"\n"', "", lines)
    found = re.findall(
        r'^msgid "(.+)"\n(?:msgid_plural ".*"\n)?msgstr(?:\[0\])? "(.*)"$', lines, re.M
    )
    assert len(found) == lines.count("\nmsgid ") - 1
    return found


@pytest.mark.parametrize("po", [INDONESIAN, ENGLISH], ids=["id", "en"])
def test_catalogue_compiles(po):
    finished = run("msgfmt", "--check", "-o", "/dev/null", po)
    assert finished.returncode == 0, finished.stderr


def test_indonesian_has_nothing_untranslated_and_nothing_guessed():
    told = run("msgfmt", "--statistics", "-o", "/dev/null", INDONESIAN).stderr
    assert re.fullmatch(r"\d+ translated messages\.\n", told), told


def test_every_text_of_the_code_is_translated(tmp_path):
    sources = [p for folder in ("geo", "regency_map") for p in (ROOT / folder).rglob("*.py")]
    pages = [p for kind in ("html", "txt") for p in sorted((ROOT / "templates").rglob(f"*.{kind}"))]
    for number, page in enumerate(pages):
        sources.append(tmp_path / f"{number}_{page.stem}.py")
        sources[-1].write_text(templatize(page.read_text(), origin=str(page)))
    pot = tmp_path / "now.pot"
    words = [f"--keyword={keyword}" for keyword in KEYWORDS]
    drawn = run("xgettext", "-L", "Python", "--from-code=UTF-8", *words, "-o", pot, *sources)
    assert drawn.returncode == 0, drawn.stderr
    texts = {text for text, _ in entries(pot)}
    assert len(texts) > 400
    translated = {text for text, translation in entries(INDONESIAN) if translation}
    assert sorted(texts - translated) == [], "translate these: see CONTRIBUTING.md, Translations"


def test_no_text_hides_where_those_who_collect_them_do_not_look():
    """What stands inside an f-string is never found, and so never translated."""
    wanted = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "geo").rglob("*.py"))
        for joined in ast.walk(ast.parse(path.read_text()))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in wanted
    ]
    assert hidden == []


def test_translations_hold_the_same_placeholders_and_tags():
    pairs = entries(INDONESIAN)
    assert len(pairs) > 400
    unlike = [
        (text, translation)
        for text, translation in pairs
        if Counter(FACTS.findall(text)) != Counter(FACTS.findall(translation))
    ]
    assert unlike == []
