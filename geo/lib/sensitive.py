"""Where declarations ask for protection that cannot be guaranteed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geo.lib.declarations import Fault
from geo.lib.sectors import IndicatorDeclaration, SectorDeclaration


def sensitive_faults(sectors: Iterable[SectorDeclaration]) -> list[Fault]:
    """Return the faults of sensitive indicators, seen together.

    Only counts that are summed, and ratios of them, can be protected: a mean or
    a highest value is published for the district with weights that everybody
    knows, so that one withheld village can be worked out. A declared total can
    be protected only together with its parts.
    """
    known = {item.code: item for sector in sectors for item in sector.indicators}
    return [fault for item in known.values() for fault in _faults(item, known)]


def _faults(item: IndicatorDeclaration, known: dict[str, IndicatorDeclaration]) -> Iterator[Fault]:
    if not item.fields.get("sensitive"):
        return
    method = item.fields["roll_up"]
    where = f"indicators.{item.code}."
    if method not in {"sum", "ratio"}:
        yield Fault(item.file, f"{where}sensitive", "true", "protected_roll_up")
    parts = [known[code] for code in item.parts.values() if code in known]
    if method == "ratio" and not any(part.fields.get("sensitive") for part in parts):
        yield Fault(item.file, f"{where}sensitive", "true", "sensitive_part")
    for code in item.fields.get("checks", {}).get("sum_of", []):
        if code in known and not known[code].fields.get("sensitive"):
            yield Fault(item.file, f"{where}checks.sum_of", f'"{code}"', "sensitive_parts_of_sum")
