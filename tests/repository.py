"""What stands in the repository, for the tests that compare it with what is promised."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def files(*patterns: str) -> list[Path]:
    """Files that git knows or would take, so that nobody's own files count."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in sorted(set(listed.split("\0"))) if (ROOT / name).is_file()]


def name(path: Path) -> str:
    """How a file is called in a message."""
    return str(path.relative_to(ROOT))


def strings_of(script: str) -> list[str]:
    """The string literals of a JavaScript module, without what is filled into templates."""
    code = re.sub(r"^\s*//.*$|/\*.*?\*/|(?<=[;{,)])\s*//.*$", "", script, flags=re.M | re.S)
    literals = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", code)
    return [re.sub(r"\$\{[^}]*\}", "", "".join(parts)) for parts in literals]


def is_sentence(text: str) -> bool:
    """Whether a text reads like words for people, not like a selector or a list of classes."""
    words = text.split()
    plain = [word for word in words if re.fullmatch(r"[^\W\d_]+[,.!?…:]?", word)]
    return len(plain) == len(words) and len(words) > 1 and (text[0].isupper() or len(words) > 3)
