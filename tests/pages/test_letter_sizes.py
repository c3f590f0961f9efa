"""Letters follow the size that somebody has set in the browser."""

import re
from pathlib import Path

SHEETS = Path(__file__).resolve().parents[2] / "geo" / "static" / "geo" / "css"
RULES = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIZE = re.compile(r"(?:^|;)\s*(?:font-size|font)\s*:([^;]*)")


def sizes() -> list[tuple[str, str, str]]:
    """(sheet, selector, size of letters) of every rule that states one."""
    found = []
    for sheet in sorted(SHEETS.rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selector, rule in RULES.findall(text):
            found += [
                (sheet.name, " ".join(selector.split()), size.strip())
                for size in SIZE.findall(rule)
            ]
    return found


def test_letters_are_sized_in_rem():
    """Only letters inside drawings have sizes of their own: those of the drawing's units."""
    stated = sizes()
    assert len(stated) > 100
    fixed = [one for one in stated if re.search(r"\dpx", one[2]) and not one[1].endswith(" text")]
    assert fixed == []
