"""The named sets of words in which surveys speak of surfaces and conditions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from geo.lib.errors import GeoError
from geo.lib.surveys import plain


class UnknownClassSet(GeoError):
    """No declared set of classes has this name."""

    template = _("There is no class set “%(name)s”. Declared in data/roads are: %(known)s.")


@dataclass(frozen=True, slots=True)
class ClassSet:
    """Words, plainly written, to classes of this site."""

    name: str
    title: str
    conditions: dict[str, str]
    surfaces: dict[str, str]

    @property
    def fields(self) -> dict[str, str]:
        """Words of both kinds to fields of a survey."""
        both = self.conditions | self.surfaces
        return {word: f"{code}_m" for word, code in both.items()}


def read_class_sets() -> dict[str, ClassSet]:
    path = settings.DATA_DIR / "roads" / "class_sets.toml"
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: ClassSet(
            name,
            table["title"],
            {plain(word): code for word, code in table["conditions"].items()},
            {plain(word): code for word, code in table["surfaces"].items()},
        )
        for name, table in declared.items()
    }


def find_class_set(name: str) -> ClassSet:
    sets = read_class_sets()
    if name not in sets:
        raise UnknownClassSet(name=name, known=", ".join(sets))
    return sets[name]
