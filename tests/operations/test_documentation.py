"""What can be set or called is documented, and what is documented exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/operations.md").read_text()
# Set by scripts or used by one of them, not by the settings file.
OF_SCRIPTS = {"PORT", "WEB_WORKERS", "KEEP_BACKUPS"}


def settings_read() -> set[str]:
    code = "".join(file.read_text() for file in (ROOT / "regency_map").glob("*.py"))
    names = set(re.findall(r'\benv(?:_\w+)?\(\s*"([A-Z_]+)"', code))
    assert {"SECRET_KEY", "DATABASE_URL", "LOG_LEVEL"} <= names
    return names


def rows_under(heading: str) -> set[str]:
    """First cells of the table under ``heading``."""
    section = GUIDE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_one_exists():
    assert rows_under("Settings") == settings_read() | OF_SCRIPTS


def test_settings_of_scripts_are_read_by_them():
    code = "".join(f.read_text() for f in [*(ROOT / "script").iterdir(), ROOT / "deploy/backup.sh"])
    for name in OF_SCRIPTS:
        assert f"${{{name}:-" in code, name


def test_example_lists_every_setting_and_sets_none():
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE))
    assert named == (settings_read() | OF_SCRIPTS) - {"KEEP_BACKUPS"}
    assert not re.findall(r"^[A-Z_]+=", example, re.MULTILINE)


def test_every_command_is_documented_and_every_documented_one_exists():
    folder = ROOT / "geo/management/commands"
    commands = {file.stem for file in folder.glob("*.py") if not file.stem.startswith("_")}
    assert "cek" in commands
    assert rows_under("Commands") == commands


def test_every_script_is_documented():
    listed = " ".join(rows_under("Scripts"))
    for file in (ROOT / "script").iterdir():
        assert file.name.startswith("_") or f"script/{file.name}" in listed, file.name


def test_deployment_files_are_named_in_the_guide():
    for file in (ROOT / "deploy").iterdir():
        assert file.name in GUIDE or re.search(r"deploy/peta-\*\.service", GUIDE), file.name
