"""The data dictionary: what every sector declares, as one Markdown text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.lib.sectors import IndicatorDeclaration, SectorDeclaration
from geo.lib.units import UNITS

HEAD = """\
# Data dictionary

Every indicator that this site knows, as `data/sectors/` declares it. Written by
`script/manage data_dictionary`; do not edit. [sectors.md](sectors.md) explains the keys.
"""
LEVELS = {"village": "villages", "district": "districts", "regency": "the regency"}
FREQUENCIES = {"year": "yearly", "quarter": "quarterly", "month": "monthly"}
DIRECTIONS = {
    "higher_is_better": "higher is better",
    "lower_is_better": "lower is better",
    "neutral": "neither is better",
}
INVESTOR = {"higher": "more", "lower": "less", "": ""}
SCHEMES = {
    "quantile": "equal counts",
    "natural": "natural breaks",
    "equal": "equal steps",
    "manual": "set by the data's owner",
}


def data_dictionary(sectors: Sequence[SectorDeclaration]) -> str:
    """Write the dictionary of ``sectors``, in the order of their positions."""
    ordered = sorted(sectors, key=lambda sector: (sector.fields["position"], sector.code))
    return "\n".join([HEAD, _overview(ordered), *map(_sector, ordered)])


def _overview(sectors: Sequence[SectorDeclaration]) -> str:
    lines = ["| code | name | unit | rolled up | sector |", "|---|---|---|---|---|"]
    for sector in sectors:
        for declared in sector.indicators:
            fields = declared.fields
            unit = UNITS[fields["unit"]].name("en")
            lines.append(
                f"| [`{declared.code}`](#{declared.code}) | {fields['name_en']} | {unit} "
                f"| {_method(declared)} | {sector.fields['name_en']} |"
            )
    return "\n".join(lines) + "\n"


def _sector(sector: SectorDeclaration) -> str:
    names = sector.fields
    head = f"## {names['name_en']} · {names['name_id']}\n\n`{sector.file}`\n"
    return "\n".join([head, *map(_indicator, sector.indicators)])


def _indicator(declared: IndicatorDeclaration) -> str:
    fields = declared.fields
    facts = [f"- {name}: {fact}" for name, fact in _facts(declared) if fact]
    texts = [
        f"### {declared.code}",
        f"**{fields['name_en']}** · {fields['name_id']}",
        fields["definition_en"],
        f"_{fields['definition_id']}_",
        "\n".join(facts),
    ]
    if fields["caveat_en"]:
        texts.insert(4, f"Mind: {fields['caveat_en']} _{fields['caveat_id']}_")
    return "\n\n".join(texts) + "\n"


def _facts(declared: IndicatorDeclaration) -> list[tuple[str, str]]:
    fields = declared.fields
    unit = UNITS[fields["unit"]]
    return [
        ("unit", f"{unit.name('en')} ({unit.name('id')}), {_decimals(fields['decimals'])}"),
        ("reported", f"{FREQUENCIES[fields['frequency']]}, by {LEVELS[fields['level']]}"),
        ("rolled up", _method(declared)),
        ("accepted values", _range(fields)),
        ("direction", DIRECTIONS[fields["direction"]]),
        ("investors usually look for", INVESTOR[fields["investor"].get("direction", "")]),
        ("classes", f"{fields['n_classes']}, {SCHEMES[fields['scheme']]}"),
        ("sensitive", "counts below five are withheld in villages" * fields["sensitive"]),
        ("source", fields["source_en_text"]),
    ]


def _decimals(n: int) -> str:
    return "whole numbers" if n == 0 else f"{n} decimal{'s' * (n > 1)}"


def _range(fields: dict[str, Any]) -> str:
    low, high = fields["valid_min"], fields["valid_max"]
    return "" if low is None else f"{low:,} to {high:,}"


def _method(declared: IndicatorDeclaration) -> str:
    """How the level above gets its figure, with the indicators that it is made of."""
    parts, factor = declared.parts, declared.fields["factor"]
    below = "km²" if declared.fields["per_km2"] else f"`{parts.get('denominator')}`"
    times = "" if factor == 1 else f"{factor:,g} × "
    return {
        "sum": "sum",
        "ratio": f"{times}`{parts.get('numerator')}` ÷ {below}, each summed first",
        "weighted_mean": f"mean weighted by `{parts.get('weight')}`",
        "max": "highest",
        "none": "not rolled up",
    }[declared.fields["roll_up"]]
